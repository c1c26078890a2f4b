"""Caches that do not grow for ever: what was used longest ago goes."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from pathlib import Path

# What only a killed run leaves behind is removed after a day: longer than any write.
ABANDONED_SECONDS = 86_400


def touch(folder: Path) -> None:
    """Marks a folder as used now."""
    with suppress(OSError):  # another run may be removing it, or the disk is read-only
        os.utime(folder)


def keep_recent(folder: Path, most: int) -> None:
    """Removes the folders in `folder` that were used longest ago beyond `most`, and hidden ones that killed runs left
    behind. Others may do so meanwhile."""
    stamped: list[tuple[int, Path]] = []
    for path in folder.iterdir() if folder.is_dir() else ():
        with suppress(FileNotFoundError):
            stamped.append((path.stat().st_mtime_ns, path))
    kept = sorted(one for one in stamped if not one[1].name.startswith("."))
    abandoned = time.time_ns() - ABANDONED_SECONDS * 10**9
    hidden = [one for one in stamped if one[1].name.startswith(".") and one[0] < abandoned]
    for _, old in [*kept[: max(0, len(kept) - most)], *hidden]:
        shutil.rmtree(old, ignore_errors=True)
