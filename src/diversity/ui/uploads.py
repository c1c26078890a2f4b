"""Files on their way in: uploads kept in the store under safe names, and whether pages may read paths of this
machine."""

from __future__ import annotations

import os
import re
import shutil
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import streamlit as st

from diversity.ingest.sources import UPLOADS
from diversity.jobs import LOOPBACK, READ_PATHS_VARIABLE, list_jobs
from diversity.ui.safe import file_name

KEPT_SECONDS = 24 * 3600


def paths_allowed() -> bool:
    """Whether a reader may name files of the server: by default only when nobody but this machine can be the reader."""
    said = os.environ.get(READ_PATHS_VARIABLE)
    if said in ("0", "1"):
        return said == "1"
    return st.get_option("server.address") in LOOPBACK


def embedder_allowed(name: str) -> bool:
    """Whether a reader may name that embedder: where paths are not for readers, no folder of the server."""
    if name in ("default", "none") or paths_allowed():
        return True
    return re.fullmatch(r"[\w.-]+(/[\w.-]+)?", name) is not None and not os.path.lexists(name)


def keep_upload(store_root: Path, name: str, content: BinaryIO) -> Path:
    """Copies an upload into the store, in chunks, into a folder of its own; its name loses everything that is not a
    letter, digit, `-`, `_` or `.`."""
    folder = store_root / UPLOADS / uuid.uuid4().hex
    folder.mkdir(parents=True)
    path = folder / file_name(Path(name.replace("\\", "/")).name)
    with path.open("wb") as target:
        content.seek(0)
        shutil.copyfileobj(content, target, 1 << 20)
    return path


def sweep_uploads(store_root: Path) -> None:
    """Removes uploads older than a day that no running analysis reads: a report holds its own copy of the records."""
    root = store_root / UPLOADS
    if not root.is_dir():
        return
    needed = {argument for job in list_jobs(store_root) if job.active for argument in job.request.args}
    for folder in root.iterdir():
        # Another page may sweep at the same time.
        with suppress(FileNotFoundError):
            old = time.time() - folder.stat().st_mtime > KEPT_SECONDS
            if old and not any(str(path) in needed for path in folder.iterdir()):
                shutil.rmtree(folder, ignore_errors=True)
