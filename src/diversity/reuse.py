"""Finished measurements by content: the same records under the same settings and code are not measured twice."""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import ValidationError

from diversity.measure import Measured
from diversity.report import Check, Frozen, MetricResult
from diversity.settings import Settings

KEPT = 20
FIGURES = "measured.json"
# What only shows or wires; a change there does not change a figure.
NOT_MEASURING = ("ui", "charts", "export", "cli.py", "jobs.py", "store.py", "compare", "readers")


class _Figures(Frozen):
    results: list[MetricResult]
    checks: list[Check]
    overview: dict[str, object]
    tables: list[str]


@cache
def code_version() -> str:
    """A hash over the code that measures."""
    root = Path(__file__).parent
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(root.rglob("*.py")):
        relative = path.relative_to(root)
        if relative.parts[0] not in NOT_MEASURING:
            digest.update(str(relative).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def analysis_key(fingerprint: str, settings: Settings, embedder_key: str) -> str:
    """What a measurement depends on, as one name."""
    parts = (fingerprint, settings.model_dump_json(), embedder_key, code_version())
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


class Measurements:
    """Measurements kept in `folder`, one folder a key.

    Measured.json and Parquet tables, written whole or not at all.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def restore(self, key: str, tables: Path) -> Measured | None:
        """Links the tables kept under `key` into `tables` and returns the figures; None when nothing usable is kept."""
        kept = self.folder / key
        try:
            figures = _Figures.model_validate_json((kept / FIGURES).read_bytes())
            for name in figures.tables:
                link_or_copy(kept / f"{name}.parquet", tables / f"{name}.parquet")
        except (FileNotFoundError, ValidationError):
            return None
        os.utime(kept)
        return Measured(figures.results, figures.checks, {}, figures.overview)

    def keep(self, key: str, measured: Measured, tables: Path) -> None:
        """Keeps a measurement whose tables lie in `tables`.

        The least recently used go when there are more than KEPT.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        unfinished = self.folder / f".{uuid.uuid4().hex}"
        unfinished.mkdir()
        for name in measured.tables:
            link_or_copy(tables / f"{name}.parquet", unfinished / f"{name}.parquet")
        figures = _Figures(
            results=measured.results, checks=measured.checks, overview=measured.overview, tables=list(measured.tables)
        )
        (unfinished / FIGURES).write_text(figures.model_dump_json(), encoding="utf-8")
        try:
            os.rename(unfinished, self.folder / key)
        except OSError:  # another run kept the same measurement first
            shutil.rmtree(unfinished, ignore_errors=True)
        stamped = sorted(
            (path.stat().st_mtime_ns, path) for path in self.folder.iterdir() if not path.name.startswith(".")
        )
        for _, old in stamped[:-KEPT]:
            shutil.rmtree(old, ignore_errors=True)


def write_tables(tables: dict[str, pa.Table], folder: Path) -> None:
    """Writes each table as `folder`/<name>.parquet."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet")


def link_or_copy(source: Path, target: Path) -> None:
    """A second name for a finished file, or a copy where the disk has no hard links.

    Report files are never changed in place.
    """
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(source, target)
