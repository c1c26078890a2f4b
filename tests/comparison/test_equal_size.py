"""A version that only grew is neither better nor worse: one generator, eight times as many records."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from diversity.analysis import analyze
from diversity.comparison import Comparison, compare

SMALL, LARGE = 150, 1200
WAYS = {
    "写作": ["请以{0}为题写一段话，提到{1}。", "写{0}，别忘了{1}", "围绕{0}和{1}写几句", "来一段{0}，带上{1}。"],
    "问答": ["{0}和{1}有什么关系？", "为什么{0}会影响{1}？", "请问{0}里的{1}是什么", "能讲讲{0}吗？主要是{1}。"],
    "math": ["What is {2} plus {3}, given {0}?", "Add {2} and {3} for {0}.", "{0} costs {2}, {1} costs {3}. Sum?"],
    "code": ["Write a function for {0} and {1}.", "How do I sort {0} by {1}?", "Fix the loop over {0} and {1}"],
}


def word(chance: random.Random, latin: bool) -> str:
    if latin:
        return "".join(chance.choices("abcdefghiklmnoprstuvw", k=chance.randint(3, 8)))
    return "".join(chr(chance.randint(0x4E00, 0x8FFF)) for _ in range(2))


def record(chance: random.Random) -> dict[str, Any]:
    kind = chance.choice(list(WAYS))
    latin = kind in ("math", "code")
    words = [word(chance, latin) for _ in range(2)]
    prompt = chance.choice(WAYS[kind]).format(*words, chance.randint(2, 99), chance.randint(2, 99))
    joint = " " if latin else ""
    answer = joint.join(word(chance, latin) for _ in range(int(chance.lognormvariate(3, 1)) + 2))
    turns = [{"role": "user", "content": prompt}, {"role": "assistant", "content": f"{words[0]}{joint}{answer}"}]
    if chance.random() < 0.3:
        turns += [
            {"role": "user", "content": f"{words[1]}?"},
            {"role": "assistant", "content": word(chance, latin) * 3},
        ]
    if chance.random() < 0.3:
        system = chance.choice(["你是助手。", "Answer in English.", "请用中文回答，不要超过50字。"])
        turns.insert(0, {"role": "system", "content": system})
    return {"messages": turns, "task_type": kind}


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    store: Path = tmp_path_factory.mktemp("grown")
    versions = []
    for seed, (name, size) in enumerate((("v1", SMALL), ("v2", LARGE))):
        chance = random.Random(seed)
        rows = [record(chance) for _ in range(size)]
        settings = {"embedder": "none"}
        versions.append(analyze(rows, dataset="d", version=name, store=store, settings=settings))
    return compare(*versions)


@pytest.mark.slow
def test_a_version_that_only_grew_is_neither_better_nor_worse(grown: Comparison) -> None:
    held = {f"{one.metric} {one.field} {one.params}": one.verdict for one in grown.metrics}
    judged = [name for name, verdict in held.items() if verdict in ("better", "worse")]
    # Intervals of 95%: of some forty figures one or two may miss 0 by chance.
    assert len(held) > 20
    assert len(judged) <= 2, judged
