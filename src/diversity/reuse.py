"""Finished measurements by content: the same records under the same settings and code are not measured twice."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from contextlib import suppress
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import ValidationError

from diversity.measure import Measured
from diversity.report import Check, Frozen, MetricResult
from diversity.sealed import is_whole, seal
from diversity.settings import Settings
from diversity.text.tokenizer import tokenizer_key
from diversity.tidy import keep_recent, touch

KEPT = 20
FIGURES = "measured.json"
# What only shows or wires; a change there does not change a figure.
NOT_MEASURING = (
    *("ui", "words", "charts", "export", "comparison", "readers"),
    *("api.py", "cli.py", "figures.py", "folder_names.py", "garbage.py", "job_lock.py", "job_progress.py", "jobs.py"),
    *("options.py", "progress.py", "store.py", "stored_report.py", "tables.py", "tidy.py"),
)


class _Figures(Frozen):
    results: list[MetricResult]
    checks: list[Check]
    overview: dict[str, object]
    tables: list[str]


@cache
def code_version(also: str | None = None) -> str:
    """A hash over the code that measures, and over the part `also` (a name of NOT_MEASURING) where one is given."""
    root = Path(__file__).parent
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(root.rglob("*.py")):
        relative = path.relative_to(root)
        if relative.parts[0] not in NOT_MEASURING or relative.parts[0] == also:
            digest.update(str(relative).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def analysis_key(
    fingerprint: str, settings: Settings, embedder_key: str, packages: dict[str, str], taxonomies: str = ""
) -> str:
    """What a measurement depends on, as one name: records, settings, model, tokenizer, code, `packages` and the
    `taxonomies` with what was edited about them."""
    parts = (
        fingerprint,
        settings.model_dump_json(),
        embedder_key,
        tokenizer_key(settings.tokenizer),
        code_version(),
        json.dumps(packages, sort_keys=True),
        taxonomies,
    )
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


class Measurements:
    """Measurements kept in `folder`, one folder a key.

    Measured.json and Parquet tables, written whole or not at all, under a seal that is looked at before they are used.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def restore(self, key: str, tables: Path) -> Measured | None:
        """Links the tables kept under `key` into `tables` and returns the figures; None when nothing is kept or
        something kept is not as it was written."""
        kept = self.folder / key
        linked: list[Path] = []
        figures = _sealed_figures(kept)
        if figures is None:
            return None
        try:
            for name in figures.tables:
                link_or_copy(kept / f"{name}.parquet", tables / f"{name}.parquet")
                linked.append(tables / f"{name}.parquet")
            touch(kept)
        except FileNotFoundError:
            # Another run may be removing it. What was linked so far shares its bytes with other reports.
            for path in linked:
                path.unlink()
            return None
        return Measured(figures.results, figures.checks, {}, figures.overview)

    def keep(self, key: str, measured: Measured, tables: Path) -> None:
        """Keeps a measurement whose tables lie in `tables`, in place of a damaged one of that key.

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
        seal(unfinished, [FIGURES, *(f"{name}.parquet" for name in figures.tables)])
        self._put(unfinished, self.folder / key)
        keep_recent(self.folder, KEPT)

    def _put(self, finished: Path, target: Path) -> None:
        old = self.folder / f".{uuid.uuid4().hex}"
        with suppress(FileNotFoundError):
            os.rename(target, old)
        shutil.rmtree(old, ignore_errors=True)
        try:
            os.rename(finished, target)
        except OSError:  # another run kept the same measurement in between
            shutil.rmtree(finished, ignore_errors=True)


def _sealed_figures(kept: Path) -> _Figures | None:
    """The figures kept in a folder in which they and all their tables are whole."""
    try:
        figures = _Figures.model_validate_json((kept / FIGURES).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
    return figures if is_whole(kept, [FIGURES, *(f"{name}.parquet" for name in figures.tables)]) else None


def write_tables(tables: dict[str, pa.Table], folder: Path) -> None:
    """Writes each table as `folder`/<name>.parquet, a new file in any case: an old one may be linked elsewhere."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        target = folder / f"{name}.parquet"
        target.unlink(missing_ok=True)
        pq.write_table(table, target)


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
