"""Earlier maps: the map of a new version shows old records, and the clusters they make, where the reader knows them and
under the names he knows."""

from __future__ import annotations

import json
import os
import uuid
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from diversity.projection.clusters import Names

MAX_MAPS = 8
# Of a larger set the places of this many texts are kept; the others are found again.
MOST_TEXTS = 200_000
KEY = np.dtype("S32")


class Known(NamedTuple):
    """What an earlier map says of n texts: which of them it knows (n,), and which it was fitted to (n,), their places
    (n, 2) and clusters (n,), NaN and -1 for those it does not know, and its clusters' names."""

    hit: NDArray[np.bool_]
    fitted: NDArray[np.bool_]
    xy: NDArray[np.float32]
    cluster: NDArray[np.int64]
    names: Names


class KnownMaps:
    """Maps kept in `folder`, one .npz each: `keys` (n,) hex content keys, of which the map was `fitted` to so many,
    the first ones, `xy` (n, 2) float32, `cluster` (n,) int64, `names` the JSON text of each cluster's words by its
    number."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __bool__(self) -> bool:
        return bool(self._maps())

    def best(self, keys: NDArray[np.bytes_]) -> Known | None:
        """What the map that was fitted to most of `keys` says of them; None when there is no map."""
        readable = [known for path in self._maps() if (known := self._located(path, keys)) is not None]
        return max(readable, key=lambda known: int(known.fitted.sum()), default=None)

    def save(
        self,
        keys: NDArray[np.bytes_],
        xy: NDArray[np.float32],
        cluster: NDArray[np.int64],
        names: Names,
        fitted: int | None = None,
    ) -> None:
        """Keeps a map that was fitted to the first `fitted` of the texts, all when left out; the oldest go when there
        are more than MAX_MAPS."""
        self.folder.mkdir(parents=True, exist_ok=True)
        unfinished = self.folder / f".{uuid.uuid4().hex}.npz"
        np.savez(
            unfinished,
            allow_pickle=False,
            keys=keys[:MOST_TEXTS].astype(KEY),
            xy=xy[:MOST_TEXTS].astype(np.float32),
            cluster=cluster[:MOST_TEXTS].astype(np.int64),
            fitted=np.array(len(keys) if fitted is None else fitted),
            names=np.array(json.dumps(names)),
        )
        os.replace(unfinished, self.folder / f"{unfinished.stem.removeprefix('.')}.npz")
        for old in self._maps()[:-MAX_MAPS]:
            old.unlink(missing_ok=True)

    def _maps(self) -> list[Path]:
        """Oldest first."""
        stamped = []
        for path in self.folder.glob("[!.]*.npz") if self.folder.is_dir() else ():
            with suppress(FileNotFoundError):  # another run may be removing the oldest
                stamped.append((path.stat().st_mtime_ns, path))
        return [path for _, path in sorted(stamped)]

    @staticmethod
    def _located(path: Path, keys: NDArray[np.bytes_]) -> Known | None:
        try:
            with np.load(path, allow_pickle=False) as stored:
                known, xy, cluster = stored["keys"], stored["xy"], stored["cluster"]
                fitted = np.arange(len(known)) < int(stored["fitted"])
                names = {int(number): tuple(words) for number, words in json.loads(str(stored["names"])).items()}
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            path.unlink(missing_ok=True)
            return None
        order = np.argsort(known)
        place = np.minimum(np.searchsorted(known[order], keys), max(len(known) - 1, 0))
        hit = known[order][place] == keys if len(known) else np.zeros(len(keys), dtype=bool)
        unknown_xy, unknown_cluster = np.full((len(keys), 2), np.nan, np.float32), np.full(len(keys), -1, np.int64)
        found = Known(hit, hit.copy(), unknown_xy, unknown_cluster, names)
        at = order[place[hit]]
        found.fitted[hit], found.xy[hit], found.cluster[hit] = fitted[at], xy[at], cluster[at]
        return found
