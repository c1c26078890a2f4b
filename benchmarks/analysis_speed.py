"""A whole analysis against embedding alone, a second run, and a version that changed little; all in one go.

Run: `python benchmarks/analysis_speed.py`. Embedding alone is timed inside a process that embeds the same prompts and
answers through the same door into an empty cache. Every run is a process of its own, which keeps its byte code as any
installation does, whatever the shell says of it. Memory is the largest sum over
one more cold run and its children, shared pages counted once (Linux, proportional set size): counting pages slows what
it watches by a tenth, so what is timed is not watched.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from diversity.metrics import discover

ROOT = Path(os.environ.get("DIVERSITY_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
# Runs of the small change: a few seconds are easily disturbed.
RUNS = 3
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
# Metrics that read each record once; the others train, decompose or group samples anew for every version.
FIRST = (
    "task_type_coverage",
    "task_type_balance",
    "prompt_length",
    "answer_length",
    "answer_duplication",
    "prompt_duplication",
    "key_info_position",
    "instruction_position",
    "semantic_map",
)
EMBED_ALONE = """
import sys
from pathlib import Path
import pyarrow as pa
from diversity.corpus import Corpus
from diversity.embed import embed_texts, open_embedder
from diversity.ingest import ingest
folder = Path(sys.argv[2])
ingest(Path(sys.argv[1]), folder)
corpus = Corpus.open(folder)
import time
start = time.perf_counter()
texts = pa.chunked_array([*corpus.prompts.chunks, *corpus.answers.chunks], pa.large_string())
embed_texts(texts, open_embedder("default"), folder / "cache")
print(time.perf_counter() - start)
"""


def tree_bytes(pid: int) -> int:
    """Proportional set size of a process and its children."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        own = next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024
        children = [
            child for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
        ]
    except (OSError, StopIteration):
        return 0
    return own + sum(tree_bytes(int(child)) for child in children)


def run(command: Sequence[str]) -> tuple[float, str]:
    """Seconds and output of a command; its failure is an error."""
    start = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=ENVIRONMENT)
    return time.perf_counter() - start, done.stdout


def peak_bytes(command: Sequence[str]) -> int:
    """The most that a command and its children hold."""
    peak, process = 0, subprocess.Popen(command, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
    while process.poll() is None:
        peak = max(peak, tree_bytes(process.pid))
        time.sleep(0.25)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return peak


def analysis(path: Path, name: str, version: str, store: Path, skip: Sequence[str] = ()) -> list[str]:
    command = [sys.executable, "-m", "diversity.cli", "analyze", str(path), "--dataset", name, "--version", version]
    skipped = ["--set", f"skip_metrics={','.join(skip)}"] if skip else []
    return [*command, "--store", str(store), "--quiet", *skipped]


def small_change(folder: Path, skip: Sequence[str] = ()) -> tuple[float, float]:
    """Seconds of a version cold, and after one that shares nine texts in ten with it: medians of RUNS runs each."""
    first, second = (ROOT / "alpaca_zh" / f"part00_{version}.json" for version in ("v1", "v4"))
    cold, after = [], []
    for number in range(RUNS):
        chain, alone = folder / f"chain_{number}", folder / f"alone_{number}"
        run(analysis(first, "alpaca_zh", "v1", chain, skip))
        after.append(run(analysis(second, "alpaca_zh", "v4", chain, skip))[0])
        cold.append(run(analysis(second, "alpaca_zh", "v4", alone, skip))[0])
    return median(cold), median(after)


def print_small_change(what: str, cold: float, after: float) -> None:
    print(f"| alpaca_zh part00 v4, cold, {what} | {cold:.1f} | | |")
    print(f"| alpaca_zh part00 v4 after v1, {what} | {after:.1f} | {after / cold:.1%} of its cold run | ≤ 15% |")


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    alpaca = ROOT / "alpaca_en/alpaca_data.json"
    others = [metric.name for metric in discover() if metric.name not in FIRST]
    print("| what | seconds | ratio | goal |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        alone = float(run([sys.executable, "-c", EMBED_ALONE, str(alpaca), str(folder / "alone")])[1])
        print(f"| alpaca_en: embedding alone, cold | {alone:.1f} | | |")
        cold, _ = run(analysis(alpaca, "alpaca_en", "v1", folder / "en"))
        print(f"| alpaca_en: whole analysis, cold | {cold:.1f} | {cold / alone:.2f} × embedding alone | ≤ 1.5 |")
        again, _ = run(analysis(alpaca, "alpaca_en", "v2", folder / "en"))
        print(f"| alpaca_en: second run, nothing changed | {again:.1f} | {again / cold:.1%} of the cold run | ≤ 5% |")
        print_small_change("every metric", *small_change(folder / "every"))
        print_small_change("without the figures on samples", *small_change(folder / "some", others))
        peak = peak_bytes(analysis(alpaca, "alpaca_en", "v1", folder / "watched"))
    print(f"\nPeak memory of the cold alpaca_en analysis, all its processes: {peak / 2**20:,.0f} MiB (goal: 3 GB).")


if __name__ == "__main__":
    main()
