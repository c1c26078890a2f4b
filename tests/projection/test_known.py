from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from helpers import MakeInputs, rows_of
from numpy.typing import NDArray

from diversity.features.cache import content_keys
from diversity.projection import Layout, lay_out, layout
from diversity.projection.known import MAX_MAPS, KnownMaps
from diversity.settings import MapSettings, Settings

NAMES = {number: (f"word{number}", "词") for number in range(16)}


def keys(*names: int) -> NDArray[np.bytes_]:
    return np.array([f"{name:032x}" for name in names], dtype="S32")


def places(*numbers: float) -> NDArray[np.float32]:
    return np.array([[number, -number] for number in numbers], dtype=np.float32)


def numbered(names: NDArray[np.bytes_]) -> NDArray[np.int64]:
    """A cluster for each: the last digit of its name."""
    return np.array([int(name[-1:], 16) for name in names], dtype=np.int64)


def test_nothing_is_known_at_first(tmp_path: Path) -> None:
    assert KnownMaps(tmp_path / "none").best(keys(1), np.arange(1)) is None


def test_positions_come_back_in_the_order_asked_for(tmp_path: Path) -> None:
    known = KnownMaps(tmp_path)
    known.save(keys(3, 1, 2), places(30, 10, 20), numbered(keys(3, 1, 2)), NAMES)
    found = known.best(keys(2, 9, 3, 2), np.arange(4))
    assert found is not None
    assert found.fitted.tolist() == [True, False, True, True]
    assert found.names == NAMES
    np.testing.assert_array_equal(found.xy[[0, 2, 3]], places(20, 30, 20))
    assert np.isnan(found.xy[1]).all()
    assert found.xy.dtype == np.float32
    assert found.cluster.tolist() == [2, -1, 3, 2]


def test_what_was_placed_later_is_known_and_not_fitted(tmp_path: Path) -> None:
    known = KnownMaps(tmp_path)
    path = known.save(keys(5, 3), places(50, 30), numbered(keys(5, 3)), NAMES)
    known.add(path, keys(4, 1), places(40, 10), numbered(keys(4, 1)))
    known.add(path, keys(2), places(20), numbered(keys(2)))
    found = known.best(keys(1, 2, 3, 4, 5, 6), np.arange(6))
    assert found is not None
    assert found.fitted.tolist() == [False, False, True, False, True, False]
    np.testing.assert_array_equal(found.xy[:5], places(10, 20, 30, 40, 50))
    assert found.cluster.tolist() == [1, 2, 3, 4, 5, -1]
    assert len(list(tmp_path.iterdir())) == 1


def test_the_map_fitted_to_most_of_the_wanted_is_taken(tmp_path: Path) -> None:
    known = KnownMaps(tmp_path)
    known.save(keys(1, 2, 3), places(1, 2, 3), numbered(keys(1, 2, 3)), NAMES)
    path = known.save(keys(2, 3, 4, 5), places(20, 30, 40, 50), numbered(keys(2, 3, 4, 5)), NAMES)
    known.add(path, keys(1), places(10), numbered(keys(1)))
    asked = keys(1, 2, 3, 4, 5)
    first, second = known.best(asked, np.array([0, 1, 2])), known.best(asked, np.array([2, 3, 4]))
    assert first is not None
    assert second is not None
    assert first.xy[:3, 0].tolist() == [1, 2, 3]
    assert second.xy[:, 0].tolist() == [10, 20, 30, 40, 50]


def test_of_two_that_know_as_much_the_newer_is_taken(tmp_path: Path) -> None:
    known = KnownMaps(tmp_path)
    for number in (1, 2):
        os.utime(known.save(keys(7), places(number), numbered(keys(7)), NAMES), ns=(0, number))
    found = known.best(keys(7), np.arange(1))
    assert found is not None
    assert found.xy[0, 0] == 2


def test_a_map_of_an_earlier_version_counts_as_fitted(tmp_path: Path) -> None:
    old = {"keys": keys(1, 2), "xy": places(1, 2), "cluster": numbered(keys(1, 2)), "names": np.array('{"1": ["a"]}')}
    np.savez(tmp_path / "old.npz", allow_pickle=False, **old)
    found = KnownMaps(tmp_path).best(keys(2, 3), np.arange(2))
    assert found is not None
    assert found.fitted.tolist() == [True, False]


def test_an_empty_map_knows_nothing(tmp_path: Path) -> None:
    known = KnownMaps(tmp_path)
    known.save(keys(), places().reshape(0, 2), numbered(keys()), NAMES)
    found = known.best(keys(1, 2), np.arange(2))
    assert found is not None
    assert not found.fitted.any()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut short", b"no archive at all"])
def test_a_damaged_map_is_removed_and_the_others_still_count(tmp_path: Path, content: bytes) -> None:
    known = KnownMaps(tmp_path)
    known.save(keys(1), places(1), numbered(keys(1)), NAMES)
    (tmp_path / "damaged.npz").write_bytes(content)
    found = known.best(keys(1), np.arange(1))
    assert found is not None
    assert found.fitted.all()
    assert not (tmp_path / "damaged.npz").exists()


def test_a_map_cut_midway_is_damaged_too(tmp_path: Path) -> None:
    known = KnownMaps(tmp_path)
    path = known.save(keys(*range(50)), places(*range(50)), numbered(keys(*range(50))), NAMES)
    path.write_bytes(path.read_bytes()[:-40])
    assert known.best(keys(1), np.arange(1)) is None
    assert not path.exists()


def test_an_unfinished_map_is_not_read(tmp_path: Path) -> None:
    (tmp_path / ".half.npz").write_bytes(b"half")
    assert KnownMaps(tmp_path).best(keys(1), np.arange(1)) is None
    assert (tmp_path / ".half.npz").exists()


def test_only_the_last_maps_are_kept(tmp_path: Path) -> None:
    known = KnownMaps(tmp_path)
    for number in range(MAX_MAPS + 2):
        os.utime(known.save(keys(number), places(number), numbered(keys(number)), NAMES), ns=(0, number))
    assert len(list(tmp_path.glob("*.npz"))) == MAX_MAPS
    found = known.best(keys(0, 1, 2), np.arange(3))
    assert found is not None
    assert found.fitted.tolist() == [False, False, True]


@pytest.mark.parametrize(("most", "known_of_five"), [(3, 3), (1, 2)])
def test_of_a_large_set_so_many_places_are_kept_and_all_fitted_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, known_of_five: int
) -> None:
    monkeypatch.setattr("diversity.projection.known.MOST_TEXTS", most)
    known = KnownMaps(tmp_path)
    path = known.save(keys(0, 1), places(0, 1), numbered(keys(0, 1)), NAMES)
    known.add(path, keys(2, 3, 4), places(2, 3, 4), numbered(keys(2, 3, 4)))
    found = known.best(keys(*range(5)), np.arange(5))
    assert found is not None
    assert found.fitted.tolist() == [True, True, False, False, False]
    assert np.isfinite(found.xy[:, 0]).sum() == known_of_five


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[NDArray[np.float32]]:
    """Every set of vectors that was fitted; two of their numbers stand for UMAP's."""
    seen: list[NDArray[np.float32]] = []

    def fit(vectors: NDArray[np.float32], settings: MapSettings, seed: int) -> NDArray[np.float32]:
        seen.append(vectors)
        return vectors[:, :2] * 10

    monkeypatch.setattr(layout, "project", fit)
    return seen


def laid_out(folder: Path, numbers: NDArray[np.int64], sample: int) -> Layout:
    """The map of texts named by numbers, each with a vector of its own."""
    vectors = np.stack([np.random.default_rng(number).normal(size=6) for number in numbers]).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    texts = pa.chunked_array([[f"text {number}" for number in numbers]], pa.large_string())
    settings = Settings(embedder="none", semantic_map=MapSettings(sample=sample))
    index = np.arange(len(numbers))
    rows = (vectors, np.arange(len(vectors)))
    found = lay_out(texts, vectors, index, rows, 0.0, settings, folder, lambda done, total: None)
    assert found is not None
    return found


def test_a_set_beyond_the_sample_keeps_its_map_too(tmp_path: Path, drawn: list[NDArray[np.float32]]) -> None:
    first = laid_out(tmp_path, np.arange(200), sample=60)
    assert (first.fitted, first.placed) == (60, 140)
    again = laid_out(tmp_path, np.arange(10, 210), sample=60)
    assert again.fitted == 0
    assert len(drawn) == 1
    # What was there stays where it was, fitted or placed; the ten new texts are placed.
    np.testing.assert_array_equal(first.xy[10:], again.xy[:190])
    np.testing.assert_array_equal(first.cluster[10:], again.cluster[:190])
    assert np.isfinite(again.xy).all()


def test_a_set_that_knows_only_placed_texts_gets_a_map_of_its_own(
    tmp_path: Path, drawn: list[NDArray[np.float32]]
) -> None:
    keys_of = np.array([key.hex() for key in content_keys([[f"text {number}" for number in range(200)]])])
    by_key = np.argsort(keys_of)
    laid_out(tmp_path, np.arange(200), sample=60)
    assert laid_out(tmp_path, by_key[60:], sample=60).fitted == 60
    assert len(drawn) == 2


def test_a_set_that_grew_gets_one_new_map_and_keeps_it(tmp_path: Path, drawn: list[NDArray[np.float32]]) -> None:
    laid_out(tmp_path, np.arange(200), sample=60)
    grown = [laid_out(tmp_path, np.arange(300), sample=60) for _ in range(3)]
    assert [one.fitted for one in grown] == [60, 0, 0]
    np.testing.assert_array_equal(grown[0].xy, grown[2].xy)


def test_a_place_found_on_a_kept_map_stays(tmp_path: Path, drawn: list[NDArray[np.float32]]) -> None:
    laid_out(tmp_path, np.arange(200), sample=200)
    second = laid_out(tmp_path, np.arange(210), sample=200)
    # Ten texts that it was placed among are gone.
    third = laid_out(tmp_path, np.arange(10, 210), sample=200)
    np.testing.assert_array_equal(second.xy[200:], third.xy[190:])


def test_a_run_that_is_stopped_after_the_fit_has_not_fitted_in_vain(
    tmp_path: Path, drawn: list[NDArray[np.float32]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(layout, "_place", _stopped)
        with pytest.raises(KeyboardInterrupt):
            laid_out(tmp_path, np.arange(200), sample=60)
    assert laid_out(tmp_path, np.arange(200), sample=60).fitted == 0


def _stopped(*_: object) -> None:
    raise KeyboardInterrupt


def test_another_set_gets_another_map(tmp_path: Path, drawn: list[NDArray[np.float32]]) -> None:
    laid_out(tmp_path, np.arange(100), sample=60)
    assert laid_out(tmp_path, np.arange(1000, 1100), sample=60).fitted == 60
    assert len(drawn) == 2


def test_the_map_does_not_depend_on_the_order_of_records(tmp_path: Path, drawn: list[NDArray[np.float32]]) -> None:
    numbers = np.arange(100)
    order = np.random.default_rng(0).permutation(100)
    for sample in (60, 1000):
        straight = laid_out(tmp_path / f"a{sample}", numbers, sample)
        shuffled = laid_out(tmp_path / f"b{sample}", numbers[order], sample)
        np.testing.assert_array_equal(drawn[-2], drawn[-1])
        np.testing.assert_allclose(straight.xy[order], shuffled.xy, rtol=1e-5)
        np.testing.assert_array_equal(straight.cluster[order], shuffled.cluster)


def test_a_map_is_known_only_under_the_settings_it_was_made_with(make_inputs: MakeInputs) -> None:
    rows = rows_of(["问"], ["答"])
    changed = [{}, {"seed": 8}, {"semantic_map.neighbors": 9}, {"semantic_map.sample": 77}]
    assert len({make_inputs(rows, **settings)._layout_name("prompt") for settings in changed}) == len(changed)
    assert make_inputs(rows, **{"lengths.long_answer": 9})._layout_name("prompt") == make_inputs(rows)._layout_name(
        "prompt"
    )


def test_keys_of_texts_with_zero_bytes_differ() -> None:
    """What separates two texts must not be mistaken for a part of one."""
    assert content_keys([["a\0"], ["b"]]) != content_keys([["a"], ["\0b"]])


def test_a_kept_map_keeps_its_clusters(
    tmp_path: Path, drawn: list[NDArray[np.float32]], monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[int] = []

    def halves(xy: NDArray[np.float32], raw: NDArray[np.float32], unrelated: float) -> NDArray[np.int64]:
        found.append(len(xy))
        return (xy[:, 0] > np.median(xy[:, 0])).astype(np.int64)

    monkeypatch.setattr(layout, "find_regions", halves)
    first = laid_out(tmp_path, np.arange(100), sample=100)
    again = laid_out(tmp_path, np.arange(5, 105), sample=100)
    assert found == [100]
    shared = np.flatnonzero(first.cluster[5:] == first.cluster[5])
    assert len(set(again.cluster[shared].tolist())) == 1
    assert len(again.clusters) == 2
    assert {one.terms for one in again.clusters} == {one.terms for one in first.clusters}
