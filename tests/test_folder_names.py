from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diversity.errors import UsageError
from diversity.folder_names import folder_name, names_of


@given(st.text(min_size=1, max_size=200).filter(str.strip))
def test_a_name_is_one_safe_path_component(name: str) -> None:
    folder = folder_name(name)
    assert Path(folder).name == folder
    assert folder not in (".", "..")
    assert not folder.startswith(".")
    assert "~" not in folder
    assert len(folder.encode()) <= 80


@given(st.lists(st.text(min_size=1, max_size=100).filter(str.strip), min_size=2, max_size=2, unique=True))
def test_different_names_have_different_folders(names: list[str]) -> None:
    assert folder_name(names[0]) != folder_name(names[1])


def test_a_blank_name_is_refused() -> None:
    with pytest.raises(UsageError, match="blank"):
        folder_name("  ")


@pytest.mark.parametrize("half", ["\udcca\udcfd\udcbe\udcdd", "v\ud800", "\udcff"])
def test_a_name_with_half_a_character_is_refused(half: str) -> None:
    with pytest.raises(UsageError, match="Unicode") as caught:
        folder_name(half)
    assert caught.value.code == "half_character"
    caught.value.facts["name"].encode()


def test_names_are_read_back_from_their_folders(tmp_path: Path) -> None:
    names = ("数据 集/一", ".v~1")
    assert names_of(tmp_path / folder_name(names[0]) / folder_name(names[1])) == names
