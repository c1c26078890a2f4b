"""A record before it has its id, and what makes turns good enough for one."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple

from diversity.normalize.chat import CALL, TurnTools
from diversity.normalize.failure import Failure


class Draft(NamedTuple):
    """A record before it has its id.

    `record_id` is the user's own, None without one; `source` the fields that are no part of it, as JSON;
    `tool_turns` counts what tools were asked and said, `after_tool` says of each turn whether its answer follows a
    tool's result (empty where none does), `calls` has a number for what tools were asked in each turn beside its
    answer, 0 for nothing (empty where nothing was).
    """

    shape: str
    task_type: tuple[str, ...]
    system: str | None
    turns: list[tuple[str, str]]
    record_id: str | None
    source: str
    tool_turns: int = 0
    after_tool: tuple[bool, ...] = ()
    calls: tuple[int, ...] = ()


def with_tools(draft: Draft, tools: Sequence[TurnTools]) -> Draft:
    """The draft with figures of its tools: thousands of drafts wait to be written, and their texts would stay."""
    after = tuple(one.result_before for one in tools)
    count = sum(len(one.messages) for one in tools)
    calls = tuple(_calls_key(one) for one in tools)
    return draft._replace(tool_turns=count, after_tool=after if any(after) else (), calls=calls if any(calls) else ())


def _calls_key(tools: TurnTools) -> int:
    """Equal where tools were asked the same in the same order; 0 where they were asked nothing."""
    calls = [text.strip() for kind, text in tools.messages if kind == CALL]
    if not calls:
        return 0
    # Half a surrogate pair is no UTF-8; the record is set aside for it elsewhere where it stands in a text.
    content = "\x1f".join(calls).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(content, digest_size=8).digest(), "big", signed=True) or 1


def checked(turns: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The turns themselves. Raises Failure when one has no prompt or no answer."""
    if not turns:
        raise Failure("no_prompt", "no message of a user")
    last = len(turns)
    for place, (query, answer) in enumerate(turns, 1):
        if not query or query.isspace():
            raise Failure("no_prompt", f"turn {place} of {last}")
        if not answer or answer.isspace():
            raise Failure("no_answer" if place == last else "blank_answer_midway", f"turn {place} of {last}")
    return turns
