from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Iterator
from typing import NoReturn

import pytest

from diversity import cli, spare
from diversity.garbage import LOOKS, OBJECTS, collect_seldom


@pytest.fixture(autouse=True)
def own_settings() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


def test_garbage_is_collected_seldom_and_still_collected() -> None:
    collect_seldom()
    assert gc.get_threshold()[:2] == (OBJECTS, LOOKS)
    assert gc.isenabled()


def test_the_command_and_the_processes_beside_it_look_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def stop(code: int) -> NoReturn:
        raise SystemExit(code)

    monkeypatch.setattr(cli.os, "_exit", stop)
    monkeypatch.setattr("diversity.engine.worker.main", lambda: seen.append(gc.get_threshold()[0]))
    monkeypatch.setattr(cli, "main", lambda: seen.append(gc.get_threshold()[0]) or 0)
    spare.answer()
    gc.set_threshold(700)
    with pytest.raises(SystemExit):
        cli.run()
    assert seen == [OBJECTS, OBJECTS]


def test_a_users_own_process_keeps_its_settings() -> None:
    code = "import gc; a = gc.get_threshold(); import diversity.analysis, diversity.cli; print(a == gc.get_threshold())"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "True"
