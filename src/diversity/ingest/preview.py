"""What a file will be read as, shown before it is read whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from diversity.errors import InputError
from diversity.ingest.identity import Ids, content_hash
from diversity.ingest.raw import raw_of
from diversity.ingest.run import set_aside_of
from diversity.ingest.sources import Input, Inputs, Source
from diversity.normalize import Draft, Failure, Normalizer
from diversity.readers import BESIDE, Problem
from diversity.records import Record, SetAside, Turn

LOOKED_AT = 10


@dataclass(frozen=True, slots=True)
class Preview:
    """A file as it was recognised, and its first rows as they will be read.

    `files` are the names of all files; `by_line` says that rows are numbered by lines of the file; `shape` and
    `field_map` as in `Intake`, from the rows looked at; `fields` the names seen in them, in order, `unused` those that
    nothing is read from; `problems` the rows that would be set aside, `beside` the faults of rows that would be
    used all the same.
    """

    file: str
    files: tuple[str, ...]
    format: str
    encoding: str
    compression: str | None
    by_line: bool
    shape: str
    fields: tuple[str, ...]
    unused: tuple[str, ...]
    field_map: Mapping[str, str]
    records: tuple[Record, ...]
    problems: tuple[SetAside, ...]
    beside: tuple[SetAside, ...] = ()


def input_names(source: Source) -> tuple[str, ...]:
    """Names of the files that will be read, in their order. Raises InputError as `preview` does."""
    return tuple(name for name, _ in Inputs(source).named)


def preview(
    source: Source,
    field_map: Mapping[str, str] | None = None,
    *,
    limit: int = 20,
    file: int = 0,
    task_type_field: str | Sequence[str] | None = None,
    task_type_separator: str | None = None,
) -> Preview:
    """Reads at most `limit` records, and at most ten times as many rows, of one of the files, by its number.

    Ids are those of the rows shown; over the whole input they may turn out otherwise. Rows without a usable field
    give problems, not an error, so that fields can be mapped. Raises InputError when the file cannot be read at all,
    UsageError for a field map that means nothing.
    """
    normalizer = Normalizer(field_map, task_type_field, task_type_separator)
    inputs = Inputs(source)
    if not inputs.named:
        raise InputError("There is no file to read.", "no_file")
    name, path = inputs.named[file]
    opened = inputs.opened(path)
    drafts, problems = _look(name, opened, normalizer, limit)
    ids = Ids()
    contents = [content_hash(draft) for _, draft in drafts]
    given = [ids.of(draft, content) for (_, draft), content in zip(drafts, contents, strict=True)]
    made = list(ids.settled(zip(given, contents, strict=True)))
    return Preview(
        file=name,
        files=tuple(name for name, _ in inputs.named),
        format=opened.format,
        encoding=opened.encoding,
        compression=opened.compression,
        by_line=opened.numbered == "line",
        shape=normalizer.shape if drafts else "unknown",
        fields=tuple(normalizer.fields),
        unused=normalizer.unused() if drafts else (),
        field_map=normalizer.field_map(),
        records=tuple(
            _record(record_id, draft, name, line) for record_id, (line, draft) in zip(made, drafts, strict=True)
        ),
        problems=tuple(one for one in problems if one.reason not in BESIDE),
        beside=tuple(one for one in problems if one.reason in BESIDE),
    )


def _look(
    name: str, opened: Input, normalizer: Normalizer, limit: int
) -> tuple[list[tuple[int, Draft]], list[SetAside]]:
    drafts: list[tuple[int, Draft]] = []
    problems: list[SetAside] = []
    for item in islice(opened.rows(), limit * LOOKED_AT):
        if isinstance(item, Problem):
            problems.append(set_aside_of(name, item))
            continue
        try:
            found = normalizer.drafts(item.value)
            for draft in found:
                content_hash(draft)
            drafts += [(item.line, draft) for draft in found]
            faults = [fault for fault in normalizer.faults if fault.reason in BESIDE]
        except Failure as failure:
            faults = [failure]
        problems += [set_aside_of(name, Problem(item.line, one.reason, one.detail, raw_of(item))) for one in faults]
        if len(drafts) >= limit:
            break
    return drafts[:limit], problems[:limit]


def _record(record_id: str, draft: Draft, file: str, line: int) -> Record:
    turns = tuple(Turn(query, answer) for query, answer in draft.turns)
    return Record(record_id, draft.task_type, draft.system, turns, {"file": file, "line": line})
