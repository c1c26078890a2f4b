"""What is changed about a record that two versions have in two states."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from diversity.report import Frozen

Turns = Sequence[tuple[str, str]]


class EditCounts(Frozen):
    """Edited records by what changed about them; a record of which several things changed counts in each.

    `prompt` and `answer` speak of turns that both versions have, `turns_added` and `turns_removed` of records that have
    more turns, or fewer.
    """

    system: int = 0
    task_type: int = 0
    prompt: int = 0
    answer: int = 0
    turns_added: int = 0
    turns_removed: int = 0


PARTS = tuple(EditCounts.model_fields)


def count_edits(changed: Iterable[Sequence[str] | None]) -> EditCounts:
    """Counts over records, each given by what changed about it."""
    lists = [one or () for one in changed]
    return EditCounts(**{part: sum(part in one for one in lists) for part in PARTS})


def changed_turns(before: Turns, after: Turns) -> Iterator[str]:
    """What changed about the turns of a record: "prompt" and "answer" where it has as many as before; where it has
    more or fewer that, and the two only where leaving turns out does not explain it."""
    if len(before) != len(after):
        yield "turns_added" if len(before) < len(after) else "turns_removed"
    short, long = sorted((before, after), key=len)
    if _left_out(short, long):
        return
    asked, said = ([[turn[side] for turn in turns] for turns in (short, long)] for side in (0, 1))
    if not _left_out(*asked):
        yield "prompt"
    if not _left_out(*said):
        yield "answer"


def _left_out(short: Sequence[object], long: Sequence[object]) -> bool:
    """Whether `short` is `long` with nothing, or something, left out."""
    rest = iter(long)
    return all(any(one == other for other in rest) for one in short)
