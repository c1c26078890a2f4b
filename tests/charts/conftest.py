"""The catalogue function that charts get, in one language, strict about missing strings."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from diversity.ui.i18n import STRICT_VARIABLE, translate


@pytest.fixture(params=["en", "zh"])
def t(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    monkeypatch.setenv(STRICT_VARIABLE, "1")
    return partial(translate, request.param)
