"""Can `system_effect` tell answers that depend on their system from those that don't? AUC and accuracy, as tables.

Pairs come from permuting systems between records (the answer then belongs to another system), from dropping
constraints (only the first sentence of the system stays), and from the labels of the sample data. The weights were
fitted on the constructed set in `tests/golden/system_effect.jsonl`; no row of the sample data or of moss took
part, but its totals were in view when the way to add evidence up was chosen.

    python benchmarks/system_effect.py [--cache DIR] [--no-embedding]

The data is read from `$DIVERSITY_SHARED_DATA` (default: `../shared/data` beside the repository).
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from system_rows import (
    DATA,
    LANGUAGES,
    MOSS,
    Row,
    alpaca_en,
    alpaca_zh,
    answer_of,
    constructed,
    dropped,
    first_sentence,
    mixed,
    moss,
    pairs_of,
    permuted,
    row_of,
    sample_data,
)

from diversity.corpus import Corpus
from diversity.embed import Embedder, center, embed_texts, open_embedder
from diversity.features.answer_forms import FORMS
from diversity.features.inputs import Inputs
from diversity.features.system_checks import HABITS
from diversity.features.system_requests import Request, asks_too
from diversity.ingest import ingest
from diversity.metrics.system_effect import METRIC, TABLE
from diversity.progress import silent
from diversity.settings import load_settings

SHIFTS = (3, 7, 11)
NONE = {"run": 0.0, "words": 0.0, "meaning": 0.0, "words_alone": 0.0}
# Below all evidence that requests can give: it then is the same for every record.
AWAY = -10.0
PARTS: dict[str, dict[str, float]] = {
    "everything": {},
    "requests alone": NONE,
    "words alone (runs and gain)": {"meaning": 0.0, "most": AWAY},
    "vectors alone (gain)": {"run": 0.0, "words": 0.0, "most": AWAY},
}

# What a row is read from; `chat` is moss' own form, with its calls of tools.
KEPT = ("id", "system", "messages", "meta_instruction", "chat")
# Of a set so many records are exchanged for others to see which of the rest change class.
EXCHANGED = 0.04


class Measure:
    """Scores of rows with one embedder and one cache of vectors."""

    def __init__(self, embedder: Embedder | None, cache: Path) -> None:
        self.embedder = embedder
        self.cache = cache

    def __call__(self, rows: Sequence[Row], **weights: float) -> pd.DataFrame:
        """One row a record, by id; `score` is the probability that the answer depends on the system."""
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "corpus"
            (place / "tables").mkdir(parents=True)
            ingest([{name: row[name] for name in KEPT if name in row} for row in rows], place)
            chosen = {f"system_effect.{name}": value for name, value in weights.items()}
            settings = load_settings({"embedder": "default" if self.embedder else "none", **chosen})
            inputs = Inputs(Corpus.open(place), settings, self.embedder, Path(folder) / "cache", "benchmark", silent)
            if self.embedder:
                (Path(folder) / "cache").mkdir()
                (Path(folder) / "cache" / "embeddings").symlink_to(self.cache)
            return METRIC.compute(inputs).tables[TABLE].to_pandas().set_index("record_id")

    def cosine(self, rows: Sequence[Row]) -> NDArray[np.float64]:
        """Baseline: cosine of system and answer, mean-centred."""
        if self.embedder is None:
            return np.full(len(rows), np.nan)
        sides = []
        for texts in ([row["system"] for row in rows], [answer_of(row) for row in rows]):
            found = embed_texts(texts, self.embedder, self.cache)
            sides.append(center(found.unique)[0][found.index])
        return np.asarray((sides[0] * sides[1]).sum(axis=1), dtype=np.float64)


def neighboured(measure: Measure, rows: Sequence[Row]) -> list[Row]:
    """The effective records under the system of the one whose prompt is nearest: topic alone is no help then."""
    assert measure.embedder is not None
    found = embed_texts([row["messages"][0]["content"] for row in rows], measure.embedder, measure.cache)
    vectors = center(found.unique)[0][found.index]
    out = [dict(row) for row in rows]
    for language in {row["language"] for row in rows}:
        places = [at for at, row in enumerate(rows) if row["language"] == language and row["label"] == "effective"]
        cosine = vectors[places] @ vectors[places].T
        same = np.array([[rows[a]["system"] == rows[b]["system"] for b in places] for a in places])
        cosine[same] = -2.0
        for at, other in zip(places, cosine.argmax(axis=1), strict=True):
            out[at]["system"] = rows[places[int(other)]]["system"]
    return out


def auc(true: NDArray[np.float64], false: NDArray[np.float64]) -> float:
    """Area under the ROC curve, ties counted half."""
    if not len(true) or not len(false):
        return float("nan")
    low = np.sort(false)
    below = np.searchsorted(low, true, "left") + np.searchsorted(low, true, "right")
    return float(below.sum() / 2 / len(true) / len(false))


def scores(frame: pd.DataFrame, rows: Sequence[Row], label: str, language: str) -> NDArray[np.float64]:
    keys = [row["id"] for row in rows if row["label"] == label and row["language"] == language]
    return frame.loc[keys, "score"].to_numpy(dtype=np.float64)


def against_permuted(measure: Measure, name: str, rows: list[Row], parts: Sequence[str]) -> None:
    """AUC of effective records against the same under others' systems, and against decorative ones."""
    heads = (
        "language",
        "effective",
        "against permuted",
        "against nearest prompt's",
        "decorative",
        "against decorative",
    )
    print(f"\n| {name} | {' | '.join(heads)} |\n|---|---|---|---|---|---|---|")
    swapped = [permuted(rows, shift) for shift in SHIFTS]
    near = neighboured(measure, rows) if measure.embedder else None
    label = np.array([row["label"] for row in rows])
    spoken = np.array([row["language"] for row in rows])

    def line(part: str, of: Any) -> None:
        own, others, nearest = of(rows), [of(some) for some in swapped], of(near) if near else None
        for language in LANGUAGES:
            true, plain = ((label == kind) & (spoken == language) for kind in ("effective", "decorative"))
            areas = np.mean([auc(own[true], other[true]) for other in others])
            near_area = f"{auc(own[true], nearest[true]):.3f}" if nearest is not None else "–"
            cells = f"{true.sum()} | {areas:.3f} | {near_area} | {plain.sum()} | {auc(own[true], own[plain]):.3f}"
            print(f"| {part} | {language} | {cells} |")

    for part in parts:
        line(part, lambda some, part=part: measure(some, **PARTS[part])["score"].to_numpy(dtype=np.float64))
    if measure.embedder is not None:
        line("baseline: cosine of system and answer", measure.cosine)


def against_dropped(measure: Measure, name: str, rows: list[Row]) -> None:
    """AUC of effective records against the same whose system has lost all but its first sentence."""
    several = {
        row["id"]
        for row in rows
        if row["label"] == "effective" and first_sentence(row["system"]) != row["system"].strip()
    }
    cut = [one if row["id"] in several else row for row, one in zip(rows, dropped(rows), strict=True)]
    own, less = measure(rows), measure(cut)
    for language in LANGUAGES:
        keys = [row["id"] for row in rows if row["id"] in several and row["language"] == language]
        true, false = (frame.loc[keys, "score"].to_numpy(dtype=np.float64) for frame in (own, less))
        lower = float((false < true).mean()) if keys else float("nan")
        print(f"| {name} | {language} | {len(keys)} | {auc(true, false):.3f} | {lower * 100:.0f}% |")


def accuracy(measure: Measure, name: str, rows: list[Row]) -> None:
    frame = measure(rows)
    for language in LANGUAGES:
        cells = []
        right = total = 0
        for label in ("effective", "decorative"):
            keys = [row["id"] for row in rows if row["label"] == label and row["language"] == language]
            hits = int((frame.loc[keys, "class"] == label).sum())
            right, total = right + hits, total + len(keys)
            cells.append(f"{hits} of {len(keys)}" if keys else "–")
        print(f"| {name} | {language} | {cells[0]} | {cells[1]} | {right / total * 100:.1f}% |")


def report_moss(measure: Measure, rows: list[Row]) -> None:
    """moss has seven systems that differ in switches for tools; so most of what can be seen is the name."""
    named = [row | {"system": "\n".join(row["system"].splitlines()[1:])} for row in rows]
    strangers = [row["system"] for row in sample_data("v2") if row["label"] == "effective"]
    foreign = [row | {"system": strangers[at % len(strangers)]} for at, row in enumerate(rows)]
    own = measure(rows)
    cases = (("systems permuted among themselves", permuted(rows, SHIFTS[0])), ("name dropped", named))
    print("\n| moss | language | records | effective % | then | effective % | AUC |\n|---|---|---|---|---|---|---|")
    for case, other in (*cases, ("systems of the sample data", foreign)):
        frame = measure(other)
        for language in LANGUAGES:
            true, false = (scores(one, rows, "effective", language) for one in (own, frame))
            shares = [float((one > 0.5).mean()) * 100 for one in (true, false)]
            area = auc(true, false)
            print(
                f"| own systems | {language} | {len(true)} | {shares[0]:.1f} | {case} | {shares[1]:.1f} | {area:.3f} |"
            )


def report_tools(measure: Measure) -> None:
    """glaive lists its tools in a field; here also as the system, which then says nothing else."""
    print("\n| glaive | records | effective | decorative | tools | absent |\n|---|---|---|---|---|---|")
    for language in LANGUAGES:
        ones = json.loads((DATA / "glaive_toolcall" / f"glaive_toolcall_{language}_demo.json").read_text("utf-8"))
        for place in ("field", "system"):
            rows = []
            for at, one in enumerate(ones):
                said = [m for m in one["conversations"] if m["from"] in ("human", "gpt", "function_call")]
                turns = [(q["value"], a["value"]) for q, a in pairwise(said) if q["from"] == "human"]
                system = f"You may use these tools:\n{one['tools']}" if place == "system" else ""
                rows.append(row_of(str(at), system if one["tools"] != "[]" else "", turns))
            counts = measure(rows)["class"].value_counts()
            cells = " | ".join(str(counts.get(name, 0)) for name in ("effective", "decorative", "tools", "absent"))
            print(f"| {language}, tools as {place} | {len(rows)} | {cells} |")


def report_calls(measure: Measure) -> None:
    """moss with its calls of tools, by whether the system grants tools and the conversation calls any."""
    rows = [
        {"id": str(at), "meta_instruction": one["meta_instruction"], "chat": one["chat"]}
        for at, one in enumerate(map(json.loads, (DATA / "moss" / MOSS).read_text(encoding="utf-8").splitlines()))
    ]
    frame = measure(rows)
    granted = np.array(["API:" in row["meta_instruction"] for row in rows])
    called = np.array([any("None" not in turn["Commands"] for turn in row["chat"].values()) for row in rows])
    classes = frame.loc[[row["id"] for row in rows], "class"].to_numpy()
    print("\n| moss with its calls | records | effective | decorative | tools |\n|---|---|---|---|---|")
    for name, of in (
        ("tools granted, some called", granted & called),
        ("tools granted, none called", granted & ~called),
        ("no tools granted", ~granted),
    ):
        cells = " | ".join(str(int((classes[of] == kind).sum())) for kind in ("effective", "decorative", "tools"))
        print(f"| {name} | {of.sum()} | {cells} |")


def report_stability(measure: Measure) -> None:
    """How many records change class although only others change: a set of moss and of alpaca rows under the constructed
    set's systems and under stock phrases, some of it exchanged at random; then its English alpaca rows in Chinese."""
    rows, chinese = mixed()
    print("\n| what changes | unchanged records | change class | effective before | after |\n|---|---|---|---|---|")

    def line(name: str, first: list[Row], second: list[Row]) -> None:
        before, after = measure(first), measure(second)
        text = {row["id"]: (row["system"], row["messages"]) for row in first}
        same = [row["id"] for row in second if text.get(row["id"]) == (row["system"], row["messages"])]
        one, two = before.loc[same, "class"], after.loc[same, "class"]
        cells = f"{len(same)} | {(one != two).sum()} | {(one == 'effective').sum()} | {(two == 'effective').sum()}"
        print(f"| {name} | {cells} |")

    for shift in SHIFTS:
        order = random.Random(shift).sample(range(len(rows)), 2 * int(EXCHANGED * len(rows)))
        half = len(order) // 2
        halves = [set(order[:half]), set(order[half:])]
        line(
            f"{EXCHANGED:.0%} exchanged, draw {shift}",
            *([row for at, row in enumerate(rows) if at not in gone] for gone in halves),
        )
    line("English rows under a stock phrase put into Chinese", rows, chinese)


def report_chance(measure: Measure) -> None:
    """How many answers pass for effective under a constructed system drawn at random, by their length."""
    pairs = {"zh": alpaca_zh(), "en": alpaca_en()}
    rows = []
    for language in LANGUAGES:
        systems = [row["system"] for row in constructed() if row["language"] == language]
        told = [pair for pair in pairs[language] if all(text.strip() for text in pair)]
        for at, pair in enumerate(random.Random(1).sample(told, 1_500)):
            rows.append(row_of(f"{language}-{at}", random.Random(at).choice(systems), [pair], language=language))
    frame = measure(rows)
    effective = (frame.loc[[row["id"] for row in rows], "class"] == "effective").to_numpy()
    spoken = np.array([row["language"] for row in rows])
    size = np.array(
        [len(said) if row["language"] == "zh" else len(said.split()) for row in rows for said in [answer_of(row)]]
    )
    print("\n| language | answer, characters or words | records | effective % |\n|---|---|---|---|")
    for language in LANGUAGES:
        for low, high in pairwise((0, 6, 12, 50, 200, 10**9)):
            of = (spoken == language) & (size > low) & (size <= high)
            name = f"up to {high}" if high < 10**9 else f"over {low}"
            print(f"| {language} | {name} | {of.sum()} | {effective[of].mean() * 100:.1f} |")
        print(f"| {language} | any | {(spoken == language).sum()} | {effective[spoken == language].mean() * 100:.1f} |")


def report_habits() -> None:
    """How often answers keep what nobody asked for, beside what the checks assume."""
    sets = {"alpaca_en": alpaca_en(), "alpaca_zh": alpaca_zh(), "moss": pairs_of(moss())}
    print("\n| request | assumed | " + " | ".join(f"{name} %" for name in sets) + " |\n|" + "---|" * (len(sets) + 2))
    for kind, test in FORMS.items():
        cells = []
        for pairs in sets.values():
            kept = [test(answer) for query, answer in pairs if answer.strip() and not asks_too(Request(kind), query)]
            cells.append(f"{np.mean(kept) * 100:.1f}")
        print(f"| {kind} | {HABITS[kind] * 100:.0f} | " + " | ".join(cells) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, help="folder of cached vectors")
    parser.add_argument("--no-embedding", action="store_true", help="without vectors")
    options = parser.parse_args()
    if not DATA.is_dir():
        raise SystemExit(f"no data at {DATA}: set DIVERSITY_SHARED_DATA")
    cache = options.cache or Path(tempfile.mkdtemp())
    measure = Measure(None if options.no_embedding else open_embedder("default"), cache)
    second, built = sample_data("v2"), constructed()
    parts = ["everything", "requests alone"] if options.no_embedding else list(PARTS)
    against_permuted(measure, "sample data v2 (held out)", second, parts)
    against_permuted(measure, "constructed set (fitted on it)", built, ["everything"])
    print("\n| only the first sentence stays | language | records | AUC | lower score |\n|---|---|---|---|---|")
    against_dropped(measure, "sample data v2 (held out)", second)
    against_dropped(measure, "constructed set", built)
    print("\n| class | language | effective right | decorative right | accuracy |\n|---|---|---|---|---|")
    accuracy(measure, "sample data v2 (held out)", second)
    accuracy(measure, "sample data v1 (held out)", sample_data("v1"))
    accuracy(measure, "constructed set (fitted on it)", built)
    report_moss(measure, moss())
    report_tools(measure)
    report_calls(measure)
    report_stability(measure)
    report_chance(measure)
    report_habits()


if __name__ == "__main__":
    main()
