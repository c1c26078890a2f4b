"""Figures on the whole set: which move the right way, how often they cry wolf, what they cost.

Run: `python benchmarks/set_diversity.py [--cache DIR] [--only chain,copies,alarms,breadth,cost]`. All comparisons are
at equal size (1,000 records), with the intervals that the comparison of two versions uses. A mark is ✓ where the change
is clear (its 95% interval does not hold 0) and the right way, ✗ where it is clear and the wrong way, · where it is not
clear.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa

from diversity.corpus import Corpus
from diversity.embed import EmbeddedTexts, embed_texts, open_embedder
from diversity.embed.base import unit_rows
from diversity.embed.unrelated import SENTENCES
from diversity.features.inputs import Inputs
from diversity.features.set_sample import FIELDS, Estimate, SetSample, estimate
from diversity.ingest import ingest
from diversity.metrics import chamfer, cluster_entropy, log_det, novelsum, remote_clique, vendi_score
from diversity.progress import silent
from diversity.settings import SetDiversitySettings, load_settings

ROOT = Path(os.environ.get("DIVERSITY_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
SAMPLE = Path(__file__).parents[1] / "sample_data"
MODULES = (vendi_score, novelsum, cluster_entropy, remote_clique, chamfer, log_det)
CHAIN = [f"gpteacher_toolformer/toolformer-{name}.json" for name in (
    "dedupe-only", "similarity-0.9", "similarity-0.7", "similarity-0.6",
)]  # fmt: skip
ENGLISH, CHINESE = "alpaca_en/alpaca_data.json", "alpaca_zh/part00_v1.json"
SHARES = (0.1, 0.3, 0.5)
Pair = tuple[np.ndarray, np.ndarray]
Figures = dict[tuple[str, str], Estimate]


class Bench:
    """Vectors of sets and texts, and the point they are seen from."""

    def __init__(self, cache: Path | None) -> None:
        embedder = open_embedder("default")
        assert embedder is not None
        self.embedder, self.cache = embedder, cache
        reference = self.embed(SENTENCES)
        self.origin = reference.mean(axis=0)
        self.reference = unit_rows(reference - self.origin)

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        return embed_texts(list(texts), self.embedder, self.cache).rows()

    def texts(self, name: str | Path, kind: str | None = None) -> tuple[list[str], list[str]]:
        """Prompts and answers of a set's units that have both; of one level-1 task type where `kind` names it."""
        with tempfile.TemporaryDirectory() as folder:
            ingest(ROOT / name, Path(folder))
            corpus = Corpus.open(Path(folder))
            types = corpus.task_types(1).to_pylist()
            both = zip(corpus.prompts.to_pylist(), corpus.answers.to_pylist(), corpus.record_of_unit, strict=True)
            kept = [(p, a) for p, a, r in both if p.strip() and a.strip() and kind in (None, types[r])]
        return [p for p, _ in kept], [a for _, a in kept]

    def load(self, name: str | Path, kind: str | None = None) -> Pair:
        prompts, answers = self.texts(name, kind)
        return self.embed(prompts), self.embed(answers)

    def sample(self, pair: Pair, seed: int = 0) -> SetSample:
        """2,000 units drawn at random."""
        order = np.random.default_rng(seed).permutation(len(pair[0]))
        units = order[:2000]
        prompt, answer = (unit_rows(rows[units] - self.origin) for rows in pair)
        return SetSample(units, prompt, answer, self.reference, self.origin, order, SetDiversitySettings())

    def figures(self, pair: Pair, size: int, seed: int = 0) -> Figures:
        drawn = self.sample(pair, seed)
        return {
            (module.METRIC.name, of): drawn.estimates(module._statistic(drawn, of))[size]
            for module in MODULES
            for of in FIELDS
        }


def mark(before: Estimate, after: Estimate, up: bool) -> str:
    low, high = after.minus(before).interval
    return "·" if low <= 0 <= high else "✓" if (low > 0) == up else "✗"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    print("\n".join("| " + " | ".join(row) + " |" for row in rows), flush=True)
    print()


def said(one: Estimate) -> str:
    return f"{one.value:.3f} ± {one.interval[1] - one.value:.3f}"


def chain(bench: Bench) -> None:
    """The author's own removal of near duplicates: diversity must rise, step by step."""
    found = [bench.figures(bench.load(name), 1000) for name in CHAIN]
    rows = []
    for key in found[0]:
        steps = "".join(mark(a[key], b[key], up=True) for a, b in pairwise(found))
        rows.append([*key, *(said(one[key]) for one in found), steps, mark(found[0][key], found[-1][key], up=True)])
    print("Toolformer chain, n = 1,000 (mark of each step, and of the last against the first)\n")
    table(["figure", "of", "7,673", "5,959", "3,487", "2,396", "steps", "whole"], rows)


def copies(bench: Bench) -> None:
    """10, 30, 50% of the records replaced: by copies of others, by near copies, and in a large set."""
    marks: dict[tuple[str, str], list[str]] = {}
    heads = []
    for language, name, count in (("zh", CHINESE, 4000), ("en", ENGLISH, 4000), ("en", ENGLISH, 50_000)):
        prompts, answers = (some[:count] for some in bench.texts(name))
        plain = (bench.embed(prompts), bench.embed(answers))
        before = bench.figures(plain, 1000)
        for kind in ("copies", "near copies"):
            if kind == "near copies" and count > 10_000:
                continue
            heads.append(f"{language} {count:,} {kind}")
            after = [bench.figures(_planted(bench, plain, (prompts, answers), share, kind), 1000) for share in SHARES]
            for key, one in before.items():
                marks.setdefault(key, []).append("".join(mark(one, other[key], up=False) for other in after))
    print("Planted repetition of 10, 30 and 50% of the records, n = 1,000\n")
    table(["figure", "of", *heads], [[*key, *found] for key, found in marks.items()])


def _planted(bench: Bench, plain: Pair, texts: tuple[list[str], list[str]], share: float, kind: str) -> Pair:
    random = np.random.default_rng(11)
    count = len(plain[0])
    replaced = int(share * count)
    source = random.integers(replaced, count, replaced)
    if kind == "copies":
        heads = [rows[source] for rows in plain]
    else:
        heads = [bench.embed([_edited(side[at], at) for at in source]) for side in texts]
    return tuple(np.vstack([head, rows[replaced:]]) for head, rows in zip(heads, plain, strict=True))  # type: ignore[return-value]


def _edited(text: str, seed: int) -> str:
    """The text without a tenth of its words (in Chinese, characters), at least one."""
    spaced = " " in text.strip()
    words = text.split() if spaced else list(text)
    random = np.random.default_rng(seed)
    gone = set(random.choice(len(words), max(1, len(words) // 10), replace=False).tolist()) if len(words) > 1 else set()
    return (" " if spaced else "").join(word for at, word in enumerate(words) if at not in gone)


def alarms(bench: Bench) -> None:
    """Disjoint random parts of one set differ by chance alone: about 5% of the intervals should miss 0."""
    rows = {}
    pairs = 0
    plain = bench.load(ENGLISH)
    for shuffle in range(4):
        order = np.random.default_rng(100 + shuffle).permutation(len(plain[0]))
        parts = [order[at : at + 4000] for at in range(0, 48_000, 4000)]
        found = [bench.figures((plain[0][part], plain[1][part]), 1000, seed=shuffle) for part in parts]
        for first, second in zip(found[::2], found[1::2], strict=True):
            pairs += 1
            for key in first:
                rows.setdefault(key, []).append(mark(first[key], second[key], up=True) != "·")
    print(f"False alarms: changes called clear between {pairs} pairs of disjoint parts of alpaca_en (5% expected)\n")
    names = dict.fromkeys(metric for metric, _ in rows)
    table(["figure", *FIELDS], [[name, *(f"{np.mean(rows[name, of]):.0%}" for of in FIELDS)] for name in names])


def breadth(bench: Bench) -> None:
    """The check's value: the Vendi score of 20 records over that of 20 unrelated sentences."""
    scale = vendi_score.unrelated(bench.reference, 7)
    rows = []

    def add(name: str, pair: Pair) -> None:
        drawn = bench.sample(pair)
        values = [
            estimate(vendi_score._statistic(drawn, of), len(drawn), 20, drawn.settings.seed).value / scale
            for of in FIELDS
        ]
        rows.append([name, f"{len(pair[0]):,}", *(f"{value:.2f}" for value in values)])

    for name in (ENGLISH, CHINESE, "alpaca_zh/first3252_v16.json", "belle_eval/v01.json", "seed_tasks/zh.jsonl",
                 "seed_tasks/en.jsonl", SAMPLE / "v1.jsonl", SAMPLE / "v2.jsonl", "moss/moss_sft_samples_1120.jsonl",
                 CHAIN[0], CHAIN[-1], "identity/identity.json"):  # fmt: skip
        add(Path(name).stem if Path(name).is_absolute() else str(name), bench.load(name))
    for kind in ("open QA", "extract", "math", "code", "translation"):
        add(f"belle_eval/v01.json, {kind} alone", bench.load("belle_eval/v01.json", kind))
    broad, one = bench.load(ENGLISH), bench.load(CHAIN[-1])
    for share in (0.1, 0.25, 0.5, 0.75):
        cut = int(2000 * share)
        mixed = tuple(np.vstack([b[:cut], a[cut:2000]]) for a, b in zip(broad, one, strict=True))
        add(f"alpaca_en with {share:.0%} toolformer", mixed)  # type: ignore[arg-type]
    print(f"Breadth: Vendi score of 20 records over that of 20 unrelated sentences ({scale:.1f})\n")
    table(["set", "records", *FIELDS], rows)


def cost(bench: Bench, cache: Path | None) -> None:
    """CPU seconds and added memory of all six, in a process of its own; the million has random vectors."""
    rows = []
    for name, count in (("alpaca_en", 0), ("random vectors", 1_000_000)):
        command = [sys.executable, __file__, "--measure", str(count)] + (["--cache", str(cache)] if cache else [])
        environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        output = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
        rows.append([name, *output.strip().split("\t")])
    print("Cost of all six figures on three fields, one thread\n")
    table(
        ["set", "records", "CPU s", "added peak MiB", "of which CPU s: sample", *(m.METRIC.name for m in MODULES)], rows
    )


def measure(bench: Bench, count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bench.embedder.encode(["the model is loaded before anything is counted"])
        inputs = _synthetic(bench, count, Path(folder)) if count else _real(bench, Path(folder))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        spent = []
        for run in (lambda: vendi_score.set_sample(inputs), *(lambda m=m: m.METRIC.compute(inputs) for m in MODULES)):
            start = time.process_time()
            run()
            spent.append(time.process_time() - start)
        added = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) / 1024
    each = "\t".join(f"{one:.1f}" for one in spent)
    print(f"{inputs.corpus.record_count:,}\t{sum(spent):.1f}\t{added:,.0f}\t{each}")


def _real(bench: Bench, folder: Path) -> Inputs:
    ingest(ROOT / ENGLISH, folder)
    inputs = Inputs(Corpus.open(folder), load_settings(), bench.embedder, folder, "bench", silent)
    texts = pa.chunked_array([*inputs.corpus.prompts.chunks, *inputs.corpus.answers.chunks], pa.large_string())
    inputs.__dict__["embedded"] = embed_texts(texts, bench.embedder, bench.cache)
    return inputs


def _synthetic(bench: Bench, count: int, folder: Path) -> Inputs:
    """`count` records of short texts; prompt n has vector n, answer n vector n + 1."""
    numbers = np.arange(count)
    names = pa.array(numbers).cast(pa.string())
    texts = pa.chunked_array([names.cast(pa.large_string())])
    records = pa.table({"record_id": names})
    turns = pa.array(np.zeros(count, np.int32))
    units = pa.table({"record": pa.array(numbers), "turn": turns, "prompt": texts, "answer": texts})
    inputs = Inputs(Corpus(records, units), load_settings(), bench.embedder, folder, "bench", silent)
    random = np.random.default_rng(0)
    vectors = np.empty((count, len(bench.origin)), np.float32)
    for start in range(0, count, 10_000):
        vectors[start : start + 10_000] = unit_rows(random.standard_normal((10_000, vectors.shape[1]), np.float32))
    index = np.concatenate([numbers, (numbers + 1) % count])
    inputs.__dict__["embedded"] = EmbeddedTexts(vectors, index, 0, count)
    return inputs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, help="folder of embeddings kept between runs")
    parser.add_argument("--only", default="chain,copies,alarms,breadth,cost")
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    bench = Bench(options.cache)
    if options.measure is not None:
        measure(bench, options.measure)
        return
    for name in options.only.split(","):
        if name == "cost":
            cost(bench, options.cache)
        else:
            {"chain": chain, "copies": copies, "alarms": alarms, "breadth": breadth}[name](bench)


if __name__ == "__main__":
    main()
