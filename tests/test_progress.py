from __future__ import annotations

import io

from diversity.progress import Terminal, silent, within


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_without_a_terminal_one_line_a_stage() -> None:
    stream, clock = io.StringIO(), Clock()
    progress = Terminal(stream, clock)
    for stage, done, seconds in (("read", 0, 0.0), ("read", 5, 1.0), ("embed", 0, 2.5), ("embed", 9, 4.0)):
        clock.now = seconds
        progress(stage, done, 10)
    progress.finish(None)
    assert [line.split() for line in stream.getvalue().splitlines()] == [["read", "2.5", "s"], ["embed", "1.5", "s"]]
    assert "\r" not in stream.getvalue()


def test_on_a_terminal_the_line_is_redrawn_but_not_all_the_time() -> None:
    stream, clock = Screen(), Clock()
    progress = Terminal(stream, clock)
    for tick in range(100):
        clock.now = 1 + tick / 100
        progress("embed", tick, 100)
    assert stream.getvalue().count("\r") == 5
    assert "0%" in stream.getvalue()
    progress("read", 1234, None)
    clock.now = 9
    progress("read", 1234, None)
    assert "1,234" in stream.getvalue()
    assert stream.getvalue().count("\n") == 1


def test_finishing_twice_or_before_the_start_says_nothing_more() -> None:
    stream = io.StringIO()
    progress = Terminal(stream, Clock())
    progress.finish(None)
    assert stream.getvalue() == ""
    progress("read", 0, None)
    progress.finish(ValueError())
    progress.finish(None)
    assert stream.getvalue().count("\n") == 1


def test_within_binds_a_stage() -> None:
    heard: list[tuple[str, int, int | None]] = []
    within(lambda stage, done, total: heard.append((stage, done, total)), "embed")(3, None)
    assert heard == [("embed", 3, None)]
    assert silent("any", 1, None) is None  # type: ignore[func-returns-value]
