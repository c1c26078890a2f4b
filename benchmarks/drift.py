"""Does the comparison call drift what is drift, and nothing else? Real version pairs, and halves of one set as tables.

Version pairs whose difference is known, then the false alarms on random halves of one set, the power on halves into
which a known share of other records was put, and what is said of answers that collapsed into a few sentences.

    python benchmarks/drift.py [--cache DIR] [--store DIR] [--halves N] [--only pairs halves power collapse]

The data is read from `$DIVERSITY_SHARED_DATA` (default: `../shared/data` beside the repository).
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from diversity.analysis import analyze
from diversity.comparison import Comparison, compare
from diversity.comparison.diff import diff_records
from diversity.comparison.drift import Drift, DriftFound, find_drift
from diversity.corpus import RECORDS_FILE
from diversity.store import Store
from diversity.stored_report import REPORT_FILE, StoredReport
from diversity.tables import TABLES
from diversity.words.drift_sentence import drift_sentence

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("DIVERSITY_SHARED_DATA", ROOT.parent / "shared" / "data"))
PAIRS = (
    (
        "alpaca_zh first3252 v12 → v16 (English → Chinese)",
        "alpaca_zh/first3252_v12.json",
        "alpaca_zh/first3252_v16.json",
    ),
    ("alpaca_zh part00 v1 → v4 (few edits)", "alpaca_zh/part00_v1.json", "alpaca_zh/part00_v4.json"),
    ("belle_eval v01 → v05", "belle_eval/v01.json", "belle_eval/v05.json"),
    ("belle_eval v05 → v08", "belle_eval/v05.json", "belle_eval/v08.json"),
    ("belle_eval v08 → v10", "belle_eval/v08.json", "belle_eval/v10.json"),
)
TABLES_USED = ("lengths", "key_info_position")
HALF = 500
OTHER = ("math", "classification", "extract")
SHARES = (0.05, 0.1, 0.2, 0.4)
POWER_RUNS = 5
COLLAPSED = (0.05, 0.1, 0.2, 0.5, 0.9)
SENTENCES = (
    "I am sorry, but I am not able to help with that.",
    "That is something that I would rather not answer here.",
    "Please ask somebody who knows more about this matter.",
    "No answer can be given to this question at the moment.",
    "My guidelines do not let me say anything on this topic.",
)
# No map: nothing here looks at it, and UMAP would take most of the time.
SETTINGS = {"semantic_map.minimum_points": 1_000_000}


def measured(store: Store, name: str) -> StoredReport:
    """The file as one version, measured unless the store has it."""
    dataset, version = Path(name).parent.name, Path(name).stem
    if store.has(dataset, version):
        return store.load(dataset, version)
    task_type = "class" if dataset == "belle_eval" else None
    return analyze(
        DATA / name, dataset=dataset, version=version, store=store, settings=SETTINGS, task_type_field=task_type
    )


def ids_of(report: StoredReport) -> list[str]:
    """All record ids, in a fixed order."""
    found: list[str] = report.query("select record_id from records order by record_id")["record_id"].tolist()
    return found


def part(wholes: Sequence[StoredReport], ids: Sequence[str], folder: Path) -> StoredReport:
    """Some records of measured versions as a version of its own, without measuring them again."""
    (folder / TABLES).mkdir(parents=True, exist_ok=True)
    kept = pa.array(ids)
    for name in (RECORDS_FILE, *(f"{TABLES}/{table}.parquet" for table in TABLES_USED)):
        tables = [pq.read_table(whole.path / name) for whole in wholes]
        whole = pa.concat_tables(tables, promote_options="default")
        pq.write_table(whole.filter(pc.is_in(whole["record_id"], kept)), folder / name)
    shutil.copy(wholes[0].path / REPORT_FILE, folder / REPORT_FILE)
    return StoredReport(folder)


def drift(before: StoredReport, after: StoredReport) -> DriftFound:
    """Drift alone: the record diff is needed for the classifier's folds."""
    return find_drift(before, after, diff_records(before.path, after.path).to_pandas(), None)


def pairs(store: Store) -> Iterator[str]:
    """A table of the drifts of each known pair."""
    yield "| pair | respect | size | effect | p (Holm) | figures | only before, only after, of drawn |"
    yield "|---|---|---|---:|---:|---|---:|"
    seconds = []
    for title, *names in PAIRS:
        before, after = (measured(store, name) for name in names)
        start = time.process_time()
        found = drift(before, after)
        seconds.append(f"{title}: {time.process_time() - start:.1f} s")
        for one in found.drifts:
            if one.size is not None:
                yield _line(title, one)
    yield ""
    yield f"CPU time of the drift figures without a map: {'; '.join(seconds)}."


def _line(title: str, one: Drift) -> str:
    figures = ", ".join(f"{figure.name} {figure.value:.4f}" for figure in one.figures)
    drawn = f"{one.only_before:,}, {one.only_after:,} of {one.sample_size:,}"
    return f"| {title} | {one.of} | {one.size} | {one.effect:.2f} | {one.p_adjusted:.3f} | {figures} | {drawn} |"


def halves(store: Store, count: int) -> Iterator[str]:
    """False alarms: the set cut in two at random, and two random picks that share records, `count` times."""
    yield "| set | splits | any drift after Holm | any of small or more | p ≤ 0.05 per test, unadjusted | median AUC |"
    yield "|---|---:|---:|---:|---:|---:|"
    belle, alpaca = measured(store, "belle_eval/v05.json"), measured(store, "alpaca_zh/first3252_v16.json")
    for name, whole, most, cut in (
        ("belle_eval v05, halves", belle, None, _halves),
        ("belle_eval v05, two picks of 60% each", belle, None, _picks),
        ("alpaca_zh first3252 v16, halves of 1,000 records", alpaca, 1000, _halves),
    ):
        every = ids_of(whole)[:most]
        alarms = noticed = tests = hits = 0
        areas = []
        for seed in range(count):
            sides = cut(every, random.Random(seed))
            parts = (
                part([whole], own, store.root / "parts" / f"{name}-{seed}{v}")
                for own, v in zip(sides, "ab", strict=True)
            )
            found = drift(*parts).drifts
            told = [one for one in found if one.p is not None and one.of != "turn_count"]
            alarms += any(one.size not in ("none", "unclear") for one in told)
            noticed += any(one.size not in ("none", "tiny", "unclear") for one in told)
            tests, hits = tests + len(told), hits + sum(one.p <= 0.05 for one in told)
            areas += [figure.value for one in told for figure in one.figures if figure.name == "auc"]
        areas.sort()
        shares = f"{alarms / count:.1%} | {noticed / count:.1%} | {hits / max(tests, 1):.1%} of {tests}"
        yield f"| {name} | {count} | {shares} | {areas[len(areas) // 2]:.3f} |"


def _halves(ids: list[str], chance: random.Random) -> tuple[list[str], list[str]]:
    """Two versions that share nothing."""
    mixed = chance.sample(ids, len(ids))
    return mixed[::2], mixed[1::2]


def _picks(ids: list[str], chance: random.Random) -> tuple[list[str], list[str]]:
    """Two versions that share 60% of their records by chance."""
    size = round(0.6 * len(ids))
    return chance.sample(ids, size), chance.sample(ids, size)


def power(store: Store) -> Iterator[str]:
    """Two times 500 random Chinese records, a share of the second replaced by sums, classifications and extractions."""
    yield "| share replaced | prompt meaning found | median effect | largest drift | planted in the 20 surest |"
    yield "|---:|---:|---:|---|---:|"
    plain, other = measured(store, "alpaca_zh/first3252_v16.json"), measured(store, "belle_eval/v10.json")
    types = other.query("select record_id, task_type_1 from records order by record_id")
    usual, strange = ids_of(plain), types.loc[types["task_type_1"].isin(OTHER), "record_id"].tolist()
    for share in SHARES:
        caught, effects, names, sure = 0, [], Counter[str](), []
        for seed in range(POWER_RUNS):
            chance = random.Random(seed)
            mixed = chance.sample(usual, 2 * HALF)
            put = min(int(share * HALF), len(strange))
            later = [*mixed[HALF : 2 * HALF - put], *chance.sample(strange, put)]
            place = store.root / "parts" / f"{share}-{seed}"
            found = drift(part([plain], mixed[:HALF], place / "a"), part([plain, other], later, place / "b"))
            one = next(one for one in found.drifts if one.of == "prompt_meaning")
            caught += one.size not in ("none", "unclear")
            effects.append(one.effect or 0.0)
            names[found.drifts[0].of] += 1
            surest = found.records.query("field == 'prompt' and side == 'after'").nlargest(20, "sure")
            sure.append(surest["record_id"].isin(strange).mean())
        effects.sort()
        first = names.most_common(1)[0][0]
        yield (
            f"| {share:.0%} | {caught} of {POWER_RUNS} | {effects[len(effects) // 2]:.2f} | {first} "
            f"| {sum(sure) / len(sure):.0%} |"
        )


def collapse(store: Store) -> Iterator[str]:
    """Random alpaca records, a share of the answers replaced by one sentence or by one of five, and back again."""
    yield "| records | share | sentences | way | answer meaning | AUCs, MMD², p (Holm) | answer length | said |"
    yield "|---:|---:|---:|---|---|---|---|---|"
    source = json.loads((DATA / "alpaca_en" / "alpaca_data.json").read_text(encoding="utf-8"))
    for count in (300, 1500):
        chance = random.Random(count)
        rows = chance.sample([row for row in source if row["output"].strip()], count)
        plain = _planted(store, f"{count}", rows)
        for share, most in itertools.product(COLLAPSED, (1, len(SENTENCES))):
            chosen = chance.sample(range(count), round(share * count))
            later = list(rows)
            for at in chosen:
                later[at] = {**rows[at], "output": chance.choice(SENTENCES[:most])}
            planted = _planted(store, f"{count}-{share}-{most}", later)
            for name, pair in (("there", (plain, planted)), ("back", (planted, plain))):
                yield f"| {count:,} | {share:.0%} | {most} | {name} | {_collapse_said(compare(*pair))} |"


def _planted(store: Store, version: str, rows: list[dict[str, str]]) -> StoredReport:
    if store.has("collapse", version):
        return store.load("collapse", version)
    return analyze(rows, dataset="collapse", version=version, store=store, settings=SETTINGS)


def _collapse_said(found: Comparison) -> str:
    meaning, length = (next(one for one in found.drift if one.of == of) for of in ("answer_meaning", "answer_length"))
    figures = {figure.name: figure.value for figure in meaning.figures}
    areas = ", ".join(f"{figures[name]:.3f}" for name in ("auc", "nearness_auc") if name in figures)
    known = f"{areas}, {figures['mmd2']:.4f}, {meaning.p_adjusted:.3f}" if figures else meaning.reason
    sizes = [f"{one.size} {one.effect or 0:.2f}" for one in (meaning, length)]
    return f"{sizes[0]} | {known} | {sizes[1]} | {drift_sentence(found)}"


def main() -> None:
    """Prints every table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, help="folder of embeddings to share with other benchmarks")
    parser.add_argument("--store", type=Path, help="folder of reports, to keep the measured versions between runs")
    parser.add_argument("--halves", type=int, default=40, help="random splits a set")
    parser.add_argument(
        "--only", choices=("pairs", "halves", "power", "collapse"), nargs="*", help="leave out the others"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = Store(options.store or Path(folder))
        if options.cache and not (store.cache / "embeddings").exists():
            store.cache.mkdir(parents=True, exist_ok=True)
            (store.cache / "embeddings").symlink_to(options.cache.resolve())
        for name, title, lines in (
            ("pairs", "Known version pairs", pairs(store)),
            ("halves", "Random parts of one set: false alarms", halves(store, options.halves)),
            ("power", "Planted records", power(store)),
            ("collapse", "Answers that collapsed", collapse(store)),
        ):
            if options.only and name not in options.only:
                continue
            print(f"\n### {title}\n")
            for line in lines:
                print(line, flush=True)


if __name__ == "__main__":
    main()
