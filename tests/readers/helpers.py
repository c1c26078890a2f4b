"""What the readers' tests share."""

from __future__ import annotations

from pathlib import Path

from diversity.readers import InputData, Problem, Row


def written(folder: Path, content: bytes | str, name: str = "data") -> Path:
    path = folder / name
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def read(path: Path) -> tuple[list[Row], list[Problem], InputData]:
    data = InputData(path)
    rows: list[Row] = []
    problems: list[Problem] = []
    for item in data.rows():
        (rows if isinstance(item, Row) else problems).append(item)  # type: ignore[arg-type]
    return rows, problems, data


def values(rows: list[Row]) -> list[object]:
    return [row.value for row in rows]
