"""Positions of texts on earlier maps: the map of a new version shows old records where the reader knows them."""

from __future__ import annotations

import os
import uuid
from contextlib import suppress
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

MAX_MAPS = 8
KEY = np.dtype("S32")


class KnownPositions:
    """Maps kept in `folder`, one .npz each: `keys` (n,) hex content keys and `xy` (n, 2) float32."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def best(self, keys: NDArray[np.bytes_]) -> tuple[NDArray[np.bool_], NDArray[np.float32]] | None:
        """The map that knows most of `keys`.

        Which it knows, and (n, 2) positions (NaN where unknown). None when there is no map.
        """
        found = [self._located(path, keys) for path in self._maps()]
        readable = [one for one in found if one is not None]
        return max(readable, key=lambda one: int(one[0].sum()), default=None)

    def save(self, keys: NDArray[np.bytes_], xy: NDArray[np.float32]) -> None:
        """Keeps a map; the oldest go when there are more than MAX_MAPS."""
        self.folder.mkdir(parents=True, exist_ok=True)
        unfinished = self.folder / f".{uuid.uuid4().hex}.npz"
        np.savez(unfinished, keys=keys.astype(KEY), xy=xy.astype(np.float32))
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
    def _located(path: Path, keys: NDArray[np.bytes_]) -> tuple[NDArray[np.bool_], NDArray[np.float32]] | None:
        try:
            with np.load(path, allow_pickle=False) as stored:
                known, xy = stored["keys"], stored["xy"]
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            path.unlink(missing_ok=True)
            return None
        order = np.argsort(known)
        place = np.minimum(np.searchsorted(known[order], keys), max(len(known) - 1, 0))
        hit = known[order][place] == keys if len(known) else np.zeros(len(keys), dtype=bool)
        positions = np.full((len(keys), 2), np.nan, dtype=np.float32)
        positions[hit] = xy[order][place[hit]]
        return hit, positions
