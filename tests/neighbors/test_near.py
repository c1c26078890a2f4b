from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from neighbors.test_shingles import plain_set

from diversity.neighbors.exact import distinct, fold_keys
from diversity.neighbors.minhash import band_rows
from diversity.neighbors.near import Signed, near_pairs, sign, similarities
from diversity.neighbors.settings import DuplicateSettings
from diversity.text.folding import fold_all

WORDS = ["river", "stone", "market", "window", "garden", "letter", "engine", "silver"]
WORDS += ["coffee", "winter", "bridge", "yellow", "paper", "train", "music"]


def mutated(count: int, seed: int) -> list[str]:
    """Sentences of 25 words, and of each one a copy with one to eight words exchanged."""
    random = np.random.default_rng(seed)
    out = []
    for _ in range(count):
        words = random.choice(WORDS, 25).tolist()
        copy = list(words)
        for at in random.choice(25, random.integers(1, 9), replace=False):
            copy[at] = str(random.choice(WORDS))
        out += [" ".join(words), " ".join(copy)]
    return list(dict.fromkeys(out))


def plain_pairs(texts: list[str], threshold: float) -> dict[tuple[int, int], float]:
    sets = [plain_set(text) for text in texts]
    found = {}
    for i in range(len(sets)):
        for j in range(i + 1, len(sets)):
            similarity = len(sets[i] & sets[j]) / len(sets[i] | sets[j])
            if similarity >= threshold:
                found[i, j] = similarity
    return found


@pytest.mark.parametrize("threshold", [0.5, 0.8, 0.9])
def test_finds_what_brute_force_finds(threshold: float) -> None:
    texts = mutated(120, seed=4)
    expected = plain_pairs(texts, threshold)
    found = near_pairs(texts, np.arange(len(texts)), DuplicateSettings(near_threshold=threshold))
    got = dict(zip(zip(found.left.tolist(), found.right.tolist(), strict=True), found.similarity, strict=True))
    assert set(got) <= set(expected)
    assert len(got) >= 0.98 * len(expected) > 5
    assert all(got[pair] == pytest.approx(expected[pair], abs=1e-6) for pair in got)


def test_short_texts_neither_vanish_nor_collapse() -> None:
    texts = ["yes", "no", "42", "43", "是", "否", "positive", "negative", "积极", "消极", "C++", "C", "!!!", "---"]
    assert len(near_pairs(texts, np.arange(len(texts)), DuplicateSettings())) == 0


@pytest.mark.parametrize(
    "texts",
    [
        ["价格为182元", "价格为185元"],
        ["答案是14", "答案是147"],
        ["首都城市是Rome", "首都城市是Roma"],
        ["参考答案：B, C", "参考答案：B, D"],
        [f"答案是{7 * number}" for number in range(30)],
    ],
)
def test_short_answers_after_chinese_stay_apart(texts: list[str]) -> None:
    folded = fold_all(texts)
    assert len(near_pairs(folded, np.arange(len(folded)), DuplicateSettings())) == 0


def test_crowded_buckets_stay_bounded() -> None:
    text = "这是第{}条自动回复，请在收到这条消息以后尽快与我们的客服人员取得联系，感谢您一直以来的理解、配合与支持。"
    texts = [text.format(number) for number in range(1000)]
    found = near_pairs(texts, np.arange(len(texts)), DuplicateSettings())
    assert len(found) < 1000 * 100
    assert len(np.unique(np.concatenate([found.left, found.right]))) == 1000


def test_rows_choose_texts() -> None:
    texts = [*mutated(1, seed=1), "nothing of the kind is said here at all"]
    assert len(near_pairs(texts, np.array([0, 2]), DuplicateSettings())) == 0
    assert len(near_pairs(texts, np.array([], dtype=np.int64), DuplicateSettings())) == 0


def test_band_rows_follow_the_threshold() -> None:
    assert band_rows(0.8, 128) == 4
    assert [band_rows(t, 128) for t in (0.3, 0.5, 0.95)] == sorted(band_rows(t, 128) for t in (0.3, 0.5, 0.95))


def test_what_was_signed_before_gives_the_same_pairs() -> None:
    texts = [*mutated(40, seed=2), "", "!!!", *mutated(40, seed=2)[:5], "!!!"]
    signed = Signed.from_table(sign(texts, DuplicateSettings()).to_table())
    assert np.array_equal(signed.keys, fold_keys(texts))
    first = distinct(signed.keys).first
    known, anew = (near_pairs(texts, first, DuplicateSettings(), one) for one in (signed.signatures.at(first), None))
    assert len(anew) > 5
    assert np.array_equal(known.left, anew.left)
    assert np.array_equal(known.right, anew.right)


def test_signed_texts_survive_slices_and_orders_of_their_table() -> None:
    texts = mutated(10, seed=3)
    signed = sign(texts, DuplicateSettings())
    order = np.array([5, 2, 9, 0])
    table = pa.concat_tables([signed.to_table().slice(3, 4), signed.to_table().take(order)])
    found, rows = Signed.from_table(table), np.concatenate([np.arange(3, 7), order])
    assert np.array_equal(found.keys, signed.keys[rows])
    assert np.array_equal(found.signatures.bands, signed.signatures.bands[:, rows])
    assert np.array_equal(found.signatures.bytes, signed.signatures.bytes[rows])
    assert len(Signed.from_table(signed.to_table().slice(0, 0)).keys) == 0


def test_keys_follow_the_folding_and_signatures_do_not() -> None:
    plain, full = (sign(["Yes.", "yes"], DuplicateSettings(folding=folding)) for folding in ("strip", "full"))
    assert plain.keys[0] != plain.keys[1]
    assert full.keys[0] == full.keys[1]
    assert np.array_equal(plain.signatures.bytes, full.signatures.bytes)


def test_the_similarity_of_texts_beside_each_other_is_that_of_their_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diversity.neighbors.near._PAIRS_AT_ONCE", 7)
    texts = [*mutated(10, 3), "", "", "春夏秋冬", "?"]
    left, right = texts[::2], texts[1::2]
    found = similarities(left, right, DuplicateSettings())
    for one, other, similarity in zip(left, right, found, strict=True):
        first, second = plain_set(one), plain_set(other)
        assert similarity == pytest.approx(len(first & second) / len(first | second) if first | second else 1)
    assert len(similarities([], [], DuplicateSettings())) == 0
