"""A real server over an empty store, and a real browser."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from e2e.screens import BROWSERS, CHROMIUM_VARIABLE, browser, executable

ROOT = Path(__file__).parents[2]
START_SECONDS = 90


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    pytest.importorskip("playwright", reason="needs playwright: pip install -r requirements-dev.txt")
    if not Path(executable() or "").is_file():
        pytest.skip(f"needs one of {', '.join(BROWSERS)} in PATH, or {CHROMIUM_VARIABLE}")
    with browser() as found:
        yield found


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of a dashboard over an empty store."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "DIVERSITY_STORE": str(tmp_path / "store"), "DIVERSITY_STRICT_CATALOGUE": "1"}
    command = [sys.executable, "-m", "diversity.ui.server", "run", "app.py", "--server.port", str(port)]
    with (tmp_path / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        _wait(f"http://127.0.0.1:{port}/_stcore/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, "the server ended"
        try:
            urllib.request.urlopen(url, timeout=2)
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the server did not start")
