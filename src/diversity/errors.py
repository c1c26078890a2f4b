"""Errors meant for a person: what is wrong, where, and the mend."""

from __future__ import annotations


class DiversityError(Exception):
    """Something the user can mend. The message names what, where and the mend; the command line prints no traceback."""


class UsageError(DiversityError):
    """The call itself is off: an unknown option value, a missing report, a version that exists already."""


class InputError(DiversityError):
    """The input cannot be read: no such file, no good row, an unknown format."""


class Cancelled(DiversityError):
    """The user stopped the run. Everything cached so far is kept, no report is written."""
