"""Which form an answer has: JSON, a table, a list, code alone, a label, a language, a way of speaking.

Every test takes the answer's text alone and says yes or no. They are patterns, made to be right for clear cases.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

from diversity.text.patterns import compiled_later
from diversity.text.scripts import HAN

_TRADITIONAL = compiled_later(
    "[們這個來時說國會學對為發開過動現點後經無電話長問間見車東馬門員實應關體樣當機種與從還進兩歲寫讓請買賣錢聽頭臺灣]"
)
_SIMPLIFIED = compiled_later(
    "[们这个来时说国会学对为发开过动现点后经无电话长问间见车东马门员实应关体样当机种与从还进两岁写让请买卖钱听头台湾]"
)
_SPOKEN = {
    "fr": compiled_later(r"\b(?:le|la|les|des|est|une|un|et|du|dans|pour|vous|que|au|il)\b", re.IGNORECASE),
    "de": compiled_later(r"\b(?:der|die|das|und|ist|ein|eine|nicht|mit|sie|zu|den|von)\b", re.IGNORECASE),
    "es": compiled_later(r"\b(?:el|la|los|las|es|una|un|que|en|de|y|por|con)\b", re.IGNORECASE),
}
_ENGLISH = compiled_later(r"\b(?:the|of|and|is|to|in|that|it|you|for|a|are|with|on)\b", re.IGNORECASE)


def is_language(code: str, detected: str, text: str) -> bool:
    if code == "both":
        return detected == "mixed"
    if code in ("zh", "zh-Hant"):
        if detected not in ("zh", "mixed"):
            return False
        traditional = len(_TRADITIONAL.findall(text)) > len(_SIMPLIFIED.findall(text))
        return code == "zh" or traditional
    if code in _SPOKEN:
        own, english = len(_SPOKEN[code].findall(text)), len(_ENGLISH.findall(text))
        return detected in ("en", "other") and own > english
    if code == "ru":
        return re.search(r"[а-яё]{3}", text, re.IGNORECASE) is not None
    if code == "en" and detected == "en":
        return not any(len(found.findall(text)) > 2 * len(_ENGLISH.findall(text)) + 2 for found in _SPOKEN.values())
    return detected == code


_HAN = compiled_later(f"[{HAN}]")
_WORD = compiled_later(r"[A-Za-z0-9][\w'’-]*")
# Blanks at the start of one line: `\s*` would read a run of empty lines again from each of them.
_INDENT = r"^[^\S\n]*+"
_ITEM = compiled_later(rf"{_INDENT}(?:[-*•·–]|\(?\d{{1,2}}[.、)）]|[①-⑩]|[一二三四五六七八九十]、)", re.MULTILINE)


_FENCE = compiled_later(r"\A```[\w+-]*\n(.*?)\n?```\Z", re.DOTALL)
_CODE_LINE = compiled_later(
    r"^\s*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|WITH|def|class|import|from|const|let|var|function|public|#include|"
    r"for|if|while|return|print|"
    r"[\w.\[\]]+\s*(?:=|\()|[{}#/]|\$|git|npm|pip|sudo|cd|ls|docker|grep|find|<\w+)|[;{}]\s*$",
    re.IGNORECASE,
)
_MARKS = compiled_later(
    rf"^\s{{0,3}}#{{1,6}}\s|\*\*[^*\n]+\*\*|{_INDENT}(?:[-*+•]\s|\d{{1,2}}[.、)]\s?|\|.*\|[^\S\n]*$)|```", re.MULTILINE
)
_TABLE_ROW = compiled_later(rf"{_INDENT}\|.*\|[^\S\n]*$", re.MULTILINE)
_EMOJI = compiled_later("[\U0001f300-\U0001faff\u2600-\u27bf]")
_QUESTION = compiled_later("[?？]")
_QUESTION_LAST = compiled_later(r"[?？][\s\"”」』)）*]*\Z")
_CLASSICAL = compiled_later("[之乎者也矣焉哉兮曰吾汝尔其乃斯岂弗勿若]")
_MODERN = compiled_later("[的了吗呢吧们啊]")
VOICE_WORDS: Mapping[str, re.Pattern[str]] = {
    "classical": compiled_later(r"(?!)"),
    "pirate": compiled_later(r"\b(?:arr+|ye|yer|matey|ahoy|aye|hearties|avast|scurvy|booty)\b", re.IGNORECASE),
    "archaic": compiled_later(
        r"\b(?:thou|thee|thy|thine|hath|doth|forsooth|prithee|verily|'tis|hark)\b", re.IGNORECASE
    ),
    "cowboy": compiled_later(r"\b(?:howdy|y'all|reckon|fixin'?|yonder|yeehaw|giddy)\b", re.IGNORECASE),
    "sailor": compiled_later(
        r"\b(?:aye|deck|anchor|rigging|ahoy|starboard|port|mates?|sails?|knots)\b|甲板|缆绳|航程|抵港|起锚|抛锚|"
        r"船长|港口|风帆",
        re.IGNORECASE,
    ),
    "northeast": compiled_later(r"嘎嘎|咋|整[上点个]|老[妹弟铁]|必须的|贼[拉好冷热]?|嗷嗷|啥|唠|得劲|麻溜|明儿个"),
    "sichuan": compiled_later(r"巴适|啥子|要得|晓得|莫[得要]|安逸|嘛|撒|噻|咋个"),
    "cantonese": compiled_later(r"嘅|咗|唔|喺|啲|佢|嚟|冇|咁|嗰|係"),
    "slang": compiled_later(r"绝绝子|yyds|破防|内卷|躺平|栓Q|\b(?:lol|fr|no cap|bruh|slay|vibe|lit)\b", re.IGNORECASE),
}
_ANALOGY = compiled_later(
    r"就像|好比|好像|如同|比如说|想象|像.{1,12}一样|打个?比|\bimagine\b|\blike (?:a|an|the|when)\b|\bthink of\b|"
    r"\bas if\b",
    re.IGNORECASE,
)
_DECLINE = compiled_later(
    r"(?:需要|应)由.{0,12}(?:解答|处理|判断)|\bneeds? to (?:look|see|be)|抱歉|对不起|很遗憾|不好意思|无法|恕|不便|"
    r"不方便|不能(?:为|给|回答|提供|讨论|透露)|超出|不在.{0,12}范围|帮不上|(?:我|这里)(?:只|仅)(?:能|负责|处理|"
    r"回答|会)|"
    r"\bsorry\b|\bI can(?:'|’)?t\b|\bcannot\b|\bunable\b|\bnot able\b|\bcan only\b|\bonly (?:help|assist|answer|"
    r"discuss)|\bnot something I\b|\boutside\b|\bI don(?:'|’)t discuss",
    re.IGNORECASE,
)
_HINT = compiled_later(
    r"提示|想一想|想想|试着|试试看|你觉得|回忆一下|\bhints?\b|\btry\b|\bwhat (?:do|would) you\b|\bthink about\b",
    re.IGNORECASE,
)
_COMFORT = compiled_later(
    r"难受|难过|理解你|抱抱|不容易|没关系|别(?:难过|担心|灰心|着急)|辛苦了|心疼|\bso sorry\b|\bsorry (?:to hear|"
    r"you|that)|\bthat must\b|\bunderstand how\b|\bit'?s (?:okay|ok)\b",
    re.IGNORECASE,
)
_REFER = compiled_later(
    r"咨询|就医|遵医嘱|(?:联系|询问|去看|找).{0,6}(?:医生|药师|律师|专业|客服|老师)|\bconsult|\bask (?:a|your) |"
    r"\bsee (?:a|your) |\bprofessional",
    re.IGNORECASE,
)
_CONTRADICT = compiled_later(
    r"\A.{0,30}(?:未必|不一定|恰恰|不敢苟同|不同意|不见得|并非|不对|not necessarily|on the contrary|disagree|"
    r"I'd argue|actually|hardly)",
    re.IGNORECASE | re.DOTALL,
)
_BRITISH = compiled_later(
    r"\b\w*(?:colour|favour|honour|centre|metre|litre|theatre|grey|travell|organis|realis|recognis|apologis|"
    r"neighbour|programme|aluminium)\w*",
    re.IGNORECASE,
)
_STEP = compiled_later(
    r"第[一1]步|步骤\s?[一1]|\bstep (?:1|one)\b|(?:^|\n)[^\S\n]*+1[.、)]|首先.{0,200}(?:然后|其次|接着|最后)|"
    r"\bfirst\b.{0,300}\b(?:then|next|finally)\b",
    re.IGNORECASE | re.DOTALL,
)


def _body(answer: str) -> str:
    """The answer without a code fence around all of it."""
    text = answer.strip()
    fenced = _FENCE.match(text)
    return fenced.group(1).strip() if fenced else text


def _is_json(answer: str) -> bool:
    body = _body(answer)
    if body[:1] not in ("{", "["):
        return False
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True


def _is_csv(answer: str) -> bool:
    lines = [line for line in _body(answer).splitlines() if line.strip()]
    counts = {line.count(",") for line in lines}
    return len(lines) >= 2 and len(counts) == 1 and counts != {0}


def _is_yaml(answer: str) -> bool:
    lines = [line for line in _body(answer).splitlines() if line.strip()]
    return len(lines) >= 2 and all(re.match(r"\s*(?:- |[\w\"']+:)", line) for line in lines)


def _is_code(answer: str) -> bool:
    text = answer.strip()
    if _FENCE.match(text) and text.count("```") == 2:
        return True
    lines = [line for line in text.splitlines() if line.strip()]
    return bool(lines) and "```" not in text and sum(1 for line in lines if _CODE_LINE.search(line)) > len(lines) / 2


def _is_label(answer: str) -> bool:
    text = answer.strip()
    short = _words(text) <= (8 if _HAN.search(text) else 4)
    return short and "\n" not in text and not re.search(r"[。！？，,;；]", text[:-1])


def _is_lowercase(answer: str) -> bool:
    return not re.search("[A-Z]", answer) and len(re.findall("[a-z]", answer)) >= 10


def _is_uppercase(answer: str) -> bool:
    return not re.search("[a-z]", answer) and len(re.findall("[A-Z]", answer)) >= 3


def is_classical(answer: str) -> bool:
    han = len(_HAN.findall(answer))
    return han >= 8 and len(_CLASSICAL.findall(answer)) / han > 0.06 and len(_MODERN.findall(answer)) / han < 0.02


def _words(text: str) -> int:
    """Words, a Chinese character counting as one."""
    return len(_WORD.findall(text)) + len(_HAN.findall(text))


def _is_verse(answer: str) -> bool:
    pieces = [piece for piece in re.split(r"[\n。，,；;！!？?]+|\.\s", answer.strip()) if piece.strip()]
    sizes = [_words(piece) for piece in pieces]
    return len(pieces) >= 3 and max(sizes) <= 12 and max(sizes) - min(sizes) <= 4


FORMS: Mapping[str, Callable[[str], bool]] = {
    "json": _is_json,
    "yaml": _is_yaml,
    "csv": _is_csv,
    "table": lambda answer: len(_TABLE_ROW.findall(answer)) >= 2,
    "list": lambda answer: len(_ITEM.findall(answer)) >= 2,
    "steps": lambda answer: _STEP.search(answer) is not None,
    "code_only": _is_code,
    "label_only": _is_label,
    "markdown": lambda answer: _MARKS.search(answer) is not None,
    "paragraph": lambda answer: "\n" not in answer.strip(),
    "lowercase": _is_lowercase,
    "uppercase": _is_uppercase,
    "emoji": lambda answer: _EMOJI.search(answer) is not None,
    "question": lambda answer: len(_QUESTION.findall(answer)) >= 2 or _QUESTION_LAST.search(answer) is not None,
    "honorific": lambda answer: "您" in answer,
    "hint": lambda answer: _HINT.search(answer) is not None or _QUESTION_LAST.search(answer) is not None,
    "no_letters": lambda answer: not re.search("[A-Za-z]", answer),
    "hashtag": lambda answer: re.search(r"#[^\W\d_]", answer) is not None,
    "comfort": lambda answer: _COMFORT.search(answer) is not None,
    "refer": lambda answer: _REFER.search(answer) is not None,
    "code": lambda answer: "```" in answer or _is_code(answer),
    "contradict": lambda answer: _CONTRADICT.search(answer) is not None,
    "iso_date": lambda answer: re.search(r"\d{4}-\d{2}-\d{2}", answer) is not None,
    "british": lambda answer: _BRITISH.search(answer) is not None,
    "verse": _is_verse,
    "analogy": lambda answer: _ANALOGY.search(answer) is not None,
    "no_exclamation": lambda answer: not re.search("[!！]", answer),
    "scope": lambda answer: _DECLINE.search(answer[:200]) is not None,
}
