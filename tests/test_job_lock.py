from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from diversity import job_lock


def test_held_free_and_never_there(tmp_path: Path) -> None:
    folder = tmp_path / "job"
    assert job_lock.is_held(folder) is None
    with job_lock.locked(folder):
        assert job_lock.is_held(folder) is True
    assert job_lock.is_held(folder) is False
    job_lock.remove(folder)
    assert job_lock.is_held(folder) is None
    job_lock.remove(folder)


def test_a_process_that_was_handed_it_holds_it_until_it_ends(tmp_path: Path) -> None:
    folder = tmp_path / "job"
    code = "import sys; sys.stdin.read()"
    with job_lock.locked(folder) as file:
        process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, pass_fds=[file])
    assert job_lock.is_held(folder) is True
    process.kill()
    process.communicate()
    assert job_lock.is_held(folder) is False
