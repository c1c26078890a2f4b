from __future__ import annotations

import multiprocessing
import os
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


def test_row_that_is_not_of_unit_length_counts_as_missing(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path, "model")
    cache.add(text_keys(_texts(10)), _packed(10))
    [shard] = cache.folder.glob("*.vectors")
    data = bytearray(shard.read_bytes())
    data[-2 * DIMENSION :] = b"\x00" * (2 * DIMENSION)
    shard.write_bytes(bytes(data))
    known, _ = _read(tmp_path, _texts(10))
    assert known.tolist() == [True] * 9 + [False]


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
