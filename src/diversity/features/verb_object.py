"""What a prompt asks to be done, and to what: the verb of its request and that verb's object, in English and Chinese.

English has no tagger here: a clause asks when it opens (after "please", "can you", …) with a verb of a short list, or
with a word that an article, a pronoun or a number follows. Its object is the last word before the noun phrase ends.
Chinese is tagged by jieba: the first full verb, and the last noun of what follows, or of what stands after 把 and 将. A
question without such a verb stands under its question word (`how?`, `什么?`). All else has no verb rather than a guess.
"""

from __future__ import annotations

import re

from diversity.text.patterns import compiled_later
from diversity.text.scripts import HAN


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_HAN = compiled_later(f"[{HAN}]")
# Only the opening is read: four clauses, at most this many characters of each.
_OPENING, _CLAUSE, _CLAUSES = 400, 80, 4
_QUOTED = compiled_later(r"[\"“「『《][^\"”」』》\n]{0,300}[\"”」』》]?|`[^`]*`?")

_EN_BREAK = compiled_later(r"[.!?;:\n,()]+\s*|\s+-\s+")
_EN_WORD = compiled_later(r"[A-Za-z]+(?:['’-][A-Za-z]+)*|\d+|\S")
_EN_LEAD = compiled_later(
    r"(?:\s|[#*>\-\"'“]|please\b|kindly\b|now\b|then\b|also\b|just\b|first\b|next\b|and\b|try to\b|help me(?: to)?\b|"
    r"let's\b|(?:can|could|would|will) you(?: please| kindly| help me(?: to)?)?\b|"
    r"you (?:need|have|are asked|will) to\b|"
    r"i(?:'d| would) like (?:you )?to\b|i (?:want|need) (?:you )?to\b|(?:your|the) (?:task|job|goal) is to\b)*",
    re.IGNORECASE,
)
_EN_QUESTIONS = frozenset(("what", "who", "whom", "whose", "when", "where", "which", "why", "how"))
_EN_VERBS = _listed(
    "add adapt adjust advise analyze analyse annotate answer apply argue arrange ask assess assign assume brainstorm "
    "break build calculate categorize categorise change check choose cite clarify classify clean code combine come "
    "comment compare compile complete compose compress compute conclude consider construct continue contrast convert "
    "convince correct count create criticize critique deduce define delete demonstrate depict derive describe design "
    "detail detect determine develop devise differentiate discuss display distinguish divide draft draw edit "
    "elaborate eliminate emulate enumerate estimate evaluate examine expand explain explore express extend extract "
    "fill find finish fix format formulate generate give group guess highlight identify illustrate imagine implement "
    "improve include indicate infer insert interpret introduce invent judge justify label list locate make map mark "
    "match measure mention merge modify name narrate note offer optimize optimise order organize organise outline "
    "paint paraphrase parse perform persuade pick plan point polish predict prepare present pretend prioritize "
    "produce program proofread propose prove provide punctuate put rank rate read rearrange recall recast recite "
    "recommend reconstruct reduce refactor reformat reformulate remove rename reorder reorganize rephrase replace "
    "reply report represent rescue research resolve respond restate restructure retell retrieve return reverse review "
    "revise reword rewrite say search segment select sequence set share shorten show simplify simulate sketch solve "
    "sort speak specify spell split state structure substitute suggest summarize summarise synthesize tag take talk "
    "teach tell test trace train transcribe transform translate troubleshoot turn update use utilize validate verify "
    "visualize visualise vote weigh write look think open discover do re-write hypothesize multiply subtract"
)
_EN_FOLLOWS = _listed(
    "a an the this that these those my your our his her its their me us it them each all some any one two three four "
    "five six seven eight nine ten several following"
)
_EN_NEVER = _listed(
    "is are was were be am do does did has have had can could will would should may might must i you he she we they "
    "it the a an this that these those in on at of to for from with by as if given based according using there here "
    "my your and or but not no so when while once after before during under over between question answer context"
)
_EN_STOPS = _listed(
    "of in on at to for from with by as about that which who whose where when how why what whether if using into onto "
    "between and or so but than is are was were be can could should would will has have had you i we they given based "
    "such like because while without within per through against regarding describing containing including explaining "
    "it's called named"
)
_EN_SKIPPED = _listed(
    "me us him them you it a an the this that these those my your our his her its their up out down one two three "
    "four five six seven eight nine ten some any all each both "
    "following above below given"
)

_ZH_BREAK = compiled_later(r"[。！？；：，、\n,.!?;:（）()—]+")
_ZH_LIGHT = _listed(
    "请 请问 帮 帮忙 帮助 麻烦 给 给定 所给 下列 出 让 要 想 想要 需要 能 能否 能不能 可以 可否 会 希望 请求 要求 使 "
    "使用 利用 运用 用 根据 按照 依据 基于 进行 是 有 没有 作为 来 去 如 假设 假如 针对 关于 对于 应该 必须 打算 准备 "
    "试 试着 尝试 开始 继续 有没有 包括 包含 在 到 成 为 以 如下 具有 位于 属于 说 下 知道 认为 觉得 看 请您 请你 "
    "我要 我想"
)
_ZH_LEAD = compiled_later(r"^\s*(?:请|麻烦|帮忙|帮我|你能不能|能不能|能否|你能)+(?:你|您|帮我)?(?=\S)")
_ZH_GIVE = compiled_later(r"\s*(?:请|你|您|能|可以|麻烦)*给(?:我|我们|他|她|出|大家)?(?=\S)")
_ZH_QUESTIONS = (
    ("为什么", "为什么?"), ("为何", "为什么?"), ("怎么样", "怎么样?"), ("怎么", "怎么?"), ("怎样", "怎么?"),
    ("如何", "如何?"), ("咋", "怎么?"), ("多少", "多少?"), ("几", "多少?"), ("什么", "什么?"), ("啥", "什么?"),
    ("哪", "哪?"), ("谁", "谁?"), ("是否", "是否?"), ("吗", "是否?"),
)  # fmt: skip
# Verbs that the tagger takes for something else, at the opening of a clause and after 把 and 将.
_ZH_VERB_LIKE = compiled_later(
    "翻译|改写|转换|改成|改为|写成|译成|译为|总结|概括|归纳|分类|续写|润色|编辑|比较|对比|建议|命名|绘制|形容|定义|排列|排序|修正|修改|"
    "摘要|标注|标记|校对|造句|举例|推荐|评论|评价|扩写|缩写|仿写|提取|抽取|计算|补全|填空"
)


def verb_object(prompt: str) -> tuple[str | None, str | None]:
    """(verb, object) of the request at the opening of `prompt`; None for what isn't found."""
    text = _QUOTED.sub(' " ', prompt[:_OPENING]).strip()
    return _chinese(text) if _HAN.search(text[:_CLAUSE]) else _english(text)


def _english(text: str) -> tuple[str | None, str | None]:
    question: tuple[str | None, str | None] = (None, None)
    for clause in _clauses(text, _EN_BREAK):
        lead = _EN_LEAD.match(clause)
        words = [word.lower() for word in _EN_WORD.findall(clause[lead.end() if lead else 0 :])]
        if not words:
            continue
        if _asks(words):
            return words[0], _noun(words[3:] if words[1:3] == ["up", "with"] else words[1:])
        if words[0] in _EN_QUESTIONS and question == (None, None):
            question = f"{words[0]}?", _asked(words)
    return question


def _asks(words: list[str]) -> bool:
    first = words[0]
    if first in _EN_VERBS:
        return True
    return first.isalpha() and first not in _EN_NEVER | _EN_QUESTIONS and len(words) > 1 and words[1] in _EN_FOLLOWS


def _asked(words: list[str]) -> str | None:
    """What a question with "what" or "which" asks for: "what is the capital of …", "which book …"."""
    if words[0] not in ("what", "which", "whose"):
        return None
    return _noun(words[2:] if len(words) > 1 and words[1] in _EN_STOPS else words[1:])


def _noun(words: list[str]) -> str | None:
    """The head of the noun phrase that `words` open with: its last word before a preposition or the like."""
    head = None
    for word in words[:12]:
        if word in _EN_STOPS or not word[0].isalpha():
            if head is not None or not word[0].isdigit():
                break
            continue
        if word not in _EN_SKIPPED:
            head = word
    return head


def _chinese(text: str) -> tuple[str | None, str | None]:
    import rjieba

    question: str | None = None
    for clause in _clauses(text, _ZH_BREAK):
        tagged = [(word, flag) for word, flag in rjieba.tag(_ZH_LEAD.sub("", clause, count=1)) if not word.isspace()]
        if question is None:
            question = next((name for form, name in _ZH_QUESTIONS if form in clause), None)
        at = next((place for place in range(len(tagged)) if _is_verb(tagged, place)), None)
        if at is None or (question is not None and not _opens(tagged[:at])):
            continue
        if question is not None and any(form in word for word, _ in tagged[:at] for form, _ in _ZH_QUESTIONS):
            continue
        return tagged[at][0], _object(tagged, at)
    if question is None and (given := _ZH_GIVE.match(text)):
        return "给", _last_noun(rjieba.tag(_clauses(text[given.end() :], _ZH_BREAK)[0]))
    return question, None


def _is_verb(tagged: list[tuple[str, str]], at: int) -> bool:
    """Whether that word is what the clause bids: a full verb, not the attribute of a noun (所提供的信息, 虚拟助手)."""
    word, flag = tagged[at]
    if word in _ZH_LIGHT or not _HAN.match(word) or (at + 1 < len(tagged) and tagged[at + 1][0] == "的"):
        return False
    if flag in ("v", "vi"):
        return True
    bids = _opens(tagged[:at]) and not (at and tagged[at - 1][1] == "p")
    counted = at + 1 < len(tagged) and tagged[at + 1][1][0] in "mr"
    if flag == "vn":
        return bids or counted
    return _ZH_VERB_LIKE.match(word) is not None and (
        bids or any(mark == "p" or before == "将" for before, mark in tagged[:at])
    )


def _opens(before: list[tuple[str, str]]) -> bool:
    """Whether nothing but politeness, pronouns and adverbs stands before the verb: then the clause bids, not asks."""
    return all(word in _ZH_LIGHT or flag[0] in "rdpm" for word, flag in before)


def _object(tagged: list[tuple[str, str]], at: int) -> str | None:
    moved = next((place for place in range(at) if tagged[place][0] in ("把", "将")), None)
    if moved is not None and (noun := _last_noun(tagged[moved + 1 : at])) is not None:
        return noun
    return _last_noun(tagged[at + 1 :])


def _last_noun(tagged: list[tuple[str, str]]) -> str | None:
    nouns = [word for word, flag in tagged[:14] if (flag[0] == "n" or flag in ("vn", "l", "eng")) and word != '"']
    return nouns[-1] if nouns else None


def _clauses(text: str, breaks: re.Pattern[str]) -> list[str]:
    return [clause[:_CLAUSE] for clause in breaks.split(text)[: 2 * _CLAUSES] if clause.strip()][:_CLAUSES]
