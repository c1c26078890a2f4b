"""Are suggested task types right? A fifth of the labels hidden, five times over; and labels swapped to be found again.

Four tables: top-1 accuracy of the hidden labels beside TF-IDF with logistic regression (words and character n-grams,
Chinese cut into words; its strength C is the better of two on the hidden labels, which favours it); accuracy and
coverage at the default confidence, beside what the report promised; how many swapped labels the review list holds; and
the share of doubted labels as ever more of them are drawn at random.

    python benchmarks/task_type_suggestions.py [--cache DIR] [--seeds N]

The data is read from `$DIVERSITY_SHARED_DATA` (default: `../shared/data` beside the repository). The weights of the
cues and the rule of the review list were chosen on MOSS, BELLE v05 (without what v10 repeats) and the sample data;
BELLE v10 and WizardLM were not looked at for that. WizardLM's test set has no answers: each stands as a dash.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rjieba
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_union

from diversity.corpus import Corpus
from diversity.embed import Embedder, open_embedder
from diversity.features.inputs import Inputs
from diversity.ingest import ingest
from diversity.metrics.task_type_suggestions import task_type_suggestions
from diversity.normalize.task_types import levels_of
from diversity.progress import silent
from diversity.settings import load_settings

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("DIVERSITY_SHARED_DATA", ROOT.parent / "shared" / "data"))
HIDDEN, SWAPPED = 0.2, 0.05
AT_RANDOM = (0.0, 0.05, 0.2, 0.5, 1.0)
STRENGTHS = (1.0, 10.0)


@dataclass(frozen=True)
class Labelled:
    """One set: parallel prompts, answers and labels (`level1-level2` or one level)."""

    prompts: list[str]
    answers: list[str]
    labels: list[str]

    def __len__(self) -> int:
        return len(self.prompts)


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file; what is broken is left out."""
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            continue
        yield row


def read(path: Path, prompt: str, answer: str | None, label: str) -> Labelled:
    """A file of flat rows."""
    rows = [row for row in lines(path) if row.get(prompt) and row.get(label)]
    answers = [str(row.get(answer) or "-") if answer else "-" for row in rows]
    return Labelled([row[prompt] for row in rows], answers, [row[label].replace("\xa0", " ") for row in rows])


def read_sample(name: str) -> Labelled:
    """First turns of the project's own sample data."""
    found = Labelled([], [], [])
    for row in lines(ROOT / "sample_data" / f"{name}.jsonl"):
        turns = [one for one in row.get("messages") or [] if isinstance(one, dict) and one.get("role") != "system"]
        if row.get("task_type") and len(turns) > 1 and isinstance(turns[1].get("content"), str):
            found.prompts.append(turns[0]["content"])
            found.answers.append(turns[1]["content"])
            found.labels.append(row["task_type"])
    return found


def measured(data: Labelled, labels: Sequence[str | None], embedder: Embedder | None, cache: Path) -> Any:
    """The metric's output, and record number → row of its table."""
    rows = [
        {"id": str(at), "prompt": prompt, "answer": answer, **({"task_type": label} if label else {})}
        for at, (prompt, answer, label) in enumerate(zip(data.prompts, data.answers, labels, strict=True))
    ]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "tables").mkdir()
        ingest(rows, Path(folder))
        settings = load_settings({"embedder": "default" if embedder else "none"})
        inputs = Inputs(Corpus.open(Path(folder)), settings, embedder, cache, "benchmark", silent)
        output = task_type_suggestions(inputs)
    table = output.tables.get("task_type_suggestions")
    return output.results[0].info, {int(row["record_id"]): row for row in table.to_pylist()} if table else {}


def words(text: str) -> list[str]:
    """Words, Chinese cut by a dictionary."""
    return [word for word in rjieba.cut(text.lower()) if word.strip()]


def baseline(texts: Sequence[str], labels: Sequence[str], test: Sequence[str]) -> list[list[str]]:
    """Labels that logistic regression on TF-IDF gives, one list a strength."""
    vectors = make_union(
        TfidfVectorizer(tokenizer=words, token_pattern=None, ngram_range=(1, 2), sublinear_tf=True),
        TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True),
    )
    fit, judged = vectors.fit_transform(texts), vectors.transform(test)
    return [
        LogisticRegression(C=strength, max_iter=300).fit(fit, labels).predict(judged).tolist() for strength in STRENGTHS
    ]


def level_1(label: str) -> str:
    return " - ".join(levels_of(label, None)[:1])


def same(told: str, label: str) -> bool:
    return told == " - ".join(levels_of(label, None)[:2])


def hidden_once(data: Labelled, seed: int, embedder: Embedder | None, cache: Path) -> dict[str, float]:
    """One draw of hidden labels; records whose prompt also stands among the labelled ones are not counted."""
    order = np.random.default_rng(seed).permutation(len(data))
    hide = set(order[: round(HIDDEN * len(data))].tolist())
    start = time.process_time()
    info, rows = measured(data, [None if at in hide else one for at, one in enumerate(data.labels)], embedder, cache)
    seconds = time.process_time() - start
    seen = {data.prompts[at] for at in range(len(data)) if at not in hide}
    test = sorted(at for at in hide if data.prompts[at] not in seen)
    train = [at for at in range(len(data)) if at not in hide]
    truth = [data.labels[at] for at in test]
    right = np.array([same(rows[at]["suggested"], label) for at, label in zip(test, truth, strict=True)])
    right_1 = np.array([rows[at]["suggested_1"] == level_1(label) for at, label in zip(test, truth, strict=True)])
    sure = np.array([rows[at]["confidence"] >= info["cut"] for at in test])
    sure_1 = np.array([rows[at]["confidence_1"] >= info["cut"] for at in test])
    out = {
        "accuracy": right.mean(),
        "accuracy_1": right_1.mean(),
        "at_cut": right[sure].mean() if sure.any() else np.nan,
        "coverage": sure.mean(),
        "at_cut_1": right_1[sure_1].mean() if sure_1.any() else np.nan,
        "coverage_1": sure_1.mean(),
        "confidence": np.mean([rows[at]["confidence"] for at in test]),
        "promised": info["levels"][0]["accuracy"],
        "promised_at_cut": info["levels"][0]["accuracy_at_cut"] or np.nan,
        "seconds": seconds,
    }
    labels = [data.labels[at] for at in train]
    for name, text in (("prompt", data.prompts), ("both", [f"{p}\n{a}" for p, a in zip(data.prompts, data.answers)])):  # noqa: B905
        told = baseline([text[at] for at in train], labels, [text[at] for at in test])
        out[f"lr_{name}"] = max(np.mean([a == b for a, b in zip(one, truth, strict=True)]) for one in told)
    return out


def swapped_once(data: Labelled, seed: int, embedder: Embedder | None, cache: Path) -> dict[str, float]:
    """A twentieth of the labels exchanged for others at random, and what the review list holds of them."""
    random = np.random.default_rng(seed)
    names = sorted(set(data.labels))
    wrong = set(random.permutation(len(data))[: round(SWAPPED * len(data))].tolist())
    labels = [
        names[(names.index(one) + int(random.integers(1, len(names)))) % len(names)] if at in wrong else one
        for at, one in enumerate(data.labels)
    ]
    info, rows = measured(data, labels, embedder, cache)
    found = {at for at, row in rows.items() if row["kind"] == "disagrees"}
    back = [same(rows[at]["suggested"], data.labels[at]) for at in found & wrong]
    return {
        "share": info["doubted_share"],
        "recall": len(found & wrong) / len(wrong),
        "precision": len(found & wrong) / max(len(found), 1),
        "back": float(np.mean(back)) if back else np.nan,
    }


def two_types(count: int = 800) -> Labelled:
    """Made records of two types that their words tell apart."""
    random = np.random.default_rng(0)
    words = [" ".join(random.choice([f"word{n}" for n in range(200)], 6)) for _ in range(count)]
    asks, replies = ("Write a poem about", "Translate into Chinese:"), ("O sea", "译文")
    return Labelled(
        [f"{asks[at % 2]} {text}" for at, text in enumerate(words)],
        [f"{replies[at % 2]} {text}" for at, text in enumerate(words)],
        [("poem", "translation")[at % 2] for at in range(count)],
    )


def doubted_at_random(data: Labelled, share: float, seed: int, embedder: Embedder | None, cache: Path) -> float:
    """Share of labels in doubt once `share` of them are drawn at random; NaN where nothing is said."""
    random, names, labels = np.random.default_rng(seed), sorted(set(data.labels)), list(data.labels)
    for at in random.permutation(len(data))[: round(share * len(data))].tolist():
        labels[at] = names[random.integers(len(names))]
    return float(measured(data, labels, embedder, cache)[0].get("doubted_share", np.nan))


def span(values: Sequence[float]) -> str:
    """Least and most; a dash where nothing was said of any draw."""
    low, high = percent(float(np.min(values))), percent(float(np.max(values)))
    return low if low == high else f"{low} to {high}"


def means(runs: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: float(np.nanmean([run[name] for run in runs])) for name in runs[0]}


def percent(value: float) -> str:
    return "–" if np.isnan(value) else f"{100 * value:.1f}"


def table(heading: str, rows: Sequence[Sequence[str]]) -> None:
    if not rows:
        return
    print(f"{heading}\n|{'---|' * (heading.count('|') - 1)}")
    print("\n".join(f"| {' | '.join(row)} |" for row in rows), end="\n\n")


class Bench:
    """The runs over all sets, with vectors kept in `home`."""

    def __init__(self, home: Path, seeds: int) -> None:
        self.home, self.seeds = home, range(seeds)
        self.embedders = {"default": open_embedder("default"), "none": None}

    def runs(self, of: Callable[..., dict[str, float]], data: Labelled, name: str) -> dict[str, float]:
        return means([of(data, seed, self.embedders[name], self.home) for seed in self.seeds])

    def noise(self, title: str, data: Labelled, names: Sequence[str]) -> list[list[str]]:
        """Shares doubted with labels at random, one row an embedder."""
        return [
            [title, name]
            + [
                span([doubted_at_random(data, share, seed, self.embedders[name], self.home) for seed in self.seeds])
                for share in AT_RANDOM
            ]
            for name in names
        ]

    def hidden(self, title: str, data: Labelled) -> tuple[list[str], list[list[str]]]:
        """The row on accuracy, and the rows on the confidence cut."""
        found = {name: self.runs(hidden_once, data, name) for name in self.embedders}
        best = found["default"]
        figures = (best["accuracy"], best["accuracy_1"], found["none"]["accuracy"], best["lr_prompt"], best["lr_both"])
        size = (title, str(len(data)), str(len(set(data.labels))))
        keys = ("at_cut", "promised_at_cut", "coverage", "at_cut_1", "coverage_1", "accuracy", "promised", "confidence")
        cuts = [[title, name, *(percent(one[key]) for key in keys)] for name, one in found.items()]
        return [*size, *map(percent, figures), f"{best['seconds']:.1f}"], cuts

    def swapped(self, title: str, data: Labelled) -> list[str]:
        one = self.runs(swapped_once, data, "default")
        clean = measured(data, data.labels, self.embedders["default"], self.home)[0]["doubted_share"]
        return [title, percent(clean), *(percent(one[key]) for key in ("share", "recall", "precision", "back"))]


def sets_at_hand() -> dict[str, Labelled]:
    if not DATA.is_dir():
        raise SystemExit(f"no data at {DATA}: set DIVERSITY_SHARED_DATA")
    return {
        "BELLE v10": read(DATA / "belle_eval" / "v10.json", "question", "std_answer", "class"),
        "WizardLM": read(DATA / "wizardlm" / "WizardLM_testset.jsonl", "Instruction", None, "Skill"),
        "sample v2 (tuned on)": read_sample("v2"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, help="folder of vectors kept between runs")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only-random", action="store_true", help="only the table of labels at random")
    options = parser.parse_args()
    sets = sets_at_hand()
    with tempfile.TemporaryDirectory() as kept:
        home = Path(kept)
        if options.cache:
            (home / "embeddings").symlink_to(options.cache.absolute(), target_is_directory=True)
        bench = Bench(home, options.seeds)
        noise = bench.noise("two made types", two_types(), ["none"])
        for title, data in sets.items():
            noise += bench.noise(title, data, list(bench.embedders))
        if not options.only_random:
            print_hidden([bench.hidden(title, data) for title, data in sets.items()])
            print_swapped([bench.swapped(title, data) for title, data in sets.items()])
    heads = " | ".join(f"{percent(share)}% at random" for share in AT_RANDOM)
    table(f"| set | embedder | doubted %: {heads} |", noise)


def print_hidden(found: Sequence[tuple[list[str], list[list[str]]]]) -> None:
    table(
        "| set | records | types | suggestion right % | level 1 right % | without embedder % | TF-IDF + LR, prompt % | "
        "TF-IDF + LR, prompt and answer % | CPU s |",
        [row for row, _ in found],
    )
    table(
        "| set | embedder | right at confidence 0.8 % | promised % | coverage % | level 1: right at 0.8 % | "
        "coverage % | right in all % | promised % | mean confidence % |",
        [cut for _, cuts in found for cut in cuts],
    )


def print_swapped(rows: Sequence[Sequence[str]]) -> None:
    table(
        "| set | doubted as it is % | doubted with 5% swapped % | swaps found % | of the list swapped % | "
        "of these the old label suggested % |",
        rows,
    )


if __name__ == "__main__":
    main()
