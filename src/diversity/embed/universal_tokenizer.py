"""Token ids of the embedded default model, from its own vocabulary file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from diversity.cores import CORES

UNKNOWN, BEGIN, END = 0, 1, 2
_SURROGATE = re.compile("[\ud800-\udfff]")


class UniversalTokenizer:
    """Texts to ids, each as `<s> … </s>`; a text that holds nothing but white space becomes `<s> <unk> </s>`."""

    def __init__(self, path: Path, threads: int = CORES) -> None:
        from sentencepiece import SentencePieceProcessor

        self._processor = SentencePieceProcessor(model_file=str(path))
        self._threads = threads

    def encode(self, texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Ids of all texts in one flat array, and the number of ids of each text."""
        # Half a surrogate pair is no character of any encoding; the library refuses it.
        whole = [_SURROGATE.sub("?", text) for text in texts]
        rows: list[list[int]] = self._processor.encode(whole, num_threads=self._threads)
        for i, ids in enumerate(rows):
            if UNKNOWN in ids or not ids:
                rows[i] = self._with_unknown(whole[i], ids)
        lengths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows)) + 2
        ends = np.cumsum(lengths)
        flat = np.empty(int(lengths.sum()), dtype=np.int64)
        inner = np.ones(len(flat), dtype=bool)
        inner[ends - 1] = inner[ends - lengths] = False
        flat[inner] = np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=len(flat) - 2 * len(rows))
        flat[ends - lengths], flat[ends - 1] = BEGIN, END
        return flat, lengths

    def _with_unknown(self, text: str, ids: list[int]) -> list[int]:
        """One `<unk>` per unknown character: the library joins neighbours, the model knows them apart."""
        pieces: list[str] = self._processor.encode(text, out_type=str)
        counts = (len(piece) if piece_id == UNKNOWN else 1 for piece_id, piece in zip(ids, pieces, strict=True))
        return [piece_id for piece_id, count in zip(ids, counts, strict=True) for _ in range(count)] or [UNKNOWN]
