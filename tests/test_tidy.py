from __future__ import annotations

import os
from pathlib import Path

from diversity.tidy import ABANDONED_SECONDS, keep_recent, touch


def used(folder: Path, name: str, at: float) -> None:
    (folder / name).mkdir(parents=True)
    os.utime(folder / name, (at, at))


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_what_was_used_longest_ago_goes(tmp_path: Path) -> None:
    for at in range(5):
        used(tmp_path, f"k{at}", at)
    touch(tmp_path / "k0")
    keep_recent(tmp_path, 2)
    assert names(tmp_path) == {"k0", "k4"}


def test_few_folders_stay(tmp_path: Path) -> None:
    used(tmp_path, "a", 1)
    keep_recent(tmp_path, 2)
    assert names(tmp_path) == {"a"}


def test_unfinished_folders_go_after_a_day(tmp_path: Path) -> None:
    now = tmp_path.stat().st_mtime
    used(tmp_path, ".old", now - 2 * ABANDONED_SECONDS)
    used(tmp_path, ".fresh", now)
    keep_recent(tmp_path, 5)
    assert names(tmp_path) == {".fresh"}


def test_a_missing_folder_is_nothing_to_do(tmp_path: Path) -> None:
    keep_recent(tmp_path / "none", 1)
    touch(tmp_path / "none")
    assert not (tmp_path / "none").exists()
