"""Near repeats against brute force: does the engine find every pair with a true Jaccard similarity of at least 0.8, and
no other?

The brute force is written down here once more with Python sets. Run: python benchmarks/near_duplicates.py
"""

from __future__ import annotations

import json
import os
import re
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable
from itertools import groupby
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

from diversity.neighbors import Duplicates, Pairs, find_duplicates, repeat_count
from diversity.neighbors.questions import other_questions
from diversity.text.folding import fold_all

DATA = Path(os.environ.get("DIVERSITY_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
THRESHOLD = 0.8
WIDE = re.compile("[\u3005-\u3007\u3041-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
WORD = re.compile("[\u3400-\u9fff\u3040-\u30ff]|[^\\W\u3400-\u9fff\u3040-\u30ff]+")
Pair = tuple[int, int]
Shingler = Callable[[str], set[Hashable]]


def own(folded: str) -> set[Hashable]:
    """The engine's definition: 3 characters from every Chinese one, 5 from every other, on the folded text, and what
    is in none of them.
    """
    if not re.search(r"[^\W\d_]", folded):
        return {folded}
    spans = [range(at, at + (3 if WIDE.match(char) else 5)) for at, char in enumerate(folded)]
    spans = [span for span in spans if span.stop <= len(folded)]
    if not spans:
        return {folded}
    reached = {at for span in spans for at in span}
    runs = groupby(range(len(folded)), key=reached.__contains__)
    rests = {("rest", "".join(folded[at] for at in run)) for inside, run in runs if not inside}
    return {folded[span.start : span.stop] for span in spans} | rests


def grams(units: str | list[str], size: int) -> set[Hashable]:
    """Runs of `size` units; a shorter text is one run."""
    runs = {tuple(units[at : at + size]) for at in range(len(units) - size + 1)}
    return set(runs) or {tuple(units)}


def plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


OTHERS: dict[str, Shingler] = {
    "character 5-grams, lower case, marks kept": lambda text: grams(plain(text), 5),
    "character 3-grams, lower case, marks kept": lambda text: grams(plain(text), 3),
    "character 5-grams without marks": lambda text: grams(" ".join(WORD.findall(plain(text))), 5),
    "character 3-grams without marks": lambda text: grams("".join(WORD.findall(plain(text))), 3),
    "word 2-grams (zh: characters)": lambda text: grams(WORD.findall(plain(text)), 2),
    "word 3-grams (zh: characters)": lambda text: grams(WORD.findall(plain(text)), 3),
}


def brute_force(texts: list[str], shingler: Shingler) -> set[Pair]:
    """All pairs at or above the threshold: the shared shingles of every pair of texts are counted."""
    sets = [shingler(text) for text in texts]
    numbers: dict[Hashable, int] = {}
    columns = [numbers.setdefault(one, len(numbers)) for shingles in sets for one in shingles]
    sizes = np.array([len(shingles) for shingles in sets])
    heads = np.concatenate([[0], np.cumsum(sizes)])
    matrix = csr_array((np.ones(len(columns), np.int32), columns, heads), shape=(len(sets), len(numbers)))
    found: set[Pair] = set()
    for start in range(0, len(sets), 500):
        shared = (matrix[start : start + 500] @ matrix.T).tocoo()
        left, right = shared.row + start, shared.col
        union = sizes[left] + sizes[right] - shared.data
        chosen = (shared.data >= (THRESHOLD - 1e-9) * union) & (left < right)
        found |= set(zip(left[chosen].tolist(), right[chosen].tolist(), strict=True))
    return found


def exact_pairs(keys: list[str]) -> set[Pair]:
    groups: dict[str, list[int]] = defaultdict(list)
    for row, key in enumerate(keys):
        groups[key].append(row)
    return {(a, b) for rows in groups.values() for at, a in enumerate(rows) for b in rows[at + 1 :]}


def engine_pairs(found: Duplicates, keys: list[str]) -> set[Pair]:
    """The engine's pairs over all rows: equal ones, and near ones of distinct texts with all their copies."""
    copies: dict[str, list[int]] = defaultdict(list)
    for row, key in enumerate(keys):
        copies[key].append(row)
    pairs = exact_pairs(keys)
    for left, right in zip(found.pairs_near.left.tolist(), found.pairs_near.right.tolist(), strict=True):
        pairs |= {(min(a, b), max(a, b)) for a in copies[keys[left]] for b in copies[keys[right]]}
    return pairs


def score(got: set[Pair], expected: set[Pair]) -> str:
    hit = len(got & expected)
    return f"{len(expected)} | {len(got)} | {hit / max(1, len(expected)):.4f} | {hit / max(1, len(got)):.4f}"


def same_question(texts: list[str], pairs: set[Pair]) -> set[Pair]:
    """Those of the near pairs that ask the same, by the engine's own rule."""
    left, right = np.array(sorted(pairs), np.int64).reshape(-1, 2).T
    other = other_questions(texts, Pairs(left, right, np.ones(len(left), np.float32)), THRESHOLD)
    return set(zip(left[~other].tolist(), right[~other].tolist(), strict=True))


def answers(name: str, field: str = "output") -> list[str]:
    rows = json.loads((DATA / name).read_text(encoding="utf-8"))
    return [row[field] for row in rows]


def filled(texts: list[str], most: int) -> list[str]:
    return [text for text in texts if text.strip()][:most]


def recall_table() -> None:
    toolformer = answers(next(DATA.glob("gpteacher_toolformer/*.json")).relative_to(DATA).as_posix(), "instruction")
    sets = {
        "alpaca en, 5,000 answers": filled(answers("alpaca_en/alpaca_data.json"), 5000),
        "alpaca zh, 5,000 answers": filled(answers("alpaca_zh/part00_v4.json"), 5000),
        "toolformer, 2,000 prompts from templates": filled(toolformer, 2000),
    }
    print("| set | what is compared | true pairs | found | recall | precision |\n|---|---|---|---|---|---|")
    for name, texts in sets.items():
        found = find_duplicates(texts)
        folded = [text or raw.strip() for text, raw in zip(fold_all(texts), texts, strict=True)]
        got, expected = engine_pairs(found, folded), brute_force(folded, own)
        print(f"| {name} | all pairs | {score(got, expected)} |")
        equal = exact_pairs(folded)
        print(f"| {name} | pairs of different folded texts | {score(got - equal, expected - equal)} |")
        flagged, touched = set(np.flatnonzero(found.cluster >= 0).tolist()), {row for pair in expected for row in pair}
        rows = {(row, row) for row in flagged}, {(row, row) for row in touched}
        print(f"| {name} | records in a cluster | {score(*rows)} |")
        if "prompts" in name:
            got = engine_pairs(find_duplicates(texts, prompts=True), folded)
            asked = same_question(texts, expected - equal)
            print(f"| {name} | pairs that ask the same | {score(got - equal, asked)} |")
        if len(expected) < 10_000:
            for other, shingler in OTHERS.items():
                print(f"| {name} | against {other} | {score(got, brute_force(texts, shingler))} |")


def speed_table() -> None:
    template = "这是第{}条系统自动回复的消息，请在收到以后尽快与我们的客服人员取得联系，非常感谢您的理解、配合与支持。"
    sets = {
        "alpaca en": answers("alpaca_en/alpaca_data.json"),
        "alpaca zh": answers("alpaca_zh/part00_v4.json"),
        "20,000 copies of a template with a counter": [template.format(number) for number in range(20_000)],
    }
    print("\n| set | texts | plain repeats | clusters | largest | near pairs | processor s | wall s |")
    print("|---|---|---|---|---|---|---|---|")
    for name, texts in sets.items():
        cpu, wall = time.process_time(), time.perf_counter()
        found = find_duplicates(texts)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        largest = int(np.bincount(found.cluster[found.cluster >= 0]).max(initial=0))
        total, repeats = repeat_count(texts)
        print(
            f"| {name} | {total} | {repeats} | {found.cluster_count} | {largest} | {len(found.pairs_near)} "
            f"| {cpu:.1f} | {wall:.1f} |"
        )


if __name__ == "__main__":
    if not DATA.is_dir():
        raise SystemExit("needs the real data sets: set DIVERSITY_SHARED_DATA")
    recall_table()
    speed_table()
