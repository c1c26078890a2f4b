"""Reads everything once and writes a version's records, streamed: memory is bounded by a batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from diversity.errors import InputError
from diversity.ingest.raw import raw_of
from diversity.ingest.sources import Input, Inputs, Source
from diversity.ingest.writer import SET_ASIDE_FILE, CorpusWriter
from diversity.normalize import Failure, Normalizer
from diversity.progress import Progress, silent
from diversity.readers import DAMAGES, Item, Problem, shown
from diversity.records import SetAside
from diversity.report import DamagedFile, InputFile, Intake
from diversity.report import Rows as RowCounts

__all__ = ["SET_ASIDE_FILE", "Source", "ingest"]

EVERY = 1024
EXPECTED = (
    "Expected rows with a prompt and an answer: instruction/input/output, conversations, messages, a nested chat, "
    "or fields such as prompt and answer; other names can be mapped (prompt=FIELD, answer=FIELD)."
)


def ingest(
    source: Source,
    folder: Path,
    *,
    field_map: Mapping[str, str] | None = None,
    task_type_field: str | Sequence[str] | None = None,
    task_type_separator: str | None = None,
    progress: Progress = silent,
) -> Intake:
    """Reads `source` and writes records.parquet, units.arrow and tables/set_aside.parquet into `folder`.

    source: a path, several, an iterable of dicts or a pandas DataFrame (their file is `<records>`). Progress: stage
    `read`, bytes on disk (rows for what comes from Python). A file that cannot be read at all is set aside when there
    are others.

    Raises InputError when there is no such file, no good row, or a field named by the user that no row has;
    UsageError for a field map that means nothing; Cancelled. Nothing is left behind then.
    """
    normalizer = Normalizer(field_map, task_type_field, task_type_separator)
    inputs = Inputs(source)
    with CorpusWriter(folder) as writer:
        run = _Run(inputs, normalizer, writer, progress)
        files = [run.read(name, path) for name, path in inputs.named]
        if run.good == 0:
            if normalizer.fields:
                normalizer.require_fields()
            raise run.nothing_found(files)
        normalizer.require_fields()
        fingerprint = writer.finish()
        fields = normalizer.field_map()
        if not writer.ids.used:
            fields.pop("id", None)
        return Intake(
            files=[*files, *inputs.passed_over()],
            shape=normalizer.shape,
            field_map=fields,
            rows=RowCounts(
                read=sum(file.rows_read for file in files), set_aside=sum(file.rows_set_aside for file in files)
            ),
            records=writer.records,
            units=writer.units,
            reasons=dict(sorted(run.reasons.items())),
            fingerprint=fingerprint,
            tool_turns=writer.tool_turns,
            damaged=list(run.damaged.values()),
            ids=writer.ids,
        )


class _Run:
    """One reading of all inputs."""

    def __init__(self, inputs: Inputs, normalizer: Normalizer, writer: CorpusWriter, progress: Progress) -> None:
        self._inputs = inputs
        self._normalizer = normalizer
        self._writer = writer
        self._progress = progress
        self._done = 0
        self.good = self.lost = 0
        self.reasons: Counter[str] = Counter()
        self.damaged: dict[str, DamagedFile] = {}
        self.first: SetAside | None = None

    def read(self, name: str, path: Path | None) -> InputFile:
        """Reads one input to its end. Raises InputError when it is the only one and cannot be read at all."""
        try:
            opened = self._inputs.opened(path)
        except InputError as error:
            if len(self._inputs.named) == 1:
                raise
            self._aside(name, Problem(1, "unreadable_file", str(error), b""))
            return InputFile(
                path=name,
                format="unknown",
                encoding="",
                compression=None,
                rows_read=1,
                rows_set_aside=1,
                bytes=_bytes(path),
                numbered="row",
            )
        mark = self._normalizer.mark()
        read, aside = self._all_rows(name, opened)
        shape, fields = self._normalizer.since(mark)
        return InputFile(
            path=name,
            format=opened.format,
            encoding=opened.encoding,
            compression=opened.compression,
            rows_read=read,
            rows_set_aside=aside,
            bytes=0 if path is None else opened.size,
            numbered=opened.numbered,
            shape=shape,
            field_map=fields,
        )

    def _all_rows(self, name: str, opened: Input) -> tuple[int, int]:
        """(rows read, rows set aside)."""
        good, lost = self.good, self.lost
        for count, item in enumerate(opened.rows()):
            self._take(name, item)
            if count % EVERY == 0:
                self._progress("read", self._done + opened.position, self._inputs.total)
        self._done += opened.size or opened.position
        self._progress("read", self._done, self._inputs.total)
        aside = self.lost - lost
        return self.good - good + aside, aside

    def _take(self, name: str, item: Item) -> None:
        """Counts a row once: good if any of its drafts is, else as set aside; every fault is listed."""
        if isinstance(item, Problem):
            self.lost += item.costs_row
            self._aside(name, item)
            return
        good, faults = False, []
        try:
            drafts = self._normalizer.drafts(item.value)
            faults += self._normalizer.faults
        except Failure as failure:
            drafts, faults = [], [failure]
        for draft in drafts:
            try:
                self._writer.add(draft, name, item.line)
                good = True
            except Failure as failure:
                faults.append(failure)
        for fault in faults:
            self._aside(name, Problem(item.line, fault.reason, fault.detail, raw_of(item)))
        self.good += good
        self.lost += not good

    def _aside(self, name: str, problem: Problem) -> None:
        row = set_aside_of(name, problem)
        self.first = self.first or row
        self.reasons[problem.reason] += 1
        if problem.reason in DAMAGES:
            self.damaged[name] = DamagedFile(path=name, reason=row.reason, detail=row.detail)
        self._writer.set_aside(row)

    def nothing_found(self, files: list[InputFile]) -> InputError:
        """The error for an input without one good row; where no field was known, how to name two of its own."""
        what = ", ".join(f"{file.path} ({file.format}, {file.rows_read:,} rows)" for file in files[:5])
        fields = ", ".join(list(self._normalizer.fields)[:20])
        message = f"{what}: not one row could be used. {EXPECTED} Fields found: {fields or 'none'}."
        facts = {"what": what, "fields": fields or "–"}
        if self.first is None:
            return InputError(message, "no_good_row", **facts)
        numbered = next((file.numbered for file in files if file.path == self.first.file), None) or "line"
        message += f" First row set aside: {self.first.file}, {numbered} {self.first.line}: {self.first.reason}"
        message += f" ({self.first.detail})."
        if self.reasons.most_common(1)[0][0] == "unknown_shape" or self.first.detail.startswith("no such field"):
            example = self._normalizer.example_map()
            return InputError(f"{message} For example: --map {example}", "no_usable_field", **facts, example=example)
        place = {"file": self.first.file, "line": str(self.first.line), "numbered": numbered}
        return InputError(
            message, "no_good_row_first", **facts, **place, reason=self.first.reason, detail=self.first.detail
        )


def set_aside_of(name: str, problem: Problem) -> SetAside:
    """The problem as it is stored."""
    return SetAside(name, problem.line, problem.reason, shown(problem.detail), shown(problem.text))


def _bytes(path: Path | None) -> int:
    return path.stat().st_size if path is not None else 0
