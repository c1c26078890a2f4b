"""Token ids of the embedded default model, from its own vocabulary file, with the work done in compiled code.

The vocabulary is a SentencePiece unigram model in an early layout: ModelProto field 1 holds the pieces (1 = text,
2 = score), field 3 holds in its own field 2 the compiled character map of the `nmt_nfkc` normaliser (a darts-clone
double array followed by the replacement strings).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

UNKNOWN, BEGIN, END = 0, 1, 2
_SPACE = "▁"
_UNKNOWN_PIECE = "<unk>"
_ASTRAL = "\U00010000"
_SPACES = re.compile(" {2,}")
_SURROGATE = re.compile("[\ud800-\udfff]")


class UniversalTokenizer:
    """Texts to ids, each as `<s> … </s>`; a text that holds nothing but white space becomes `<s> <unk> </s>`."""

    def __init__(self, path: Path) -> None:
        from tokenizers import Tokenizer
        from tokenizers.models import Unigram

        pieces, charsmap = _read_model(path.read_bytes())
        self._normalize = CharacterMap(charsmap)
        self._tokenizer: Any = Tokenizer(Unigram(pieces, unk_id=UNKNOWN, byte_fallback=False))

    def encode(self, texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Ids of all texts in one flat array, and the number of ids of each text."""
        folded = [self.normalize(text) for text in texts]
        batch = self._tokenizer.encode_batch_fast(folded, add_special_tokens=False)
        rows: list[list[int]] = [encoding.ids for encoding in batch]
        for i, ids in enumerate(rows):
            if UNKNOWN in ids or not ids:
                rows[i] = self._with_unknown(folded[i])
        lengths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows)) + 2
        ends = np.cumsum(lengths)
        flat = np.empty(int(lengths.sum()), dtype=np.int64)
        inner = np.ones(len(flat), dtype=bool)
        inner[ends - 1] = inner[ends - lengths] = False
        flat[inner] = np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=len(flat) - 2 * len(rows))
        flat[ends - lengths], flat[ends - 1] = BEGIN, END
        return flat, lengths

    def normalize(self, text: str) -> str:
        """The text as the vocabulary wants it: NFKC-like folding, spaces joined and written as `▁`, one in front."""
        folded = _SPACES.sub(" ", self._normalize(text)).strip(" ")
        return (_SPACE + folded.replace(" ", _SPACE)).rstrip(_SPACE)

    def _with_unknown(self, folded: str) -> list[int]:
        """One `<unk>` per unknown character: the library joins neighbours, the model knows them apart."""
        encoding = self._tokenizer.encode(folded, add_special_tokens=False)
        ids: list[int] = []
        for piece_id, surface in zip(encoding.ids, encoding.tokens, strict=True):
            ids.extend([piece_id] * (len(surface.replace(_UNKNOWN_PIECE, "?")) if piece_id == UNKNOWN else 1))
        return ids or [UNKNOWN]


class CharacterMap:
    """Longest-match replacement by the compiled character map; a character without an entry stays as it is."""

    def __init__(self, charsmap: bytes) -> None:
        self._table = _charsmap_entries(charsmap)
        single = {key for key in self._table if len(key) == 1}
        longer = [key for key in self._table if len(key) > 1]
        first, rest = {key[0] for key in longer}, set(chain.from_iterable(key[1:] for key in longer))
        self._longest = max(map(len, self._table), default=1)
        runs = f"{_character_class(first)}{_character_class(rest)}+|" if longer else ""
        self._pattern = re.compile(runs + _character_class(single))

    def __call__(self, text: str) -> str:
        return self._pattern.sub(self._replace, _SURROGATE.sub("?", text))

    def _replace(self, match: re.Match[str]) -> str:
        found = match.group()
        return self._table.get(found, found) if len(found) == 1 else "".join(self._walk(found))

    def _walk(self, run: str) -> Iterator[str]:
        at = 0
        while at < len(run):
            size = next((n for n in range(self._longest, 0, -1) if run[at : at + n] in self._table), 0)
            key = run[at : at + size] if size else run[at]
            yield self._table.get(key, key)
            at += len(key)


def _character_class(characters: set[str]) -> str:
    """A class of the characters; of those beyond U+FFFF it holds all, because `re` has a fast class only below."""
    basic = "".join(map(re.escape, sorted(c for c in characters if c < _ASTRAL)))
    return f"[{basic}]" if all(c < _ASTRAL for c in characters) else f"(?:[{basic}]|[{_ASTRAL}-\U0010ffff])"


def _charsmap_entries(charsmap: bytes) -> dict[str, str]:
    """Key to replacement of every entry, by a breadth-first walk over the double array, one level of bytes at a time.

    A unit's children are the units whose position, with their own label taken off, is the unit's base.
    """
    size = struct.unpack_from("<I", charsmap)[0]
    units = np.frombuffer(charsmap, dtype="<u4", count=size // 4, offset=4).astype(np.int64)
    replacements = _strings_by_start(charsmap[4 + size :])
    label = units & 0x800000FF
    base = np.where((label > 0) & (label < 256), np.arange(len(units)) ^ label, -1)
    by_base = np.argsort(base, kind="stable")
    sorted_base = base[by_base]
    nodes, keys = _offset(units[:1]), np.empty((1, 0), dtype=np.uint8)
    entries: dict[str, str] = {}
    while len(nodes):
        first = np.searchsorted(sorted_base, nodes, "left")
        count = np.searchsorted(sorted_base, nodes, "right") - first
        row = np.repeat(np.arange(len(nodes)), count)
        within = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
        child = by_base[first[row] + within]
        unit = units[child]
        keys = np.column_stack([keys[row], label[child].astype(np.uint8)])
        nodes = child ^ _offset(unit)
        leaf = (unit & 0x100) != 0
        starts = (units[nodes[leaf]] & 0x7FFFFFFF).tolist()
        entries.update(zip(_decode_rows(keys[leaf]), map(replacements.__getitem__, starts), strict=True))
    return entries


def _strings_by_start(table: bytes) -> dict[int, str]:
    """Zero-terminated strings by the byte they start at."""
    parts = table.split(b"\0")
    starts = accumulate((len(part) + 1 for part in parts), initial=0)
    return {start: part.decode("utf-8") for start, part in zip(starts, parts, strict=False)}


def _decode_rows(rows: NDArray[np.uint8]) -> list[str]:
    """Each row of UTF-8 bytes (none of them zero) as a string."""
    ended = np.pad(rows, ((0, 0), (0, 1)))
    return ended.tobytes().decode("utf-8").split("\0")[:-1]


def _offset(units: NDArray[np.int64]) -> NDArray[np.int64]:
    return (units >> 10) << ((units & 0x200) >> 6)


def _read_model(data: bytes) -> tuple[list[tuple[str, float]], bytes]:
    pieces, at = _short_pieces(data)
    charsmap = b""
    for field, start, end in _fields(data, at, len(data)):
        if field == 1:
            pieces.append(_read_piece(data, start, end))
        elif field == 3:
            charsmap = next((data[s:e] for f, s, e in _fields(data, start, end) if f == 2), b"")
    return pieces, charsmap


def _short_pieces(data: bytes) -> tuple[list[tuple[str, float]], int]:
    """The pieces that the file begins with and where they end, as long as each has its text first, its score second and
    one byte for every length: twice as fast as reading field by field."""
    pieces, at, score = [], 0, struct.Struct("<f").unpack_from
    while data[at : at + 1] == b"\n" and data[at + 1] < 128 and data[at + 2] == 10 and data[at + 3] < 128:
        stop = at + 4 + data[at + 3]
        if data[stop] != 21:
            break
        pieces.append((data[at + 4 : stop].decode("utf-8"), score(data, stop + 1)[0]))
        at += 2 + data[at + 1]
    return pieces, at


def _read_piece(data: bytes, start: int, end: int) -> tuple[str, float]:
    text, score = "", 0.0
    for field, s, e in _fields(data, start, end):
        if field == 1:
            text = data[s:e].decode("utf-8")
        elif field == 2:
            score = struct.unpack_from("<f", data, s)[0]
    return text, score


def _fields(data: bytes, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """(field number, start, end) of each protobuf field in data[at:end]."""
    while at < end:
        tag, at = _varint(data, at)
        wire = tag & 7
        if wire == 2:
            size, at = _varint(data, at)
            stop = at + size
        elif wire == 0:
            stop = _varint(data, at)[1]
        else:
            stop = at + (8 if wire == 1 else 4)
        yield tag >> 3, at, stop
        at = stop


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while data[at] & 0x80:
        value |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
    return value | data[at] << shift, at + 1
