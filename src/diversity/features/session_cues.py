"""Words by which a query shows that it leans on what was said before, or that it leaves it.

English and Chinese, looked for where a query opens. What only acknowledges the last answer ("Great, thanks!",
“那太好了！”) is set apart first: it says nothing about what follows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from diversity.text.patterns import compiled_later
from diversity.text.scripts import WIDE, word_of

CUES = ("announced", "reference", "continuation", "reply", "fragment", "asked")
# Characters looked at: announcements and courtesies at the opening, pointing words in the first clause. Further on a
# pronoun mostly means something inside the query.
OPENING, CLAUSE = 160, 32
# Characters of the preceding answer's end that may hold a question.
CLOSE = 80
# Three words, or four Chinese characters: too little to ask anything by itself.
FRAGMENT = 12
WORD_WEIGHT, CHARACTER_WEIGHT = 4, 3

_START = r"^[\s\W_]*"
_THANKS = compiled_later(
    _START
    + r"""(?:(?:
        (?:oh|ok|okay|well|yes|yeah|hm+|ah|wow|and|so|all\ right|alright)\b[\s,!.]*
      | (?:many\ |a\ lot\ of\ )?(?:thanks|thank\ you|thx)\b[^.!?\n]{0,40}
      | (?:great|good|nice|perfect|cool|interesting|fascinating|awesome|excellent|amazing|wonderful|impressive|fantastic
          |brilliant|worked|works|done|understood|got\ it|i\ see|makes\ sense|fair\ enough)\b[^.!?,;\n]{0,30}
      | (?:that|those|these|this|it|they)(?:'s|\ (?:is|was|are|were|sounds?|looks?|makes?|helps?|worked))\b
          [^.!?\n,]{0,50}(?=[.!])
      | 好[的了吧啊呀]?(?:[,，。!！\s]|$) | [嗯哦噢喔哇啊行对](?:[，,。!！\s]+|$)
      | (?:明白|知道|了解|懂|原来如此|收到|搞定)了?(?:[，,。!！\s]+|$)
      | (?:非常|十分|太|多)?(?:谢谢|感谢|多谢)[^。！!？?，,\n]{0,14}
      | (?:那|这|这些|那些)?(?:真的?|也|都|确实|可)?(?:是)?(?:太|真|很|非常|挺|好)[^。！!？?，,\n]{1,12}(?=[。！!])
      | 太[^。！!？?，,\n]{1,6}了[，,]
    )[\s\W_]*)+""",
    re.IGNORECASE | re.VERBOSE,
)
_ANNOUNCED = compiled_later(
    r"""\b(?:chang(?:e|ing)\ (?:of\ |the\ )?(?:subject|topic)|switch(?:ing)?\ (?:gears|topics?|the\ subject)
        |(?:different|new|unrelated|separate)\ (?:thing|topic|question|subject|note|matter)
        |something\ (?:completely|totally|entirely)\ (?:else|different)|(?:about|ask)\ something\ (?:else|different)
        |on\ another\ (?:note|subject|topic)|by\ the\ way|btw|unrelated|off[-\ ]topic|moving\ on)\b
      | 换个?(?:话题|事|问题|个)|[说聊问][点个]?(?:别的|其他的?事|另外的?事)|(?:另|别)的?一?个?(?:话题|事情)
      | 顺便问|另外[，,]?(?:再?问|想问|我想)|不相干|[无没]关的(?:问题|事)|题外话|[跳转]个?话题|话说[，,回]
      | ^\W*(?:对了|另外)[，,\s]|[。！!]\s*(?:对了|另外)[，,\s]|最后再?问""",
    re.IGNORECASE | re.VERBOSE,
)
_REFERENCE = compiled_later(
    r"""\b(?:it|its|this|these|those|he|she|him|his|her|they|them|their|the\ same|above|previous|previously|earlier
        |former|latter|you\ (?:said|mentioned|just|gave|provided|wrote|suggested))\b
      | (?:^|\b(?:of|about|for|with|on|to|from|by|is|was|do|does|did|after|before|like|than|what|and|but)\ )that\b
      | [它他她]|这(?!么)|那(?!么|不勒|曲)|其[中它他]|上[面述文]|以上|刚[才刚]|之前|前[面者]|后者
      | 该(?=[\u4e00-\u9fff])|(?<![如因为从])此(?=[\u4e00-\u9fff])|同[样一]|你(?:说|提到|给|写|推荐|建议)的""",
    re.IGNORECASE | re.VERBOSE,
)
_CONTINUATION = compiled_later(
    _START
    + r"""(?:(?:and|but|or|then|because|what\ about|how\ about|what\ if|what\ else|anything\ else|how\ so|go\ on
        |continue|more|another|also|else|again|instead|other|which\ one)\b | why\W*$
      | 继续|接着|然后|还[有是能可需]|再|那么|但|可是|不过|所以|为(?:什么|啥)\W*$|除了|除此|或者|而且|并且
      | 改[成为]?|换成|更|其他)
      | \b(?:else|instead|again|another|also|more)\b | 还[有能可会需]|再[来给写次举]|重新|进一步|更[多详]""",
    re.IGNORECASE | re.VERBOSE,
)
_ELLIPSIS = compiled_later(r"呢[\W_]*$")
_ANSWER = compiled_later(
    _START
    + r"""(?:(?:yes|yeah|yep|no|nope|sure|correct|exactly|right)\b
      | 是[的啊]|不(?:是|用|要|了|需要)|没有|没错|对[的啊，,。]|当然)""",
    re.IGNORECASE | re.VERBOSE,
)
_GRATITUDE = compiled_later(r"\b(?:thanks|thank you|thx)\b|谢谢|感谢|多谢|谢了", re.IGNORECASE)
_ASKS = compiled_later(
    r"[?？吗呢能请]|帮[我忙]|\b(?:can|could|would|will|please|how|what|why|need|want)\b", re.IGNORECASE
)
_QUESTION = compiled_later(r"[?？]")
_QUESTION_END = compiled_later(r"[?？][\W_]*$")
_OFFER = compiled_later(r"\b(?:else|other|more|assist)\b|其[他它]|别的", re.IGNORECASE)
_CLAUSE_END = compiled_later(r"[,，。;；.!！?？\n]")
_CHARACTER = compiled_later(f"[{WIDE}]")
_WORD = compiled_later(word_of(f"_{WIDE}"))


def session_cues(queries: Sequence[str], before: Sequence[str]) -> NDArray[np.bool_]:
    """Which cues each query shows; shape (queries, len(CUES)).

    `before`: the answer that precedes each query in its session, empty for none. `announced`: says that the subject
    changes. `reference`: points back ("it", “这个”). `continuation`: goes on ("what about", “继续”, “…呢”). `reply`:
    says yes or no, or only thanks. `fragment`: too few words to ask anything by itself. `asked`: the answer before
    ended with a question other than "anything else?", and the query asks none.
    """
    rows = [_cues(query, answer) for query, answer in zip(queries, before, strict=True)]
    return np.array(rows, dtype=bool).reshape(len(queries), len(CUES))


def _cues(query: str, before: str) -> tuple[bool, ...]:
    head = query[:OPENING]
    thanks = _THANKS.match(head)
    rest = head[thanks.end() if thanks else 0 :]
    clause = _CLAUSE_END.split(rest[:CLAUSE], maxsplit=1)[0]
    closing = len(query) <= OPENING and _GRATITUDE.search(head) is not None and _ASKS.search(rest) is None
    size = WORD_WEIGHT * len(_WORD.findall(rest)) + CHARACTER_WEIGHT * len(_CHARACTER.findall(rest))
    end = before[-CLOSE:]
    return (
        _ANNOUNCED.search(head) is not None,
        _REFERENCE.search(clause) is not None,
        _CONTINUATION.search(clause) is not None or _ELLIPSIS.search(rest) is not None,
        size == 0 or closing or _ANSWER.match(head) is not None,
        size <= FRAGMENT,
        _QUESTION_END.search(end) is not None and _OFFER.search(end) is None and _QUESTION.search(query) is None,
    )
