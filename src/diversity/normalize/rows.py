"""Raw rows → what a record is made of."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from diversity.errors import InputError
from diversity.normalize.chat import (
    Chat,
    chat_of,
    continued,
    has_roles,
    is_moss,
    is_texts,
    looks_like_messages,
    moss_chat,
    paired,
    pairs_of,
    unpacked,
)
from diversity.normalize.draft import Draft, checked, with_tools
from diversity.normalize.failure import Failure
from diversity.normalize.fields import ANSWER, canonical_map, first_of, folded, has, reach
from diversity.normalize.labels import Labels, half_pair
from diversity.normalize.plan import Plan, plan_of
from diversity.normalize.values import as_json, as_text, is_absent, joined, own_id
from diversity.readers.parse import kind_of

MAX_PLANS = 4096
MAX_FIELDS = 500


class Mark(NamedTuple):
    """A place in a reading: rows of each shape, and how often each plan was used, until there."""

    shapes: Counter[str]
    used: dict[int, int]


class Normalizer:
    """Turns rows into drafts, whatever shape each has.

    A row is read as messages when it has a list of them, as Self-Instruct seed when it has `instances` (one draft
    each), otherwise from a prompt and an answer field. A prompt that comes in two fields (instruction and input) is
    joined by an empty line; texts are otherwise left as they are.

    field_map: canonical name → field or dotted path, in place of what would be guessed. task_type_field: one field,
    or two (a sequence, or parted by a comma). task_type_separator: see `levels_of`. Raises UsageError for a name in
    the map that stands for nothing.
    """

    def __init__(
        self,
        field_map: Mapping[str, str] | None = None,
        task_type_field: str | Sequence[str] | None = None,
        task_type_separator: str | None = None,
    ) -> None:
        self._mapped = canonical_map(field_map)
        self._labels = Labels(self._mapped, task_type_field, task_type_separator)
        self._plans: dict[tuple[tuple[str, ...], tuple[str, ...]], Plan] = {}
        self._unseen = {path for name, path in self._mapped.items() if not name.startswith("task_type")} | set(
            self._labels.fields
        )
        self.fields: dict[str, None] = {}
        self.shapes: Counter[str] = Counter()
        self.faults: list[Failure] = []

    def drafts(self, row: Mapping[str, Any]) -> list[Draft]:
        """The drafts of one row, one in nearly all shapes.

        A field that is null is as if it was not there. Of several instances, those that are good are given, and
        `faults` holds what is wrong with the others of this row, and a task type that is none. Raises Failure when
        there is no draft.
        """
        self.faults = []
        if self._unseen:
            self._unseen = {path for path in self._unseen if not has(row, path)}
        pair: tuple[str, ...] = ()
        values = row.values()
        if None in values or float in map(type, values):
            self._note(row)
            whole, row = row, {name: value for name, value in row.items() if not is_absent(value)}
            pair = half_pair(whole, row)
        plan = self._plan(row, pair)
        if plan.plain and (draft := self._of_texts(row, plan)) is not None:
            return [draft]
        messages = None if plan.messages is None else unpacked(reach(row, plan.messages))
        if plan.messages_only or is_moss(messages) or (has_roles if plan.weak else looks_like_messages)(messages):
            found = [self._of_messages(row, plan, messages, (plan.messages,))]
        elif plan.instances is not None and isinstance(row[plan.instances], list):
            found = self._of_instances(row, plan)
        else:
            found = [self._of_fields(row, plan)]
        plan.used += 1
        self.shapes[found[0].shape] += 1
        return found

    @property
    def shape(self) -> str:
        """The shape of the rows read so far, mixed when there were several."""
        return _shape(self.shapes)

    def field_map(self) -> dict[str, str]:
        """Canonical → field, as read from most rows."""
        return self._field_map(self.shapes, {})

    def mark(self) -> Mark:
        """How far reading has come, for `since`."""
        return Mark(self.shapes.copy(), {id(plan): plan.used for plan in self._plans.values()})

    def since(self, mark: Mark) -> tuple[str, dict[str, str]]:
        """(shape, field map) of the rows read after `mark`; shape is unknown where there were none."""
        shapes = self.shapes - mark.shapes
        return (_shape(shapes) if shapes else "unknown"), self._field_map(shapes, mark.used)

    def _field_map(self, shapes: Counter[str], before: Mapping[int, int]) -> dict[str, str]:
        plan = max(self._plans.values(), key=lambda plan: plan.used - before.get(id(plan), 0), default=None)
        return {} if plan is None or not shapes else plan.field_map(shapes.most_common(1)[0][0])

    def unused(self) -> tuple[str, ...]:
        """The fields seen so far that nothing was read from."""
        read = {
            field for plan in self._plans.values() for shape in self.shapes for field in plan.field_map(shape).values()
        }
        return tuple(name for name in self.fields if not any(f"{path}.".startswith(f"{name}.") for path in read))

    def example_map(self) -> str:
        """A map as the command line takes it: what was recognised of prompt and answer, else fields that are free."""
        plan = next(iter(self._plans.values()), None)
        known = {"prompt": plan.prompt, "answer": plan.answer} if plan else {"prompt": None, "answer": None}
        taken = {*known.values(), *(plan.field_map("prompt_answer").values() if plan else ())}
        free = iter([name for name in self.fields if name not in taken])
        example = ",".join(f"{name}={field or next(free, 'FIELD')}" for name, field in known.items())
        # shlex would quote every name that is not English.
        return example if re.fullmatch(r"[\w=,.-]+", example) else shlex.quote(example)

    def require_fields(self) -> None:
        """Raises InputError when a field the user named was in no row so far."""
        if self._unseen:
            names = ", ".join(sorted(self._unseen))
            found = ", ".join(self.fields) or "–"
            message = f"No row has the field {names} that was named. Fields found: {found}."
            raise InputError(message, "no_such_field", names=names, fields=found)

    def _plan(self, row: Mapping[str, Any], pair: tuple[str, ...]) -> Plan:
        """The plan for rows with these fields; `pair` are the two columns of the task type if one is null here."""
        names = tuple(row)
        plan = self._plans.get((names, pair))
        if plan is None:
            if len(self._plans) >= MAX_PLANS:
                self._plans.clear()
            plan = self._plans[names, pair] = plan_of(names, self._mapped, self._labels.fields or pair)
            self._note(row)
        return plan

    def _note(self, row: Mapping[str, Any]) -> None:
        """Remembers the names of fields, as many as a person can look through."""
        if len(self.fields) < MAX_FIELDS and not self.fields.keys() >= row.keys():
            self.fields.update(dict.fromkeys(map(str, list(row)[:MAX_FIELDS])))

    def _of_texts(self, row: Mapping[str, Any], plan: Plan) -> Draft | None:
        """The common case in few steps.

        Prompt and answer are texts of the row itself. None when they are not, or one is blank.
        """
        query, answer = row[plan.prompt], row[plan.answer]  # type: ignore[index]
        given = "" if plan.input is None else row[plan.input]
        if not (type(query) is str and type(answer) is str and type(given) is str):
            return None
        if given and not given.isspace():
            query = joined(query, given)
        if not query or not answer or query.isspace() or answer.isspace():
            return None
        draft = self._draft(row, plan, plan.shape, None, [(query, answer)], plan.kept)
        plan.used += 1
        self.shapes[plan.shape] += 1
        return draft

    def _of_fields(self, row: Mapping[str, Any], plan: Plan) -> Draft:
        if plan.prompt is None or plan.answer is None:
            raise _missing(row, plan)
        asked, replied = reach(row, plan.prompt), reach(row, plan.answer)
        if is_texts(asked) and is_texts(replied):
            return self._of_lists(row, plan, asked, replied)
        if has_roles(replied) or has_roles(asked):
            return self._of_messages(row, plan, continued(asked, replied), (plan.prompt, plan.answer))
        answer = plan.answer
        if "answer" not in self._mapped and isinstance(replied, str) and not replied.strip():
            answer = _filled_answer(row, plan) or answer
            replied = reach(row, answer)
        query = joined(
            as_text(asked, plan.prompt), "" if plan.input is None else as_text(reach(row, plan.input), plan.input)
        )
        return self._of_turns(row, plan, [(query, as_text(replied, answer))])

    def _of_lists(self, row: Mapping[str, Any], plan: Plan, asked: list[str], replied: list[str]) -> Draft:
        """A row whose prompt and answer are lists: each query with the answer in its place."""
        turns = paired(asked, replied, f"{plan.prompt}, {plan.answer}")
        given = None if plan.input is None else reach(row, plan.input)
        if isinstance(given, list) and is_texts(given):
            added = paired(asked, given, f"{plan.prompt}, {plan.input}")
            turns = [(joined(*query), answer) for query, (_, answer) in zip(added, turns, strict=True)]
        elif plan.input is not None:
            turns[0] = joined(turns[0][0], as_text(given, plan.input)), turns[0][1]
        return self._of_turns(row, plan, turns)

    def _of_turns(self, row: Mapping[str, Any], plan: Plan, turns: list[tuple[str, str]]) -> Draft:
        if plan.history is not None:
            turns = [*_history(reach(row, plan.history), plan.history), *turns]
        system = None if plan.system is None else as_text(reach(row, plan.system), plan.system)
        return self._draft(row, plan, plan.shape, system, checked(turns), plan.kept)

    def _of_messages(self, row: Mapping[str, Any], plan: Plan, messages: Any, fields: tuple[str | None, ...]) -> Draft:
        """A row whose turns are messages, found in `fields`."""
        chat = moss_chat(messages) if is_moss(messages) else _chat(messages, str(fields[-1]))
        above = None if plan.system is None else as_text(reach(row, plan.system), plan.system)
        systems = [text for text in dict.fromkeys((above, chat.system)) if text and not text.isspace()]
        dropped = {plan.system, *fields} if chat.plain else {plan.system}
        kept = tuple(name for name in row if name not in dropped)
        draft = self._draft(row, plan, chat.shape, "\n\n".join(systems), checked(chat.turns), kept)
        return draft if not chat.tools else with_tools(draft, chat.tools)

    def _of_instances(self, row: Mapping[str, Any], plan: Plan) -> list[Draft]:
        drafts: list[Draft] = []
        asked = as_text(reach(row, str(plan.prompt)), str(plan.prompt))
        for place, instance in enumerate(row[str(plan.instances)], 1):
            try:
                draft = self._of_instance(row, plan, asked, instance, place)
            except Failure as failure:
                self.faults.append(failure)
                continue
            own = draft.record_id
            drafts.append(draft if place == 1 or own is None else draft._replace(record_id=f"{own}-{place}"))
        if not drafts:
            raise self.faults[0] if self.faults else Failure("no_answer", "instances: empty")
        return drafts

    def _of_instance(self, row: Mapping[str, Any], plan: Plan, asked: str, instance: Any, place: int) -> Draft:
        if not isinstance(instance, Mapping):
            raise Failure("wrong_type", f"instances {place}: {kind_of(instance)}")
        query = joined(asked, as_text(instance.get("input"), "input"))
        turns = [(query, as_text(instance.get("output"), "output"))]
        kept = tuple(name for name in plan.kept if name != plan.instances)
        return self._draft(row, plan, "self_instruct", None, checked(turns), kept)

    def _draft(
        self,
        row: Mapping[str, Any],
        plan: Plan,
        shape: str,
        system: str | None,
        turns: list[tuple[str, str]],
        kept: tuple[str, ...],
    ) -> Draft:
        own = None if plan.record_id is None else own_id(reach(row, plan.record_id))
        source = as_json({name: row[name] for name in kept}) if kept else "{}"
        # Last: a fault beside the row is one of a row that is used.
        task_type = self._labels.of(row, plan, self.faults) if plan.task else ()
        return Draft(shape, task_type, None if not system or system.isspace() else system, turns, own, source)


def _shape(shapes: Counter[str]) -> str:
    return next(iter(shapes), "mixed") if len(shapes) == 1 else "mixed"


def _filled_answer(row: Mapping[str, Any], plan: Plan) -> str | None:
    """The first field by another name for the answer that is a text and not blank."""
    taken = (plan.prompt, plan.input, plan.system, plan.history)
    texts = {
        folded(name): name
        for name, value in row.items()
        if isinstance(name, str) and name not in taken and isinstance(value, str) and value.strip()
    }
    return first_of(ANSWER, texts)


def _missing(row: Mapping[str, Any], plan: Plan) -> Failure:
    fields = ", ".join(str(name) for name in list(row)[:20])
    if plan.prompt is None and plan.answer is None:
        return Failure("unknown_shape", f"fields: {fields}")
    return Failure("no_answer" if plan.answer is None else "no_prompt", f"no such field; fields: {fields}")


def _history(value: Any, name: str) -> list[tuple[str, str]]:
    value = unpacked(value)
    if is_absent(value) or value == "":
        return []
    return (
        chat_of(value).turns
        if value and looks_like_messages(value) and isinstance(value[0], Mapping)
        else pairs_of(value, name)
    )


def _chat(messages: Any, name: str) -> Chat:
    if messages is None or messages == "":
        raise Failure("no_prompt", f"{name}: empty")
    if not isinstance(messages, (list, tuple)):
        raise Failure("wrong_type", f"{name}: {kind_of(messages)}")
    return chat_of(messages)
