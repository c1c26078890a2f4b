"""A missing string is an error here, and every test has a store of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import streamlit

from diversity.ui import behind
from diversity.ui.i18n import STRICT_VARIABLE


@pytest.fixture(autouse=True)
def strict_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(STRICT_VARIABLE, "1")
    # The test client asks for words outside the page's own thread, as a reader whose browser says nothing.
    monkeypatch.setenv("DIVERSITY_LANGUAGE", "zh")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "store"
    monkeypatch.setenv("DIVERSITY_STORE", str(root))
    return root


@pytest.fixture
def clicked_rows(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Which row is clicked in the table whose key starts so: the test client cannot click into tables."""
    draw, rows = streamlit.dataframe, dict[str, int]()

    def clicked(table: str) -> int | None:
        return next((row for start, row in rows.items() if table.startswith(start)), None)

    def dataframe(frame: Any, **options: Any) -> Any:
        event = draw(frame, **options)
        row = clicked(str(options.get("key")))
        return event if row is None else {"selection": {"rows": [row]}}

    monkeypatch.setattr(streamlit, "dataframe", dataframe)
    monkeypatch.setattr(behind, "is_clicked", lambda table: clicked(table) is not None)
    return rows
