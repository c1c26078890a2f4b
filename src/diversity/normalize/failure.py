"""Why a row cannot become a record."""

from __future__ import annotations

from diversity.readers.base import Reason


class Failure(Exception):
    """Raised while a row is read; `reason` is a code, `detail` what was found."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason: Reason = reason
        self.detail = detail
