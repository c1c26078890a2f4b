from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from diversity import spare


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[spare.Process]]:
    """Every process that was started; none is left afterwards."""
    found: list[spare.Process] = []

    def start() -> spare.Process:
        echo = "import pickle, sys; print(pickle.load(sys.stdin.buffer), flush=True); sys.stdin.read()"
        command = [sys.executable, "-c", echo]
        found.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
        return found[-1]

    monkeypatch.setattr(spare, "start", start)
    monkeypatch.setattr(spare, "CORES", 2)
    monkeypatch.setattr(spare, "LEAST_BYTES", 100)
    yield found
    spare.end(found)


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "large.jsonl"
    path.write_bytes(b"x" * 100)
    return path


def test_one_process_gets_ready_for_a_large_file_and_is_taken_first(large: Path, started: list[spare.Process]) -> None:
    with spare.spare_process([str(large)], "message"):
        spare.get_ready(large)
        assert len(started) == 1
        assert spare.take(2) == started
        assert len(started) == 2
        assert started[0].stdout is not None
        assert started[0].stdout.readline() == b"message\n"
    assert [process.poll() for process in started] == [None, None]


def test_what_nobody_took_is_ended(large: Path, started: list[spare.Process]) -> None:
    with pytest.raises(ValueError, match="stop"), spare.spare_process(large, "message"):
        raise ValueError("stop")
    assert len(started) == 1
    assert started[0].poll() is not None


@pytest.mark.parametrize("source", ["nowhere.json", [], [{"prompt": "x" * 200}], iter([])])
def test_small_and_unknown_sources_start_none(source: object, started: list[spare.Process]) -> None:
    with spare.spare_process(source, "message"):
        assert not started


def test_a_single_core_has_none_to_spare(
    large: Path, started: list[spare.Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spare, "CORES", 1)
    with spare.spare_process(large, "message"):
        assert not started
