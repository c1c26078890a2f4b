"""Requests for a length in Chinese, simplified and traditional.

Every number with a unit is looked at in its clause: what stands before it says whether it is asked for or spoken of.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from diversity.features.length_request.base import MOST_MEASURES, LengthRequest, limits
from diversity.features.length_request.numbers import CHINESE, Range, chinese_number
from diversity.features.length_request.subject import said_of_thing_chinese
from diversity.text.patterns import compiled_later

_TRADITIONAL = (
    "兩個條點項詞單內約寫數過於間萬話給總結說點歸納為減縮擴寫篇標題頭開結尾幾這該後這們讓須應餘來將壓縮達別變碼號戶稱"
)
_SIMPLIFIED = (
    "两个条点项词单内约写数过于间万话给总结说点归纳为减缩扩写篇标题头开结尾几这该后这们让须应余来将压缩达别变码号户称"
)
_FOLD = str.maketrans(_TRADITIONAL + "０１２３４５６７８９，～－", _SIMPLIFIED + "0123456789，~-")
_UNIT = (
    r"(?:汉字|中文字|文字|字符|英文单词|英语单词|英文词|单词|词语|词汇|词(?![典性根组])|字(?![母体典段面号幕])|"
    r"句话|句子|句(?![型号式])|自然段落?|段落|段(?![位子时])|要点|条(?![件款例约])|点(?![钟击评半燃头整名数])|项(?!目)|"
    r"行(?![业为动星李程人政列驶家走])|层意思)"
)
# Between number and unit stand a few blanks at most: what a text may repeat without end is never tried twice.
_GAP = r"\s{0,4}"
_JOIN = rf"{_GAP}(?:-{{1,2}}|–|—{{1,2}}|~{{1,2}}|到|至|或者?){_GAP}"
MEASURE = compiled_later(
    rf"(?P<a>{CHINESE}){_GAP}(?:个?(?P<early>{_UNIT}))?(?:(?:{_JOIN}|(?<=字)[和与](?=\d))(?P<b>{CHINESE}))?"
    rf"(?(early)(?(b){_GAP}个?(?P<late>{_UNIT})|)|{_GAP}个?(?P<only>{_UNIT}))"
)
# "字数在800到1000之间", "字数要求：600": the unit stands before the number.
_NAMED = compiled_later(
    rf"字数(?:要求|限制|控制)?(?:大?约|应|需|须|要)?(?:为|是|在|:|：|\s){{0,8}}(?P<a>{CHINESE})(?:{_JOIN}(?P<b>{CHINESE}))"
    rf"(?!{_GAP}个?{_UNIT})(?:之间)?|字数(?:要求|限制)?{_GAP}[:：]{_GAP}(?P<c>\d{{1,8}})(?!{_GAP}个?{_UNIT})(?!\d)"
    rf"(?!{_GAP}(?:以[上内下]|之?内|左右|上下|起))"
)
# "字数不少于800", "字数在800以上": a limit without any unit.
_LIMIT = compiled_later(
    rf"字数(?:要求|限制|控制)?(?:必须|应该?|需|须|要|请|得)?(?:为|是|在|:|：|\s){{0,8}}"
    rf"(?:(?P<least>不(?:得|能|可|应|要)?(?:少|低|小)于|至少|最少|最低|大于|多于|超过|高于|[>＞≥]=?)|"
    rf"(?P<most>不(?:得|能|可|应|要)?(?:超过|多于|大于|高于)|至多|最多|少于|小于|低于|[<＜≤]=?)|(?P<near>大?约))?\s{{0,4}}"
    rf"(?P<n>{CHINESE})(?![\d一二两三四五六七八九十百千万几])(?!{_JOIN}\d)(?!{_GAP}个?{_UNIT})"
    rf"(?:\s{{0,4}}(?:(?P<up>以上|起)|(?P<within>以内|之内|以下|内)|(?P<around>左右|上下)))?"
)

_DO = (
    r"(?:要?有|要?写(?:出|上|够|满|到)?|列(?:出|举)?|给出|提(?:出|供)|用|分(?:为|成)?|包[含括]|达到?|在|为|是|需要?|保持|"
    r"说(?:出)?|举(?:出)?|限制)?"
)
_NOT = r"(?:别|勿|莫|不)(?:得|能|要|可|可以|应|应该|宜|许)?"
_LEAST = compiled_later(
    rf"(?:{_NOT}(?:少|低|小|短)(?:于|过)|[>＞≥]=?|至少|最少|最低|起码|不下于?|(?<!不)(?<!别)(?<!勿)(?<!莫)(?<!不得)(?<!不能)(?<!不要)(?<!不可)(?<!不应)"
    rf"(?:超过|多于|大于|高于|超出))\s*{_DO}\s*$"
)
_MOST = compiled_later(
    rf"(?:{_NOT}(?:超|多|大|高|长)(?:过|于|出)|至多|最多|最高|最长|上限为?|(?<!不)(?<!别)(?<!勿)(?<!莫)(?<!不得)(?<!不能)(?<!不要)(?<!不可)(?<!不应)"
    rf"(?:少于|低于|小于)|[<＜≤]=?|不足|不到|不满|限制?(?:为|在|于)?)\s*{_DO}\s*$"
)
_ABOUT = compiled_later(r"(?:大约|约|大概|差不多|将近|接近|约莫|约为|控制在|篇幅在|长度在)\s*(?:用|写|是|在)?\s*$")
_EXACT = compiled_later(r"(?:恰好|正好|刚好|只用|仅用|就用|只能用|只写|只)\s*$")
_AFTER_MOST = compiled_later(r"\s*(?:以内|之内|以下|内(?!容|心|部)|为限|封顶|及以下|或更少|或以下|或更短)")
_AFTER_LEAST = compiled_later(r"\s*(?:及?以上|或以上|或更多|或更长|起步|打底)")
_AFTER_ABOUT = compiled_later(r"\s*(?:左右|上下|前后)")

_POINTED = compiled_later(
    r"(?:第|这|那|该|此|前|后|头|末|哪|每|某|下面|下列|以下|下述|上面|上述|以上|其中|给定|所给|如下|最后|中|里|同|另|由|其|"
    r"(?<![要应需须含共])有|[了过]|人各说|翻译|修改|合并|给出的)(?:的|这|那)?\s*$"
)
# "80字左右的一段话": a measure before the measure points at nothing.
_SIZED = compiled_later(r"字(?:左右|以内|上下|以上|之内)?的\s*$")
_SPOKEN_OF = compiled_later(
    r"了(?!解)|被|规定|昨天|已经|以前|曾经|每(?:天|日|周|月|年|星期|次|小时|分钟)|是否|判断|如果|假如|若|当[^，]{0,8}时|函数|程序|"
    r"代码|脚本|正则|字符串|密码|为什么|为何|多少|怎么|什么是[^，]*由|翻译|统计|打字|"
    r"输入\s*$|[摆排站种剪截锯切]成|直线|绳子|打一份|[读看抄背]完?一"
)
_WRITE = (
    r"(?:写|撰写|编写|创作|起草|拟|作|编|续写|扩写|缩写|改写|仿写|生成|来|给我|需要|想要|我要|帮我|造|说|讲|提供|制作|设计|完成|介绍|"
    r"描述|叙述|阐述|论述|概括|总结|归纳|提炼|缩|压缩|精简|简化|合并|分|列|列出|列举|罗列|给出|提出|举出|补充|回答|想)"
)
_WRITING = compiled_later(_WRITE)
_BY = compiled_later(
    r"(?:用|以|使用|通过|分|分成|分为|写成|写|写出|写满|写够|造|说|讲|编|想|来|成|为|到|至|在|给我|生成|添加|增加|加|补写|输出|创建|提供)(?:个|大约|约)?\s*$"
)
_LISTING = compiled_later(
    r"(?:列|列出|列举|列举出|列成|罗列|给出|给我|提出|提供|举出|说出|写出|写|总结|总结出|总结为|总结成|概括|概括为|概括成|概括出|归纳|归纳为|"
    r"归纳成|归纳出|分|分为|分成|提炼|提炼出|提炼为|提炼成|精简到|精简为|整理成|整理出|以|用|推荐|生成|成|为)\s*$"
)
_ENDS = compiled_later(r"\s*(?:$|[，。,.；;！!？?、\n）)】\]」』]|即可|就行|就好|就够|为宜|为佳|最好|吧)")
_BEGINS = compiled_later(
    r"(?:^|[，。,；;！!？?、：:\n（(【\[「『]|字数|篇幅|长度|字数要求|要求|正文|全文|全篇|总共|一共|共|总计|共计|各|每段|每条)\s*$"
)
_NOT_TEXT = compiled_later(r"(?:代码|程序|脚本|音频|视频|录音|旋律|往事|Python|SQL|HTML|对话)")
# "写一段描述春天的文章" names a text, not its length.
_PROSE = compiled_later(
    r"(?![^，。；！？\n]{0,40}的(?:文章|作文|故事|小说|文档|报告|论文|新闻|信|诗|剧本|教程|代码|查询|请求|命令|音乐|旋律|动画|视频|对话)\s*(?:$|[，。；！？\n]))(?:关于|描述|解释|讨论|介绍|说明|总结|"
    r"[^，。；！？\n]{0,16}(?:话|文字|短文|描述|介绍|评论|独白|祝福|感想|说明|文案|段落|简介|自述|陈述|总结|摘要|评语|影评|台词|开场白|寄语))"
)
# 段 counts paragraphs where somebody writes one or puts something into one. What is handed over is a passage, however
# long: 提供一段说明, 给我一段对话.
_HANDED = compiled_later(r"(?:提供|给出?|给[我你他她它]们?|来|需要|想要|要|展示|分享|准备|找)(?:出|到)?\s*$")
_ANSWERING = compiled_later(
    r"\s*(?:话|词|短语|词语)?\s*(?:来)?(?:分别)?(?:回答|形容|描述|概括|总结|表达|评价|说明|介绍|归纳|解释|答|表示|概述|描写)"
)
_THINGS = compiled_later(r"(?:鱼|狗|蛇|河|街|路|裤|裙|线|船|腿|命|龙|项链|毛巾|围巾|被子|人命|航线|隧道)")
# What is cut into 段 that are no paragraphs.
_LENGTHS = compiled_later(r"直线|线段|绳子|铁丝|钢管|木棒|木头|电线|公路|路程")
_VERSE = compiled_later(r"(?:的)?(?:古诗|诗|歌词|唱词|绝句|韵文|打油诗|顺口溜|快板)")
_RHYMED = compiled_later(r"诗|绝句|律诗|对联|[上下]联|五言|七言|歌词|儿歌|顺口溜|快板|童谣")
_POEM = compiled_later(r"[^，。；！？\n]{0,6}(?:诗|俳句|歌词)")
_EACH = compiled_later(
    r"(?:每|各)(?:一?[个篇首])?(?P<of>段|句|条|点|项|行|部分|首|篇|个|则|题|章|轮)?[^，。；！？\n每各]{0,8}$"
)
_EACH_UNITS = {"段": "paragraphs", "句": "sentences", "条": "items", "点": "items", "项": "items", "行": "lines"}
_PART = compiled_later(
    r"(?:标题|题目|副标题|开头|结尾|引言|摘要|前言|首段|末段|第.段|签名|主题词|关键词)(?:的)?(?:字数|长度|篇幅)?"
    r"(?:要求|控制|限制|必须|应该?|须|需|请|要|在|为|是|不得?|能|超过|少于|多于|至少|最[多少]|大?约|[:：])*\s*$"
)
_ONLY_TITLE = compiled_later(r"(?:起|取|拟|想|写|加|生成)[^，。；！？\n]{0,6}(?:标题|题目|摘要|开头|结尾|引言|前言)")
# One thing of several that are asked for: "先译，再用一句话说含义".
_FURTHER = compiled_later(
    r"(?:(?<!合)(?<!归)并(?:请)?(?:用|以)?|(?:再|然后|接着|最后|另外|还要|同时|外加)[^，。；！？\n]{0,3})\s*$"
)
_MORE_FOLLOWS = compiled_later(r"[^。！？\n]{0,16}[，,；]\s*(?:再|然后|接着|最后再)")
_CHOICES = compiled_later(rf"[两三四五六七八九十几多\d]{_GAP}(?:个|种|条|版)?(?:备选|版本|方案|选项|候选|不同说法)")
# What is added to a given text is not the whole answer.
_ADDED = compiled_later(r"(?:加|添加|增加|插入|补充|填入|填|添|补)上?\s*$")
_BREAKS = compiled_later(r"[，。,；;！!？?\n]")


@dataclass(frozen=True, slots=True)
class _Place:
    """A measure in its surroundings: `clause` is what stands before it back to the last mark, `stem` the same
    without the words of the relation, `after` what follows. `explicit`: a relation was said."""

    before: str
    clause: str
    sentence: str
    stem: str
    after: str
    explicit: bool


@dataclass(frozen=True, slots=True)
class _Whole:
    """What the text says as a whole: that it wants several versions to choose from, or a title and nothing else."""

    choices: bool
    title_only: bool


def parse_chinese(text: str, exact_up_to: int) -> Iterator[LengthRequest]:
    """The requests in `text`, in order; spans are characters of it."""
    folded = text.translate(_FOLD)
    whole = _Whole(
        choices=_CHOICES.search(folded) is not None,
        title_only=_ONLY_TITLE.search(folded) is not None and re.search("正文|全文", folded) is None,
    )
    for match in islice(_NAMED.finditer(folded), MOST_MEASURES):
        low, high = _named_range(match)
        if low and high:
            relation = "between" if low != high else "about"
            yield LengthRequest("zi", relation, low, high, "answer", *match.span())
    for match in islice(_LIMIT.finditer(folded), MOST_MEASURES):
        if limit := _limited(folded, match, exact_up_to):
            yield limit
    for match in islice(MEASURE.finditer(folded), MOST_MEASURES):
        if found := _judged(folded, whole, match, exact_up_to):
            yield found


def _named_range(match: re.Match[str]) -> tuple[int, int]:
    first, last = match["a"] or match["c"], match["b"] or match["c"]
    low, high = chinese_number(first), chinese_number(last)
    return (low[0], high[1]) if low and high else (0, 0)


def _limited(text: str, match: re.Match[str], exact_up_to: int) -> LengthRequest | None:
    number = chinese_number(match["n"])
    said = (("at_least", "least", "up"), ("at_most", "most", "within"), ("about", "near", "around"))
    relation = next((name for name, *groups in said if any(match[group] for group in groups)), None)
    clause = _BREAKS.split(text[max(0, match.start() - 60) : match.start()])[-1]
    if number is None or relation is None or _SPOKEN_OF.search(clause):
        return None
    low, high, relation = limits(relation, number, "zi", exact_up_to, vague=False)
    return LengthRequest("zi", relation, low, high, "answer", *match.span())


def _judged(text: str, whole: _Whole, match: re.Match[str], exact_up_to: int) -> LengthRequest | None:
    word = match["late"] or match["only"] or match["early"]
    numbers = _numbers(match)
    if numbers is None:
        return None
    before, after = text[max(0, match.start() - 60) : match.start()], text[match.end() : match.end() + 24]
    clause, sentence = _BREAKS.split(before)[-1], re.split(r"[。！!？?\n]", before)[-1]
    unit = _unit(word)
    if unit == "sentences" and (_VERSE.match(after) or (word == "句" and _RHYMED.search(sentence + after[:8]))):
        unit = "verses"
    relation, stem, used = _relation(clause, after)
    if relation == "between" and numbers[0] == numbers[1]:
        return None
    place = _Place(before, clause, sentence, stem, after[used:], relation is not None)
    of_thing = said_of_thing_chinese(before, stem, clause, after[used:], unit, numbers[1])
    if of_thing or not _asked(place, unit, word, numbers):
        return None
    low, high, relation = limits(
        relation, numbers, unit, exact_up_to, vague=match["a"][-1] in "多来余" or "几" in match["a"]
    )
    scope, of = _scope(whole, place, unit)
    start = match.start() - (len(clause) - len(stem))
    return LengthRequest(unit, relation, low, high, scope, start, match.end() + used, of)


def _numbers(match: re.Match[str]) -> Range | None:
    first = chinese_number(match["a"])
    if first is None or match["b"] is None:
        return first
    last = chinese_number(match["b"])
    return (first[0], last[1]) if last and first[0] < last[1] else None


def _unit(word: str) -> str:
    if word == "字符":
        return "characters"
    if "词" in word:
        return "words"
    for character, unit in (("字", "zi"), ("句", "sentences"), ("段", "paragraphs"), ("行", "lines")):
        if character in word and word != "段文字":
            return unit
    return "items"


def _relation(clause: str, after: str) -> tuple[str | None, str, int]:
    """The relation said before or after the number, the clause without its words, and how far it reaches behind."""
    for pattern, relation in ((_AFTER_MOST, "at_most"), (_AFTER_LEAST, "at_least"), (_AFTER_ABOUT, "about")):
        if found := pattern.match(after):
            return relation, _without(clause), found.end()
    used = len(found.group()) if (found := re.match(r"\s*之间", after)) else 0
    for pattern, relation in ((_LEAST, "at_least"), (_MOST, "at_most"), (_ABOUT, "about"), (_EXACT, "exact")):
        if found := pattern.search(clause):
            return relation, clause[: found.start()], used
    return ("between" if used else None), clause, used


def _without(clause: str) -> str:
    for pattern in (_LEAST, _MOST, _ABOUT, _EXACT):
        if found := pattern.search(clause):
            return clause[: found.start()]
    return clause


def _asked(place: _Place, unit: str, word: str, numbers: Range) -> bool:
    """Whether the measure is asked for, not spoken of."""
    owned = unit in ("words", "sentences", "paragraphs", "items") and re.search(r"的\s*$", _SIZED.sub("", place.stem))
    owned = owned or re.search("每(?:分钟|小时)", place.sentence)
    if owned or _POINTED.search(place.stem) or _SPOKEN_OF.search(place.clause):
        return False
    if _NOT_TEXT.search(re.split(r"[，。；！？\n]", place.after)[0][:16]):
        return False
    return _FRAMES[unit](place, word, numbers)


def _asked_fine(place: _Place, word: str, numbers: Range) -> bool:
    if numbers[1] < 2 or (word in ("词汇", "单词") and re.match(r"\s*(?:表|量)", place.after)):
        return False
    if place.explicit or _BY.search(place.stem):
        return True
    if _BEGINS.search(place.stem) and _ENDS.match(place.after):
        return numbers[0] >= 10
    composed = re.match(
        r"\s*的|文(?![字言本])|长文|[^，。；！？\s]{0,6}(?:作文|文章|短文|故事|小说|报告|介绍|祝福)", place.after
    )
    return bool((composed or _ENDS.match(place.after)) and _WRITING.search(place.sentence)) and numbers[0] >= 10


def _asked_words(place: _Place, word: str, numbers: Range) -> bool:
    if word in ("英文单词", "英语单词", "英文词", "单词") and (place.explicit or numbers[0] >= 30):
        return True
    return bool(re.search(r"(?:用|以|使用|通过)\s*$", place.stem) and _ANSWERING.match(place.after))


def _asked_sentences(place: _Place, word: str, numbers: Range) -> bool:
    return _by_or_alone(place)


def _asked_verses(place: _Place, word: str, numbers: Range) -> bool:
    return place.explicit or bool(_WRITING.search(place.sentence))


def _asked_paragraphs(place: _Place, word: str, numbers: Range) -> bool:
    if re.match("历史|感情|时间|时光|路|经历|缘|婚姻|旅程|距离|恋", place.after) or _LENGTHS.search(place.sentence):
        return False
    if numbers == (1, 1):
        sized = _SIZED.search(place.stem)
        by = sized or _BY.search(place.stem) or _WRITING.search(place.stem)
        passage = not _PROSE.match(place.after) or (not sized and _HANDED.search(place.stem))
        return bool(by) and (word != "段" or not passage)
    return _by_or_alone(place)


def _asked_items(place: _Place, word: str, numbers: Range) -> bool:
    if numbers[1] < 2 or _THINGS.match(place.after):
        return False
    return bool(_LISTING.search(place.stem)) or (place.explicit and bool(_WRITING.search(place.before)))


def _asked_lines(place: _Place, word: str, numbers: Range) -> bool:
    if numbers[1] < 2 and not _BY.search(place.stem):
        return False
    poem = _POEM.match(place.after) and _WRITING.search(place.sentence)
    return bool(poem) or _by_or_alone(place)


def _by_or_alone(place: _Place) -> bool:
    """Named as the means, or as a clause of its own, or with its relation."""
    alone = _BEGINS.search(place.stem) and _ENDS.match(place.after) and _WRITING.search(place.before)
    return place.explicit or bool(_BY.search(place.stem) or alone)


_FRAMES: dict[str, Callable[[_Place, str, Range], bool]] = {
    "zi": _asked_fine,
    "characters": _asked_fine,
    "words": _asked_words,
    "sentences": _asked_sentences,
    "verses": _asked_verses,
    "paragraphs": _asked_paragraphs,
    "items": _asked_items,
    "lines": _asked_lines,
}


def _scope(whole: _Whole, place: _Place, unit: str) -> tuple[str, str]:
    each = _EACH.search(place.clause)
    if not each and unit in ("zi", "words", "characters", "sentences") and whole.choices:
        return "each", ""
    if each:
        return "each", _EACH_UNITS.get(each["of"] or "段", "")
    if _ADDED.search(place.stem) or _FURTHER.search(place.stem) or _MORE_FOLLOWS.match(place.after):
        return "part", ""
    if _PART.search(place.clause) and not whole.title_only:
        return "part", ""
    return "answer", ""
