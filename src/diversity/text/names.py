"""Names of files and of what users call things, as text that can be stored and shown."""

from __future__ import annotations

import os
import re
from contextlib import suppress

HALF = re.compile("[\ud800-\udfff]")
# GB18030 has GBK and GB 2312 in it: what names on Chinese disks are written in where they are not UTF-8.
_GUESSES = ("utf-8", "gb18030")


def valid_name(name: str) -> str:
    """The name itself where it is valid Unicode. Of one that is not, as Python has names of files that are not UTF-8,
    each part of the path is read as GB18030 where it can be, with `\\xNN` for bytes where not."""
    return "/".join(map(_valid, name.split("/"))) if HALF.search(name) else name


def _valid(part: str) -> str:
    try:
        raw = os.fsencode(part)
    except UnicodeEncodeError:  # half a character that stands for no byte
        return part.encode("utf-8", "backslashreplace").decode()
    for encoding in _GUESSES:
        with suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return raw.decode("utf-8", "backslashreplace")
