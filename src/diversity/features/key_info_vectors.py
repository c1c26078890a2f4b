"""Embedding evidence for prompts whose answers share too few words with them: translated and rephrased answers.

Similarities are read against a fixed background: how similar the same text is to sentences about other things. That makes them
comparable between embedders, whose raw cosines sit on very different scales, and needs no other record of the data set.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diversity.features.key_info_evidence import Floats, Ints, Segments

Encode = Callable[[Sequence[str]], NDArray[np.float32]]

BACKGROUND = (
    "The kettle on the stove began to whistle while she looked for a clean cup.",
    "Most of the bridges along this river were rebuilt after the flood.",
    "Please send the signed contract back to our office before Friday.",
    "A binary search halves the remaining range at every step.",
    "The committee elected a new chairman by a narrow majority.",
    "He trained for eleven months and finished the marathon in under four hours.",
    "Enzymes speed up reactions without being used up themselves.",
    "Two tickets to the late show cost eighteen dollars.",
    "The old church stands on a hill north of the village.",
    "Prices rose by three percent in 1987 and fell again the next year.",
    "His second novel tells the story of a fisherman and his daughters.",
    "Turn left at the traffic lights and walk past the library.",
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
)


@dataclass(frozen=True, slots=True)
class Semantic:
    """Similarity of each segment to the request and to the answer, in standard deviations above the background; shape (segments,).

    A segment that was not embedded takes the lowest value of its prompt. Zero in prompts that were not embedded at all.
    """

    request: Floats
    answer: Floats


def semantic(
    encode: Encode, prompts: Sequence[str], answers: Sequence[str], segments: Segments, lexical: Floats, rows: Ints, most: int
) -> Semantic:
    """Embed, for each prompt in `rows`, its `most` lexically best material segments, its request and its answer, each text once."""
    out = Semantic(np.zeros(segments.row.size), np.zeros(segments.row.size))
    if rows.size == 0:
        return out
    chosen = [_best(segments, lexical, int(row), most) for row in rows]
    texts = list(BACKGROUND)
    for row, places in zip(rows.tolist(), chosen, strict=True):
        texts += [prompts[row][segments.start[i] : segments.end[i]] for i in places.tolist()]
        texts += [text for text in (answers[row], segments.requests[row]) if text.strip()]
    number = {text: i for i, text in enumerate(dict.fromkeys(texts))}
    vectors = _unit(encode(list(number)))
    background = vectors[[number[text] for text in BACKGROUND]]
    for row, places in zip(rows.tolist(), chosen, strict=True):
        block = vectors[[number[prompts[row][segments.start[i] : segments.end[i]]] for i in places.tolist()]]
        material = np.arange(segments.offsets[row], segments.offsets[row + 1])
        material = material[segments.material[material]]
        for column, text in ((out.answer, answers[row]), (out.request, segments.requests[row])):
            if text.strip():
                near = _standard(block, vectors[number[text]], background)
                column[material] = near.min()
                column[places] = near
    return out


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
