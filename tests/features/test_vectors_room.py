from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from diversity.features import vectors


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="the system cannot reserve room")
def test_a_full_disk_is_an_error_and_no_bus_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(OSError, match="No space"):
        vectors._room(tmp_path / "room.npy", (4, 3))


def test_what_is_written_to_the_room_is_in_the_file(tmp_path: Path) -> None:
    room = vectors._room(tmp_path / "room.npy", (4, 3))
    room[:] = np.arange(12).reshape(4, 3)
    np.testing.assert_array_equal(np.load(tmp_path / "room.npy"), room)
