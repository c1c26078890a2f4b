from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from helpers import MakeInputs

from diversity.metrics.at_sizes import shared_size, sizes_of
from diversity.metrics.base import Finding, MetricOutput
from diversity.metrics.shortcut_probes import METRIC
from diversity.metrics.shortcut_tables import CONFIDENT
from diversity.metrics.trigger_tokens import trigger_tokens

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
    assert (rows["margin"] >= CONFIDENT).all()
    assert set(rows["label"]) == {"t0", "t1", "t2"}


def test_results_have_the_short_views_and_their_other_sizes(make_inputs: MakeInputs) -> None:
    results = METRIC.compute(make_inputs(planted("last", "en"), **{"shortcuts.short": 3})).results
    own = [result for result in results if result.params["target"] == "task_type"]
    assert [(one.params["view"], one.params.get("k")) for one in own] == [
        ("first", 3), ("last", 3), ("trigger", 2), ("system", None), ("length", None),
    ]  # fmt: skip
    assert [size["k"] for size in own[1].info["by_k"]] == [1, 2, 3, 4, 8]
    assert own[1].info["by_k"][2]["share"] == own[1].value
    assert [size["k"] for size in own[2].info["by_k"]] == [1, 2, 5]


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
        ([{"prompt": f"p {n}", "answer": "a"} for n in range(30)], "no_task_types_to_tell"),
        ([{"prompt": f"p {n}", "answer": "a", "task_type": "one"} for n in range(30)], "too_few_classes"),
        ([{"prompt": "p", "answer": "a", "task_type": f"t{n % 2}"} for n in range(30)], "too_few_classes"),
        (
            [{"prompt": "p", "system": f"s {n}", "answer": "a", "task_type": f"t{n % 2}"} for n in range(90)],
            "too_few_classes",
        ),
    ],
)
def test_what_cannot_be_had_says_why(make_inputs: MakeInputs, rows: list[dict[str, Any]], reason: str) -> None:
    output = METRIC.compute(make_inputs(rows))
    assert output.results[0].reason == reason
    assert output.results[-1].reason == "no_embedder"
    assert output.tables == {}


@pytest.mark.parametrize("systems", [1, 30])
def test_a_class_of_one_prompt_is_left_out(make_inputs: MakeInputs, systems: int) -> None:
    joke = [{"system": f"s {n % systems}", "prompt": "Begin.", "answer": "x", "task_type": "joke"} for n in range(30)]
    rows = planted("first", "en")
    without, with_joke = (METRIC.compute(make_inputs(some)) for some in (rows, [*rows, *joke]))
    assert with_joke.results[0].info["left_out"] == systems
    assert [result.value for result in with_joke.results] == [result.value for result in without.results]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_two_words_tell_as_much_here_as_among_the_words_that_tell_the_type(
    make_inputs: MakeInputs, language: str
) -> None:
    rows = planted("subject", language, 200) + planted("trigger", language, 60)[:15]
    inputs = make_inputs([*rows, *rows[:40]])
    here = next(one for one in METRIC.compute(inputs).results if one.params["view"] == "trigger").info["by_k"]
    there = trigger_tokens(inputs).results[0].info["accuracy"]
    assert {one["k"]: one["accuracy"] for one in here} == {k: there[str(k)] for k in (1, 2, 5)}
    assert 0.4 < there["2"] < 0.95


def slowly_learnt(count: int, own: float, seed: int) -> list[dict[str, Any]]:
    """The first word is one of 150 that tell the type; in `own` of the prompts a word elsewhere tells it, too."""
    draw = random.Random(seed)
    rows = []
    for number in range(count):
        kind = number % 3
        opening = f"{'wzq'[kind]}{draw.randrange(150)}"
        words = draw.choices(PLAIN["en"], k=12) + ([TELLING["en"][kind]] if draw.random() < own else [])
        draw.shuffle(words)
        rows.append({"prompt": " ".join([opening, *draw.choices(PLAIN["en"], k=9), *words]), "answer": "x"})
        rows[-1]["task_type"] = f"t{kind}"
    return rows


def test_a_version_that_only_grew_is_the_same_at_a_size_that_both_have(make_inputs: MakeInputs) -> None:
    """Probes learn more from more records: over all records of each the figure moves, at equal size it does not."""
    small, large = (make_inputs(slowly_learnt(count, 0.5, 7)) for count in (240, 1920))
    for metric in (METRIC.compute, trigger_tokens):
        pairs = list(zip(metric(small).results, metric(large).results, strict=True))
        pairs = [(first, second) for first, second in pairs if sizes_of(first)]
        assert len(pairs) >= 4
        for first, second in pairs:
            size = shared_size(first, second)
            assert size == 100
            low, high = sizes_of(second)[size].minus(sizes_of(first)[size]).interval
            assert low <= 0 <= high
    assert share(METRIC.compute(large), "first") > share(METRIC.compute(small), "first") + 0.1


def test_more_of_a_shortcut_is_more_at_a_size_that_both_have(make_inputs: MakeInputs) -> None:
    few, most = (make_inputs(slowly_learnt(count, own, 7)) for count, own in ((900, 0.2), (420, 0.9)))
    first, second = (trigger_tokens(inputs).results[1] for inputs in (few, most))
    size = shared_size(first, second)
    assert size == 200
    assert sizes_of(second)[size].minus(sizes_of(first)[size]).interval[0] > 0.2


def test_clusters_and_results_without_a_figure_have_no_sizes(make_inputs: MakeInputs) -> None:
    for result in METRIC.compute(make_inputs(planted("nothing", "en"))).results:
        assert sizes_of(result) == {}


def test_without_system_texts_that_view_has_no_figure(make_inputs: MakeInputs) -> None:
    rows = [{key: value for key, value in row.items() if key != "system"} for row in planted("first", "en", 210)]
    output = METRIC.compute(make_inputs(rows))
    system = next(result for result in output.results if result.params["view"] == "system")
    assert (system.status, system.reason, sizes_of(system)) == ("not_applicable", "no_systems", {})
    assert list(sizes_of(output.results[0])) == [100]


def test_long_and_hostile_prompts(make_inputs: MakeInputs) -> None:
    rows = planted("first", "en", 60)
    rows += [{**row, "prompt": f"{row['prompt']} {'word ' * 20_000}"} for row in planted("first", "zh", 30)]
    rows += [
        {"prompt": text * 3 + str(n), "answer": "a", "task_type": "t0"}
        for n, text in enumerate(["\0", "👩‍👩‍👧", "=cmd()", "  "])
    ]
    output = METRIC.compute(make_inputs(rows))
    assert all(result.status in ("ok", "not_applicable") for result in output.results)
