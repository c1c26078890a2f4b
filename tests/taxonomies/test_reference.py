"""Edited mappings: kept whole, read by every later analysis."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import diversity
from diversity.errors import UsageError
from diversity.taxonomies import Edits, edits_folder, open_reference, read_edits, save_edits, set_aside

OWN = "name: own\nitems: [greeting, farewell]\n"


def rows(n: int = 12) -> list[dict[str, str]]:
    return [{"prompt": f"say hello {i}", "answer": f"hello {i}", "task_type": "salute"} for i in range(n)]


def test_edits_round_trip(tmp_path: Path):
    edits = Edits(taxonomy="我的/体系", labels=(("a", None, "x"), ("b", "c", None)))
    path = save_edits(tmp_path / "new", edits)
    assert path.parent == tmp_path / "new"
    assert read_edits(tmp_path / "new", "我的/体系") == edits
    assert edits.by_label() == {("a", None): "x", ("b", "c"): None}
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_none_saved_is_no_edits_and_a_damaged_file_is_never_dropped(tmp_path: Path):
    assert read_edits(tmp_path, "own").labels == ()
    save_edits(tmp_path, Edits(taxonomy="own")).write_text("{", encoding="utf-8")
    with pytest.raises(UsageError, match=r"own\.json cannot be read"):
        read_edits(tmp_path, "own")


def test_a_file_set_aside_is_kept_and_read_no_more(tmp_path: Path):
    for content in ("{", "["):
        save_edits(tmp_path, Edits(taxonomy="own")).write_text(content, encoding="utf-8")
        assert set_aside(tmp_path, "own").read_text(encoding="utf-8") == content
        assert read_edits(tmp_path, "own").labels == ()
    assert len(list(tmp_path.iterdir())) == 2


def test_the_key_follows_edits_and_files(tmp_path: Path):
    path = tmp_path / "own.yaml"
    path.write_text(OWN, encoding="utf-8")
    keys = {open_reference(str(path), None).key, open_reference("instructgpt", tmp_path).key}
    save_edits(tmp_path, Edits(taxonomy="instructgpt", labels=(("a", None, "chat"),)))
    keys.add(open_reference("instructgpt", tmp_path).key)
    path.write_text(OWN.replace("farewell", "goodbye"), encoding="utf-8")
    keys.add(open_reference(str(path), None).key)
    assert len(keys) == 4


def test_the_key_of_a_taxonomy_follows_its_aliases_and_edits_alone(tmp_path: Path):
    path = tmp_path / "own.yaml"

    def key(content: str, folder: Path | None, name: str = "own") -> str:
        path.write_text(content, encoding="utf-8")
        reference = open_reference(str(path), folder)
        return reference.key_of(next(one for one in reference.taxonomies if one.name == name))

    plain, folder = key(OWN, None), tmp_path / "edits"
    assert key(OWN, folder) == plain, "no file and no folder are both no edits"
    save_edits(folder, Edits(taxonomy="own"))
    assert key(OWN, folder) == plain
    assert key(OWN.replace("farewell", "{zh: farewell, aliases: [bye]}"), folder) != plain
    one, two = ("a", None, "greeting"), ("b", None, None)
    save_edits(folder, Edits(taxonomy="own", labels=(one, two)))
    edited = key(OWN, folder)
    assert edited != plain
    assert key(OWN, folder, "instructgpt") == key(OWN, None, "instructgpt")
    save_edits(folder, Edits(taxonomy="own", labels=(two, one)))
    assert key(OWN, folder) == edited


def test_an_analysis_uses_what_was_saved(tmp_path: Path):
    path, store = tmp_path / "own.yaml", tmp_path / "store"
    path.write_text(OWN, encoding="utf-8")
    settings = {"embedder": "none", "taxonomy": str(path)}

    def figure(version: str) -> tuple[float | None, dict[str, Any]]:
        report = diversity.analyze(rows(), dataset="d", version=version, store=store, settings=settings)
        result = report.report.result("taxonomy_coverage", taxonomy="own")
        assert result is not None
        check = report.report.check("taxonomy_coverage")
        assert check.reason == "mostly_unmapped" if result.value == 0 else check.value == result.value
        return result.value, result.info

    before, first = figure("v1")
    assert before == 0.0
    assert figure("again")[1]["reference_key"] == first["reference_key"]
    save_edits(edits_folder(store, "d"), Edits(taxonomy="own", labels=(("salute", None, "greeting"),)))
    value, second = figure("v2")
    assert value == 0.5
    assert second["origins"]["edited"] == 1
    assert second["reference_key"] != first["reference_key"]
