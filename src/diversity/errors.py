"""Errors meant for a person: what is wrong, where, and the mend."""

from __future__ import annotations

from typing import Any

STOPPED = "stopped; what was embedded so far is kept"


class DiversityError(Exception):
    """Something the user can mend. The message names what, where and the mend; the command line prints no traceback.

    Where `code` is given, the catalogues say the same in the reader's language: `error.<code>`, with `facts` filled in.
    """

    def __init__(self, message: str = "", code: str | None = None, **facts: Any) -> None:
        super().__init__(message)
        self.code = code
        self.facts = facts


class UsageError(DiversityError):
    """The call itself is off: an unknown option value, a missing report, a version that exists already."""


class InputError(DiversityError):
    """The input cannot be read: no such file, no good row, an unknown format."""


class DamagedReport(DiversityError):
    """A stored report of which a file cannot be read or is not what was written."""


class Cancelled(DiversityError):
    """The user stopped the run. Everything cached so far is kept, no report is written."""
