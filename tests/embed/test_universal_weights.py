from __future__ import annotations

from pathlib import Path

import numpy as np

from diversity.embed.universal_weights import (
    BLOCKS,
    DIMENSION,
    WEIGHTS_FILE,
    contents,
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
