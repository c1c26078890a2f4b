"""Which prompts a probe learns from: first turns with a class, drawn by content, each once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from diversity.corpus import batches
from diversity.features.cache import content_keys
from diversity.features.linear_probe import Codes, deal_folds
from diversity.features.set_sample import content_order, groups

if TYPE_CHECKING:
    from diversity.features.inputs import Inputs
    from diversity.features.narrow_views import ShortcutSettings

# Records at which every figure of a probe is measured again, so that versions of any size have one in common.
SIZES = (800, 400, 200, 100)
# Groups of records looked at for each size: a second or two of work, and an interval.
GROUPS = 8


@dataclass(frozen=True, slots=True)
class Labelled:
    """First turns that have a class, in a random order that content alone settles; copies have places of their own.

    `units` (n,), `labels` (n,) codes of `names`; `record` (n,) key of system text and prompt, `prompt` (n,) key of the
    prompt alone.
    """

    units: NDArray[np.int64]
    labels: Codes
    names: list[str]
    record: NDArray[np.uint64]
    prompt: NDArray[np.uint64]

    def of(self, rows: NDArray[np.int64]) -> Labelled:
        """Some of them."""
        return Labelled(self.units[rows], self.labels[rows], self.names, self.record[rows], self.prompt[rows])


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a probe is trained on: `units` (n,) first turns, `labels` (n,) classes 0..C-1 named by `names`, `fold` (n,)
    of the cross-validation, `left_out` different records of classes that are too small or too many."""

    units: NDArray[np.int64]
    labels: Codes
    names: list[str]
    fold: Codes
    left_out: int


def type_labels(inputs: Inputs) -> tuple[Codes, list[str]]:
    """(R,) number of each record's first-level task type, -1 for none, and the types' names, sorted."""
    types = inputs.corpus.task_types(1)
    names = sorted(pc.unique(types.drop_null()).to_pylist())
    return pc.index_in(types, value_set=pa.array(names, types.type)).fill_null(-1).to_numpy().astype(np.int64), names


def labelled_units(inputs: Inputs, labels: Codes, names: list[str]) -> Labelled:
    """The first turns of the records with a class; `labels` (R,), -1 for none."""
    records = np.flatnonzero(labels >= 0)
    units = inputs.corpus.first_units[records]
    systems = inputs.corpus.records["system"].take(pa.array(records)).fill_null("")
    prompts = inputs.corpus.prompts.take(pa.array(units))
    classes = pa.chunked_array([pa.array(names, pa.large_string()).take(pa.array(labels[records]))])
    order = content_order([systems, prompts, classes])
    record, prompt = _keys(systems, prompts), _keys(prompts)
    return Labelled(units, labels[records], names, record, prompt).of(order)


def draw(labelled: Labelled, settings: ShortcutSettings, least: int) -> Drawn:
    """At most `settings.records` of them, the largest classes cut first.

    The same system text, prompt and class count once. A class needs `least` different prompts, and one for every fold;
    of the others only the largest are looked at, so that each keeps as many. Where a class is cut, prompts that stand
    under several system texts lose the copies first.
    """
    least = max(least, settings.folds)
    rows, repeat = _different(labelled)
    labels = labelled.labels[rows]
    counts, prompts = (np.bincount(some, minlength=len(labelled.names)) for some in (labels, labels[repeat == 0]))
    enough = np.flatnonzero(prompts >= least)
    most = min(settings.most_classes, settings.records // least)
    classes = np.sort(enough[np.argsort(-counts[enough], kind="stable")[:most]])
    level = water_level(counts[classes], settings.records)
    chosen = np.concatenate([rows[labels == code][:level] for code in classes] or [rows[:0]])
    code = np.searchsorted(classes, labelled.labels[chosen])
    return Drawn(
        units=labelled.units[chosen],
        labels=code,
        names=[labelled.names[one] for one in classes],
        fold=deal_folds(code, labelled.prompt[chosen], settings.folds),
        left_out=int(len(rows) - counts[classes].sum()),
    )


def at_fixed_sizes(
    labelled: Labelled, settings: ShortcutSettings, least: int, seed: int
) -> Iterator[tuple[int, list[list[Drawn]]]]:
    """Each size of SIZES with what is drawn from random groups of so many records, cut by cut.

    Copies are not merged before the groups are cut: what a group holds depends on its size and on where the records
    come from, and not on how many there are in all. Sizes of which there are no two groups are left out.
    """
    pool = min(len(labelled.units), settings.records)
    for size in SIZES:
        per = min(pool // size, GROUPS)
        if per >= 2:
            cuts = islice(groups(pool, size, seed), -(-GROUPS // per))
            yield size, [[draw(labelled.of(rows), settings, least) for rows in cut[:per]] for cut in cuts]


def water_level(counts: NDArray[np.int64], total: int) -> int:
    """The largest cap under which classes of these sizes add up to at most `total`."""
    low, high = 0, int(counts.max(initial=0))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if np.minimum(counts, middle).sum() <= total else (low, middle - 1)
    return low


def _different(labelled: Labelled) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of different system text, prompt and class, and for each which of the class's rows with that prompt it is;
    all first ones first, and else by content."""
    order = np.lexsort((labelled.labels, labelled.record))
    new = np.ones(len(order), bool)
    new[1:] = (np.diff(labelled.record[order]) != 0) | (np.diff(labelled.labels[order]) != 0)
    rows = order[new]
    together = np.lexsort((labelled.prompt[rows], labelled.labels[rows]))
    first = np.ones(len(rows), bool)
    first[1:] = (np.diff(labelled.prompt[rows][together]) != 0) | (np.diff(labelled.labels[rows][together]) != 0)
    repeat = np.empty(len(rows), np.int64)
    repeat[together] = np.arange(len(rows)) - np.flatnonzero(first)[np.cumsum(first) - 1]
    by_repeat = np.argsort(repeat, kind="stable")
    return rows[by_repeat], repeat[by_repeat]


def _keys(*columns: pa.ChunkedArray) -> NDArray[np.uint64]:
    texts = [(text for batch in batches(column) for text in batch) for column in columns]
    return np.frombuffer(b"".join(content_keys(texts)), dtype="<u8")[::2]
