"""Vectors kept by the content of their text, so that an unchanged text is embedded once in a project's life.

One folder per embedder key. In it, shards: files that are never changed once they have their name. A shard is three
arrays in NumPy's file format, one after the other: (n, 2) uint64 keys, (n, d) float16 vectors, and (n, 1) uint32, the
CRC-32 of each vector's bytes. It is written under a temporary name, flushed to disk and renamed, so a process killed at
any moment leaves whole shards only, and any number of processes may add shards at once. A shard that does not read back
whole is left out with a warning; a row that is not what was written counts as missing. A checksum a row, because most
readers want few of a shard's rows: what is not read is not checked. Shards of earlier releases have none; of their rows
the length alone is looked at until they are merged.

float16 halves the folder (106 MB in place of 213 MB for 104,000 texts of 512 numbers). benchmarks/embedding.py measures
what it costs: a pair's cosine moves by less than 0.0001.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
import uuid
import warnings
import zlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from diversity.embed.base import unit_rows

_SUFFIX = ".vectors"
_COMPACT_ABOVE = 48
_UNIT_TOLERANCE = 0.01
_ROWS_AT_ONCE = 16384
_ABANDONED_SECONDS = 86_400


def text_keys(texts: Iterable[str]) -> NDArray[np.uint64]:
    """(n, 2) 128-bit BLAKE2b of each text's UTF-8 bytes, as two integers."""
    digests = b"".join(
        hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest() for text in texts
    )
    return np.frombuffer(digests, dtype="<u8").reshape(-1, 2)


def pack(vectors: NDArray[np.float32]) -> NDArray[np.float16]:
    """The vectors as they are kept."""
    return vectors.astype(np.float16)


def unpack(packed: NDArray[np.float16]) -> NDArray[np.float32]:
    """Unit rows of kept vectors. A first run takes its vectors through here too, so a second agrees to the bit."""
    return unit_rows(packed.astype(np.float32))


class _Shard(NamedTuple):
    path: Path
    keys: NDArray[np.uint64]
    vectors: NDArray[np.float16]
    sums: NDArray[np.uint32] | None

    def read(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """(n, d) vectors of the rows, and (n,) which of them still are what was written."""
        packed = self.vectors[rows]
        whole = np.ones(len(rows), dtype=bool) if self.sums is None else _sums(packed) == self.sums[rows]
        wide = packed.astype(np.float32)
        wide[~whole] = 0
        return wide, whole & _is_unit(wide)

    def whole(self) -> NDArray[np.bool_]:
        """(n,) which rows still are what was written."""
        rows = np.arange(len(self.keys))
        parts = [self.read(rows[at : at + _ROWS_AT_ONCE])[1] for at in range(0, len(rows), _ROWS_AT_ONCE)]
        return np.concatenate(parts) if parts else np.empty(0, dtype=bool)


class VectorCache:
    """The vectors of one embedder."""

    def __init__(self, root: Path, embedder_key: str) -> None:
        self.folder = root / _folder_name(embedder_key)
        self.folder.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(self.folder)
        self._shards = self._open_shards()
        if len(self._shards) > _COMPACT_ABOVE:
            self._compact()
        self._index()

    @property
    def dimension(self) -> int | None:
        """Numbers per vector, None while there are none."""
        return self._shards[0].vectors.shape[1] if self._shards else None

    def __len__(self) -> int:
        return len(self._sorted)

    def fill(self, keys: NDArray[np.uint64], out: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Writes the vectors of the known keys into their rows of `out`; (n,) which keys were known."""
        place = self._find(keys)
        known = place >= 0
        kept, asked = int(known.sum()), np.flatnonzero(known)
        while len(asked):
            known[asked] = self._read(self._order[place[asked]], asked, out)
            # A key whose row is damaged may have been added again: its next copy.
            asked = asked[~known[asked]]
            place[asked] = self._next(place[asked], keys[asked])
            asked = asked[place[asked] >= 0]
        if lost := kept - int(known.sum()):
            warnings.warn(f"{lost} vectors in {self.folder} are damaged; their texts are embedded again.", stacklevel=2)
        return known

    def _read(self, rows: NDArray[np.int64], into: NDArray[np.int64], out: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Writes the vectors at `rows` of all shards `into` those rows of `out`; (n,) which of them are whole."""
        good = np.zeros(len(rows), dtype=bool)
        for number, shard in enumerate(self._shards):
            first, end = self._first[number], self._first[number + 1]
            wanted = np.flatnonzero((rows >= first) & (rows < end))
            for at in range(0, len(wanted), _ROWS_AT_ONCE):
                part = wanted[at : at + _ROWS_AT_ONCE]
                wide, good[part] = shard.read(rows[part] - first)
                out[into[part]] = unit_rows(wide)
        return good

    def add(self, keys: NDArray[np.uint64], packed: NDArray[np.float16]) -> None:
        """Keeps (n, d) packed vectors on disk, for good once this returns. Caches opened from now on find them."""
        if len(keys):
            self._write(len(keys), packed.shape[1], [(keys, packed)])

    def _find(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        """(n,) place of each key's first copy among the sorted ones, -1 where unknown."""
        if not len(self._sorted) or not len(keys):
            return np.full(len(keys), -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(self._sorted[:, 0], keys[:, 0]), len(self._sorted) - 1)
        same = (self._sorted[at] == keys).all(axis=1)
        return np.where(same, at, -1)

    def _next(self, place: NDArray[np.int64], keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        """(n,) the place after each of `place` where the same key stands, else -1."""
        at = np.minimum(place + 1, len(self._sorted) - 1)
        same = (at > place) & (self._sorted[at] == keys).all(axis=1)
        return np.where(same, at, -1)

    def _index(self) -> None:
        counts = [len(shard.keys) for shard in self._shards]
        self._first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        keys = np.concatenate([shard.keys for shard in self._shards]) if self._shards else np.empty((0, 2), np.uint64)
        self._order = np.argsort(keys[:, 0], kind="stable")
        self._sorted = keys[self._order]

    def _open_shards(self) -> list[_Shard]:
        opened = [_open_shard(path) for path in sorted(self.folder.glob(f"*{_SUFFIX}"))]
        shards = [shard for shard in opened if shard is not None and len(shard.keys)]
        widths = {shard.vectors.shape[1] for shard in shards}
        if len(widths) > 1:
            raise ValueError(f"{self.folder} holds vectors of different lengths {sorted(widths)}")
        return shards

    def _compact(self) -> None:
        """One shard in place of many, of what is whole in them. The old ones go only when the new one is safe; a file
        in use elsewhere stays."""
        self._index()
        whole = np.concatenate([shard.whole() for shard in self._shards])[self._order]
        rows, keys = self._order[whole], self._sorted[whole]
        keep = np.zeros(len(self._order), dtype=bool)
        keep[rows[np.r_[True, (keys[1:] != keys[:-1]).any(axis=1)][: len(rows)]]] = True
        parts = [keep[a:b] for a, b in zip(self._first[:-1], self._first[1:], strict=True)]
        chosen = ((s.keys[k], s.vectors[k]) for s, k in zip(self._shards, parts, strict=True))
        merged = self._write(int(keep.sum()), self._shards[0].vectors.shape[1], chosen)
        old, self._shards = self._shards, []
        for shard in old:
            _remove(shard.path)
        again = _open_shard(merged)
        self._shards = [again] if again is not None else self._open_shards()

    def _write(self, rows: int, width: int, parts: Iterable[tuple[NDArray[np.uint64], NDArray[np.float16]]]) -> Path:
        name = uuid.uuid4().hex
        temporary, final = self.folder / f"{name}.tmp", self.folder / f"{name}{_SUFFIX}"
        try:
            with temporary.open("wb") as file:
                _write_arrays(file, rows, width, list(parts))
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(final)
        finally:
            temporary.unlink(missing_ok=True)
        _sync_folder(self.folder)
        return final


def _write_arrays(
    file: BinaryIO, rows: int, width: int, parts: list[tuple[NDArray[np.uint64], NDArray[np.float16]]]
) -> None:
    columns: list[tuple[str, int, Iterable[NDArray[np.generic]]]] = [
        ("<u8", 2, (keys for keys, _ in parts)),
        ("<f2", width, (vectors for _, vectors in parts)),
        ("<u4", 1, (_sums(vectors) for _, vectors in parts)),
    ]
    for dtype, count, arrays in columns:
        npy.write_array_header_1_0(file, {"descr": dtype, "fortran_order": False, "shape": (rows, count)})
        for array in arrays:
            file.write(np.ascontiguousarray(array, dtype=dtype).data)


def _sums(vectors: NDArray[np.float16]) -> NDArray[np.uint32]:
    """(n,) CRC-32 of each row's bytes."""
    rows = np.ascontiguousarray(vectors, dtype="<f2")
    return np.fromiter(map(zlib.crc32, rows), dtype=np.uint32, count=len(rows))


def _open_shard(path: Path) -> _Shard | None:
    try:
        with path.open("rb") as file:
            keys = _read_array(file, "<u8")
            shape = _read_header(file, "<f2")
            offset = file.tell()
            end = file.seek(2 * shape[0] * shape[1], os.SEEK_CUR)
            sums = _read_array(file, "<u4")[:, 0] if os.fstat(file.fileno()).st_size != end else None
            if len(keys) != shape[0] or (sums is not None and len(sums) != shape[0]) or file.read(1):
                raise ValueError("not matching arrays")
        vectors = np.memmap(path, dtype="<f2", mode="r", offset=offset, shape=shape)
    except FileNotFoundError:
        return None
    except Exception as error:  # NumPy's reader of headers raises what a damaged one happens to lead to
        warnings.warn(f"Vector cache file {path} cannot be read ({error}); its texts are embedded again.", stacklevel=2)
        return None
    return _Shard(path, keys, vectors, sums)


def _read_array(file: BinaryIO, dtype: str) -> NDArray[Any]:
    shape = _read_header(file, dtype)
    left = os.fstat(file.fileno()).st_size - file.tell()
    if shape[0] * shape[1] * np.dtype(dtype).itemsize > left:
        raise ValueError("cut off")
    return np.fromfile(file, dtype=dtype, count=shape[0] * shape[1]).reshape(shape)


def _read_header(file: BinaryIO, dtype: str) -> tuple[int, int]:
    npy.read_magic(file)
    shape, fortran, found = npy.read_array_header_1_0(file)
    if len(shape) != 2 or min(shape) < 0 or fortran or found != np.dtype(dtype):
        raise ValueError("not a table")
    rows, columns = shape
    return rows, columns


def _is_unit(vectors: NDArray[np.float32]) -> NDArray[np.bool_]:
    squares = np.einsum("ij,ij->i", vectors, vectors)
    near: NDArray[np.bool_] = np.abs(squares - 1) < _UNIT_TOLERANCE
    return near


def _folder_name(embedder_key: str) -> str:
    """A readable start and a digest of the whole: the key may hold a model's path."""
    readable = re.sub(r"[^A-Za-z0-9._-]+", "-", embedder_key)[:48].strip("-.")
    return f"{readable}-{hashlib.blake2b(embedder_key.encode(), digest_size=8).hexdigest()}"


def _remove_abandoned(folder: Path) -> None:
    """Files that a killed process left half written; a day is longer than any write."""
    for path in folder.glob("*.tmp"):
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > _ABANDONED_SECONDS:
                _remove(path)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except PermissionError:
        warnings.warn(f"Vector cache file {path} is in use and stays; it is merged already.", stacklevel=2)


def _sync_folder(folder: Path) -> None:
    """Makes the rename itself durable, where folders can be flushed."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
