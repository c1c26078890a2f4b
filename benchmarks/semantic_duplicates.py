"""Semantic repeats: agreement with brute-force cosine, and where the default threshold comes from.

Run: python benchmarks/semantic_duplicates.py
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from diversity.embed import center, open_embedder
from diversity.neighbors.calibration import CALIBRATED, derived_threshold
from diversity.neighbors.guards import contradictory, has_units
from diversity.neighbors.pairs import Pairs
from diversity.neighbors.semantic import semantic_pairs
from diversity.neighbors.settings import DEFAULT_DUPLICATES, DuplicateSettings

DATA = Path(os.environ.get("DIVERSITY_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
LABELLED = 3500
THRESHOLDS = (0.8, 0.85, 0.88, 0.9, 0.92, 0.94, 0.96)
Vectors = NDArray[np.float32]


def embedded(texts: list[str]) -> Vectors:
    embedder = open_embedder("default")
    if embedder is None:
        raise SystemExit("the default embedder is missing")
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    vectors = np.empty((len(texts), 512), np.float32)
    for start in range(0, len(order), 1024):
        part = order[start : start + 1024]
        vectors[part] = embedder.encode([texts[at] for at in part])
    return np.asarray(center(vectors)[0])


def labelled_pairs(name: str) -> list[tuple[str, str, bool]]:
    lines = (DATA / "paraphrase_pairs" / name).read_text(encoding="utf-8-sig").splitlines()
    rows = [line.split("\t") for line in lines]
    if name.startswith("msrp"):
        return [(row[3], row[4], row[0] == "1") for row in rows[1:] if len(row) == 5][:LABELLED]
    return [(row[0], row[1], row[2] == "1") for row in rows if len(row) == 3 and row[2] in "01"][:LABELLED]


def trade_off(name: str) -> None:
    """Precision and recall by threshold, for pairs of at least `semantic_min_units` units, without and with the
    guard.
    """
    pairs = labelled_pairs(name)
    texts = [text for left, right, _ in pairs for text in (left, right)]
    vectors = embedded(texts)
    cosine = np.einsum("ij,ij->i", vectors[::2], vectors[1::2])
    same = np.array([label for _, _, label in pairs])
    at = np.arange(len(pairs))
    passed = ~contradictory(texts, Pairs(2 * at, 2 * at + 1, cosine))
    long = has_units(texts, DEFAULT_DUPLICATES.semantic_min_units)
    able = long[::2] & long[1::2]
    print(f"\n{name}: {len(pairs)} pairs, {same.mean():.0%} of them paraphrases by label\n")
    print("| cosine ≥ | precision | recall | precision, guarded | recall, guarded |\n|---|---|---|---|---|")
    for threshold in THRESHOLDS:
        cells = []
        for chosen in (able & (cosine >= threshold), able & passed & (cosine >= threshold)):
            hit = (chosen & same).sum()
            cells.append(f"{hit / max(1, chosen.sum()):.3f} | {hit / same.sum():.3f}")
        print(f"| {threshold} | {' | '.join(cells)} |")


def agreement(name: str, most: int = 4000) -> None:
    """Pairs of the engine, by bound and by index, against all cosines."""
    rows = json.loads((DATA / name).read_text(encoding="utf-8"))
    texts = list(dict.fromkeys(row["output"].strip() for row in rows if row["output"].strip()))[:most]
    vectors = embedded(texts)
    cosine = np.triu(vectors @ vectors.T, 1)
    for threshold in (0.8, CALIBRATED["universal-"]):
        expected = {(int(i), int(j)) for i, j in zip(*np.nonzero(cosine >= threshold), strict=True)}
        for way, settings in (("bound", DEFAULT_DUPLICATES), ("index", DuplicateSettings(brute_force_limit=10))):
            start = time.process_time()
            found = semantic_pairs(vectors, threshold, settings)
            seconds = time.process_time() - start
            got = set(zip(found.left.tolist(), found.right.tolist(), strict=True))
            recall, precision = len(got & expected) / max(1, len(expected)), len(got & expected) / max(1, len(got))
            print(
                f"| {name} | {way} | {threshold} | {len(expected)} | {recall:.4f} | {precision:.4f} | {seconds:.1f} |"
            )
    print(f"| {name} | threshold derived from the data: {derived_threshold(vectors, 0):.3f} | | | | | |")


if __name__ == "__main__":
    if not DATA.is_dir():
        raise SystemExit("needs the real data sets: set DIVERSITY_SHARED_DATA")
    print("| set | way | cosine ≥ | true pairs | recall | precision | processor s |\n|---|---|---|---|---|---|---|")
    for source in ("alpaca_en/alpaca_data.json", "alpaca_zh/part00_v4.json"):
        agreement(source)
    for source in ("msrp_train.tsv", "lcqmc_dev.tsv"):
        trade_off(source)
