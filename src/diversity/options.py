"""The options of the command line, and what its help says, in the reader's language."""

from __future__ import annotations

import argparse
import re
import sys
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from diversity.words.language import harmless, t, terminal_language

# What argparse says of wrong usage, which is English only, and the catalogue's words for it.
_SAID = {
    "required": r"the following arguments are required: (?P<names>.+)",
    "unknown": r"unrecognized arguments: (?P<names>.+)",
    "no_value": r"argument (?P<name>.+): expected (?:one argument|at least one argument)",
    "choice": r"argument (?P<name>.+): invalid choice: (?P<value>.+?) \(choose from (?P<choices>.+)\)",
    "number": r"argument (?P<name>.+): invalid int value: (?P<value>.+)",
}


def build_parser() -> argparse.ArgumentParser:
    """The parser with every command, whose name it gives as `command`; a test holds the README against it."""
    parser = _Parser(prog="diversity", description=t("option.program"))
    commands = parser.add_subparsers(title=t("option.commands"), metavar="COMMAND", required=True, dest="command")
    _add_analyze(_command(commands, "analyze"))
    _add_json(_command(commands, "list"))
    _add_json(_command(commands, "show", "dataset", "version"))
    _add_json(_command(commands, "compare", "dataset", "before", "after"))
    _add_json(_command(commands, "check", "dataset", "version"))
    export = _command(commands, "export-duplicates", "dataset", "version")
    export.add_argument("--out", type=Path, required=True, metavar="FILE", help=t("option.out"))
    export.add_argument("--of", choices=("answer", "prompt"), default="answer", help=t("option.of"))
    export.add_argument("--kind", action="append", choices=("exact", "near", "semantic"), help=t("option.kind"))
    serve = _command(commands, "serve")
    serve.add_argument("--port", type=int, default=8501, help=t("option.port"))
    serve.add_argument("--host", default="127.0.0.1", help=t("option.host"))
    serve.add_argument("--no-browser", action="store_true", help=t("option.no_browser"))
    return parser


def _command(commands: Any, name: str, *positional: str) -> argparse.ArgumentParser:
    summary = t(f"option.command.{name}")
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=summary, description=t("option.sentence", said=summary[0].upper() + summary[1:])
    )
    for argument in positional:
        parser.add_argument(argument, help=t(f"option.{argument}"))
    parser.add_argument("--store", type=Path, metavar="FOLDER", help=t("option.store"))
    return parser


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=t("option.json"))


def _add_analyze(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help=t("option.paths"))
    parser.add_argument("--dataset", required=True, metavar="NAME", help=t("option.dataset"))
    parser.add_argument("--version", required=True, metavar="NAME", help=t("option.version"))
    parser.add_argument("--replace", action="store_true", help=t("option.replace"))
    parser.add_argument("--map", action="append", default=[], metavar="FIELD=SOURCE", help=t("option.map"))
    parser.add_argument("--task-type-field", metavar="FIELD[,FIELD]", help=t("option.task_type_field"))
    parser.add_argument("--task-type-separator", metavar="TEXT", help=t("option.task_type_separator"))
    parser.add_argument("--embedder", metavar="NAME", help=t("option.embedder"))
    parser.add_argument("--tokenizer", metavar="NAME", help=t("option.tokenizer"))
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help=t("option.set"))
    _add_json(parser)
    parser.add_argument("--quiet", action="store_true", help=t("option.quiet"))
    parser.add_argument("--job", type=Path, metavar="FOLDER", help=t("option.job"))


class _Help(argparse.HelpFormatter):
    """Lines filled by columns of the terminal: Chinese characters take two and may part anywhere."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, t("option.usage") if prefix is None else prefix)

    def _split_lines(self, text: str, width: int) -> list[str]:
        return filled(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for line in filled(text, width - len(indent)))


class _Parser(argparse.ArgumentParser):
    """A parser that names an option it does not know, and the one that was perhaps meant, before it misses another."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more, formatter_class=_Help, add_help=False)
        self._positionals.title, self._optionals.title = t("option.positionals"), t("option.options")
        self.add_argument("-h", "--help", action="help", help=t("option.help"))

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        given = sys.argv[1:] if args is None else list(args)
        for word in given[: given.index("--") if "--" in given else None]:
            option = str(word).partition("=")[0]
            known = [name for name in self._option_string_actions if name.startswith(option)]
            if option.startswith("--") and not known and not self._subparsers:
                near = get_close_matches(option, self._option_string_actions, 1)
                meant = t("option.meant", near=near[0]) if near else ""
                self.error(t("option.no_such", option=option) + meant)
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> Any:
        self.print_usage(sys.stderr)
        self.exit(2, harmless(t("option.error", program=self.prog, said=_in_words(message))) + "\n")


def _in_words(message: str) -> str:
    """What argparse says, in the reader's language; in English where the catalogue has no words for it."""
    if terminal_language() != "en":
        for key, pattern in _SAID.items():
            if found := re.fullmatch(pattern, message):
                return t(f"option.wrong.{key}", **found.groupdict())
    return message


def filled(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` columns; a longer word stands alone."""
    lines, line, taken = [], "", 0
    for piece in re.findall(r"[!-~]+| |[^!-~ ]", " ".join(text.split())):
        columns = sum(_columns(piece))
        if line and taken + columns > width:
            lines.append(line.rstrip())
            line, taken = "", 0
        if line or piece != " ":
            line, taken = line + piece, taken + columns
    return [*lines, line.rstrip()] if line.strip() else lines


def _columns(text: str) -> Iterable[int]:
    return (2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
