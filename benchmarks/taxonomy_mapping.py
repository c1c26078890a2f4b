"""Do freely worded labels find their item? The golden labels of the three taxonomies, in two halves.

The labels (tests/golden/taxonomy_labels.jsonl, the project's own) are none of the items' names or aliases. One half,
drawn by a hash of the text, settled the cut in cosine; the other is held out.

    python benchmarks/taxonomy_mapping.py [--cache DIR]
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diversity.embed import embed_texts, open_embedder
from diversity.embed.base import unit_rows
from diversity.embed.unrelated import SENTENCES
from diversity.taxonomies import Label, match_labels, open_taxonomies

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden" / "taxonomy_labels.jsonl"


def half(row: dict[str, Any]) -> int:
    """0 for the half that settled the cut, 1 for the one held out."""
    return hashlib.blake2b((row["taxonomy"] + row["label"]).encode(), digest_size=1).digest()[0] % 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, help="folder of vectors kept between runs")
    options = parser.parse_args()
    embedder = open_embedder("default")
    assert embedder is not None

    def embed(texts: Sequence[str]) -> NDArray[np.float32]:
        rows = embed_texts([*SENTENCES, *texts], embedder, options.cache).rows()
        return unit_rows(rows[len(SENTENCES) :] - rows[: len(SENTENCES)].mean(axis=0))

    rows = [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]
    print("| half | how | labels | with an item | mapped | right | precision % | recall % |\n|" + "---|" * 8)
    for number, name in enumerate(("settled the cut", "held out")):
        for how, with_embedder in (("names inside and likeness", True), ("names inside only", False)):
            own = [row for row in rows if half(row) == number]
            said = right = 0
            for taxonomy in open_taxonomies("instructgpt"):
                here = [row for row in own if row["taxonomy"] == taxonomy.name]
                labels = [Label(row["label"], None, 1) for row in here]
                found = match_labels(taxonomy, labels, embed if with_embedder else None, len(labels))
                said += sum(one.item is not None for one in found)
                right += sum(one.item == row["item"] is not None for one, row in zip(found, here, strict=True))
            wanted = sum(row["item"] is not None for row in own)
            shares = f"{100 * right / said:.0f} | {100 * right / wanted:.0f}"
            print(f"| {name} | {how} | {len(own)} | {wanted} | {said} | {right} | {shares} |")


if __name__ == "__main__":
    main()
