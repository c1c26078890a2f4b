"""Embedding evidence for prompts whose answers share too few words with them: translated and rephrased answers.

Similarities are read against a fixed background: how similar the same answer is to sentences about other things in
the script of the prompt. That makes them comparable between embedders, whose raw cosines sit on very different
scales, and needs no other record of the data set.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from diversity.features.key_info_evidence import Floats, Ints, Segments
from diversity.text.scripts import WIDE

_WIDE = re.compile(f"[{WIDE}]")
Encode = Callable[[Sequence[str]], NDArray[np.float32]]

SPACED_BACKGROUND = (
    "The kettle on the stove began to whistle while she looked for a clean cup.",
    "Most of the bridges along this river were rebuilt after the flood.",
    "Please send the signed contract back to our office before Friday.",
    "A binary search halves the remaining range at every step.",
    "The committee elected a new chairman by a narrow majority.",
    "He trained for eleven months and finished the marathon in under four hours.",
    "Enzymes speed up reactions without being used up themselves.",
    "Two tickets to the late show cost eighteen dollars.",
    "The old church of Saint Anne stands on a hill north of the village.",
    "Prices rose by three percent in 1987 and fell again the next year.",
    "His second novel tells the story of a fisherman and his daughters.",
    "Turn left at the traffic lights and walk past the library.",
    "In 1412 the duke gave the town the right to hold a market.",
    "Maria Lindqvist has directed the museum since it opened.",
    "The device weighs 240 grams and runs for nine hours on one charge.",
    "Many farmers in the region grow barley, rye and potatoes.",
)
WIDE_BACKGROUND = (
    "她把刚买的苹果放进篮子里，然后去接孩子放学。",
    "这条铁路全长四百多公里，于1996年通车。",
    "请在下周三之前把修改后的报告发给我。",
    "委员会以微弱多数通过了新的预算案。",
    "植物通过光合作用把阳光转化为能量。",
    "他在大学里读的是物理，后来却成了一名导演。",
    "程序读取文件时没有检查编码，因此出现了乱码。",
    "古城的南门外有一座明代修建的石桥。",
    "这道菜要先用小火慢炖两个小时，再放盐。",
    "球队在最后五分钟连进两球，赢得了比赛。",
    "去年该公司的收入增长了百分之十二。",
    "这首诗写的是诗人离开故乡时的心情。",
    "該島面積約三十平方公里，居民多以捕魚為生。",
    "這所學校創立於1921年，設有文學院與醫學院。",
    "聯盟在戰後與鄰國簽訂了貿易協定。",
    "設計師林國棟獲得了當年的建築獎。",
)


@dataclass(frozen=True, slots=True)
class Semantic:
    """Similarity of each segment to the answer, in standard deviations above the background; shape (segments,).

    A segment that was not embedded takes the lowest value of its prompt. Zero in prompts that were not embedded at all.
    """

    answer: Floats


def semantic(
    encode: Encode,
    prompts: Sequence[str],
    answers: Sequence[str] | NDArray[np.float32],
    segments: Segments,
    lexical: Floats,
    rows: Ints,
    most: int,
) -> Semantic:
    """Embed, for each prompt in `rows`, its `most` lexically best material segments and its answer, each distinct
    text once. `answers` are n texts, or their (n, d) vectors."""
    out = Semantic(np.zeros(segments.row.size))
    if rows.size == 0:
        return out
    chosen = [_best(segments, lexical, int(row), most) for row in rows]
    blocks = [
        [prompts[row][segments.start[i] : segments.end[i]] for i in places.tolist()]
        for row, places in zip(rows.tolist(), chosen, strict=True)
    ]
    unknown = [] if isinstance(answers, np.ndarray) else [answers[row] for row in rows]
    texts = [*SPACED_BACKGROUND, *WIDE_BACKGROUND, *unknown, *chain.from_iterable(blocks)]
    number = {text: i for i, text in enumerate(dict.fromkeys(texts))}
    vectors = _unit(encode(list(number)))
    said = _unit(answers[rows]) if isinstance(answers, np.ndarray) else vectors[[number[text] for text in unknown]]
    spaced, wide = (vectors[[number[text] for text in texts]] for texts in (SPACED_BACKGROUND, WIDE_BACKGROUND))
    for row, places, block, answer in zip(rows.tolist(), chosen, blocks, said, strict=True):
        background = wide if _is_wide("".join(block)) else spaced
        near = _standard(vectors[[number[text] for text in block]], answer, background)
        material = np.arange(segments.offsets[row], segments.offsets[row + 1])
        out.answer[material[segments.material[material]]] = near.min()
        out.answer[places] = near
    return out


def _is_wide(text: str) -> bool:
    """Whether `text` is mostly written without spaces: unrelated texts in one script are closer than across scripts."""
    return len(_WIDE.findall(text)) > 0.2 * len(text)


def _best(segments: Segments, lexical: Floats, row: int, most: int) -> Ints:
    places = np.arange(segments.offsets[row], segments.offsets[row + 1])
    places = places[segments.material[places]]
    return np.sort(places[np.argsort(-lexical[places], kind="stable")[:most]])


def _unit(vectors: NDArray[np.float32]) -> Floats:
    wide = np.asarray(vectors, np.float64)
    return np.asarray(wide / np.maximum(np.linalg.norm(wide, axis=1, keepdims=True), 1e-12))


def _standard(block: Floats, text: Floats, background: Floats) -> Floats:
    far = background @ text
    return np.asarray((block @ text - far.mean()) / max(float(far.std()), 1e-3))
