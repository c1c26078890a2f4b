from __future__ import annotations

import multiprocessing
import os
import warnings
from pathlib import Path

import numpy as np
import pytest

from diversity.embed.base import unit_rows
from diversity.embed.cache import VectorCache, pack, text_keys, unpack

DIMENSION = 8


def _packed(n: int, seed: int = 0) -> np.ndarray:
    return pack(unit_rows(np.random.default_rng(seed).normal(size=(n, DIMENSION)).astype(np.float32)))


def _texts(n: int, start: int = 0) -> list[str]:
    return [f"text {i}" for i in range(start, start + n)]


def _read(root: Path, texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    out = np.zeros((len(texts), DIMENSION), dtype=np.float32)
    return VectorCache(root, "model").fill(text_keys(texts), out), out


@pytest.fixture
def few_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diversity.embed.cache._COMPACT_ABOVE", 5)


def test_keys_are_blake2b_of_utf8() -> None:
    keys = text_keys(["", "中文", "\ud83d"])
    assert keys.shape == (3, 2)
    assert keys[0].tobytes().hex() == "cae66941d9efbd404e4d88758ea67670"
    assert len({row.tobytes() for row in keys}) == 3


def test_what_is_added_is_found_in_any_order(tmp_path: Path) -> None:
    vectors = _packed(100)
    VectorCache(tmp_path, "model").add(text_keys(_texts(100)), vectors)
    VectorCache(tmp_path, "model").add(text_keys(_texts(50, 100)), _packed(50, 1))
    known, out = _read(tmp_path, ["unknown", *reversed(_texts(100))])
    assert known.tolist() == [False] + [True] * 100
    np.testing.assert_array_equal(out[1:], unpack(vectors)[::-1])
    assert len(VectorCache(tmp_path, "model")) == 150


def test_each_embedder_has_its_own_vectors(tmp_path: Path) -> None:
    VectorCache(tmp_path, "model/a").add(text_keys(["x"]), _packed(1))
    assert len(VectorCache(tmp_path, "model?a")) == 0
    assert len(VectorCache(tmp_path, "model/a")) == 1


def test_hostile_key_stays_inside(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path, "../../etc/passwd\0x")
    assert cache.folder.parent == tmp_path


@pytest.mark.parametrize("keep", [0, 5, 60, 200, 400, 1700])
def test_cut_shard_is_left_out_with_a_warning(tmp_path: Path, keep: int) -> None:
    cache = VectorCache(tmp_path, "model")
    cache.add(text_keys(_texts(50)), _packed(50))
    [whole] = cache.folder.glob("*.vectors")
    cache.add(text_keys(_texts(50, 50)), _packed(50, 1))
    data = whole.read_bytes()
    whole.write_bytes(data[:keep])
    with pytest.warns(UserWarning, match="cannot be read"):
        known, out = _read(tmp_path, _texts(100))
    assert known.tolist() == [False] * 50 + [True] * 50
    np.testing.assert_array_equal(out[50:], unpack(_packed(50, 1)))


def test_foreign_bytes_are_left_out(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path, "model")
    (cache.folder / "junk.vectors").write_bytes(b"\x00" * 4096)
    np.save(cache.folder / "array.npy", np.ones((3, 3)))
    (cache.folder / "array.npy").rename(cache.folder / "array.vectors")
    with pytest.warns(UserWarning, match="cannot be read"):
        assert len(VectorCache(tmp_path, "model")) == 0


def _of_an_earlier_release(shard: Path, rows: int) -> bytearray:
    """The shard's bytes without the checksums behind the vectors: a header of 128 bytes and four a row."""
    return bytearray(shard.read_bytes()[: -128 - 4 * rows])


def test_shards_without_checksums_are_read_and_a_row_that_is_not_of_unit_length_counts_as_missing(
    tmp_path: Path,
) -> None:
    cache = VectorCache(tmp_path, "model")
    cache.add(text_keys(_texts(10)), _packed(10))
    [shard] = cache.folder.glob("*.vectors")
    data = _of_an_earlier_release(shard, 10)
    data[-2 * DIMENSION :] = b"\x00" * (2 * DIMENSION)
    shard.write_bytes(data)
    with pytest.warns(UserWarning, match="1 vectors in .* damaged"):
        known, out = _read(tmp_path, _texts(10))
    assert known.tolist() == [True] * 9 + [False]
    np.testing.assert_array_equal(out[:9], unpack(_packed(10)[:9]))


def _flip(shard: Path, place: int, bit: int) -> None:
    data = bytearray(shard.read_bytes())
    data[place] ^= 1 << bit
    shard.write_bytes(data)


@pytest.mark.parametrize("bit", [0, 15], ids=["lowest", "sign"])
def test_a_vector_with_a_flipped_bit_counts_as_missing_until_it_is_added_again(
    tmp_path: Path, bit: int, few_shards: None
) -> None:
    cache = VectorCache(tmp_path, "model")
    cache.add(text_keys(_texts(10)), _packed(10))
    [shard] = cache.folder.glob("*.vectors")
    _flip(shard, shard.read_bytes().index(_packed(10)[4].tobytes()) + bit // 8, bit % 8)
    with pytest.warns(UserWarning, match="1 vectors in .* damaged"):
        known, _ = _read(tmp_path, _texts(10))
    assert known.tolist() == [number != 4 for number in range(10)]
    # Whichever of the two copies comes first in the order of names, and after they were merged.
    for number in range(6):
        cache.add(text_keys(_texts(1, 4)), _packed(10)[4:5])
        cache.add(text_keys(_texts(1, 10 + number)), _packed(20)[:1])
        known, out = _read(tmp_path, _texts(10))
        assert known.all()
        np.testing.assert_array_equal(out, unpack(_packed(10)))
    assert len(list(cache.folder.glob("*.vectors"))) < 6


@pytest.mark.filterwarnings("ignore:Vector cache file", "ignore:. vectors in")
def test_no_flipped_bit_is_an_error_or_gives_another_vector(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path, "model")
    cache.add(text_keys(_texts(3)), _packed(3))
    [shard] = cache.folder.glob("*.vectors")
    whole, expected = shard.read_bytes(), unpack(_packed(3))
    for place in range(len(whole)):
        shard.write_bytes(whole)
        _flip(shard, place, place % 8)
        known, out = _read(tmp_path, _texts(3))
        np.testing.assert_array_equal(out[known], expected[known])


def test_damage_to_vectors_that_nobody_asks_for_is_not_looked_for(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path, "model")
    cache.add(text_keys(_texts(10)), _packed(10))
    [shard] = cache.folder.glob("*.vectors")
    _flip(shard, shard.read_bytes().index(_packed(10)[4].tobytes()), 0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert _read(tmp_path, _texts(4))[0].all()


def test_unfinished_file_is_not_read(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path, "model")
    cache.add(text_keys(_texts(3)), _packed(3))
    [shard] = cache.folder.glob("*.vectors")
    (cache.folder / "half.tmp").write_bytes(shard.read_bytes()[:100])
    os.utime(cache.folder / "half.tmp", (0, 0))
    (cache.folder / "young.tmp").touch()
    assert len(VectorCache(tmp_path, "model")) == 3
    assert [path.name for path in cache.folder.glob("*.tmp")] == ["young.tmp"]


def test_many_shards_become_one_without_loss(tmp_path: Path, few_shards: None) -> None:
    cache = VectorCache(tmp_path, "model")
    for i in range(12):
        cache.add(text_keys(_texts(3, 2 * i)), _packed(200)[2 * i : 2 * i + 3])
    known, out = _read(tmp_path, _texts(25))
    assert known.all()
    np.testing.assert_array_equal(out, unpack(_packed(200)[:25]))
    assert len(list(cache.folder.glob("*.vectors"))) == 1
    assert len(VectorCache(tmp_path, "model")) == 25


def test_reader_keeps_its_vectors_while_another_compacts(tmp_path: Path, few_shards: None) -> None:
    writer = VectorCache(tmp_path, "model")
    for i in range(12):
        writer.add(text_keys(_texts(1, i)), _packed(12)[i : i + 1])
    reader = VectorCache(tmp_path, "model")
    for i in range(12):
        writer.add(text_keys(_texts(1, 12 + i)), _packed(12)[i : i + 1])
    assert len(VectorCache(tmp_path, "model")) == 24
    out = np.zeros((12, DIMENSION), dtype=np.float32)
    assert reader.fill(text_keys(_texts(12)), out).all()
    np.testing.assert_array_equal(out, unpack(_packed(12)))


def _write_many(root: Path, start: int) -> None:
    for i in range(start, start + 25):
        VectorCache(root, "model").add(text_keys(_texts(1, i)), _packed(200)[i : i + 1])


def test_two_processes_write_at_once(tmp_path: Path, few_shards: None) -> None:
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_write_many, args=(tmp_path, start)) for start in (0, 25)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]
    known, out = _read(tmp_path, _texts(50))
    assert known.all()
    np.testing.assert_array_equal(out, unpack(_packed(200)[:50]))


def test_half_precision_moves_a_cosine_by_less_than_a_ten_thousandth() -> None:
    vectors = unit_rows(np.random.default_rng(0).normal(size=(200, 512)).astype(np.float32))
    again = unpack(pack(vectors))
    assert np.abs(vectors @ vectors.T - again @ again.T).max() < 1e-4
    np.testing.assert_allclose(np.linalg.norm(again, axis=1), 1, atol=1e-6)
