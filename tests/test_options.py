"""The command line's options: help and complaints in the reader's language, lines filled by columns."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diversity import cli
from diversity.options import build_parser, filled


def columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def complaint(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as stopped:
        build_parser().parse_args(arguments)
    assert stopped.value.code == 2
    return capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "english", "chinese"),
    [
        (["show", "d"], "the following arguments are required: version", "缺少参数：version"),
        (["list", "--jsn"], "there is no option --jsn; did you mean --json?", "没有 --jsn 这个选项；是不是 --json？"),
        (["list", "more"], "unrecognized arguments: more", "认不出的参数：more"),
        (["list", "--store"], "argument --store: expected one argument", "--store 后面要有一个值"),
        (["serve", "--port", "x"], "argument --port: invalid int value: 'x'", "--port 要一个整数，不能是 'x'"),
    ],
)
def test_wrong_usage_is_named_in_the_readers_language(arguments, english, chinese, monkeypatch, capsys) -> None:
    for language, said in (("en", english), ("zh", chinese)):
        monkeypatch.setenv("DIVERSITY_LANGUAGE", language)
        assert complaint(arguments, capsys).endswith(said)


def test_a_choice_that_is_none_names_those_there_are(monkeypatch, capsys) -> None:
    for language in ("en", "zh"):
        monkeypatch.setenv("DIVERSITY_LANGUAGE", language)
        said = complaint(["analyse"], capsys)
        assert "'analyse'" in said
        assert all(name in said for name in cli.COMMANDS)


def test_every_command_of_the_parser_can_be_run() -> None:
    for name, function in cli.COMMANDS.items():
        assert callable(function)
        with pytest.raises(SystemExit) as stopped:
            build_parser().parse_args([name, "--help"])
        assert stopped.value.code == 0
    listed = build_parser().format_help()
    assert all(name in listed for name in cli.COMMANDS)


def test_chinese_help_keeps_to_the_columns(monkeypatch, capsys) -> None:
    monkeypatch.setenv("DIVERSITY_LANGUAGE", "zh")
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit):
        build_parser().parse_args(["analyze", "--help"])
    said = capsys.readouterr().out
    assert said.startswith("用法：diversity analyze")
    assert "保存到磁盘" in said
    assert max(map(columns, said.splitlines())) <= 80


@given(st.text(alphabet="ab 字，。x-", max_size=60), st.integers(4, 20))
def test_filling_loses_nothing_and_keeps_to_the_width(text: str, width: int) -> None:
    lines = filled(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(columns(line) <= width or (" " not in line and line.isascii()) for line in lines)


def test_words_stay_whole_and_chinese_may_part() -> None:
    assert filled("one two three", 7) == ["one two", "three"]
    assert filled("读取文件 name.jsonl", 8) == ["读取文件", "name.jsonl"]
