"""Are requests for a length found, and what becomes of them in real data?

First the hand-made golden phrasings (a third was never looked at while the parser was written): a request counts as
found when unit, relation, both numbers and scope are right. Then instruction data in English and Chinese: how many
prompts ask, and how many answers keep to it. `--show N` prints N requests drawn at random, to be judged by eye.

    python benchmarks/length_instruction.py [--show N] [--seed S]

The data is read from `$DIVERSITY_SHARED_DATA` (default: `../shared/data` beside the repository).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from diversity.corpus import Corpus
from diversity.features.inputs import Inputs
from diversity.features.length_request import RELATIONS, UNITS, parse_requests
from diversity.ingest import ingest
from diversity.metrics.base import MetricOutput
from diversity.metrics.length_instruction import TABLE, length_instruction
from diversity.progress import silent
from diversity.settings import load_settings

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("DIVERSITY_SHARED_DATA", ROOT.parent / "shared" / "data"))
GOLDEN = ROOT / "tests" / "golden" / "length_requests.jsonl"
SETS = (("alpaca en", "alpaca_en/alpaca_data.json"), ("alpaca zh", "alpaca_zh/part00_v4.json"))
AROUND = 60


def golden(part: str, language: str) -> tuple[int, int, int, int]:
    """Phrasings, requests found rightly, wrongly found, and missed."""
    counted = right = wrong = missed = 0
    for line in GOLDEN.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["part"] != part or row["language"] != language:
            continue
        counted += 1
        wanted = [tuple(one[key] for key in ("unit", "relation", "low", "high", "scope")) for one in row["requests"]]
        found = [(one.unit, one.relation, one.low, one.high, one.scope) for one in parse_requests(row["text"])]
        hits = sum(one in found for one in wanted)
        right, missed = right + hits, missed + len(wanted) - hits
        wrong += sum(one not in wanted for one in found)
    return counted, right, wrong, missed


def measured(path: Path) -> tuple[Inputs, MetricOutput, float]:
    """The metric over a data set, and its CPU seconds."""
    folder = Path(tempfile.mkdtemp())
    (folder / "tables").mkdir()
    ingest(path, folder)
    inputs = Inputs(Corpus.open(folder), load_settings({"embedder": "none"}), None, folder, "benchmark", silent)
    begin = time.process_time()
    output = length_instruction(inputs)
    return inputs, output, time.process_time() - begin


def counts(title: str, names: tuple[str, ...], infos: dict[str, dict[str, Any]], key: str) -> Iterator[str]:
    yield f"\n| {title} | " + " | ".join(f"{name}: requests | kept % | too short | too long" for name in infos) + " |"
    yield "|" + "---|" * (1 + 4 * len(infos))
    for name in names:
        cells = []
        for info in infos.values():
            one = info[key].get(name)
            total = sum(one.values()) if one else 0
            cells += (
                [str(total), f"{100 * one['kept'] / total:.1f}", str(one["too_short"]), str(one["too_long"])]
                if one
                else ["–"] * 4
            )
        if any(cell != "–" for cell in cells):
            yield f"| {name} | " + " | ".join(cells) + " |"


def show(inputs: Inputs, output: MetricOutput, number: int, seed: int) -> None:
    """Requests with what stands around them, for the eye alone."""
    rows = output.tables[TABLE].to_pylist()
    place = {
        key: at for at, key in enumerate(zip(*[c.to_pylist() for c in inputs.corpus.unit_keys().values()], strict=True))
    }
    for row in random.Random(seed).sample(rows, min(number, len(rows))):
        text = inputs.corpus.prompts[place[row["record_id"], row["turn"]]].as_py()
        start, end = row["span_start"], row["span_end"]
        marked = f"{text[max(0, start - AROUND) : start]}[[{text[start:end]}]]{text[end : end + AROUND]}"
        print(
            row["unit"],
            row["relation"],
            row["low"],
            row["high"],
            row["scope"],
            row["kept"],
            "|",
            " ".join(marked.split()),
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", type=int, default=0, help="requests of each set to print for judging by eye")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    print("| phrasings | language | number | requests | precision % | recall % |\n|" + "---|" * 6)
    for part in ("tuned", "held_out"):
        for language in ("zh", "en"):
            number, right, wrong, missed = golden(part, language)
            precision, recall = 100 * right / (right + wrong), 100 * right / (right + missed)
            print(f"| {part} | {language} | {number} | {right + missed} | {precision:.1f} | {recall:.1f} |")
    if not DATA.is_dir():
        raise SystemExit(f"no data at {DATA}: set DIVERSITY_SHARED_DATA")
    infos, shown = {}, []
    print("\n| set | prompts | that ask | % | requests | judged | kept % | short | long | long asked for | CPU s |")
    print("|" + "---|" * 11)
    for name, file in SETS:
        inputs, output, seconds = measured(DATA / file)
        info = infos[name] = output.results[0].info
        shown.append((inputs, output))
        asking = f"{info['units']:,} | {info['asking']:,} | {100 * info['asking_ratio']:.2f}"
        kept = f"{info['requests']:,} | {info['judged']:,} | {100 * info['kept'] / info['judged']:.1f}"
        off = f"{info['too_short']} | {info['too_long']} | {info['long']}"
        print(f"| {name} | {asking} | {kept} | {off} | {seconds:.1f} |")
    print("\n".join([*counts("unit", UNITS, infos, "by_unit"), *counts("relation", RELATIONS, infos, "by_relation")]))
    for inputs, output in shown if options.show else []:
        show(inputs, output, options.show, options.seed)


if __name__ == "__main__":
    main()
