from __future__ import annotations

import numpy as np
import pytest
from helpers import MakeInputs, rows_of
from hypothesis import given, settings
from hypothesis import strategies as st
from set_samples import Shingles, random_rows

from diversity.metrics.chamfer import TABLE, chamfer, nearest


@settings(max_examples=25)
@given(st.integers(2, 60), st.integers(0, 1000))
def test_against_the_definition(count: int, seed: int) -> None:
    rows = random_rows(count, 5, seed)
    plain = [min(1 - float(one @ other) for at, other in enumerate(rows) if at != own) for own, one in enumerate(rows)]
    assert nearest(rows @ rows.T)[0] == pytest.approx(np.maximum(plain, 0), abs=1e-5)


def test_by_hand() -> None:
    """Two copies have each other at 0; the third is at right angles to both."""
    rows = np.eye(3, dtype=np.float32)[[0, 0, 1]]
    distance, other = nearest(rows @ rows.T)
    assert distance == pytest.approx([0, 0, 1])
    assert other[:2].tolist() == [1, 0]


def test_the_table_lists_every_record_with_the_one_nearest_to_it(make_inputs: MakeInputs) -> None:
    prompts = [f"{chr(0x4E00 + 97 * n) * 9} {n}" for n in range(60)]
    answers = [f"{chr(0x6E00 + 89 * n) * 12} {n}" for n in range(60)]
    prompts[1], answers[1] = prompts[0], answers[0]
    output = chamfer(make_inputs(rows_of(prompts, answers), embedder=Shingles()))
    table = output.tables[TABLE].to_pandas()
    assert table.groupby("field").size().to_dict() == {"answer": 60, "pair": 60, "prompt": 60}
    ids = table[table["nearest_distance"] < 1e-5].groupby("field")["record_id"].apply(set)
    assert all(len(two) == 2 for two in ids)
    first = table[(table["field"] == "pair") & (table["nearest_distance"] < 1e-5)]
    assert set(first["record_id"]) == set(first["nearest_id"])
    assert (table["novelty"] > 0).all()
    pair = next(result for result in output.results if result.field == "pair")
    assert pair.value == pytest.approx(table[table["field"] == "pair"]["nearest_distance"].mean(), rel=0.3)
