"""The vectors of a version's texts: in memory, or in files beside the corpus that several processes map, because a copy
for each would be most of what they hold."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diversity.embed import EmbeddedTexts
from diversity.embed.base import unit_rows

FOLDER = "vectors"
SIDES = ("prompt", "answer")
_BLOCK = 8192
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Vectors:
    """Vectors of one field's distinct texts.

    `unique` (m, d) float32 mean-centred unit rows; `index` (U,) row of each unit, -1 for none; `rows` (m,) their rows
    in `EmbeddedTexts.unique`.
    """

    unique: Floats
    index: NDArray[np.int64]
    rows: NDArray[np.int64]


@dataclass(frozen=True)
class VersionVectors:
    """Prompts then answers as `embedded` with a (2U,) index, and each field by itself, mean-centred."""

    embedded: EmbeddedTexts
    prompt: Vectors
    answer: Vectors


def centred(embedded: EmbeddedTexts, side: int, room: Callable[[tuple[int, int]], Floats] | None = None) -> Vectors:
    """The vectors of prompts (side 0) or answers (side 1), written into what `room` gives for a shape, memory if None.

    What all texts of a field share is taken away, so that a cosine of 0 means "no more alike than any two".
    """
    units = len(embedded.index) // 2
    rows = embedded.index[side * units : (side + 1) * units]
    used, inverse = np.unique(rows[rows >= 0], return_inverse=True)
    index = np.full(units, -1, dtype=np.int64)
    index[rows >= 0] = inverse
    blocks = [used[start : start + _BLOCK] for start in range(0, len(used), _BLOCK)]
    total = np.zeros(embedded.unique.shape[1])
    for block in blocks:
        total += embedded.unique[block].sum(axis=0, dtype=np.float64)
    mean = (total / max(len(used), 1)).astype(np.float32)
    shape = (len(used), embedded.unique.shape[1])
    out = room(shape) if room else np.empty(shape, np.float32)
    for number, block in enumerate(blocks):
        out[number * _BLOCK : number * _BLOCK + len(block)] = unit_rows(embedded.unique[block] - mean)
    return Vectors(out, index, used)


def save(embedded: EmbeddedTexts, folder: Path) -> None:
    """Writes the vectors into `folder`/FOLDER; a block at a time is made in memory."""
    home = folder / FOLDER
    home.mkdir()
    np.save(home / "unique.npy", embedded.unique)
    np.save(home / "index.npy", embedded.index)
    for number, side in enumerate(SIDES):
        found = centred(embedded, number, partial(_room, home / f"{side}.npy"))
        np.save(home / f"{side}_index.npy", found.index)
        np.save(home / f"{side}_rows.npy", found.rows)


def _room(path: Path, shape: tuple[int, int]) -> NDArray[np.float32]:
    """A mapped file to write an array of `shape` to. Raises OSError where the disk has no room for it."""
    mapped = np.lib.format.open_memmap(path, "w+", np.float32, shape)
    if hasattr(os, "posix_fallocate"):
        # Else a full disk ends the process at the first write to a page, and no error is raised.
        with path.open("r+b") as file:
            os.posix_fallocate(file.fileno(), 0, path.stat().st_size)
    return np.asarray(mapped)


def load(folder: Path) -> VersionVectors | None:
    """What `save` wrote, mapped and read-only; None where it wrote nothing."""
    home = folder / FOLDER
    if not home.is_dir():
        return None
    unique = _mapped(home, "unique")
    embedded = EmbeddedTexts(unique, _mapped(home, "index"), 0, len(unique))
    prompt, answer = (
        Vectors(_mapped(home, side), _mapped(home, f"{side}_index"), _mapped(home, f"{side}_rows")) for side in SIDES
    )
    return VersionVectors(embedded, prompt, answer)


def _mapped(home: Path, name: str) -> NDArray[Any]:
    mapped: NDArray[Any] = np.load(home / f"{name}.npy", mmap_mode="r").view(np.ndarray)
    return mapped
