"""docs/report.md names what a report really holds, no more and no less."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from helpers import MakeInputs, rows_of

from diversity.comparison import Comparison
from diversity.metrics.semantic_map import semantic_map
from diversity.projection import Layout
from diversity.projection.clusters import Cluster
from diversity.report import Check, MetricResult, Report
from diversity.stored_report import StoredReport

DOCUMENT = (Path(__file__).parents[1] / "docs" / "report.md").read_text(encoding="utf-8")
MAP = ("semantic_map", "semantic_clusters")


class Key:
    """Stands for an embedder that is never asked."""

    name = key = "fake"
    dimension = 2


def named(text: str) -> set[str]:
    return set(re.findall(r"`(\w+)`", text))


def columns(section: str) -> set[str]:
    """What stands in the first cells of a section's table."""
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return set().union(*map(named, rows))


def documented() -> dict[str, set[str]]:
    """Columns by table."""
    found = {}
    for section in re.split(r"^### ", DOCUMENT.split("\n## Two versions")[0], flags=re.M)[1:]:
        for table in named(section.partition("\n")[0]):
            found[table] = columns(section)
    return found


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_every_table_and_column_is_named(sample_reports: dict[str, StoredReport], version: str) -> None:
    stored = sample_reports[version]
    held = {name: set(stored.table(name).columns) for name in stored.tables}
    held["records"] = set(stored.query("select * from records limit 1").columns)
    assert held == {name: columns for name, columns in documented().items() if name not in MAP}


def test_the_tables_of_the_map_are_named(make_inputs: MakeInputs) -> None:
    inputs = make_inputs(rows_of(["a", "b"], ["c", "d"]), embedder=Key())
    layout = Layout(np.zeros((2, 2), np.float32), np.zeros(2, np.int64), [Cluster(0, ("x",), 2, 0, 0)], 2, 0)
    inputs.adopt("map_prompt", layout)
    inputs.adopt("map_answer", layout)
    assert {name: set(table.column_names) for name, table in semantic_map(inputs).tables.items()} == {
        name: documented()[name] for name in MAP
    }


def test_every_key_of_the_report_and_of_a_comparison_is_named() -> None:
    report, _, comparison = DOCUMENT.partition("\n## Two versions")
    head = report.partition("\n## Tables")[0]
    assert columns(head.partition("A result is")[0]) == set(Report.model_fields)
    assert set(MetricResult.model_fields) | set(Check.model_fields) <= named(head)
    assert columns(comparison) == set(Comparison.model_fields)
