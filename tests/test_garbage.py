from __future__ import annotations

import gc
import subprocess
import sys

from diversity.garbage import OBJECTS, collect_seldom


def test_garbage_is_collected_seldom_and_still_collected() -> None:
    before = gc.get_threshold()
    try:
        collect_seldom()
        assert gc.get_threshold()[0] == OBJECTS
        assert gc.isenabled()
    finally:
        gc.set_threshold(*before)


def test_a_users_own_process_keeps_its_settings() -> None:
    code = "import gc; a = gc.get_threshold(); import diversity.analysis, diversity.cli; print(a == gc.get_threshold())"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "True"
