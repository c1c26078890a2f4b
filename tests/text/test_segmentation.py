from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diversity.text.segmentation import SegmentSettings, segment


def pieces(text: str) -> list[str]:
    return [text[start:end] for start, end in segment(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\t ", []),
        ("One sentence", ["One sentence"]),
        ("It rained. We left! Did you?", ["It rained.", "We left!", "Did you?"]),
        ("今天下雨。我们走了！你呢？", ["今天下雨。", "我们走了！", "你呢？"]),
        ("她说：“我不去。”然后关上了门。", ["她说：“我不去。”", "然后关上了门。"]),
        ("他問：「你來嗎？」我點頭。", ["他問：「你來嗎？」", "我點頭。"]),
        ('"Stop!" he cried. Nobody did.', ['"Stop!"', "he cried.", "Nobody did."]),
        ("Dr. Smith paid $3.50 to J. R. Hart. He left.", ["Dr. Smith paid $3.50 to J. R. Hart.", "He left."]),
        ("The U.S. Navy came at 5 p.m. on Monday.", ["The U.S. Navy came at 5 p.m. on Monday."]),
        ("She said no. Then she left.", ["She said no.", "Then she left."]),
        ("See No. 5 and Fig. 2 for details.", ["See No. 5 and Fig. 2 for details."]),
        ("Visit https://a.example/x?q=1.5 now. Thanks.", ["Visit https://a.example/x?q=1.5 now.", "Thanks."]),
        ("等一下……我想想。", ["等一下……", "我想想。"]),
        ("1. apples\n2. pears\n- plums", ["1. apples", "2. pears", "- plums"]),
        ("| a | b |\n|---|---|\n| 1 | 2 |", ["| a | b |", "|---|---|", "| 1 | 2 |"]),
        ("if a != b:\n    return x.y\n", ["if a != b:", "return x.y"]),
        ("圆周率约为3.14。面积为9.5平方米。", ["圆周率约为3.14。", "面积为9.5平方米。"]),
    ],
)
def test_cuts_where_a_reader_would(text: str, expected: list[str]) -> None:
    assert pieces(text) == expected


def test_a_hard_wrapped_sentence_stays_whole_and_short_lines_do_not_join() -> None:
    wrapped = "The warehouse on the northern quay was sold in the spring of\nthat year to a grain merchant."
    assert len(pieces(wrapped)) == 1
    assert pieces("salt\npepper") == ["salt", "pepper"]


def test_over_long_text_is_cut_at_the_strongest_break_and_stays_bounded() -> None:
    limit = SegmentSettings().max_tokens
    clauses = "，".join(["这一段话一直没有句号"] * 60) + "；" + "，".join(["后面还是没有句号"] * 60)
    for piece in pieces(clauses):
        assert len(piece) * 0.7 <= limit * 1.05
    assert all(piece[-1] in "，；号" for piece in pieces(clauses))
    assert max(map(len, pieces("x" * 5000))) <= limit * 4


@given(st.text(alphabet="aB 1.。！？!?…\n\t,，；;:：「」“”\"'()中文字é😀ש", max_size=200))
@settings(max_examples=200)
def test_spans_are_exact_ordered_and_lose_nothing(text: str) -> None:
    previous = 0
    for start, end in segment(text):
        assert previous <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        assert not text[previous:start].strip()
        previous = end
    assert not text[previous:].strip()


def test_a_megabyte_without_any_break_is_linear() -> None:
    begin = time.process_time()
    spans = segment("字" * 350_000)
    assert len(spans) > 1000
    assert time.process_time() - begin < 5
