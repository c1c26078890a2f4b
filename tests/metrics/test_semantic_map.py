from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from helpers import MakeInputs, rows_of

from diversity.features.inputs import Inputs
from diversity.metrics.semantic_map import CLUSTERS, METRIC, POINTS, semantic_map
from diversity.projection import Layout
from diversity.projection.clusters import Cluster


class Key:
    """Stands for an embedder that is never asked."""

    name = key = "fake"
    dimension = 2


@pytest.fixture
def inputs(make_inputs: MakeInputs) -> Inputs:
    """Six units: three in the first cluster of prompts, two in the second, one without text on the map."""
    found = make_inputs(rows_of([f"问{n}" for n in range(6)], [f"答{n}" for n in range(6)]), embedder=Key())
    xy = np.array([[0, 0], [1, 0], [2, 0], [9, 9], [8, 9], [np.nan, np.nan]], dtype=np.float32)
    clusters = [Cluster(0, ("猫", "狗"), 3, 1, 0), Cluster(1, ("合同",), 2, 8.5, 9)]
    found.adopt("map_prompt", Layout(xy, np.array([0, 0, 0, 1, 1, -1]), clusters, 5, 0))
    found.adopt("map_answer", Layout(xy, np.full(6, -1), [], 5, 0))
    return found


def test_figures_by_hand(inputs: Inputs) -> None:
    prompt, answer = semantic_map(inputs).results
    share = np.array([0.6, 0.4])
    assert prompt.value == pytest.approx(np.exp(-(share * np.log(share)).sum()))
    assert prompt.info["largest_share"] == pytest.approx(0.6)
    assert (prompt.info["largest_name"], prompt.info["largest_count"]) == ("猫 · 狗", 3)
    assert (prompt.info["points"], prompt.info["outside"], prompt.info["clusters"]) == (5, 0, 2)
    assert (answer.value, answer.info["outside"], answer.info["largest_name"]) == (0, 5, None)


def test_tables_hold_every_point_once_and_every_cluster(inputs: Inputs) -> None:
    tables = semantic_map(inputs).tables
    points, clusters = tables[POINTS].to_pandas(), tables[CLUSTERS].to_pandas()
    assert points.groupby("field").size().to_dict() == {"answer": 5, "prompt": 5}
    assert points[["x", "y"]].notna().all(axis=None)
    assert clusters[["name", "size"]].values.tolist() == [["猫 · 狗", 3], ["合同", 2]]
    assert set(points[points["field"] == "prompt"]["cluster"]) == set(clusters["cluster"])


def test_the_check_names_the_records_of_the_largest_cluster(inputs: Inputs) -> None:
    output = semantic_map(inputs)
    finding = METRIC.checks[0].find(output.results)
    points = output.tables[POINTS].to_pandas()
    rows = points[(points["field"] == finding.where["field"]) & (points["cluster"] == finding.where["cluster"])]
    assert finding.value == pytest.approx(0.6)
    assert len(rows) == finding.records == 3


@pytest.mark.parametrize(("embedder", "reason"), [(None, "no_embedder"), (Key(), "too_few_for_map")])
def test_no_map_has_a_reason(make_inputs: MakeInputs, embedder: Any, reason: str) -> None:
    found = make_inputs(rows_of(["问"], ["答"]), embedder=embedder)
    found.adopt("map_prompt", None)
    found.adopt("map_answer", None)
    output = semantic_map(found)
    assert [(one.status, one.value, one.reason) for one in output.results] == [("not_applicable", None, reason)] * 2
    assert not output.tables
    assert METRIC.checks[0].find(output.results).reason == reason


def test_one_map_without_the_other(inputs: Inputs) -> None:
    inputs.adopt("map_answer", None)
    output = semantic_map(inputs)
    assert [one.status for one in output.results] == ["ok", "not_applicable"]
    assert set(output.tables[POINTS]["field"].to_pylist()) == {"prompt"}


def test_the_order_of_records_does_not_matter(inputs: Inputs) -> None:
    before = semantic_map(inputs).results[0]
    layout = inputs.layout("prompt")
    assert layout is not None
    order = np.random.default_rng(0).permutation(6)
    inputs.adopt("map_prompt", Layout(layout.xy[order], layout.cluster[order], layout.clusters, 5, 0))
    assert semantic_map(inputs).results[0] == before


def test_two_versions_are_compared_by_the_prompts_inside_clusters(inputs: Inputs) -> None:
    frame = semantic_map(inputs).tables[POINTS].to_pandas()

    class Stored:
        def has_table(self, name: str) -> bool:
            return name == POINTS

        def table(self, name: str, columns: list[str] | None = None) -> Any:
            return frame[columns]

    assert METRIC.sample is not None
    sample = METRIC.sample(Stored(), semantic_map(inputs).results[0])
    assert sample is not None
    assert sorted(sample.values.tolist()) == [0, 0, 0, 1, 1]
    assert sample.statistic(sample.values) == pytest.approx(semantic_map(inputs).results[0].value)
