"""Does a comparison call better or worse what is, and nothing else? Pairs without a change, and planted changes.

    python benchmarks/verdicts.py [--store DIR] [--pairs N] [--runs N] [--embedder NAME] [--only null power edits]

The data is read from `$DIVERSITY_SHARED_DATA` (default: `../shared/data` beside the repository).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from diversity.analysis import analyze
from diversity.comparison import Comparison, compare

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("DIVERSITY_SHARED_DATA", ROOT.parent / "shared" / "data"))
# Records drawn from, so that each is embedded once.
POOL = 1_600
TYPES = 12
SIZE = 600
REPEATS = (4, 8, 12, 30)
NAMED = ("better", "worse", "changed")
Rows = list[dict[str, Any]]


class Bench:
    """Compares pairs of lists of records in a store of their own."""

    def __init__(self, store: Path, embedder: str) -> None:
        self.store, self.seconds, self._count = store, 0.0, 0
        # No map: laying one out takes most of the time, and its figures are compared on one map only.
        self.settings: dict[str, Any] = {"embedder": embedder, "semantic_map.minimum_points": 1_000_000}

    def compared(self, old: Rows, new: Rows) -> Comparison:
        self._count += 1
        reports = [
            analyze(rows, dataset=f"d{self._count}", version=version, store=self.store, settings=self.settings)
            for rows, version in ((old, "v1"), (new, "v2"))
        ]
        start = time.process_time()
        found = compare(*reports)
        self.seconds = max(self.seconds, time.process_time() - start)
        return found


def pool() -> Rows:
    """English instructions with their first words for types, as every row of the set has one."""
    rows: Rows = json.loads((DATA / "alpaca_en" / "alpaca_data.json").read_text())
    for row in rows:
        words = row["instruction"].split()
        row["task_type"] = words[0].strip(",.:").lower() if words else ""
    common = {name for name, _ in Counter(row["task_type"] for row in rows).most_common(TYPES)}
    for row in rows:
        row["task_type"] = row["task_type"] if row["task_type"] in common else "other"
    return random.Random(0).sample(rows, POOL)


def halves(rows: Rows, chance: random.Random) -> tuple[Rows, Rows]:
    """Two versions that share nothing."""
    mixed = chance.sample(rows, 2 * SIZE)
    return mixed[:SIZE], mixed[SIZE:]


def picks(rows: Rows, chance: random.Random) -> tuple[Rows, Rows]:
    """Two versions that share three quarters of their records by chance."""
    mixed = chance.sample(rows, SIZE * 5 // 4)
    return mixed[:SIZE], mixed[-SIZE:]


def grown(rows: Rows, chance: random.Random) -> tuple[Rows, Rows]:
    """A version and twice as much of the same."""
    mixed = chance.sample(rows, 2 * SIZE)
    return mixed[:SIZE], mixed


def labelled(rows: Rows, chance: random.Random) -> tuple[Rows, Rows]:
    """Two versions that share nothing, of which every answer is one of ten."""
    answers = [row["output"] for row in rows if 20 < len(row["output"]) < 200][:10]
    mixed = [{**row, "output": chance.choice(answers)} for row in chance.sample(rows, 2 * SIZE)]
    return mixed[:SIZE], mixed[SIZE:]


def relabelled(rows: Rows, chance: random.Random) -> tuple[Rows, Rows]:
    """The same, a fifth of the records exchanged."""
    first, second = labelled(rows, chance)
    return first, [*first[SIZE // 5 :], *second[: SIZE // 5]]


def null(bench: Bench, rows: Rows, count: int) -> Iterator[str]:
    """False alarms, where chance alone made the versions."""
    yield "| versions | comparisons | with a figure named | figures named | intervals off 0 | with a check named |"
    yield "|---|---:|---:|---:|---:|---:|"
    for cut in (halves, picks, grown, labelled, relabelled):
        figures = checks = named = judged = missed = 0
        which = Counter[str]()
        for seed in range(count):
            found = bench.compared(*cut(rows, random.Random(seed)))
            told = [one for one in found.metrics if one.interval is not None]
            own = [f"{one.metric} {one.field}" for one in told if one.verdict in NAMED]
            which.update(own)
            figures, named, judged = figures + bool(own), named + len(own), judged + len(told)
            missed += sum(not one.interval[0] <= 0 <= one.interval[1] for one in told if one.interval)
            checks += any(one.verdict in ("better", "worse") for one in found.checks)
        title = (cut.__doc__ or "").strip().rstrip(".")
        yield f"| {title} | {count} | {figures} | {named} of {judged} ({dict(which)}) | {missed} | {checks} |"


def repeated(k: int) -> Callable[[Rows, random.Random], tuple[Rows, Rows]]:
    """`k` answers given again under another prompt, in the earlier version only."""

    def make(rows: Rows, chance: random.Random) -> tuple[Rows, Rows]:
        mixed = chance.sample(rows, SIZE + k)
        base, others = mixed[:SIZE], mixed[SIZE:]
        again = [{**other, "output": one["output"]} for other, one in zip(others, base, strict=False)]
        return [*base, *again], base

    return make


def halved_type(rows: Rows, chance: random.Random) -> tuple[Rows, Rows]:
    """Of the largest named type every second record gone."""
    base = chance.sample(rows, SIZE)
    largest = Counter(one["task_type"] for one in base if one["task_type"] != "other").most_common(1)[0][0]
    inside = [place for place, one in enumerate(base) if one["task_type"] == largest]
    gone = set(inside[::2])
    return base, [one for place, one in enumerate(base) if place not in gone]


def shortened(share: float) -> Callable[[Rows, random.Random], tuple[Rows, Rows]]:
    """A share of the answers cut to half."""

    def make(rows: Rows, chance: random.Random) -> tuple[Rows, Rows]:
        base = chance.sample(rows, SIZE)
        cut = set(chance.sample(range(SIZE), round(share * SIZE)))
        return base, [
            {**one, "output": one["output"][: len(one["output"]) // 2 + 1]} if place in cut else one
            for place, one in enumerate(base)
        ]

    return make


PLANTED: tuple[tuple[str, str, Callable[[Rows, random.Random], tuple[Rows, Rows]]], ...] = (
    *((f"{k} repeated answers of {SIZE + k} removed", "answer_duplication", repeated(k)) for k in REPEATS),
    ("half of the largest type removed", "task_type_balance", halved_type),
    ("a tenth of the answers cut to half", "answer_length", shortened(0.1)),
    ("a third of the answers cut to half", "answer_length", shortened(1 / 3)),
    ("all answers cut to half", "answer_length", shortened(1.0)),
)


def power(bench: Bench, rows: Rows, count: int) -> Iterator[str]:
    """Planted changes: is the figure named, and what else is?"""
    yield "| planted | figure | before → after (median run) | named | other figures named, all runs |"
    yield "|---|---|---|---:|---|"
    for title, metric, make in PLANTED:
        hits, others, shown = 0, Counter[str](), []
        for seed in range(count):
            found = bench.compared(*make(rows, random.Random(seed)))
            own = next(one for one in found.metrics if one.metric == metric)
            hits += own.verdict in NAMED
            told = [one for one in found.metrics if one.interval is not None and one.verdict in NAMED]
            others.update(one.metric for one in told if one.metric != metric)
            shown.append((own.before or 0.0, own.after or 0.0))
        before, after = sorted(shown)[len(shown) // 2]
        rest = ", ".join(f"{name} {times}" for name, times in others.most_common()) or "none"
        yield f"| {title} | {metric} | {before:.4g} → {after:.4g} | {hits} of {count} | {rest} |"


def edits(bench: Bench) -> Iterator[str]:
    """Small edits by hand: versions of one file of Chinese instructions."""
    yield "| pair | added, removed, edited of | figures named | checks turned |"
    yield "|---|---:|---|---|"
    old, new = (json.loads((DATA / "alpaca_zh" / f"part00_{v}.json").read_text()) for v in ("v1", "v4"))
    found = bench.compared(old, new)
    own = [f"{one.metric} {one.field}" for one in found.metrics if one.interval is not None and one.verdict in NAMED]
    turned = [f"{one.check} ({one.verdict})" for one in found.checks if one.verdict not in ("same", "unknown")]
    counts = found.records
    moved = f"{counts.added}, {counts.removed}, {counts.edited} of {len(old)}"
    yield f"| alpaca_zh part00 v1 → v4 | {moved} | {', '.join(own) or 'none'} | {', '.join(turned) or 'none'} |"


def main() -> None:
    """Prints every table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, help="folder of reports and embeddings, to be kept between runs")
    parser.add_argument("--pairs", type=int, default=20, help="pairs without a change, of each kind")
    parser.add_argument("--runs", type=int, default=5, help="runs of each planted change")
    parser.add_argument("--embedder", default="none", help="with one, figures of meaning are judged too")
    parser.add_argument("--only", choices=("null", "power", "edits"), nargs="*", help="leave out the others")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(options.store or Path(folder), options.embedder)
        rows = pool()
        for name, title, lines in (
            ("null", "Versions that only chance made", null(bench, rows, options.pairs)),
            ("power", "Planted changes", power(bench, rows, options.runs)),
            ("edits", "Small edits", edits(bench)),
        ):
            if options.only and name not in options.only:
                continue
            print(f"\n#### {title}\n")
            for line in lines:
                print(line, flush=True)
        print(f"\nThe slowest comparison took {bench.seconds:.1f} s of CPU time.")


if __name__ == "__main__":
    main()
