from __future__ import annotations

import pandas as pd
import pytest

from diversity.ui.record_facts import COLUMNS, WORDS, shown_facts
from diversity.words.catalogue import catalogue


@pytest.mark.parametrize(
    ("language", "kind", "heading"), [("en", "exact", "How it repeats"), ("zh", "exact", "重复方式")]
)
def test_codes_and_headings_are_words(monkeypatch: pytest.MonkeyPatch, language: str, kind: str, heading: str) -> None:
    monkeypatch.setenv("DIVERSITY_LANGUAGE", language)
    rows = pd.DataFrame(
        {"turn": [0, 2], "kind": [kind, None], "similarity": [1.0, None], "cluster_id": [3, 4], "reason": ["", ""]}
    )
    shown = shown_facts("answer_duplicates", rows)
    assert list(shown[catalogue(language)["column.turn"]]) == [1, 3]
    assert list(shown[heading]) == [catalogue(language)[f"dup.kind.{kind}"], ""]
    assert len(shown.columns) == 3


def test_noise_of_the_map_has_no_cluster_and_flags_are_yes_or_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIVERSITY_LANGUAGE", "en")
    shown = shown_facts("semantic_map", pd.DataFrame({"turn": [0], "field": ["prompt"], "cluster": [-1]}))
    assert list(shown.columns) == ["Turn", "Side"]
    told = shown_facts("shortcut_probes", pd.DataFrame({"turn": [0], "whole": [True], "first_8": [False]}))
    assert told.iloc[0].tolist() == [1, "yes", "no"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_table_and_column_has_a_name(language: str) -> None:
    known = catalogue(language)
    for table, columns in COLUMNS.items():
        assert f"table.{table}" in known
        for name in columns:
            assert {f"fact.{table}.{name}", f"fact.{name}", f"column.{name}"} & known.keys(), name
    assert all(any(key.startswith(prefix) for key in known) for prefix in WORDS.values())
