"""A record before it has its id, and what makes turns good enough for one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from diversity.normalize.chat import TurnTools
from diversity.normalize.failure import Failure


class Draft(NamedTuple):
    """A record before it has its id.

    `record_id` is the user's own, None without one; `source` the fields that are no part of it, as JSON;
    `tool_turns` counts what tools were asked and said, `after_tool` says of each turn whether its answer follows a
    tool's result (empty where none does).
    """

    shape: str
    task_type: tuple[str, ...]
    system: str | None
    turns: list[tuple[str, str]]
    record_id: str | None
    source: str
    tool_turns: int = 0
    after_tool: tuple[bool, ...] = ()


def with_tools(draft: Draft, tools: Sequence[TurnTools]) -> Draft:
    """The draft with figures of its tools: thousands of drafts wait to be written, and their texts would stay."""
    after = tuple(one.result_before for one in tools)
    count = sum(len(one.messages) for one in tools)
    return draft._replace(tool_turns=count, after_tool=after if any(after) else ())


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
