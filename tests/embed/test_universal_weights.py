from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from diversity.embed.universal_weights import (
    BLOCKS,
    DIMENSION,
    WEIGHTS_FILE,
    contents,
    kept_weights,
    read_weights,
    resource_folder,
)


def test_a_changed_number_changes_what_the_contents_say(tmp_path: Path) -> None:
    values = np.arange(1000.0)
    for name in ("one", "same", "other"):
        np.savez_compressed(tmp_path / f"{name}.npz", a=values + (name == "other") * (values == 500), b=values)
    one, same, other = (contents(tmp_path / f"{name}.npz") for name in ("one", "same", "other"))
    assert one == same
    assert one != other


def test_weights_read_in_threads_are_those_read_in_one() -> None:
    one, two = (read_weights(resource_folder() / WEIGHTS_FILE, threads) for threads in (1, 2))
    assert one.keys() == two.keys()
    assert all(np.array_equal(one[name], two[name]) for name in one)
    assert one["table"].shape[0] == BLOCKS
    assert one["table"].shape[2] == DIMENSION


def test_kept_weights_are_those_of_the_package(tmp_path: Path) -> None:
    path = resource_folder() / WEIGHTS_FILE
    first, again = kept_weights(path, tmp_path, 2), kept_weights(path, tmp_path)
    assert first.keys() == again.keys()
    assert all(np.array_equal(first[name], again[name]) and first[name].dtype == again[name].dtype for name in first)
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("damage", ["cut short", "emptied", "missing"])
def test_kept_weights_that_are_not_whole_are_kept_anew(tmp_path: Path, damage: str) -> None:
    path = resource_folder() / WEIGHTS_FILE
    whole = kept_weights(path, tmp_path)
    table = next(tmp_path.iterdir()) / "table.npy"
    if damage == "missing":
        table.unlink()
    else:
        with table.open("r+b") as file:
            file.truncate(1_000_000 if damage == "cut short" else 0)
    again = kept_weights(path, tmp_path)
    assert np.array_equal(again["table"], read_weights(path)["table"])
    assert again.keys() == whole.keys()
    assert table.stat().st_size > again["table"].nbytes


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "table" in kept_weights(resource_folder() / WEIGHTS_FILE, tmp_path / "file")
