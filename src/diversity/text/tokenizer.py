"""Token counts: what lengths are measured in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from diversity.cores import CORES
from diversity.errors import UsageError

# Encodings that travel inside the quicktok package, under the names users know them by.
BUNDLED = {"qwen3": "qwen3", "o200k": "o200k_base", "cl100k": "cl100k_base", "llama3": "llama3"}

TokenCounter = Callable[[Sequence[str]], NDArray[np.int64]]


@cache
def open_tokenizer(name: str) -> TokenCounter:
    """A function from texts to their token counts, shape (n,).

    `name` is one of BUNDLED or the path of a Hugging Face `tokenizer.json`. Special tokens are
    counted as the plain text they are written in.

    Raises:
        UsageError: the name is neither.
    """
    require_tokenizer(name)
    return _bundled(BUNDLED[name]) if name in BUNDLED else _from_file(Path(name))


def require_tokenizer(name: str) -> None:
    """Raises UsageError where `open_tokenizer` would not know the name: at once, and not after minutes of work."""
    if name not in BUNDLED and not Path(name).is_file():
        raise UsageError(
            f"There is no tokenizer {name!r}: use one of {', '.join(BUNDLED)} or the path of a tokenizer.json.",
            "no_tokenizer",
            name=name,
            known=", ".join(BUNDLED),
        )


def tokenizer_key(name: str) -> str:
    """What the counts of that tokenizer depend on: its name, or the content of its file."""
    path = Path(name)
    if name in BUNDLED or not path.is_file():
        return name
    return f"{path.stem}-{hashlib.blake2b(path.read_bytes(), digest_size=8).hexdigest()}"


def count_tokens(texts: Iterable[Sequence[str]], tokenizer: str) -> NDArray[np.int64]:
    """(n,) tokens of every text, the texts given as batches."""
    counter = open_tokenizer(tokenizer)
    counts = [counter(batch) for batch in texts]
    return np.concatenate(counts) if counts else np.empty(0, dtype=np.int64)


def _bundled(encoding: str) -> TokenCounter:
    import quicktok

    tokenizer = quicktok.get_encoding(encoding)

    def count(texts: Sequence[str]) -> NDArray[np.int64]:
        return np.asarray(quicktok.count_batch(tokenizer, list(texts), threads=CORES), dtype=np.int64)

    return count


def _from_file(path: Path) -> TokenCounter:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises plain Exception for every unreadable file
        raise UsageError(f"{path} is not a tokenizer.json that the tokenizers library can read: {error}") from error

    def count(texts: Sequence[str]) -> NDArray[np.int64]:
        encoded = tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return np.fromiter((len(one.ids) for one in encoded), dtype=np.int64, count=len(encoded))

    return count
