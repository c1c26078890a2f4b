"""A missing string is an error here, and every test has a store of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from diversity.ui.i18n import STRICT_VARIABLE


@pytest.fixture(autouse=True)
def strict_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(STRICT_VARIABLE, "1")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "store"
    monkeypatch.setenv("DIVERSITY_STORE", str(root))
    return root
