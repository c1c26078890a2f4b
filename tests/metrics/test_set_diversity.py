"""What holds of all figures on the whole set: copies never make it look more diverse, order does not matter, and
without vectors they say why there are none."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from helpers import MakeInputs, rows_of
from set_samples import Shingles, random_rows, sample_of

from diversity.features.set_sample import FIELDS, SetSample
from diversity.metrics import discover
from diversity.metrics.at_sizes import field_results, shared_size, sizes_of
from diversity.metrics.base import Metric
from diversity.report import MetricResult

NAMES = ("vendi_score", "novelsum", "cluster_entropy", "remote_clique", "chamfer", "log_det")
METRICS = {metric.name: metric for metric in discover() if metric.name in NAMES}
Find = Callable[[str, SetSample], dict[str, dict[int, Any]]]
named = pytest.mark.parametrize("name", NAMES)


def figures(name: str, sample: SetSample) -> dict[str, dict[int, Any]]:
    """field → size → estimate."""
    statistic = importlib.import_module(f"diversity.metrics.{name}")._statistic
    return {result.field: sizes_of(result) for result in field_results(name, "score", sample, statistic)}


def texts(count: int) -> tuple[list[str], list[str]]:
    """Prompts and answers on forty subjects each."""
    prompts = [f"{chr(0x4E00 + 97 * (n % 40)) * 6}{chr(0x7E00 + n) * 3}" for n in range(count)]
    answers = [f"{chr(0x5E00 + 89 * (n % 40)) * 9}{chr(0x8E00 + n) * 3}" for n in range(count)]
    return prompts, answers


def values(metric: Metric, inputs: Any) -> dict[str, float | None]:
    return {result.field: result.value for result in metric.compute(inputs).results}


@named
def test_copies_in_place_of_records_lower_every_figure_at_equal_size(name: str) -> None:
    prompt, answer = random_rows(200, 32, seed=1), random_rows(200, 32, seed=2)
    before = None
    for share in (0.0, 0.3, 0.6, 0.9):
        kept = np.arange(200)
        copies = int(share * 200)
        kept[:copies] = np.random.default_rng(3).integers(copies, 200, copies)
        found = figures(name, sample_of(prompt[kept], answer[kept]))
        for of in FIELDS:
            for size, one in found[of].items():
                # Bits of a group of 20 records over 128 cells, and mean distances, move by less than their error.
                slack = 2 * one.error + 1e-6
                assert before is None or one.value <= before[of][size].value + slack, (of, size, share)
        before = found
    assert before is not None
    first = figures(name, sample_of(prompt, answer))
    assert all(before[of][100].value < first[of][100].value for of in FIELDS)


@named
def test_a_set_that_stands_twice_looks_no_more_diverse(name: str, make_inputs: MakeInputs) -> None:
    prompts, answers = texts(100)
    once = METRICS[name].compute(make_inputs(rows_of(prompts, answers), embedder=Shingles())).results
    twice = METRICS[name].compute(make_inputs(rows_of(prompts * 2, answers * 2), embedder=Shingles())).results
    for first, second in zip(once, twice, strict=True):
        size = shared_size(first, second)
        assert size == 50
        before, after = sizes_of(first)[size], sizes_of(second)[size]
        assert after.value <= before.value + 2 * before.error


@named
def test_all_alike_is_the_least_there_can_be(name: str, make_inputs: MakeInputs) -> None:
    least = {"vendi_score": 1.0, "novelsum": 0.0, "cluster_entropy": 0.0, "remote_clique": 0.0, "chamfer": 0.0}
    inputs = make_inputs(rows_of(["同样的问题"] * 50, ["同样的答案"] * 50), embedder=Shingles())
    for of, value in values(METRICS[name], inputs).items():
        if name in least:
            assert value == pytest.approx(least[name], abs=1e-4), of
        else:
            assert value is not None
            assert value < -2.1


@named
def test_the_order_of_records_does_not_matter(name: str, make_inputs: MakeInputs) -> None:
    prompts, answers = texts(90)
    rows = rows_of(prompts + prompts[:20], answers + answers[:20])
    shuffled = [rows[at] for at in np.random.default_rng(5).permutation(len(rows))]
    first, second = (values(METRICS[name], make_inputs(some, embedder=Shingles())) for some in (rows, shuffled))
    assert first == pytest.approx(second)


@named
def test_info_says_how_much_was_looked_at(name: str, make_inputs: MakeInputs) -> None:
    for result in METRICS[name].compute(make_inputs(rows_of(*texts(130)), embedder=Shingles())).results:
        assert (result.info["n"], result.info["drawn"], result.info["units"]) == (50, 130, 130)
        assert list(result.info["sizes"]) == ["50", "20"]
        assert result.interval is not None
        assert result.interval[0] <= result.value <= result.interval[1]
        assert MetricResult.model_validate_json(result.model_dump_json()) == result
        json.dumps(result.info, allow_nan=False)


@named
@pytest.mark.parametrize(
    ("count", "embedder", "reason"), [(3, Shingles(), "too_few_for_set"), (60, None, "no_embedder")]
)
def test_no_figure_has_a_reason(name: str, make_inputs: MakeInputs, count: int, embedder: Any, reason: str) -> None:
    output = METRICS[name].compute(make_inputs(rows_of(*texts(count)), embedder=embedder))
    assert [(one.field, one.status, one.value, one.reason) for one in output.results] == [
        (of, "not_applicable", None, reason) for of in FIELDS
    ]
    assert not output.tables


def test_versions_share_the_largest_size_that_both_have() -> None:
    large, small = (MetricResult(metric="m", field="set", info={"sizes": sizes}) for sizes in (
        {"500": [1.0, 0.1, 5], "50": [2.0, 0.1, 5]}, {"50": [3.0, 0.2, 5]},
    ))  # fmt: skip
    assert shared_size(large, small) == 50
    assert shared_size(large, MetricResult(metric="m", field="set")) is None
