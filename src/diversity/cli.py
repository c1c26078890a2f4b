"""The command `diversity`. Exit codes: 0 fine, 1 a check failed (`check` only), 2 bad usage or input."""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from pathlib import Path
from types import FrameType
from typing import Any

from diversity.errors import STOPPED, Cancelled, DiversityError, UsageError
from diversity.garbage import collect_seldom
from diversity.options import build_parser
from diversity.progress import Progress
from diversity.spare import get_ready
from diversity.words.language import harmless, one_line, t

FINE, CHECK_FAILED, BAD_USAGE, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code. Errors meant for the user are one message on standard error."""
    _log_harmlessly()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal without Chinese gets escapes, not a crash
            stream.reconfigure(errors="backslashreplace")
    options = build_parser().parse_args(arguments)
    try:
        code = COMMANDS[options.command](options)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        _complain(t("terminal.stopped"))
        return INTERRUPTED
    except DiversityError as error:
        from diversity.words.terminal import error_line  # slow to import

        _complain(error_line(error))
        return INTERRUPTED if isinstance(error, Cancelled) else BAD_USAGE
    except BrokenPipeError:
        # Whoever read has read enough; the flush at exit must not complain a second time.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except OSError as error:
        # A full disk, a folder that may not be written, a file where a folder should be: the user's to mend.
        named = f"{error.filename}: " if error.filename else ""
        _complain(f"{named}{error.strerror or error}")
        return BAD_USAGE


class _Harmless(logging.Formatter):
    """Warnings name files and fields of the user's, too."""

    def format(self, record: logging.LogRecord) -> str:
        return harmless(super().format(record))


def _log_harmlessly() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(_Harmless("%(levelname)s: %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING)


def _say(*lines: str) -> None:
    """Prints for a person: whatever data, file names and labels hold, the terminal obeys none of it."""
    print(harmless("\n".join(lines)), flush=True)


def _complain(said: str) -> None:
    print(harmless(f"diversity: {said}"), file=sys.stderr)


def _store(options: argparse.Namespace) -> Any:
    from diversity.store import Store

    return Store(options.store) if options.store else Store.default()


def _analyze(options: argparse.Namespace) -> int:
    get_ready(options.paths)
    from diversity.readers.pipes import without_pipes

    with without_pipes(options.paths) as paths:
        return _analyze_files(options, [*paths])


def _analyze_files(options: argparse.Namespace, paths: list[str | Path]) -> int:
    from diversity.analysis import analyze
    from diversity.settings import load_settings

    overrides: dict[str, Any] = _pairs(options.set, "--set")
    overrides |= {name: value for name in ("embedder", "tokenizer") if (value := getattr(options, name))}
    progress, finish = _progress(options)
    try:
        stored = analyze(
            paths,
            dataset=options.dataset,
            version=options.version,
            store=_store(options),
            field_map=_pairs(_split(options.map), "--map") or None,
            task_type_field=options.task_type_field,
            task_type_separator=options.task_type_separator,
            settings=load_settings(overrides),
            replace=options.replace,
            progress=progress,
        )
    except BaseException as error:
        finish(error)
        raise
    finish(None)
    if options.json:
        print(stored.report.model_dump_json())
    else:
        _print_report(stored.report)
        _say(t("terminal.report", path=str(stored.path)))
    return FINE


def _progress(options: argparse.Namespace) -> tuple[Progress, Callable[[BaseException | None], None]]:
    """The progress for this run, and what to call with the error that ended it, or None."""
    signal.signal(signal.SIGTERM, _stop)
    if options.job:
        from diversity.job_progress import JobProgress

        job = JobProgress(options.job)
        return job, job.finish
    from diversity.progress import Terminal, silent

    if options.quiet:
        return silent, lambda error: None
    terminal = Terminal(sys.stderr)
    return terminal, terminal.finish


def _stop(number: int, frame: FrameType | None) -> None:
    raise Cancelled(STOPPED)


def _split(texts: Sequence[str]) -> list[str]:
    return [part for text in texts for part in text.split(",")]


def _pairs(texts: Sequence[str], option: str) -> dict[str, str]:
    pairs = {}
    for part in texts:
        name, equals, value = part.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise UsageError(f"{option} takes NAME=VALUE, not {part!r}.", "no_pair", option=option, given=part)
        pairs[name.strip()] = value.strip()
    return pairs


def _list(options: argparse.Namespace) -> int:
    reports = _store(options).list()
    if options.json:
        rows = [
            {
                "dataset": r.dataset,
                "version": r.version,
                "created_at": r.created_at,
                "records": r.records,
                "rows_set_aside": r.rows_set_aside,
                "damaged": r.damaged,
            }
            for r in reports
        ]
        print(json.dumps(rows, ensure_ascii=False))
        return FINE
    for report in reports:
        _say("\t".join(_cells(report)))
    if not reports:
        _say(t("terminal.no_report"))
    return FINE


def _cells(report: Any) -> list[str]:
    named = [one_line(report.dataset), one_line(report.version)]
    if report.damaged:
        return [*named, t("terminal.damaged"), report.created_at or "–"]
    return [*named, t("terminal.records", n=report.records), report.created_at]


def _show(options: argparse.Namespace) -> int:
    report = _store(options).load(options.dataset, options.version).report
    if options.json:
        print(report.model_dump_json())
    else:
        _print_report(report)
    return FINE


def _check(options: argparse.Namespace) -> int:
    report = _store(options).load(options.dataset, options.version).report
    if options.json:
        print(json.dumps([check.model_dump(mode="json") for check in report.checks], ensure_ascii=False))
    else:
        _print_report(report)
    # A metric that crashed has not been held against anything: a gate must not pass on it.
    stopped = any(check.outcome == "fail" or check.reason == "metric_failed" for check in report.checks)
    return CHECK_FAILED if stopped else FINE


def _compare(options: argparse.Namespace) -> int:
    from diversity.comparison import compare

    store = _store(options)
    comparison = compare(
        store.load(options.dataset, options.before), store.load(options.dataset, options.after), cache=store.cache
    )
    if options.json:
        print(comparison.model_dump_json())
    else:
        from diversity.words.terminal import comparison_lines

        _say(*comparison_lines(comparison))
    return FINE


def _export(options: argparse.Namespace) -> int:
    from diversity.export.duplicates import export_duplicates

    stored = _store(options).load(options.dataset, options.version)
    rows = export_duplicates(stored, options.out, kinds=options.kind, of=options.of)
    _say(t("terminal.written", n=rows, path=str(options.out)))
    return FINE


def _serve(options: argparse.Namespace) -> int:
    app = Path(__file__).parents[2] / "app.py"
    if not app.is_file():
        raise UsageError(
            "The dashboard's app.py is not beside this installation: "
            "run `diversity serve` from a checkout installed with `pip install -e .`.",
            "no_app",
        )
    store = _store(options)
    _say(t("terminal.dashboard", at=f"http://{options.host}:{options.port}", store=str(store.root)))
    from diversity.jobs import serve_environment

    command = [
        sys.executable,
        "-m",
        "diversity.ui.server",
        "run",
        str(app),
        "--server.address",
        options.host,
        "--server.port",
        str(options.port),
    ]
    # Headless whoever looks: otherwise the first start on a machine waits for an e-mail address to be typed.
    command += ["--server.headless", "true"]
    # A stopped `serve` takes its server along.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    server = subprocess.Popen(command, env=serve_environment(store.root, options.host), cwd=app.parent)
    try:
        if not options.no_browser:
            _open_browser(server, options.host, options.port)
        code = server.wait()
    except KeyboardInterrupt:
        server.terminate()
        server.wait()
        return FINE
    return FINE if code == FINE else BAD_USAGE


def _open_browser(server: subprocess.Popen[bytes], host: str, port: int) -> None:
    """Opens the reader's browser once the server answers; a machine without one is no error."""
    while server.poll() is None:
        try:
            with socket.create_connection((host, port), timeout=1):
                webbrowser.open(f"http://{host}:{port}")
                return
        except OSError:
            time.sleep(0.2)


def _print_report(report: Any) -> None:
    from diversity.words.terminal import report_lines

    _say(*report_lines(report))


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "analyze": _analyze,
    "list": _list,
    "show": _show,
    "check": _check,
    "compare": _compare,
    "export-duplicates": _export,
    "serve": _serve,
}


def run() -> None:
    """The command itself. Ends at once when all is said: taking a quarter gigabyte apart piece by piece takes as long
    as reading a data set."""
    collect_seldom()
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    run()
