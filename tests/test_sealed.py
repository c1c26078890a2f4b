from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from diversity.sealed import SEAL, checksum, differs, is_whole, other_sizes, seal


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    (tmp_path / "a").write_bytes(b"first")
    (tmp_path / "b").write_bytes(b"second" * 300_000)
    seal(tmp_path, ["a", "b"])
    return tmp_path


def test_the_checksum_of_a_file_is_that_of_its_content(sealed: Path) -> None:
    assert checksum(sealed / "b") == zlib.crc32(b"second" * 300_000)


def test_untouched_files_are_whole_and_nothing_else_lies_beside_them(sealed: Path) -> None:
    assert is_whole(sealed, ["a", "b"])
    assert {path.name for path in sealed.iterdir()} == {"a", "b", SEAL}


@pytest.mark.parametrize("content", [b"", b"fjrst", b"first ", b"firs"])
def test_a_file_that_is_another_is_not_whole(sealed: Path, content: bytes) -> None:
    (sealed / "a").write_bytes(content)
    assert not is_whole(sealed, ["a", "b"])
    assert is_whole(sealed, ["b"])


def test_a_missing_file_an_unsealed_one_and_a_missing_seal_are_not_whole(sealed: Path) -> None:
    (sealed / "c").write_bytes(b"third")
    assert not is_whole(sealed, ["c"])
    (sealed / "a").unlink()
    assert not is_whole(sealed, ["a"])
    (sealed / SEAL).unlink()
    assert not is_whole(sealed, ["b"])


def test_no_damage_to_the_seal_is_an_error_or_vouches_for_a_file_that_changed(sealed: Path) -> None:
    (sealed / "a").write_bytes(b"fjrst")
    whole = (sealed / SEAL).read_bytes()
    for place in range(len(whole)):
        for bit in range(8):
            flipped = bytearray(whole)
            flipped[place] ^= 1 << bit
            (sealed / SEAL).write_bytes(flipped)
            assert not is_whole(sealed, ["a"])
    for content in (b"[]", b"3", b'{"a": 3}', b""):
        (sealed / SEAL).write_bytes(content)
        assert not is_whole(sealed, ["a"])


def test_what_differs_from_its_seal(sealed: Path) -> None:
    assert differs(sealed, "a") is False
    (sealed / "a").write_bytes(b"fjrst")
    assert differs(sealed, "a") is True
    (sealed / "a").unlink()
    assert differs(sealed, "a") is True
    assert differs(sealed, "never sealed") is None


@pytest.mark.parametrize("content", [None, b"", b"[]", b'{"a": 3}', b"\xff"])
def test_without_a_readable_seal_nothing_is_known(sealed: Path, content: bytes | None) -> None:
    (sealed / SEAL).unlink()
    if content is not None:
        (sealed / SEAL).write_bytes(content)
    assert differs(sealed, "a") is None
    assert other_sizes(sealed) == []


def test_other_sizes_are_told_without_reading(sealed: Path) -> None:
    assert other_sizes(sealed) == []
    (sealed / "a").write_bytes(b"fjrst")
    assert other_sizes(sealed) == []
    (sealed / "a").write_bytes(b"firs")
    (sealed / "b").unlink()
    assert other_sizes(sealed) == ["a", "b"]
