from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from helpers import MakeInputs

from diversity.metrics import shortcut_probes as module
from diversity.metrics.base import Finding, MetricOutput
from diversity.metrics.shortcut_probes import METRIC

# Two-letter words for English; for Chinese, words that the dictionary knows.
PLAIN = {
    "en": [a + b for a in "bdfgkl" for b in ("ane", "ost", "ill", "urn")],
    "zh": ["山水", "天空", "大地", "房子", "道路", "早晨", "朋友", "老师", "孩子"],
}
TELLING = {"en": ["translate", "summarise", "classify"], "zh": ["翻译", "概括", "分类"]}
SYLLABLES = ("ba", "de", "fi", "go", "hu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo")
SUBJECTS = {
    "en": [[f"{start}{first}{second}" for first in SYLLABLES[:5] for second in SYLLABLES[5:10]] for start in "wzq"],
    "zh": [[chr(start + 40 * n) + chr(start + 40 * n + 9) for n in range(25)] for start in (0x5000, 0x6000, 0x7000)],
}


def planted(where: str, language: str, count: int = 120) -> list[dict[str, Any]]:
    """Records of three types: a word at one place, the system, the length or only the subject gives the type away."""
    draw = random.Random(f"{where}-{language}")
    return [_record(where, language, number % 3, draw) for number in range(count)]


def _record(where: str, language: str, kind: int, draw: random.Random) -> dict[str, Any]:
    plain, telling = PLAIN[language], TELLING[language][kind]
    size = 20 * 2**kind if where == "length" else draw.randint(20, 30)
    middle = draw.choices(plain, k=size) + (draw.sample(SUBJECTS[language][kind], 7) if where == "subject" else [])
    if where == "trigger":
        middle.append(telling)
    draw.shuffle(middle)
    words = [*draw.choices(plain, k=10), *middle, *draw.choices(plain, k=10)]
    if where in ("first", "last"):
        words[0 if where == "first" else -1] = telling
    system = f"You {TELLING['en'][kind if where == 'system' else draw.randrange(3)]}."
    label = f"t{draw.randrange(3)}" if where == "nothing" else f"t{kind}"
    return {"system": system, "prompt": " ".join(words), "answer": draw.choice(plain), "task_type": label}


def share(output: MetricOutput, view: str) -> float:
    value = next(r for r in output.results if r.params["target"] == "task_type" and r.params["view"] == view).value
    assert value is not None
    return value


def finding(output: MetricOutput) -> Finding:
    return METRIC.checks[0].find(output.results)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("where", ["first", "last", "trigger", "system", "length"])
def test_a_planted_shortcut_is_found_and_named(make_inputs: MakeInputs, where: str, language: str) -> None:
    output = METRIC.compute(make_inputs(planted(where, language)))
    found = finding(output)
    assert found.value is not None
    assert found.value >= METRIC.checks[0].warn_at
    assert found.where == {"target": "task_type", "view": where}
    assert found.evidence["kind"] == f"seen_{where}"
    assert found.advice == f"vary_{where}"
    assert share(output, "last" if where == "first" else "first") < 0.4


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_set_told_by_its_subject_alone_passes(make_inputs: MakeInputs, language: str) -> None:
    output = METRIC.compute(make_inputs(planted("subject", language, 240)))
    found = finding(output)
    assert found.value is not None
    assert found.value <= METRIC.checks[0].pass_at
    assert output.results[0].info["whole"] > 0.9


def test_random_labels_have_no_figure(make_inputs: MakeInputs) -> None:
    output = METRIC.compute(make_inputs(planted("nothing", "en")))
    assert {result.reason for result in output.results if result.params["target"] == "task_type"} == {
        "whole_prompt_tells_nothing"
    }
    assert finding(output).value is None


def test_the_records_that_give_themselves_away(make_inputs: MakeInputs) -> None:
    output = METRIC.compute(make_inputs(planted("first", "en")))
    found = finding(output)
    table = output.tables["shortcut_records"].to_pandas()
    rows = table[(table["target"] == "task_type") & (table["view"] == "first")]
    assert len(rows) == found.records == 120
    assert (rows["margin"] >= module.CONFIDENT).all()
    assert set(rows["label"]) == {"t0", "t1", "t2"}


def test_the_share_by_hand() -> None:
    labels = np.array([0, 0, 0, 0, 1, 1])
    part = np.array([1, 1, 1, 0, 1, 0], bool)  # recalls 3/4 and 1/2: 0.625
    whole = np.array([1, 1, 1, 1, 1, 0], bool)  # recalls 1 and 1/2: 0.75
    assert module._share(np.column_stack([part, whole]), labels) == pytest.approx((0.625 - 0.5) / (0.75 - 0.5))
    chance = np.array([1, 1, 1, 1, 0, 0], bool)
    assert module._share(np.column_stack([chance, whole]), labels) == 0.0


def test_results_have_the_short_views_and_their_other_sizes(make_inputs: MakeInputs) -> None:
    results = METRIC.compute(make_inputs(planted("last", "en"), **{"shortcuts.short": 3})).results
    own = [result for result in results if result.params["target"] == "task_type"]
    assert [(one.params["view"], one.params.get("k")) for one in own] == [
        ("first", 3), ("last", 3), ("trigger", 2), ("system", None), ("length", None),
    ]  # fmt: skip
    assert [size["k"] for size in own[1].info["by_k"]] == [1, 2, 3, 4, 8]
    assert own[1].info["by_k"][2]["share"] == own[1].value
    assert [size["k"] for size in own[2].info["by_k"]] == [1, 2, 5]


def test_large_classes_are_cut_first() -> None:
    assert module._water_level(np.array([10, 500, 3000]), 1000) == 495
    assert module._water_level(np.array([10, 20]), 1000) == 20
    assert module._water_level(np.array([], np.int64), 1000) == 0


def test_a_prompt_that_stands_there_often_counts_once(make_inputs: MakeInputs) -> None:
    rows = planted("first", "en")
    once, often = (METRIC.compute(make_inputs(some)) for some in (rows, [*rows, *rows[:6] * 20]))
    assert [result.value for result in often.results] == [result.value for result in once.results]


def test_the_order_of_records_does_not_matter(make_inputs: MakeInputs) -> None:
    rows = planted("subject", "zh")
    turned = [rows[at] for at in np.random.default_rng(2).permutation(len(rows))]
    first, second = (METRIC.compute(make_inputs(some)) for some in (rows, turned))
    assert [(r.value, r.interval) for r in first.results] == [(r.value, r.interval) for r in second.results]


def test_values_lie_in_their_intervals_and_in_bounds(make_inputs: MakeInputs) -> None:
    for result in METRIC.compute(make_inputs(planted("subject", "en"))).results:
        if result.value is not None:
            assert result.interval is not None
            assert 0 <= result.interval[0] <= result.value <= result.interval[1] <= 1


def test_the_sample_of_records_is_bounded_and_classes_too_small_are_left_out(make_inputs: MakeInputs) -> None:
    rows = [*planted("first", "en", 300), *({**row, "task_type": "rare"} for row in planted("last", "en", 5))]
    output = METRIC.compute(make_inputs(rows, **{"shortcuts.records": 90}))
    info = output.results[0].info
    assert (info["records"], info["classes"], info["left_out"]) == (90, 3, 5)
    assert dict(info["counts"]) == {"t0": 30, "t1": 30, "t2": 30}


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([{"prompt": f"p {n}", "answer": "a"} for n in range(30)], "no_task_types"),
        ([{"prompt": f"p {n}", "answer": "a", "task_type": "one"} for n in range(30)], "too_few_classes"),
        ([{"prompt": "p", "answer": "a", "task_type": f"t{n % 2}"} for n in range(30)], "too_few_classes"),
    ],
)
def test_what_cannot_be_had_says_why(make_inputs: MakeInputs, rows: list[dict[str, Any]], reason: str) -> None:
    output = METRIC.compute(make_inputs(rows))
    assert output.results[0].reason == reason
    assert output.results[-1].reason == "no_embedder"
    assert output.tables == {}


def test_without_system_texts_that_view_has_no_figure(make_inputs: MakeInputs) -> None:
    rows = [{key: value for key, value in row.items() if key != "system"} for row in planted("first", "en")]
    output = METRIC.compute(make_inputs(rows))
    system = next(result for result in output.results if result.params["view"] == "system")
    assert (system.status, system.reason) == ("not_applicable", "no_systems")


def test_long_and_hostile_prompts(make_inputs: MakeInputs) -> None:
    rows = planted("first", "en", 60)
    rows += [{**row, "prompt": f"{row['prompt']} {'word ' * 20_000}"} for row in planted("first", "zh", 30)]
    rows += [
        {"prompt": text * 3 + str(n), "answer": "a", "task_type": "t0"}
        for n, text in enumerate(["\0", "👩‍👩‍👧", "=cmd()", "  "])
    ]
    output = METRIC.compute(make_inputs(rows))
    assert all(result.status in ("ok", "not_applicable") for result in output.results)
