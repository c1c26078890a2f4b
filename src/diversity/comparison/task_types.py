"""Task types that only one of two versions has, and those whose records are labelled otherwise now.

Counted from the records and told whatever their size: of ten thousand records a type of forty may vanish without any
figure that moves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from pydantic import Field

from diversity.report import Frozen

# More are names of records, not types.
LISTED = 200
Levels = tuple[str, ...]


class TypeCount(Frozen):
    """A task type that only one version has: its levels, its records there, and how many rows the other version set
    aside that name it."""

    levels: Levels
    records: int
    set_aside: int = 0


class Relabelled(Frozen):
    """Records that both versions have, and that were labelled `before` and are labelled `after`."""

    before: Levels
    after: Levels
    records: int


class TypeChanges(Frozen):
    """Task types that came or went, the largest first, each on the highest level that tells: under a type of level 1
    that came or went no type is named again.

    `relabelled` explains those whose records, at least half of them, are in both versions under another label; they
    stand in neither `vanished` nor `new`. `vanished_total` and `new_total` count all, the lists hold the
    LISTED largest.
    """

    vanished: list[TypeCount] = Field(default_factory=list)
    new: list[TypeCount] = Field(default_factory=list)
    relabelled: list[Relabelled] = Field(default_factory=list)
    vanished_total: int = 0
    new_total: int = 0


def type_changes(old: Sequence[Levels], new: Sequence[Levels], pairs: Iterable[tuple[int, int]]) -> TypeChanges:
    """The changes between the levels of all records of two versions; `pairs` are the places of one record in both."""
    both = [(old[a], new[b]) for a, b in pairs if old[a] and new[b]]
    first = _changes([one[:1] for one in old if one], [one[:1] for one in new if one], _moves(both, 1))
    shared = {one[:1] for one in old if one} & {one[:1] for one in new if one}
    had, has = ([one[:2] for one in labels if len(one) > 1 and one[:1] in shared] for labels in (old, new))
    second = _changes(had, has, _moves(both, 2))
    said = {(before[:1], after[:1]) for before, after in first.moved}
    moved = first.moved + Counter(
        {move: n for move, n in second.moved.items() if (move[0][:1], move[1][:1]) not in said}
    )
    vanished, fresh = first.vanished + second.vanished, first.new + second.new
    return TypeChanges(
        vanished=[TypeCount(levels=name, records=n) for name, n in _largest(vanished)],
        new=[TypeCount(levels=name, records=n) for name, n in _largest(fresh)],
        relabelled=[Relabelled(before=move[0], after=move[1], records=n) for move, n in _largest(moved)],
        vanished_total=len(vanished),
        new_total=len(fresh),
    )


class _Changes(NamedTuple):
    """Of one level: types that only the earlier or only the later version has and no move explains, and the moves."""

    vanished: Counter[Levels]
    new: Counter[Levels]
    moved: Counter[tuple[Levels, Levels]]


def _moves(both: Iterable[tuple[Levels, Levels]], depth: int) -> Counter[tuple[Levels, Levels]]:
    cut = ((before[:depth], after[:depth]) for before, after in both)
    return Counter(move for move in cut if move[0] != move[1])


def _changes(old: Iterable[Levels], new: Iterable[Levels], moves: Counter[tuple[Levels, Levels]]) -> _Changes:
    had, has = Counter(old), Counter(new)
    gone = Counter({name: n for name, n in had.items() if name not in has})
    come = Counter({name: n for name, n in has.items() if name not in had})
    left, joined = Counter[Levels](), Counter[Levels]()
    for (before, after), n in moves.items():
        left[before] += n
        joined[after] += n
    elsewhere = {name for name, n in gone.items() if 2 * left[name] >= n}
    from_others = {name for name, n in come.items() if 2 * joined[name] >= n}
    return _Changes(
        Counter({name: n for name, n in gone.items() if name not in elsewhere}),
        Counter({name: n for name, n in come.items() if name not in from_others}),
        Counter({move: n for move, n in moves.items() if move[0] in elsewhere or move[1] in from_others}),
    )


def _largest(counts: Counter[Any]) -> list[tuple[Any, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:LISTED]
