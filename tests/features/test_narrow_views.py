from __future__ import annotations

import numpy as np
import pytest

from diversity.features.narrow_views import NarrowViews, edge_words


def views(*prompts: str, systems: tuple[str, ...] = (), tokens: tuple[int, ...] = ()) -> NarrowViews:
    count = len(prompts)
    return NarrowViews(prompts, systems or ("",) * count, np.array(tokens or (10,) * count))


def alike(matrix: object, first: int = 0, second: int = 1) -> float:
    """Cosine of two rows."""
    return float((matrix[first] @ matrix[second].T).toarray()[0, 0])  # type: ignore[index]


def test_words_at_the_edge() -> None:
    assert edge_words("Don't stop!") == ["don't", "stop", "!"]
    assert edge_words("请把下面的句子翻译成英文：Ａ") == ["请", "把", "下面", "的", "句子", "翻译成", "英文", ":", "a"]


def test_only_the_first_words_count() -> None:
    seen = views("please say it in French now", "Please say it in German then", "what is French", "what is German")
    assert alike(seen.first(4)) == pytest.approx(1)
    assert alike(seen.first(8)) < 1
    assert alike(seen.first(2), 0, 2) == 0
    assert alike(seen.last(1)) == 0


def test_the_place_of_a_word_counts_for_something() -> None:
    seen = views("red blue", "blue red", "red blue")
    assert 0 < alike(seen.first(2)) < alike(seen.first(2), 0, 2) == pytest.approx(1)


def test_last_words_are_counted_from_the_end() -> None:
    seen = views("one two three. Answer in French", "four. Answer in French", "x")
    assert alike(seen.last(2)) == pytest.approx(1)


def test_lengths_near_each_other_share_features() -> None:
    seen = views("a", "b", "c", tokens=(100, 110, 800)).length
    assert alike(seen, 0, 1) > 0
    assert alike(seen, 0, 2) == 0


def test_systems_and_their_absence() -> None:
    seen = views("a", "b", "c", systems=("Be brief.", "Be brief.", "")).system
    assert alike(seen, 0, 1) == pytest.approx(1)
    assert seen[2].nnz == 0


def test_rare_words_weigh_more_and_everything_is_in_the_whole() -> None:
    seen = views("the cat", "the cat sat", "the dog sat")
    assert seen.words.shape[0] == 3
    assert seen.whole.shape[1] == sum(
        one.shape[1] for one in (seen.words, seen.first(8), seen.last(8), seen.system, seen.length)
    )


def test_nothing_at_all() -> None:
    assert views("").first(4).shape == (1, 0)
    assert not np.isnan(views("same words", "same words").words.toarray()).any()
