"""What placing texts by their nearly nearest neighbours costs and saves, against exact search.

Run: `python benchmarks/map_placement.py [--texts 20000] [--anchors 5000]`. Texts are the prompts and the answers of the
English and Chinese alpaca sets under DIVERSITY_SHARED_DATA (default ../shared/data), seen from their mean.
"""

from __future__ import annotations

import argparse
import random
import time

import numpy as np
from embedding import SETS, sample
from threadpoolctl import threadpool_limits

from diversity.embed.base import center
from diversity.embed.universal import UniversalEmbedder
from diversity.projection.layout import PLACED_AMONG
from diversity.projection.nearest import nearest, nearly_nearest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=20_000, help="per language")
    parser.add_argument("--anchors", type=int, default=5_000)
    options = parser.parse_args()
    embedder = UniversalEmbedder(device="cpu")
    print("| set | texts | anchors | same nearest | same five | cosine lost | exact s | nearly s |")
    print("|---|---|---|---|---|---|---|---|")
    for language in SETS:
        texts = sample(language, options.texts)
        random.Random(1).shuffle(texts)
        vectors, _ = center(embedder.encode(texts))
        anchors, queries = vectors[: options.anchors], vectors[options.anchors :]
        with threadpool_limits(1):
            nearest(queries[:10], anchors, PLACED_AMONG)
            start = time.perf_counter()
            exact, best = nearest(queries, anchors, PLACED_AMONG)
            middle = time.perf_counter()
            found, cosine = nearly_nearest(queries, anchors, PLACED_AMONG)
            end = time.perf_counter()
        shared = (exact[:, :, None] == found[:, None, :]).any(axis=2).mean()
        print(
            f"| alpaca {language} | {len(queries):,} | {len(anchors):,} | {np.mean(exact[:, 0] == found[:, 0]):.1%} "
            f"| {shared:.1%} | {np.mean(best[:, 0] - cosine[:, 0]):.1e} | {middle - start:.2f} | {end - middle:.2f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
