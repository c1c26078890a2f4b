"""What reading a version's files came to, in words: for pages and the command line alike."""

from __future__ import annotations

from diversity.report import InputFile, Intake
from diversity.words.catalogue import number
from diversity.words.language import one_line, t, t_or


def id_sentences(intake: Intake) -> list[str]:
    """Which records are not named by the user's ids though there are such; nothing where all are or none could be."""
    found = intake.ids
    if found is None or not found.used + found.repeated:
        return []
    repeated = [t("intake.ids_repeated", n=found.repeated, example=one_line(found.example or "", 40))]
    missing = [t("intake.ids_missing", n=found.missing)]
    return (repeated if found.repeated else []) + (missing if found.missing else [])


def fields_sentence(fields: dict[str, str]) -> str:
    """Ours and the source's name of each field that was read."""
    return ", ".join(f"{ours} ← {one_line(theirs, 60)}" for ours, theirs in fields.items()) or "–"


def file_sentence(file: InputFile, alone: bool) -> str:
    """A file as it was recognised; where there are others, with its own shape and fields."""
    said = f"{file.path} ({file.format}, {file.encoding}, {number(file.rows_read)})"
    if alone or file.field_map is None or file.shape is None:
        return said
    return f"{said} · {t_or(f'shape.{file.shape}', file.shape)} · {fields_sentence(file.field_map)}"
