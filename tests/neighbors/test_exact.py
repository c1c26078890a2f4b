from __future__ import annotations

import numpy as np
import pyarrow as pa

from diversity.neighbors.exact import distinct, fold_keys, repeat_count


def test_equal_after_folding_share_a_key() -> None:
    keys = fold_keys(["Yes.", "yes", "no", " YES! "])
    assert keys[0] == keys[1] == keys[3] != keys[2]


def test_texts_of_marks_equal_only_their_own_repeats() -> None:
    keys = fold_keys(["!!!", "---", " !!! ", "?"])
    assert keys[0] == keys[2]
    assert len(set(keys.tolist())) == 3


def test_empty_texts_are_in_no_group() -> None:
    groups = distinct(fold_keys(["", "a", "  ", "a"]))
    assert groups.of_text.tolist() == [-1, 0, -1, 0]
    assert groups.copies.tolist() == [2]
    assert groups.first.tolist() == [1]


def test_no_empty_text() -> None:
    groups = distinct(fold_keys(["b", "a", "b"]))
    assert groups.of_text[0] == groups.of_text[2] != groups.of_text[1]
    assert sorted(groups.copies.tolist()) == [1, 2]


def test_no_text_at_all() -> None:
    assert len(distinct(fold_keys([])).first) == 0


def test_arrow_columns_and_missing_values() -> None:
    column = pa.chunked_array([["a", None], ["A", "b"]], type=pa.large_string())
    assert fold_keys(column)[1] == 0
    assert np.array_equal(fold_keys(column), fold_keys(["a", "", "A", "b"]))


def test_repeat_count_under_plain_strip() -> None:
    assert repeat_count(["a", "a ", "A", "", "a"], "strip") == (4, 2)
    assert repeat_count(["a", "a ", "A", "", "a"], "full") == (4, 3)
