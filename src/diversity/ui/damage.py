"""Damaged reports on a page: which there are, and the error in place of what needs a damaged file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from diversity.errors import DamagedReport
from diversity.ui.i18n import t
from diversity.ui.safe import one_line
from diversity.ui.verdict import banner
from diversity.ui.view import damaged_entries
from diversity.words.checks import error_sentence


def draw_damaged() -> None:
    """Says above every page which reports are damaged: their figures must not be missed without a word."""
    names = [f"{one.dataset}/{one.version}" for one in damaged_entries()]
    if names:
        banner(t("frame.damaged", names=one_line(", ".join(names), 200)), "fail", word=t("add.cannot_read"))


@contextmanager
def damage_said() -> Iterator[None]:
    """Where a file of the report is damaged, the error in place of the rest. A fragment needs one of its own: Streamlit
    lets no exception out of it."""
    try:
        yield
    except DamagedReport as error:
        banner(error_sentence(error.code, str(error), error.facts), "fail", word=t("add.cannot_read"))
