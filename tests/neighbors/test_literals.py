from __future__ import annotations

import pytest

from diversity.neighbors.literals import Literals
from diversity.text.folding import fold


def literals(text: str) -> Literals:
    return Literals.of(fold(text, "nfkc"), fold(text))


def differ(left: str, right: str) -> bool:
    found = literals(left).differ(literals(right))
    assert found == literals(right).differ(literals(left))
    return found


SIGNS = [
    ("add a + b", "add a - b"),
    ("p - q + r", "p + q - r"),
    ("m > n holds", "m < n holds"),
    ("m >= n holds", "m > n holds"),
    ("m ≥ n holds", "m ≤ n holds"),
    ("write k++; here", "write k--; here"),
    ("write k++; here", "write k; here"),
    ("p * q", "p / q"),
    ("p ** q", "p * q"),
    ("p & q", "p | q"),
    ("p ^ q", "p & q"),
    ("if !ready then", "if ready then"),
    ("x = ~y", "x = y"),
    ("x == 1", "x != 1"),
    ("6! is large", "6 is large"),
    ("run top -b now", "run top -n now"),
    ("run top --batch now", "run top now"),
    ("p ＋ q", "p － q"),
    ("先算3加x再说", "先算3减x再说"),
    ("p乘以q得r", "p除以q得r"),
]
STRINGS = [
    ("say 'left' to it", "say 'right' to it"),
    ('say "left" to it', 'say "right" to it'),
    ("say “left” to it", "say “right” to it"),
    ("say `left` to it", "say `right` to it"),
    ("请说「左」就行", "请说「右」就行"),
    ("读《春》这篇", "读《秋》这篇"),
    ("try `go` first", "try `go fast` first"),
    ("```\nx = one\n```", "```\nx = two\n```"),
    ("run swap('p', 'q') now", "run swap('q', 'p') now"),
    ("run find(near home) now", "run find(near work) now"),
]
SAME = [
    ("Oslo - the town", "Oslo, the town"),
    ("a well-known inn", "an inn, well known"),
    ("Hello! Come in.", "Hello. Come in!"),
    ("- one\n- two", "* one\n* two"),
    ("**Bold** words", "Bold words"),
    ("It's Ann's dog, the twins' toy", "It's Ann's dog and the twins' toy"),
    ("the word “left”", "the word left"),
    ("use “左” here", "use 「左」 here"),
    ("he said 'yes.'", "he said 'yes'"),
    ("加油，减肥要慢", "减肥要慢，加油"),
    ("“春”早，“秋”晚", "“秋”晚，“春”早"),
]


@pytest.mark.parametrize(("left", "right"), SIGNS)
def test_other_signs(left: str, right: str) -> None:
    assert literals(left).signs != literals(right).signs
    assert differ(left, right)


@pytest.mark.parametrize(("left", "right"), STRINGS)
def test_other_strings(left: str, right: str) -> None:
    assert differ(left, right)


@pytest.mark.parametrize(("left", "right"), SAME)
def test_what_is_written_otherwise_is_the_same(left: str, right: str) -> None:
    assert not differ(left, right)


def test_what_is_quoted_at_length_is_speech() -> None:
    speech = "We went down to the river in the morning, all of us, and nobody said a word until noon"
    assert not differ(f"He wrote: “{speech}.”", f"He wrote: “{speech}, I think.”")
    assert differ(f"He wrote: `{speech}`", f"He wrote: `{speech}, I think`")


def test_many_open_marks_are_read_in_one_pass() -> None:
    for mark in ("'a ", '"', "`", "f(", "``` `", "- a", "* ", "x-"):
        assert not differ(mark * 20_000, mark * 20_000)
