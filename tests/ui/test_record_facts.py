from __future__ import annotations

import pandas as pd
import pytest

from diversity.ui.record_facts import COLUMNS, SIDE_BY_SIDE, WORDS, facts_table, shown_facts
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


def test_codes_of_a_narrow_view_a_request_and_a_pair_are_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIVERSITY_LANGUAGE", "en")
    told = [
        ("key_info_position", "instruction_position", "only", "request without material"),
        ("set_diversity", "field", "pair", "Prompt and answer"),
        ("shortcut_records", "view", "first", "the first few words"),
    ]
    for table, column, code, words in told:
        assert shown_facts(table, pd.DataFrame({column: [code]})).to_numpy().tolist() == [[words]]


def test_figures_have_few_decimals_and_what_is_missing_is_blank(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIVERSITY_LANGUAGE", "en")
    rows = pd.DataFrame({"turn": [0, 1], "class": ["none", "none"], "score": [0.00000005, None]})
    drawn = facts_table(shown_facts("topic_switch", rows))
    assert "<th>Score</th><td>0" in drawn
    assert "<td></td>" in drawn
    assert "None" not in drawn
    assert "0.00000005" not in drawn


def test_many_rows_stand_under_their_headings_and_texts_are_no_markup() -> None:
    few = pd.DataFrame({"<b>": ["<script>"] * SIDE_BY_SIDE})
    many = pd.DataFrame({"<b>": ["<script>"] * (SIDE_BY_SIDE + 1)})
    assert "<thead>" not in facts_table(few)
    assert facts_table(many).count("<tr>") == len(many) + 1
    assert "<script>" not in facts_table(few) + facts_table(many)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_table_and_column_has_a_name(language: str) -> None:
    known = catalogue(language)
    for table, columns in COLUMNS.items():
        assert f"table.{table}" in known
        for name in columns:
            assert {f"fact.{table}.{name}", f"fact.{name}", f"column.{name}"} & known.keys(), name
    assert all(any(key.startswith(prefix) for key in known) for prefix in WORDS.values())
