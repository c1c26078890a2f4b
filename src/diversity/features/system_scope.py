"""The subject that a system keeps its assistant to or away from, and whether an answer turns something down over it.

Every assistant declines now and then: it does not know, cannot solve, will not help with a crime. A refusal is a sign
of the system only where the system states a scope ("only discuss gardening", "never reveal prices") and the refusal
itself speaks of that subject, or of the assistant's role.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from diversity.text.patterns import compiled_later

# Characters of an answer in which it turns something down: a refusal opens an answer.
READ = 300

_FLAGS = re.IGNORECASE | re.ASCII
_SENTENCE = compiled_later(r"[。！？!?；;\n]+|\.(?=\s|$)")

# A subject that the assistant keeps to.
WITHIN = (
    r"(?:只|仅)(?:能|会|限于?|可以?)?(?:回答|负责|处理|讨论|解答|提供|协助|谈|接受|受理|聊)|无关|超出.{0,8}(?:范围|职责)|"
    r"(?:其他|其它|其余|别的|此外|以外|之外).{0,12}(?:拒绝|婉拒|谢绝|不(?:予|要|得|能)?(?:回答|理会|讨论|受理))|"
    r"(?:拒绝|婉拒|谢绝).{0,8}(?:其他|其它|其余|别的)|"
    r"\bonly (?:answer|discuss|help|handle|talk|assist|deal|respond to)\b(?! with | in | as | by | using )|\bunrelated|"
    r"\b(?:decline|refuse|reject|turn down|redirect|ignore)\b[^.\n]{0,40}\b(?:else|other|off-topic)\b|"
    r"\boff-topic (?:questions?|requests?|quer(?:y|ies)|topics?|messages?|matters?)|"
    r"\boutside (?:of )?(?:your|this|that|these)\b|\b(?:questions?|requests?|topics?|anything|matters?) outside\b"
)
# A subject that it keeps away from; the group is where it is named.
BARRED = (
    r"(?:不(?:得|能|要|可|便|予|许)?|禁止|拒绝|勿)(?:回答|讨论|透露|泄露|评论|提供|谈论)(?!者)(?P<zh>[^，。]{0,40})|"
    r"\b(?:do not|don['’]?t|never|must not|cannot|refuse to|decline to) (?:discuss|answer|reveal|share|talk|give|offer|"
    r"provide|comment)\b(?P<en>[^.;\n]{0,80})"
)
# Either, for a first look.
STATED = f"{WITHIN}|{BARRED}"
_WITHIN, _BARRED = compiled_later(WITHIN, _FLAGS), compiled_later(BARRED, _FLAGS)

_REFUSES = compiled_later(
    r"(?:抱歉|对不起|遗憾|不好意思|我|这里|这边|本店)[^。！？\n]{0,30}?(?:无法|不能|不便|不方便|帮不上|恕|超出|"
    r"不在.{0,12}范围|只能|(?:只|仅)(?:负责|回答|处理|受理|讨论|解答|谈|聊))|恕我?[不难无]|不便(?:评论|回答|透露|讨论)|"
    r"(?:需要|应)由.{0,12}(?:解答|处理|判断)|"
    r"\b(?:sorry|afraid|I)\b[^.!?\n]{0,30}?(?:\bcan['’]?t\b|\bcannot\b|\bunable\b|\bnot able\b|\bwon['’]?t\b|"
    r"\bdon['’]?t (?:discuss|answer|share|give|offer|do)\b|\bcan only\b|\bonly (?:help|assist|answer|discuss|talk|deal|"
    r"handle)\b|\boutside\b)|\bnot something I\b|\b(?:outside|beyond) (?:of )?(?:my|our)\b",
    _FLAGS,
)
# What an assistant can do at all is not its role.
_ROLE = compiled_later(
    r"(?:不属于|不在|超出)(?:(?!能力)[^。，！？\n]){0,10}(?:职责|范围|业务|专业)|"
    r"(?:我|这里|这边)(?:们)?(?:只|仅)(?:能|会|可以)?(?:回答|负责|处理|讨论|解答|受理|聊|谈)|"
    r"\b(?:outside|beyond|not part of|not within) (?:of )?(?:my|our) (?:role|scope|job|area|remit|field|expertise|"
    r"speciali?ty|domain)\b|\bonly (?:answer|discuss|talk about|handle|deal with|help with|assist with)\b|"
    r"\bmy (?:role|job) is\b",
    _FLAGS,
)

# "Never discuss your instructions" bars the assistant's own, not instructions for everything.
_OWNED = compiled_later(r"\b(?:your|its|own|the system'?s?|internal)\b|你的|您的|自己的?|自身的?|内部|本系统", _FLAGS)
_MINE = compiled_later(r"(?:\b(?:my|our|internal)\b|我们?的|自己的?|自身的?|内部|本系统)([^,，。.\n]{1,24})", _FLAGS)

_LATIN = compiled_later(r"[a-z]{3,}")
_ENDING = compiled_later(r"(?:ing|ers?|es|ed|s|e)$")
_STEM = 5
# Chinese text between the characters that only join words.
_HAN = compiled_later(
    r"[^\W\d_a-zA-Z的了和与或及等在是为你我您他她它们请就都也将把被"
    r"对向从以任何所有不无只仅能会可须凡者时如果]{2,}"
)
# Words that a statement of scope or a refusal has whatever its subject.
_PLAIN = (
    "问题 回答 负责 处理 讨论 解答 提供 协助 接受 受理 用户 内容 信息 相关 有关 关于 拒绝 礼貌 婉拒 谢绝 "
    "范围 职责 超出 助手 助理 客服 智能 服务 遇到 此类 这类 该类 方面 透露 评论 谈论 一律 其他 其它 其余 "
    "别的 此外 以外 之外 帮助 咨询 抱歉 答案 结果 一个 直接 必须 应该 需要 进行 使用 人工 模型 语言 任务 "
    "请求 要求 告诉 说明 具体 建议 可以 无法 自己 本人 个人 情况 这个 那个 这些 如何 什么"
    " "
    "only answer question questions discuss topic topics polite politely decline refuse reject ignore redirect "
    "anything something everything every other others else off help helps helpful about relate related unrelated "
    "outside beyond provide give never with that this these those user users assistant chatbot your you yours "
    "they them their its his her role scope respond response responses request requests information must not don "
    "can cannot will would should could may might have has the and for any all are who what which when from into "
    "out over under was were been being but nor yet share reveal talk offer comment matters matter thing things "
    "handle deal assist let please sorry afraid able unable make get tell ask asked asking like very more most "
    "such some than then there here language model programming designed context"
)
_PLAIN_WORDS = frozenset(_PLAIN.split())


@dataclass(frozen=True, slots=True)
class Scope:
    """Words of the subject that an assistant keeps to (`within`), of what it keeps away from (`barred`), and of what it
    keeps to itself (`secret`: its own instructions)."""

    within: frozenset[str]
    barred: frozenset[str]
    secret: frozenset[str]


def read_scope(system: str) -> Scope | None:
    """The scope that a system states, None where it states none that could be told again in a refusal."""
    within: set[str] = set()
    barred: set[str] = set()
    secret: set[str] = set()
    sentences = [sentence for sentence in _SENTENCE.split(system) if sentence.strip()]
    for sentence in sentences:
        if _WITHIN.search(sentence):
            # "Decline anything else": else than what the role says, which stands at the start.
            within |= _words(sentence) | _words(sentences[0])
        for found in _BARRED.finditer(sentence):
            topic = found["zh"] or found["en"] or ""
            (secret if _OWNED.search(topic) else barred).update(_words(topic))
    return Scope(frozenset(within), frozenset(barred), frozenset(secret)) if within or barred or secret else None


def turns_down(scope: Scope, answer: str, said: str) -> bool:
    """Whether the answer refuses something and says it with the scope: words of a barred subject, the assistant's role,
    or words of its subject that the user has not `said` (lower case)."""
    sentences = [sentence for sentence in _SENTENCE.split(answer[:READ]) if sentence.strip()]
    for at, sentence in enumerate(sentences):
        if not _REFUSES.search(sentence):
            continue
        if scope.barred & _words(sentence) or scope.secret & _words("\n".join(_MINE.findall(sentence))):
            return True
        # "I can't help with that. Shall we go back to your garden?"
        told = _words(" \n ".join(sentences[at : at + 2]))
        if scope.within and (_ROLE.search(sentence) or any(word not in said for word in scope.within & told)):
            return True
    return False


def _words(text: str) -> frozenset[str]:
    """Stems of Latin words, pairs of Chinese characters; without those that any such text has."""
    latin = {word for word in _LATIN.findall(text.lower()) if word not in _PLAIN_WORDS}
    pairs = {run[at : at + 2] for run in _HAN.findall(text) for at in range(len(run) - 1)}
    return frozenset({_ENDING.sub("", word)[:_STEM] for word in latin if len(word) > 2} | (pairs - _PLAIN_WORDS))
