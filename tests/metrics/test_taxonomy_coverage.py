"""taxonomy_coverage: one result a taxonomy, the chosen one held by the check."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from helpers import MakeInputs, rows_of

from diversity.checks import run_checks
from diversity.metrics.taxonomy_coverage import METRIC, TABLE, taxonomy_coverage
from diversity.words.checks import advice_sentence

LABELS = ["翻译-中译英"] * 12 + ["知识问答"] * 3 + ["summary"] * 2 + ["no such thing"]


def some_rows() -> list[dict[str, Any]]:
    return rows_of([f"p{n}" for n in range(18)], [f"a{n}" for n in range(18)], LABELS)


def test_a_case_by_hand(make_inputs: MakeInputs):
    inputs = make_inputs(some_rows())
    output = taxonomy_coverage(inputs)
    assert [r.params["taxonomy"] for r in output.results] == ["instructgpt", "nlp_tasks", "assistant_zh"]
    first = output.results[0]
    assert first.value == pytest.approx(3 / 9)
    assert first.info["thin"] == ["open_qa", "summarization"]
    assert first.info["unmapped"] == [["no such thing", None, 1]]
    assert first.info["mapped_share"] == pytest.approx(17 / 18)
    rows = [row for row in output.tables[TABLE].to_pylist() if row["taxonomy"] == "instructgpt"]
    assert [(row["task_type_1"], row["task_type_2"], row["item"], row["origin"]) for row in rows] == [
        ("翻译", "中译英", "rewrite", "alias"),
        ("知识问答", None, "open_qa", "alias"),
        ("summary", None, "summarization", "alias"),
        ("no such thing", None, None, "none"),
    ]
    check = run_checks([METRIC], output.results, inputs.settings)[0]
    assert (check.outcome, check.value, check.advice) == ("fail", first.value, "collect")
    assert (len(check.evidence["absent_en"]), check.evidence["unnamed"]) == (5, 1)
    assert check.evidence["absent_en"][0] in (advice_sentence(check) or "")


def test_the_setting_chooses_what_the_check_holds(make_inputs: MakeInputs, tmp_path: Path):
    path = tmp_path / "own.yaml"
    path.write_text("items: [翻译, summary]", encoding="utf-8")
    inputs = make_inputs(some_rows(), taxonomy=str(path))
    output = taxonomy_coverage(inputs)
    assert len(output.results) == 4
    assert output.results[0].params == {"taxonomy": "own"}
    assert run_checks([METRIC], output.results, inputs.settings)[0].value == 1.0


def test_public_data_is_for_classic_tasks(make_inputs: MakeInputs):
    inputs = make_inputs(some_rows(), taxonomy="nlp_tasks")
    check = run_checks([METRIC], taxonomy_coverage(inputs).results, inputs.settings)[0]
    assert check.advice == "collect_public"
    assert check.evidence["absent_en"][0] in (advice_sentence(check) or "")


def test_labels_that_are_mostly_unmapped_are_not_judged(make_inputs: MakeInputs):
    """What no label was found for is not known to be missing."""
    inputs = make_inputs(rows_of(["p", "q", "r"], ["a", "b", "c"], ["翻译", "no such thing", "nor such"]))
    check = run_checks([METRIC], taxonomy_coverage(inputs).results, inputs.settings)[0]
    assert (check.outcome, check.reason, check.advice) == ("not_applicable", "mostly_unmapped", None)


def test_without_labels_the_taxonomy_is_kept(make_inputs: MakeInputs):
    output = taxonomy_coverage(make_inputs(rows_of(["p"], ["a"])))
    assert [r.reason for r in output.results] == ["no_types_to_map"] * 3
    assert len(output.results[0].info["taxonomy"]["items"]) == 9


def test_every_label_is_mapped_once_a_taxonomy(make_inputs: MakeInputs):
    table = taxonomy_coverage(make_inputs(some_rows())).tables[TABLE].to_pandas()
    assert (table.groupby("taxonomy")["records"].sum() == len(LABELS)).all()
