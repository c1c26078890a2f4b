"""Every shared data set through `diversity analyze`: rows, time, memory and duplication.

Run: `python benchmarks/shared_sets.py [--only NAME,…] [--store DIR]`. The sets lie under DIVERSITY_SHARED_DATA (default
../shared/data). Each analysis is a process of its own, cold (an empty store) unless `--store` names one. Seconds are
wall-clock of the whole process, peak memory its own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(os.environ.get("DIVERSITY_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
SETS = {
    "alpaca_en": ["alpaca_en/alpaca_data.json"],
    "alpaca_en_other_answers": ["alpaca_en/alpaca_en_demo_other_answers.json"],
    "alpaca_zh_v1": ["alpaca_zh/part00_v1.json"],
    "alpaca_zh_v4": ["alpaca_zh/part00_v4.json"],
    "alpaca_zh_v12": ["alpaca_zh/first3252_v12.json"],
    "alpaca_zh_v16": ["alpaca_zh/first3252_v16.json"],
    **{f"belle_{version}": [f"belle_eval/{version}.json"] for version in ("v01", "v05", "v08", "v10")},
    "toolformer_dedupe": ["gpteacher_toolformer/toolformer-dedupe-only.json"],
    **{
        f"toolformer_{cut}": [f"gpteacher_toolformer/toolformer-similarity-{cut}.json"] for cut in ("0.9", "0.7", "0.6")
    },
    "moss": ["moss/moss_sft_samples_1120.jsonl"],
    "glaive_zh_en": [f"glaive_toolcall/glaive_toolcall_{language}_demo.json" for language in ("zh", "en")],
    "identity": ["identity/identity.json"],
    "seed_tasks": ["seed_tasks/en.jsonl", "seed_tasks/zh.jsonl"],
    "broken_midway": ["broken/invalid_json_midway.json"],
    "broken_named_json": ["broken/jsonl_named_json.json"],
    "broken_bad_lines": ["broken/jsonl_with_bad_lines.json"],
}
COLUMNS = (
    "set",
    "rows read",
    "set aside",
    "shape",
    "seconds",
    "peak MiB",
    "exact repeats (strip)",
    "answer duplication",
    "exact / near / semantic",
    "prompt duplication",
)


@dataclass(frozen=True)
class Run:
    """One finished analysis: its exit code, report (None when it ended with an error) and cost."""

    code: int
    report: dict[str, Any] | None
    seconds: float
    peak_bytes: int
    message: str


def analyze(paths: list[Path], name: str, version: str, store: Path, *options: str) -> Run:
    """Runs the command line in a process of its own and measures that process."""
    command = [sys.executable, "-m", "diversity.cli", "analyze", *map(str, paths)]
    command += ["--dataset", name, "--version", version, "--store", str(store), "--json", "--quiet", *options]
    start = time.perf_counter()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(command, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        code = process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        report = json.loads(out.read()) if code == 0 else None
        return Run(code, report, seconds, usage.ru_maxrss * 1024, err.read().decode().strip()[-300:])


def figure(report: dict[str, Any], metric: str) -> dict[str, Any]:
    return next(result for result in report["results"] if result["metric"] == metric)


def row(name: str, run: Run) -> str:
    """One Markdown row."""
    if run.report is None:
        return f"| {name} | exit {run.code}: {run.message} | | | | | | | | |"
    answers, prompts = figure(run.report, "answer_duplication"), figure(run.report, "prompt_duplication")
    rows = run.report["rows"]
    cells = [
        name,
        f"{rows['read']:,}",
        f"{rows['set_aside']:,}",
        run.report["intake"]["shape"],
        f"{run.seconds:.1f}",
        f"{run.peak_bytes / 2**20:,.0f}",
        f"{answers['info']['strip']['repeats']:,}",
        f"{answers['value']:.2%}" if answers["value"] is not None else answers["reason"],
        " / ".join(f"{answers['info'][f'{kind}_repeats']:,}" for kind in ("exact", "near", "semantic")),
        f"{prompts['value']:.2%}" if prompts["value"] is not None else prompts["reason"],
    ]
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", help="names, comma-separated")
    parser.add_argument("--store", type=Path)
    options = parser.parse_args()
    chosen = options.only.split(",") if options.only else list(SETS)
    print("| " + " | ".join(COLUMNS) + " |\n" + "|---" * len(COLUMNS) + "|")
    for name in chosen:
        with tempfile.TemporaryDirectory() as folder:
            store = options.store or Path(folder)
            print(row(name, analyze([ROOT / path for path in SETS[name]], name, "v1", store, "--replace")), flush=True)


if __name__ == "__main__":
    main()
