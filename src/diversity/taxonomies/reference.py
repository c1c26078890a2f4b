"""The taxonomies that an analysis holds a data set against, with the mappings that people have edited.

An edited mapping belongs to a data set and a taxonomy: `<store>/<data set>/.taxonomies/<taxonomy>.json`. It is written
whole or not at all, and every later analysis of that data set reads it.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from diversity.errors import UsageError
from diversity.folder_names import folder_name
from diversity.report import Frozen
from diversity.taxonomies.mapping import Key
from diversity.taxonomies.taxonomy import Taxonomy, open_taxonomies

FOLDER = ".taxonomies"
SCHEMA_VERSION = 1


class Edits(Frozen):
    """Labels (level 1, level 2 or None) and the item each stands for, None for none, as people have settled it."""

    schema_version: int = SCHEMA_VERSION
    taxonomy: str
    labels: tuple[tuple[str, str | None, str | None], ...] = ()

    def by_label(self) -> dict[Key, str | None]:
        """(level 1, level 2) → item."""
        return {(first, second): item for first, second, item in self.labels}


@dataclass(frozen=True)
class Reference:
    """`taxonomies`, the chosen one first, and the edits of each by its name."""

    taxonomies: tuple[Taxonomy, ...]
    edits: Mapping[str, Edits] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Changes with anything that a figure may depend on."""
        return _digest([self.key_of(one) for one in self.taxonomies])

    def key_of(self, taxonomy: Taxonomy) -> str:
        """Changes with the content of that taxonomy and with what people have settled for it."""
        edits = self.edits.get(taxonomy.name)
        settled = sorted(edits.labels, key=str) if edits else []
        return _digest([taxonomy.model_dump_json(), *(json.dumps(one) for one in settled)])


def _digest(parts: Iterable[str]) -> str:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def edits_folder(root: Path, dataset: str) -> Path:
    """Where a data set's edited mappings lie in the store `root`."""
    return root / folder_name(dataset) / FOLDER


def open_reference(chosen: str, folder: Path | None) -> Reference:
    """The taxonomies of `open_taxonomies` with the edits in `folder`.

    Raises:
        UsageError: no such taxonomy, or a file that cannot be read.
    """
    taxonomies = open_taxonomies(chosen)
    if folder is None:
        return Reference(taxonomies)
    return Reference(taxonomies, {one.name: read_edits(folder, one.name) for one in taxonomies})


def read_edits(folder: Path, taxonomy: str) -> Edits:
    """What was edited for a taxonomy; nothing where there is no file.

    Raises:
        UsageError: the file is damaged: edits are a person's work and never dropped in silence.
    """
    path = _path(folder, taxonomy)
    try:
        return Edits.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Edits(taxonomy=taxonomy)
    except (OSError, ValidationError) as error:
        raise UsageError(f"The edited mapping {path} cannot be read. Mend it or move it away. ({error})") from error


def save_edits(folder: Path, edits: Edits) -> Path:
    """Writes the edits in place of those there were."""
    path = _path(folder, edits.taxonomy)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{uuid.uuid4().hex}.tmp")
    try:
        unfinished.write_text(edits.model_dump_json(indent=1), encoding="utf-8")
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def set_aside(folder: Path, taxonomy: str) -> Path:
    """Gives the file of the edits a name that nothing reads and no other file has."""
    path = _path(folder, taxonomy)
    aside = path.with_name(f"{path.name}.{uuid.uuid4().hex[:8]}.damaged")
    os.replace(path, aside)
    return aside


def _path(folder: Path, taxonomy: str) -> Path:
    return folder / f"{folder_name(taxonomy)}.json"
