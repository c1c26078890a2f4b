"""Which segments of a prompt ask, and which are the material they ask about.

The request is looked for at the edges of the prompt, where people put it: whole lines first, then single sentences on
a line shared with the material. Evidence, strongest first: a label (`Question:`, `问题：`), a question mark, an
opening that asks (imperatives, question words), and, when a prompt has several lines and none of these, a short line
beside much longer ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from diversity.text.segmentation import Span

_COLON = r"\s*[:：]"
_LEAD = r"[\s#*>\-【\[(（<]*"
_NUMBER = r"(?:\s*(?:\d+|[一二三四五六七八九十]+))?"
_TAIL = r"[】\])）*>]*"


def _label(words: str) -> str:
    return rf"{_LEAD}(?:{words}){_NUMBER}{_TAIL}(?:{_COLON}{_TAIL}|(?=\s*$))"


_ASK_LABEL = re.compile(
    _label(
        "(?:the )?(?:question|query|instructions?|task|request|prompt|problem|user)|q|"
        "问题|問題|提问|提問|问|問|题目|題目|指令|任务|任務|要求|请求|請求|问句|用户|输出要求|输出格式|回答要求|注意"
    ),
    re.IGNORECASE,
)
_MATERIAL_LABEL = re.compile(
    _label(
        "(?:reference )?(?:context|passage|article|text|document|doc|input|paragraph|background|content|story|source|"
        "material|reference|excerpt|report|email|code|data|table|log|transcript|review)s?|"
        "材料|文章|段落|原文|上下文|背景|背景信息|资料|資料|文本|文段|内容|內容|短文|"
        "阅读材料|阅读|閱讀|文档|文件|输入|輸入|参考资料|参考|新闻|故事|表格|代码|日志|正文|已知信息"
    ),
    re.IGNORECASE,
)
_ANSWER_LABEL = re.compile(
    _label(
        "(?:the )?(?:final |your |short |helpful |correct )?(?:answer|output|response|reply|assistant|result)s?|a|"
        "答案|回答|答|输出|輸出|回复|助手|解答"
    )
    + r"\s*$",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"[\W_]+|</?\w+>|```\w*")
_QUESTION_MARK = re.compile(r"[?？؟][\"'”’」』)）\]】*]*\s*$")
_QUESTION_WORDS = "who|whom|whose|what|when|where|which|why|how"
_IMPERATIVES = (
    "please|kindly|answer|read|based on|according to|given|using|use|with|from|for (?:the|each|this)|consider|suppose|"
    "imagine|you are|your task|i (?:want|need|would)|can you|could you|tell|give|find|identify|extract|list|name|"
    "describe|explain|summari[sz]e|translate|write|rewrite|classify|categori[sz]e|convert|correct|edit|create|generate|"
    "compose|complete|compute|calculate|determine|analy[sz]e|compare|evaluate|provide|state|suggest|sort|select|choose|"
    "pick|paraphrase|detect|fill|make|add|remove|replace|respond|reply|predict|rate|rank|count|"
    "only|just|do not|don't|keep|output|the following|below|"
    "here (?:is|are)|in (?:what|which|the (?:text|passage|article))"
)
_WIDE_IMPERATIVES = (
    "请|請|根据|根據|依据|依據|基于|基於|阅读|閱讀|回答|结合|結合|按照|参考|參考|总结|總結|概括|归纳|翻译|翻譯|将|將|"
    "把|从|從|对以|给|給|帮|幫|写|寫|列出|列举|说明|分析|解释|找出|提取|指出|判断|判斷|计算|計算|比较|改写|润色|续写|"
    "生成|设计|分类|抽取|只|仅|直接|不要|不得|输出|輸出|以下|下面|下列|上述|上文|针对|為下|为下|你是|假设|用(?!户)"
)
_FIRM_IMPERATIVES = (
    r"(?:please|kindly|answer|based on|according to the (?:text|passage|article|above))\b|"
    "请|請|根据上|根據上|根据以|回答|阅读"
)
_OPENING = re.compile(
    rf"[\s\"'“‘#*>\-\d.)]*(?:(?:{_QUESTION_WORDS}|{_IMPERATIVES})\b|{_WIDE_IMPERATIVES})", re.IGNORECASE
)
_FIRM_OPENING = re.compile(rf"[\s\"'“#*>\-]*(?:{_FIRM_IMPERATIVES})", re.IGNORECASE)
_ASKING_WORD = re.compile(
    "谁|誰|什么|什麼|甚麼|哪|多少|几(?:个|年|月|日|岁|人|次|种|位|天|点)|幾|为何|為何|为什么|如何|怎么|怎樣|怎样|"
    "是否|何时|何時|何地|何處|何处|何人|何种|吗|嗎|呢$"
)


@dataclass(frozen=True, slots=True)
class LayoutSettings:
    """What still counts as a request.

    `line_segments`, `line_chars`: a longer line is material even if it opens or ends with a question (a request is
    rarely more than four sentences; passages mostly are). `edge_lines`: how many lines from either end are looked at.
    `short_share`: a line without any other sign is the request only when it holds less than this share of the prompt.
    """

    line_segments: int = 4
    line_chars: int = 400
    edge_lines: int = 8
    short_share: float = 0.3


DEFAULT_LAYOUT = LayoutSettings()


@dataclass(frozen=True, slots=True)
class Layout:
    """Roles of the segments of one prompt.

    `request`: one flag a segment, true where it asks. `material`: true where it may hold key information (neither
    asks nor is a bare label). `position`: where the request stands: `before`, `after`, `around` or `inside` the
    material, `only` when there is no material, `none` when nothing asks.
    """

    request: list[bool]
    material: list[bool]
    position: str


def read_layout(text: str, spans: Sequence[Span], settings: LayoutSettings = DEFAULT_LAYOUT) -> Layout:
    """Tell request from material in a prompt cut into `spans` (as `segmentation.segment` gives them)."""
    pieces = [text[start:end] for start, end in spans]
    lines = _lines(text, spans)
    bare = [_is_bare_label(piece) for piece in pieces]
    request = [False] * len(pieces)
    if len(pieces) > 1:
        _mark_labelled(pieces, lines, bare, request)
        head = _mark_edge(pieces, lines, bare, request, settings, from_end=False)
        tail = _mark_edge(pieces, lines, bare, request, settings, from_end=True)
        if not head and not tail and not any(request):
            _mark_short_line(pieces, lines, request, settings)
    material = [not (asks or label) for asks, label in zip(request, bare, strict=True)]
    if not any(material) or len(material) == 1:
        return Layout([True] * len(pieces), [True] * len(pieces), "only")
    return Layout(request, material, _position(request, material))


def _lines(text: str, spans: Sequence[Span]) -> list[range]:
    """Group segment numbers by line."""
    out: list[range] = []
    first = 0
    for i in range(1, len(spans) + 1):
        if i == len(spans) or "\n" in text[spans[i - 1][1] : spans[i][0]]:
            out.append(range(first, i))
            first = i
    return out


def _is_bare_label(piece: str) -> bool:
    if len(piece) > 40:
        return False
    if _ANSWER_LABEL.fullmatch(piece) or _MARKUP.fullmatch(piece):
        return True
    return any(
        found is not None and found.end() == len(piece)
        for found in (_ASK_LABEL.match(piece), _MATERIAL_LABEL.match(piece))
    )


def _mark_labelled(pieces: list[str], lines: list[range], bare: list[bool], request: list[bool]) -> None:
    """Mark what follows a question label, to the end of its line. Many such labels are worked examples: then only the
    last one asks."""
    marked: list[list[int]] = []
    for number, line in enumerate(lines):
        for i in line:
            if not _ASK_LABEL.match(pieces[i]):
                continue
            follows = lines[number + 1] if bare[i] and i == line[-1] and number + 1 < len(lines) else range(0)
            if not (follows and _MATERIAL_LABEL.match(pieces[follows[0]])):
                marked.append([j for j in (*range(i, line.stop), *follows) if not bare[j]])
            else:
                marked.append([])
            break
    for group in marked[-1:] if len(marked) > 2 else marked:
        for j in group:
            request[j] = True


def _mark_edge(
    pieces: list[str],
    lines: list[range],
    bare: list[bool],
    request: list[bool],
    settings: LayoutSettings,
    *,
    from_end: bool,
) -> bool:
    """Mark the run of asking lines at one end; on a line shared with the material, the asking sentences at its end."""
    asked = any(request)
    found = False
    for line in (lines[::-1] if from_end else lines)[: settings.edge_lines]:
        if all(bare[i] or request[i] for i in line):
            found = found or any(request[i] for i in line)
            continue
        if _MATERIAL_LABEL.match(pieces[line[0]]) and not _OPENING.match(pieces[line[0]]):
            return found
        if _asks_as_line([pieces[i] for i in line], settings):
            for i in line:
                request[i] = not bare[i]
            found = True
            continue
        if not found and not (asked and from_end):
            found = _mark_sentences(pieces, line, request, from_end=from_end)
        return found
    return found


def _asks_as_line(line: list[str], settings: LayoutSettings) -> bool:
    if len(line) > settings.line_segments or sum(map(len, line)) > settings.line_chars:
        return False
    if (
        any(_QUESTION_MARK.search(piece) for piece in (line[0], line[-1]))
        or _OPENING.match(line[0])
        or _FIRM_OPENING.match(line[-1])
    ):
        return True
    return len(line) == 1 and len(line[0]) < 80 and _ASKING_WORD.search(line[0]) is not None


def _mark_sentences(pieces: list[str], line: range, request: list[bool], *, from_end: bool) -> bool:
    found = False
    for i in reversed(line) if from_end else line:
        firm = _QUESTION_MARK.search(pieces[i]) or _FIRM_OPENING.match(pieces[i]) or _ASK_LABEL.match(pieces[i])
        if not firm or len(pieces[i]) > 400:
            break
        request[i] = found = True
    return found


def _mark_short_line(pieces: list[str], lines: list[range], request: list[bool], settings: LayoutSettings) -> None:
    if len(lines) < 2:
        return
    sizes = [sum(len(pieces[i]) for i in line) for line in lines]
    edges = [
        k
        for k in (0, len(lines) - 1)
        if sizes[k] < settings.short_share * sum(sizes) and len(lines[k]) <= settings.line_segments
    ]
    if edges:
        for i in lines[min(edges, key=lambda k: (pieces[lines[k][-1]][-1] in ".。!！;；", k))]:
            request[i] = True


def _position(request: list[bool], material: list[bool]) -> str:
    asks = [i for i, flag in enumerate(request) if flag]
    holds = [i for i, flag in enumerate(material) if flag]
    if not asks:
        return "none"
    before, after = asks[0] < holds[0], asks[-1] > holds[-1]
    if before and after:
        return "around"
    if before or after:
        return "before" if before else "after"
    return "inside"
