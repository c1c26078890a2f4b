"""Do the figures foresee what training suffers? A small transformer learns from data with a known fault, and is
examined beside what `key_info_position` and `shortcut_probes` said of the same records before.

Run: `python benchmarks/position_training.py [--seeds N] [--records N] [--steps N] [--only position|opening]`. One
thread, about ten minutes.

Position. A record is eighteen sentences of the form "locker KEY holds the VALUE …", keys and values drawn afresh, and a
question for one of the keys; the answer is its value. Sets of equally many records differ only in where the sentence
that is asked for stands: in the first sentence, in the first third, in the first third nine times or six times in ten,
or anywhere.

Opening. A record names four properties of a thing among eight others, in any order, and asks for one of the four by one
of eight words each. In a part of the records the first four words fit what is asked; in the rest they are one of the
same four openings at random. The request stands anywhere among the sentences, or (one row) last, where it cannot be
overlooked. Examined on openings that fit, and on openings that belong to another question. Twice the records and one
and a half times the steps of the first experiment, since where to look has to be learned, too; learned positions only.

The model: two layers, pre-norm, causal attention over sentences, learned or rotary positions, AdamW, loss on the answer
only. A sentence enters as the sum of its content words, so that matching key to question takes one look and not the two
of an induction head, which a trial of 2,000 steps did not form. The figures are measured on the first 1,000 records of
the same training set, written out as text in English and in Chinese.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from shortcuts import SUBJECTS
from torch import Tensor, nn
from torch.nn import functional

from diversity.checks import run_checks
from diversity.corpus import Corpus
from diversity.features.inputs import Inputs
from diversity.ingest import ingest
from diversity.metrics import key_info_position, shortcut_probes
from diversity.progress import silent
from diversity.report import Check
from diversity.settings import load_settings

LANGUAGES = ("en", "zh")
THIRDS = ("head", "middle", "tail")
POSITIONS = ("learned positions", "rotary positions")
FACTS = 18
EXAMINED = 600
MEASURED = 1_000
VALUES, KEYS = (range(48), range(48, 96))
WORDS = {language: " ".join(SUBJECTS[language]).split() for language in LANGUAGES}
FACT = {
    "en": "Locker {key} holds the {value} that someone left there last winter.",
    "zh": "写着{key}的柜子里放着去年冬天有人留下的{value}。",
}
QUESTION = {"en": "What is kept in locker {key}?", "zh": "写着{key}的柜子里放着什么？"}
# Where the key sentence stands: the chance of each third; None is always the first sentence.
PLACES: dict[str, tuple[float, float, float] | None] = {
    "first sentence": None,
    "first third": (1.0, 0.0, 0.0),
    "90 / 5 / 5": (0.9, 0.05, 0.05),
    "60 / 20 / 20": (0.6, 0.2, 0.2),
    "anywhere": (1 / 3, 1 / 3, 1 / 3),
}
PROPERTIES = {
    "en": "colour, weight, age, price, height, origin, maker, shape, smell, owner, place, purpose",
    "zh": "颜色, 重量, 年头, 价钱, 高度, 产地, 厂家, 形状, 气味, 主人, 位置, 用途",
}
ASKED = {
    "en": (
        "hue shade tint tone dye pigment paint tinge",
        "heft mass load burden tonnage heaviness ballast poundage",
        "years oldness vintage era birthday decades maturity seniority",
        "cost fee charge value bill expense tariff sum",
    ),
    "zh": (
        "色调 深浅 浓淡 明暗 漆面 染料 底彩 光泽",
        "分量 轻重 斤两 吨位 负荷 克数 毛重 磅秤",
        "岁数 新旧 老少 寿命 年限 出厂 生辰 届龄",
        "售价 花费 开销 行情 成本 标签 身家 账单",
    ),
}
OPENINGS = {
    "en": ("Look at it closely.", "Put it on scales.", "Think of days gone.", "Open your purse wide."),
    "zh": ("仔细看看它吧。", "把它称一称。", "想想过去的日子。", "打开你的钱包。"),
}
PROPERTY = {"en": "Its {name} is {value}.", "zh": "它的{name}是{value}。"}
REQUEST = {"en": "Now name its {word}.", "zh": "请说出它的{word}。"}
ENDING = {"en": "One word will do.", "zh": "一个词就够了。"}
PARTS = (1.0, 0.9, 0.5, 0.0)
# Numbers of the second experiment's words: values below 96, then properties, words for what is asked, openings, ending.
NAME, REQUESTED, OPENING, END, VOCABULARY = 96, 108, 140, 144, 145


@dataclass(frozen=True, slots=True)
class Item:
    """One record: numbers of the content words of each sentence (the question last), the answer's, and its class: the
    third of the key sentence, or the property asked for."""

    sentences: tuple[tuple[int, ...], ...]
    answer: int
    kind: int


# ---- the data


def lookup(place: tuple[float, float, float] | None, count: int, seed: str) -> list[Item]:
    """Records of the first kind."""
    draw = random.Random(seed)
    items = []
    for _ in range(count):
        keys, values = draw.sample(KEYS, FACTS), draw.sample(VALUES, FACTS)
        third = 0 if place is None else draw.choices(range(3), place)[0]
        slot = 0 if place is None else third * FACTS // 3 + draw.randrange(FACTS // 3)
        facts = tuple(zip(keys, values, strict=True))
        items.append(Item((*facts, (keys[slot],)), values[slot], third))
    return items


def opened(part: float, count: int, seed: str, *, last: bool = False, other: bool = False) -> list[Item]:
    """Records of the second kind. `last`: the request stands at the end. `other`: the opening belongs to another
    question."""
    draw = random.Random(seed)
    items = []
    for _ in range(count):
        kind = draw.randrange(4)
        told = kind if draw.random() < part else draw.randrange(4)
        told = (kind + 1 + draw.randrange(3)) % 4 if other else told
        order, values = draw.sample(range(12), 12), draw.sample(range(NAME), 12)
        body: list[tuple[int, ...]] = [(NAME + name, value) for name, value in zip(order, values, strict=True)]
        body.insert(12 if last else draw.randrange(13), (REQUESTED + 8 * kind + draw.randrange(8),))
        sentences = ((OPENING + told,), *body) if last else ((OPENING + told,), *body, (END,))
        items.append(Item(sentences, values[order.index(kind)], kind))
    return items


def written(item: Item, language: str) -> dict[str, Any]:
    """The record as text."""
    words, gap = WORDS[language], " " if language == "en" else ""
    if item.sentences[0][0] >= OPENING:
        prompt = gap.join(_sentence(sentence, language) for sentence in item.sentences)
        kind = PROPERTIES[language].split(", ")[item.kind]
        return {"prompt": prompt, "answer": words[item.answer], "task_type": kind}
    *facts, question = item.sentences
    lines = [FACT[language].format(key=words[key], value=words[value]) for key, value in facts]
    prompt = gap.join([*lines, QUESTION[language].format(key=words[question[0]])])
    return {"prompt": prompt, "answer": words[item.answer]}


def _sentence(numbers: tuple[int, ...], language: str) -> str:
    first = numbers[0]
    if first == END:
        return ENDING[language]
    if first >= OPENING:
        return OPENINGS[language][first - OPENING]
    if first >= REQUESTED:
        return REQUEST[language].format(word=" ".join(ASKED[language]).split()[first - REQUESTED])
    name = PROPERTIES[language].split(", ")[first - NAME]
    return PROPERTY[language].format(name=name, value=WORDS[language][numbers[1]])


# ---- what the figures say


def foretold(items: Sequence[Item], language: str, module: Any) -> Check:
    """The check of one metric on the records as text."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "tables").mkdir()
        ingest([written(item, language) for item in items[:MEASURED]], Path(folder))
        settings = load_settings({"embedder": "none"})
        inputs = Inputs(Corpus.open(Path(folder)), settings, None, Path(folder) / "cache", "benchmark", silent)
        return run_checks([module.METRIC], module.METRIC.compute(inputs).results, settings)[0]


# ---- the model


class Layer(nn.Module):
    """Causal attention and a feed-forward part, both after a layer norm and added."""

    def __init__(self, size: int, rotary: bool) -> None:
        super().__init__()
        self.rotary = rotary
        self.mix, self.join = nn.Linear(size, 3 * size), nn.Linear(size, size)
        self.first, self.second = nn.LayerNorm(size), nn.LayerNorm(size)
        self.think = nn.Sequential(nn.Linear(size, 4 * size), nn.GELU(), nn.Linear(4 * size, size))

    def forward(self, x: Tensor) -> Tensor:
        rows, length, size = x.shape
        query, key, value = self.mix(self.first(x)).view(rows, length, 3, 2, size // 2).permute(2, 0, 3, 1, 4)
        if self.rotary:
            query, key = turned(query), turned(key)
        seen = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        x = x + self.join(seen.transpose(1, 2).reshape(rows, length, size))
        return x + self.think(self.second(x))


def turned(x: Tensor) -> Tensor:
    """Rotary positions (Su et al. 2021), base 100: sequences here are short."""
    length, size = x.shape[-2:]
    angle = torch.arange(length)[:, None] / 100 ** (torch.arange(0, size, 2) / size)
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack((even * angle.cos() - odd * angle.sin(), even * angle.sin() + odd * angle.cos()), -1).flatten(-2)


class Reader(nn.Module):
    """Two layers over sentences; the last one gives the answer."""

    def __init__(self, words: int, length: int, rotary: bool, size: int = 64) -> None:
        super().__init__()
        self.words = nn.Embedding(words + 1, size, padding_idx=words)
        nn.init.normal_(self.words.weight, std=0.1)
        self.places = None if rotary else nn.Parameter(0.02 * torch.randn(length, size))
        self.layers = nn.Sequential(Layer(size, rotary), Layer(size, rotary))
        self.norm, self.answer = nn.LayerNorm(size), nn.Linear(size, words)

    def forward(self, x: Tensor) -> Tensor:
        summed = self.words(x).sum(2)
        summed = summed if self.places is None else summed + self.places
        answers: Tensor = self.answer(self.norm(self.layers(summed)[:, -1]))
        return answers


def tensors(items: Sequence[Item]) -> tuple[Tensor, Tensor]:
    """(n, sentences, 2) word numbers, padded, and (n,) answers."""
    padded = [[(*sentence, VOCABULARY)[:2] for sentence in item.sentences] for item in items]
    return torch.tensor(padded), torch.tensor([item.answer for item in items])


def trained(items: Sequence[Item], rotary: bool, steps: int, seed: int, rate: float = 2e-3) -> Reader:
    """A reader after `steps` batches of 128."""
    torch.manual_seed(seed)
    x, y = tensors(items)
    model = Reader(VOCABULARY, x.shape[1], rotary)
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, betas=(0.9, 0.98), weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps, pct_start=0.1)
    for _ in range(steps):
        rows = torch.randint(len(x), (128,))
        optimizer.zero_grad()
        functional.cross_entropy(model(x[rows]), y[rows]).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
    return model


@torch.no_grad()
def examined(model: Reader, items: Sequence[Item]) -> tuple[float, float]:
    """Loss in nats and accuracy."""
    x, y = tensors(items)
    found = model(x)
    loss = functional.cross_entropy(found, y)
    return float(loss), float((found.argmax(-1) == y).float().mean())


# ---- the tables


def position_row(name: str, options: argparse.Namespace) -> str:
    place = PLACES[name]
    first = lookup(place, options.records, f"{name}-0")
    cells = [_position_said(foretold(first, language, key_info_position)) for language in LANGUAGES]
    for rotary in (False, True):
        runs = []
        for seed in range(options.seeds):
            model = trained(lookup(place, options.records, f"{name}-{seed}"), rotary, options.steps, seed)
            exams = (lookup(_only(third), EXAMINED, f"exam-{third}") for third in range(3))
            runs.append([examined(model, exam) for exam in exams])
        cells += [_spread(np.array(runs)[:, third]) for third in range(3)]
    return f"| {name} | {' | '.join(cells)} |"


def _only(third: int) -> tuple[float, float, float]:
    return (float(third == 0), float(third == 1), float(third == 2))


def _position_said(check: Check) -> str:
    shares = " / ".join(f"{100 * check.evidence[third]:.0f}" for third in THIRDS)
    return f"{check.outcome}: {shares}"


def opening_row(part: float, last: bool, options: argparse.Namespace) -> str:
    count, steps = 2 * options.records, 3 * options.steps // 2
    first = opened(part, count, f"{part}-0", last=last)
    checks = [foretold(first, language, shortcut_probes) for language in LANGUAGES]
    cells = [f"{check.outcome}: {check.value:.2f}" if check.value is not None else check.outcome for check in checks]
    exams = [opened(1.0, EXAMINED, "exam", last=last, other=other) for other in (False, True)]
    runs = []
    for seed in range(options.seeds):
        model = trained(opened(part, count, f"{part}-{seed}", last=last), False, steps, seed, rate=3e-3)
        runs.append([examined(model, exam) for exam in exams])
    cells += [_spread(np.array(runs)[:, exam]) for exam in range(2)]
    return f"| {part:.0%} | {'last' if last else 'anywhere'} | {' | '.join(cells)} |"


def _spread(runs: np.ndarray) -> str:
    """Accuracy and loss: the mean and the range over the seeds."""
    loss, right = runs.T
    return f"{100 * right.mean():.0f}% ({100 * right.min():.0f} to {100 * right.max():.0f}), {loss.mean():.2f}"


def _table(*heads: str) -> None:
    print("| " + " | ".join(heads) + " |\n" + "|---" * len(heads) + "|")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--records", type=int, default=4_000)
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--only", choices=("position", "opening"))
    options = parser.parse_args()
    torch.set_num_threads(1)
    size = f"{options.records:,} records, {options.steps} steps, {options.seeds} seeds"
    print(f"{size}. Accuracy (range over the seeds), loss in nats.\n")
    if options.only != "opening":
        told = [f"key_info_position, {language}" for language in LANGUAGES]
        _table("key sentence stands", *told, *(f"{kind}: {third}" for kind in POSITIONS for third in THIRDS))
        for name in PLACES:
            print(position_row(name, options), flush=True)
        print()
    if options.only != "position":
        told = [f"shortcut_probes, {language}" for language in LANGUAGES]
        exams = [f"opening {exam}" for exam in ("fits", "misleads")]
        _table("opening fits in", "request stands", *told, *exams)
        for part, last in (*((part, False) for part in PARTS), (1.0, True)):
            print(opening_row(part, last, options), flush=True)


if __name__ == "__main__":
    main()
