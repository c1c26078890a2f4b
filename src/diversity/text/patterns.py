"""Regular expressions compiled when they are first used: hundreds of them cost every start a tenth of a second,
and a run needs few."""

from __future__ import annotations

import re
from typing import Any, cast

_METHODS = ("findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn")


class _Later:
    def __init__(self, source: str, flags: int) -> None:
        self._source, self._flags = source, flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        compiled = re.compile(self._source, self._flags)
        if name in _METHODS:
            # Found in the instance from now on, without a call of this.
            self.__dict__.update({method: getattr(compiled, method) for method in _METHODS})
        return getattr(compiled, name)


def compiled_later(source: str, flags: int = 0) -> re.Pattern[str]:
    """What `re.compile` gives, but for the type; an error in `source` shows at the first use."""
    return cast("re.Pattern[str]", _Later(source, flags))
