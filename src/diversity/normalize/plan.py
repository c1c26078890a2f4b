"""How rows with one set of fields are read: worked out once for each set, then applied to every row that has it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from diversity.normalize.fields import (
    ANSWER,
    HISTORY,
    INPUT,
    MESSAGES,
    PROMPT,
    RECORD_ID,
    SURELY_MESSAGES,
    SYSTEM,
    TASK,
    TASK_PAIRS,
    first_of,
    folded,
)


@dataclass(slots=True)
class Plan:
    """The row's own names of what a record is made of; None where it has no such field.

    `kept` are the fields that go into `source` untouched. `plain` says that prompt and answer are fields of the row
    itself and nothing else can hold them, `messages_only` that they can only be in the messages, whatever these are,
    `weak` that the field of the messages may as well be about something else (`data`, `dialogue`) where there are
    fields for prompt and answer.
    """

    prompt: str | None
    input: str | None
    answer: str | None
    system: str | None
    history: str | None
    messages: str | None
    instances: str | None
    record_id: str | None
    task: tuple[str, ...]
    kept: tuple[str, ...]
    shape: str
    plain: bool = False
    messages_only: bool = False
    weak: bool = False
    used: int = 0

    def field_map(self, shape: str) -> dict[str, str]:
        """Canonical → the row's own name, for the fields that are read in that shape."""
        flat = {"prompt": self.prompt, "input": self.input, "answer": self.answer, "history": self.history}
        if shape not in ("alpaca", "prompt_answer"):
            flat = (
                {"prompt": self.prompt, "instances": self.instances}
                if shape == "self_instruct"
                else {"messages": self.messages}
            )
        task = (
            {"task_type": self.task[0]}
            if len(self.task) == 1
            else {f"task_type_{level}": name for level, name in enumerate(self.task, 1)}
        )
        return {
            name: field
            for name, field in {**flat, "system": self.system, "id": self.record_id, **task}.items()
            if field is not None
        }


def plan_of(names: Iterable[str], mapped: Mapping[str, str], task_fields: tuple[str, ...]) -> Plan:
    """The plan for rows with these fields.

    What `mapped` (canonical → field) and `task_fields` name is taken from there and never guessed.
    """
    own = [name for name in names if isinstance(name, str)]
    present: dict[str, str] = {}
    for name in own:
        present.setdefault(folded(name), name)
    prompt, answer = _sides(present, mapped)
    given = None if prompt is None else first_of((name for name in INPUT if present.get(name) != prompt), present)
    instances = present.get("instances") if prompt is not None and answer is None else None
    plan = Plan(
        prompt=prompt,
        input=mapped.get("input") or (None if "prompt" in mapped else given),
        answer=answer,
        system=mapped.get("system") or first_of(SYSTEM, present),
        history=mapped.get("history") or first_of(HISTORY, present),
        messages=mapped.get("messages") or (None if "prompt" in mapped else first_of(MESSAGES, present)),
        instances=instances,
        record_id=mapped.get("id") or first_of(RECORD_ID, present),
        task=task_fields or _task(present),
        kept=(),
        shape="alpaca" if prompt is not None and folded(prompt) in ("instruction", "指令") else "prompt_answer",
    )
    sure = plan.messages is not None and folded(plan.messages) in SURELY_MESSAGES
    fields = prompt is not None and answer is not None
    plan.messages_only = "messages" in mapped or (sure and not fields)
    plan.weak = "messages" not in mapped and not sure and fields
    parts = {plan.prompt, plan.input, plan.answer, plan.system, plan.history}
    plan.kept = tuple(name for name in own if name not in parts)
    nested = (plan.history, plan.messages, plan.instances, plan.system)
    plan.plain = (
        prompt in own
        and answer in own
        and (plan.input is None or plan.input in own)
        and nested == (None, None, None, None)
    )
    return plan


def _sides(present: Mapping[str, str], mapped: Mapping[str, str]) -> tuple[str | None, str | None]:
    """(field of the prompt, field of the answer)."""
    answer = mapped.get("answer") or first_of(ANSWER, present)
    prompt = mapped.get("prompt") or first_of((name for name in PROMPT if present.get(name) != answer), present)
    if prompt is None and answer is not None and folded(answer) == "target":
        prompt = present.get("source")
    return prompt, answer


def _task(present: Mapping[str, str]) -> tuple[str, ...]:
    pair = next((pair for pair in TASK_PAIRS if all(name in present for name in pair)), None)
    if pair:
        return tuple(present[name] for name in pair)
    name = first_of(TASK, present)
    return (name,) if name is not None else ()
