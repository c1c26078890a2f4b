from __future__ import annotations

import io
import os
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from diversity.errors import UsageError
from diversity.readers.pipes import without_pipes


def test_files_stay_as_they_are(tmp_path: Path) -> None:
    with without_pipes([str(tmp_path), "no such file"]) as paths:
        assert paths == [str(tmp_path), "no such file"]


def test_standard_input_and_pipes_become_files_that_are_gone_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    threading.Thread(target=pipe.write_bytes, args=(b"two",)).start()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"one")))
    with without_pipes([Path("-"), pipe]) as paths:
        assert [Path(path).read_bytes() for path in paths] == [b"one", b"two"]
        assert [Path(path).name for path in paths] == ["stdin", "pipe-2"]
    assert not any(Path(path).exists() for path in paths)


@pytest.mark.parametrize("second", ["-", "/dev/stdin"])
def test_standard_input_is_read_once(second: str) -> None:
    with pytest.raises(UsageError, match="only once"), without_pipes(["-", second]):
        pass
