"""Earlier maps: the map of a new version shows old records, and the clusters they make, where the reader knows them and
under the names he knows."""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray

from diversity.projection.clusters import Names

MAX_MAPS = 8
# Of a larger set the places of this many texts are kept, and of all that a map was fitted to; others are found again.
MOST_TEXTS = 200_000
KEY = np.dtype("S32")

Keys = NDArray[np.bytes_]


class Known(NamedTuple):
    """What the map in `path` says of n texts: which of them it was fitted to (n,), their places (n, 2) and clusters
    (n,), NaN and -1 for those it does not know, and its clusters' names."""

    path: Path
    fitted: NDArray[np.bool_]
    xy: NDArray[np.float32]
    cluster: NDArray[np.int64]
    names: Names


class KnownMaps:
    """Maps kept in `folder`, one .npz each: `keys` (n,) hex content keys, first those of the texts that the map was
    `fitted` to, in order, then those of texts placed among them, in order; `xy` (n, 2) float32, `cluster` (n,) int64,
    `names` the JSON text of each cluster's words by its number."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __bool__(self) -> bool:
        return bool(self._maps())

    def best(self, keys: Keys, wanted: NDArray[np.int64]) -> Known | None:
        """What the map that was fitted to most of the `wanted` of `keys` says of all of them, the newest of several;
        None when there is no map."""
        counts = [(self._fitted_among(path, keys[wanted]), path) for path in reversed(self._maps())]
        for _, path in sorted(counts, key=lambda one: -one[0]):
            found = self._located(path, keys)
            if found is not None:
                return found
        return None

    def save(self, keys: Keys, xy: NDArray[np.float32], cluster: NDArray[np.int64], names: Names) -> Path:
        """Keeps a map that was fitted to these texts, and returns where; the least used go when there are more than
        MAX_MAPS."""
        self.folder.mkdir(parents=True, exist_ok=True)
        # Named by what it is: two versions on maps of one name stand on one map.
        name = hashlib.blake2b(keys.tobytes() + xy.tobytes(), digest_size=16).hexdigest()
        path = self.folder / f"{name}.npz"
        _write(path, _Stored(keys, len(keys), xy, cluster, names))
        for old in self._maps()[:-MAX_MAPS]:
            old.unlink(missing_ok=True)
        return path

    def add(self, path: Path, keys: Keys, xy: NDArray[np.float32], cluster: NDArray[np.int64]) -> None:
        """Keeps the places of texts that the map in `path` did not know beside what it holds, while there is room."""
        stored = _read(path)
        if stored is not None:
            every = np.concatenate([stored.keys, keys])
            places, clusters = np.concatenate([stored.xy, xy]), np.concatenate([stored.cluster, cluster])
            _write(path, _Stored(every, stored.fitted, places, clusters, stored.names))

    def _maps(self) -> list[Path]:
        """The one written to longest ago first."""
        stamped = []
        for path in self.folder.glob("[!.]*.npz") if self.folder.is_dir() else ():
            with suppress(FileNotFoundError):  # another run may be removing the oldest
                stamped.append((path.stat().st_mtime_ns, path))
        return [path for _, path in sorted(stamped)]

    @staticmethod
    def _fitted_among(path: Path, keys: Keys) -> int:
        """How many of `keys` a map was fitted to. What is not a whole map goes."""
        try:
            with np.load(path, allow_pickle=False) as stored:
                return int((_places(stored["keys"][: _fitted_count(stored)], keys) >= 0).sum())
        except _DAMAGED:
            path.unlink(missing_ok=True)
            return 0

    @staticmethod
    def _located(path: Path, keys: Keys) -> Known | None:
        stored = _read(path)
        if stored is None:
            return None
        fitted = _places(stored.keys[: stored.fitted], keys)
        place = np.where(fitted >= 0, fitted, _places(stored.keys[stored.fitted :], keys, stored.fitted))
        xy, cluster = np.full((len(keys), 2), np.nan, np.float32), np.full(len(keys), -1, np.int64)
        hit = place >= 0
        xy[hit], cluster[hit] = stored.xy[place[hit]], stored.cluster[place[hit]]
        return Known(path, fitted >= 0, xy, cluster, stored.names)


class _Stored(NamedTuple):
    keys: Keys
    fitted: int
    xy: NDArray[np.float32]
    cluster: NDArray[np.int64]
    names: Names


_DAMAGED = (OSError, ValueError, KeyError, EOFError, BadZipFile)


def _read(path: Path) -> _Stored | None:
    """A whole map, or None. What is not whole goes: no later run should try it again."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            names = {int(number): tuple(words) for number, words in json.loads(str(stored["names"])).items()}
            return _Stored(stored["keys"], _fitted_count(stored), stored["xy"], stored["cluster"], names)
    except _DAMAGED:
        path.unlink(missing_ok=True)
        return None


def _fitted_count(stored: NpzFile) -> int:
    """Maps of earlier versions hold nothing else than what they were fitted to."""
    return int(stored["fitted"]) if "fitted" in stored.files else len(stored["keys"])


def _write(path: Path, stored: _Stored) -> None:
    """Puts a map where another may lie, cut to MOST_TEXTS and in order."""
    kept = slice(max(stored.fitted, MOST_TEXTS))
    keys = stored.keys[kept].astype(KEY)
    order = np.concatenate([np.argsort(keys[: stored.fitted]), stored.fitted + np.argsort(keys[stored.fitted :])])
    unfinished = path.with_name(f".{uuid.uuid4().hex}.npz")
    np.savez(
        unfinished,
        allow_pickle=False,
        keys=keys[order],
        fitted=np.array(stored.fitted),
        xy=stored.xy[order].astype(np.float32),
        cluster=stored.cluster[order].astype(np.int64),
        names=np.array(json.dumps(stored.names)),
    )
    os.replace(unfinished, path)


def _places(ordered: Keys, keys: Keys, first: int = 0) -> NDArray[np.int64]:
    """(n,) where in `ordered` each of `keys` stands, counted from `first`; -1 where it does not."""
    if not len(ordered):
        return np.full(len(keys), -1, dtype=np.int64)
    at = np.minimum(np.searchsorted(ordered, keys), len(ordered) - 1)
    return np.where(ordered[at] == keys, first + at, -1)
