from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from diversity.neighbors import Duplicates, DuplicateSettings, find_duplicates

LONG = "The library opens at nine in the morning and closes at six in the evening on every day of the week but Sunday"
NEAR = LONG.replace("Sunday", "Monday")
TEXTS = ["Yes.", LONG, "yes", "", NEAR, "No.", LONG + ".", "Something else entirely is said in this answer here"]
OTHER = "Every day except Sunday you can visit our library from nine until six, said the friendly old man"
FEES = ("The fee is 42 dollars for each adult today", "The fee is 43 dollars for every adult now")


def vectors_for(texts: list[str], alike: list[tuple[int, int]]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Random unit vectors, nearly equal for the given pairs."""
    vectors = np.random.default_rng(0).standard_normal((len(texts), 64)).astype(np.float32)
    for left, right in alike:
        vectors[right] = vectors[left] + 0.1 * vectors[right]
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.arange(len(texts))


def partition(found: Duplicates) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(found.cluster == number).tolist()) for number in range(found.cluster_count)}


def test_kinds_clusters_and_partners_by_hand() -> None:
    found = find_duplicates(TEXTS)
    assert found.kind.tolist() == ["exact", "exact", "exact", "", "near", "", "exact", ""]
    assert found.cluster.tolist() == [1, 0, 1, -1, 0, -1, 0, -1]
    assert found.representative.tolist() == [0, 1, 0, 3, 1, 5, 1, 7]
    assert found.similarity[[0, 1, 2, 6]].tolist() == [1, 1, 1, 1]
    assert 0.8 <= found.similarity[4] < 1
    assert found.threshold_semantic is None
    assert np.flatnonzero(~found.keeper).tolist() == [2, 4, 6]


def test_semantic_repeats_join_what_is_not_near() -> None:
    texts = [*TEXTS, OTHER]
    vectors, index = vectors_for(texts, [(1, 8)])
    found = find_duplicates(texts, vectors, index, DuplicateSettings(semantic_threshold=0.9))
    assert found.kind[8] == "semantic"
    assert found.representative[8] == 1
    assert found.similarity[8] == pytest.approx(float(vectors[1] @ vectors[8]), abs=1e-5)
    assert found.cluster[8] == found.cluster[1]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Positive", "Negative"),
        ("42", "43"),
        ("The fee is 42 dollars for each adult today", "The fee is 43 dollars for every adult now"),
    ],
)
def test_alike_vectors_do_not_make_contradictions_repeats(left: str, right: str) -> None:
    vectors, index = vectors_for([left, right], [(0, 1)])
    assert find_duplicates([left, right], vectors, index, DuplicateSettings(semantic_threshold=0.9)).cluster_count == 0


def test_guard_and_length_are_settings() -> None:
    texts = list(FEES)
    vectors, index = vectors_for(texts, [(0, 1)])
    loose = DuplicateSettings(semantic_threshold=0.9, semantic_guard=False)
    assert find_duplicates(texts, vectors, index, loose).kind.tolist() == ["semantic", "semantic"]
    longer = DuplicateSettings(semantic_threshold=0.9, semantic_guard=False, semantic_min_units=20)
    assert find_duplicates(texts, vectors, index, longer).cluster_count == 0


def test_folding_is_a_setting() -> None:
    assert find_duplicates(["Yes.", "yes"], settings=DuplicateSettings(folding="strip")).kind.tolist() == [
        "near",
        "near",
    ]
    assert find_duplicates(["Yes.", "yes"], settings=DuplicateSettings(folding="full")).kind.tolist() == ["exact"] * 2


def test_near_threshold_is_a_setting() -> None:
    assert find_duplicates([LONG, NEAR], settings=DuplicateSettings(near_threshold=0.95)).cluster_count == 0


MANUAL = (
    "Look up what you need in the encyclopedia: write look(words), and read what comes back before you answer. Nobody "
    "who reads the answer will see the page, so say in words of your own what it has on the subject, and never more. "
)
QUESTIONS = ("Who built the lighthouse?", "Which birds can sleep?", "How deep is the sea?", "Where does tea grow?")


def test_prompts_that_share_their_form_are_no_pair() -> None:
    texts = [f"{MANUAL}{question}" for question in (*QUESTIONS, f"Hello! {QUESTIONS[0]}")]
    assert find_duplicates(texts).cluster.tolist() == [0] * 5
    found = find_duplicates(texts, prompts=True)
    assert found.cluster.tolist() == [0, -1, -1, -1, 0]
    assert len(found.pairs_near) == 1


def test_the_same_question_is_found_among_many_of_its_form() -> None:
    random = np.random.default_rng(2)
    words = ["".join(letters) for letters in random.choice(list("abcdefghijklmnop"), (400, 7))]
    asked = [f"{MANUAL}What is the {left} of a {right}?" for left, right in zip(words[::2], words[1::2], strict=True)]
    texts = [*asked, *(f"{one} Thanks!" for one in asked)]
    assert np.mean(find_duplicates(texts, prompts=True).cluster >= 0) > 0.95
    few = DuplicateSettings(prompt_links=8)
    assert np.mean(find_duplicates(texts, settings=few, prompts=True).cluster >= 0) < 0.85


def test_prompts_of_a_form_are_no_pair_by_their_vectors() -> None:
    endings = [f"{a} {b} {c}" for a in ("red", "green") for b in ("boats", "bridges") for c in ("in May", "at night")]
    texts = [f"Write a song with three verses about {ending} and the people there" for ending in endings]
    vectors, index = vectors_for(texts, [(0, at) for at in range(1, len(texts))])
    loose = DuplicateSettings(semantic_threshold=0.9, semantic_guard=False, near_threshold=1.0, form_texts=8)
    assert find_duplicates(texts, vectors, index, loose).cluster.tolist() == [0] * 8
    assert find_duplicates(texts, vectors, index, loose, prompts=True).cluster_count == 0
    rarer = DuplicateSettings(semantic_threshold=0.9, semantic_guard=False, near_threshold=1.0, form_texts=9)
    assert find_duplicates(texts, vectors, index, rarer, prompts=True).cluster.tolist() == [0] * 8


def test_a_thousand_copies_with_a_counter_are_one_cluster() -> None:
    text = "这是第{}条自动回复，请在收到这条消息以后尽快与我们的客服人员取得联系，感谢您一直以来的理解、配合与支持。"
    found = find_duplicates([text.format(number) for number in range(1000)])
    assert np.bincount(found.cluster[found.cluster >= 0]).max() == 1000


def test_copies_of_a_member_point_to_the_member() -> None:
    found = find_duplicates([LONG, LONG, LONG, NEAR, NEAR])
    assert found.representative.tolist() == [0, 0, 0, 0, 3]
    assert found.kind.tolist() == ["exact", "exact", "exact", "near", "exact"]
    assert found.cluster.tolist() == [0] * 5


def test_order_of_rows_does_not_matter() -> None:
    texts = [*TEXTS, *(LONG.replace("nine", word) for word in ("ten", "eight", "seven")), OTHER, "no"]
    vectors, index = vectors_for(texts, [(1, 11)])
    settings = DuplicateSettings(semantic_threshold=0.9)
    order = np.random.default_rng(5).permutation(len(texts))
    straight = find_duplicates(texts, vectors, index, settings)
    mixed = find_duplicates([texts[at] for at in order], vectors, index[order], settings)
    assert {frozenset(order[list(rows)].tolist()) for rows in partition(mixed)} == partition(straight)


def test_arrow_columns_give_the_same() -> None:
    column = pa.chunked_array([TEXTS[:3], TEXTS[3:]], type=pa.large_string())
    found, expected = find_duplicates(column), find_duplicates(TEXTS)
    assert found.cluster.tolist() == expected.cluster.tolist()
    assert found.kind.tolist() == expected.kind.tolist()


def test_nothing_and_nothing_but_empty_texts() -> None:
    assert find_duplicates([]).cluster_count == 0
    vectors = np.zeros((0, 4), np.float32)
    found = find_duplicates(["", " "], vectors, np.array([-1, -1]))
    assert found.cluster.tolist() == [-1, -1]
    assert found.keeper.all()


def test_progress_is_told() -> None:
    seen: list[tuple[int, int | None]] = []
    find_duplicates(TEXTS, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_alpaca_exact_repeats(shared_data) -> None:  # type: ignore[no-untyped-def]
    import json

    from diversity.neighbors import repeat_count

    rows = json.loads((shared_data / "alpaca_en" / "alpaca_data.json").read_text(encoding="utf-8"))
    assert repeat_count([row["output"] for row in rows], "strip") == (51_974, 1_133)
