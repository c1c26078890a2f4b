"""Drift from stored reports to figures, with an embedder that knows words alone."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from comparison.toy import WordEmbedder
from helpers import rows_of

from diversity import analysis, sampled
from diversity.analysis import analyze
from diversity.comparison.diff import diff_records
from diversity.comparison.domain import FOLDS
from diversity.comparison.drift import Drift, DriftFound, _ranked, find_drift
from diversity.comparison.meaning import folds_of
from diversity.comparison.ruler import unlike
from diversity.stored_report import StoredReport

SUBJECTS = {
    "boats": ["harbour", "sail", "anchor", "rope", "tide", "hull", "mast", "rudder", "deck", "keel", "wind", "shore"],
    "soup": [
        "onion",
        "broth",
        "pepper",
        "simmer",
        "ladle",
        "carrot",
        "salt",
        "garlic",
        "bowl",
        "stock",
        "parsley",
        "leek",
    ],
}


def said(subject: str, number: int) -> str:
    chance = random.Random(f"{subject}{number}")
    return " ".join(chance.sample(SUBJECTS[subject], 6)) + f" {number}"


def rows(subject: str, start: int, count: int) -> list[dict[str, Any]]:
    numbers = range(start, start + count)
    texts = [said(subject, number) for number in numbers]
    made = rows_of(texts, [f"{text} indeed" for text in texts], [subject] * count)
    return [{**row, "id": f"{subject}{number}"} for row, number in zip(made, numbers, strict=True)]


@pytest.fixture
def embedder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampled, "open_embedder", lambda *args, **options: WordEmbedder())


def report(store: Path, version: str, data: list[dict[str, Any]], **settings: Any) -> StoredReport:
    return analyze(data, dataset="d", version=version, store=store, settings={"embedder": "none", **settings})


def found(before: StoredReport, after: StoredReport) -> DriftFound:
    why = unlike(before.report, after.report)
    return find_drift(before, after, diff_records(before.path, after.path).to_pandas(), why)


def of(result: DriftFound, name: str) -> Drift:
    return next(drift for drift in result.drifts if drift.of == name)


def values(drift: Drift) -> dict[str, float]:
    return {figure.name: figure.value for figure in drift.figures}


@pytest.fixture
def moved(tmp_path: Path, embedder: None) -> DriftFound:
    """A third of the boats gave way to soup."""
    before = report(tmp_path, "v1", rows("boats", 0, 120))
    after = report(tmp_path, "v2", [*rows("boats", 0, 80), *rows("soup", 0, 40)])
    return found(before, after)


def test_planted_drift_is_found_named_and_sized(moved: DriftFound) -> None:
    labels, meaning = of(moved, "task_type_1"), of(moved, "prompt_meaning")
    assert values(labels)["total_variation"] == pytest.approx(1 / 3)
    assert labels.info["moved"] == [["boats", 1.0, 2 / 3], ["soup", 0.0, 1 / 3]]
    assert (labels.sample_size, labels.changed) == (120, 40)
    assert values(meaning)["changed_auc"] > 0.95
    # Soup is told from all the boats, boats not from each other: c² + c(1 - c)(1 + ½) + (1 - c)²/2 with c = ⅓.
    assert values(meaning)["auc"] == pytest.approx(2 / 3, abs=0.05)
    assert {labels.size, meaning.size} <= {"medium", "large"}
    assert of(moved, "prompt_language").size == "none"
    assert [drift.effect for drift in moved.drifts if drift.size not in (None, "none")] == sorted(
        (drift.effect for drift in moved.drifts if drift.size not in (None, "none")), reverse=True
    )


def test_regions_gained_and_lost_are_named_by_their_words(moved: DriftFound) -> None:
    gained = [region for region in moved.regions if region.field == "prompt" and region.moved == "gained"]
    lost = [region for region in moved.regions if region.field == "prompt" and region.moved == "lost"]
    assert gained
    assert all(word in SUBJECTS["soup"] for region in gained for word in region.name.split(" · "))
    assert all(one.record_id.startswith("soup") and one.side == "after" for region in gained for one in region.examples)
    assert all(one.record_id.startswith("boats") for region in lost for one in region.examples)
    shares = [(region.before, region.after) for region in moved.regions if region.field == "prompt"]
    assert np.sum(shares, axis=0) == pytest.approx([1.0, 1.0])
    own = [(region.only_before, region.only_after) for region in moved.regions if region.field == "prompt"]
    assert np.sum(own, axis=0).tolist() == [40, 40]
    assert all(region.only_after and not region.only_before for region in gained)


def test_a_share_that_rose_because_others_went_has_no_new_text(tmp_path: Path, embedder: None) -> None:
    before = report(tmp_path, "v1", [*rows("boats", 0, 60), *rows("soup", 0, 60)])
    result = found(before, report(tmp_path, "v2", rows("boats", 0, 60)))
    risen = [region for region in result.regions if region.field == "prompt" and region.after > region.before]
    assert risen
    assert all(region.only_after == 0 for region in risen)
    assert sum(region.only_before for region in result.regions if region.field == "prompt")


def test_what_neither_version_has_is_no_respect(tmp_path: Path) -> None:
    def systems(*given: str) -> list[dict[str, Any]]:
        return [{**row, "system": given[n % len(given)]} for n, row in enumerate(rows("boats", 0, 60))]

    none, some = systems(""), systems("", "You are a sailor. Answer in one word.")
    pair = report(tmp_path, "v1", none), report(tmp_path, "v2", none[:50])
    assert "table.system_effect" not in {drift.of for drift in found(*pair).drifts}
    assert "table.system_effect" in {drift.of for drift in found(pair[0], report(tmp_path, "v3", some)).drifts}


def test_the_records_responsible_are_the_planted_ones(moved: DriftFound) -> None:
    prompts = moved.records[moved.records["field"] == "prompt"]
    assert prompts.groupby("side").size().to_dict() == {"after": 40, "before": 40, "both": 80}
    surest = prompts[prompts["side"] == "after"].nlargest(20, "sure")
    assert surest["record_id"].str.startswith("soup").all()
    assert (surest["sure"] > 0.9).all()
    assert prompts.loc[prompts["side"] == "both", "sure"].isna().all()
    assert prompts[["x", "y"]].notna().all(axis=None)


def test_what_the_larger_version_has_is_not_only_in_the_smaller(tmp_path: Path, embedder: None) -> None:
    result = found(report(tmp_path, "v1", rows("boats", 0, 120)), report(tmp_path, "v2", rows("boats", 60, 40)))
    meaning = of(result, "prompt_meaning")
    assert (meaning.sample_size, meaning.only_after) == (40, 0)
    assert meaning.changed
    assert 0 < (meaning.only_before or 0) <= meaning.changed
    prompts = result.records[result.records["field"] == "prompt"]
    assert not prompts.loc[prompts["side"] == "after", "only"].any()
    assert not prompts.loc[prompts["side"] == "both", "only"].any()
    alone = prompts[prompts["only"]]
    assert set(alone["side"]) == {"before"}
    assert {int(record.removeprefix("boats")) for record in alone["record_id"]}.isdisjoint(range(60, 100))
    assert not any(one.side == "after" for region in result.regions for one in region.examples)
    # All there are, and those among them that stand on the map.
    assert meaning.info["texts"] == {"both": 40, "before": 80, "after": 0}
    assert meaning.info["drawn"]["before"] == len(alone) < 80
    assert meaning.info["drawn"]["both"] == 40


def test_texts_are_counted_once_and_all_of_them_where_all_are_drawn(moved: DriftFound) -> None:
    for field in ("prompt", "answer"):
        counts = of(moved, f"{field}_meaning").info
        assert counts["texts"] == counts["drawn"] == {"both": 80, "before": 40, "after": 40}


def test_one_version_against_itself_has_no_drift(tmp_path: Path, embedder: None) -> None:
    one = report(tmp_path, "v1", rows("boats", 0, 60))
    result = found(one, one)
    told = [drift for drift in result.drifts if drift.status == "ok"]
    assert {drift.size for drift in told} == {"none"}
    assert {drift.p_adjusted for drift in told} == {1.0}
    for drift in told:
        assert all(value == (0.5 if "auc" in name else 0.0) for name, value in values(drift).items())
    assert {region.moved for region in result.regions} == {"same"}


def test_a_few_edits_are_no_drift(tmp_path: Path, embedder: None) -> None:
    before = rows("boats", 0, 150)
    after = [{**row, "answer": f"{row['answer']}!"} if n < 12 else row for n, row in enumerate(before)]
    result = found(report(tmp_path, "v1", before), report(tmp_path, "v2", after))
    assert {drift.size for drift in result.drifts if drift.size} <= {"none", "tiny"}


def test_without_an_embedder_the_rest_is_measured_and_meaning_says_why(tmp_path: Path) -> None:
    result = found(report(tmp_path, "v1", rows("boats", 0, 40)), report(tmp_path, "v2", rows("soup", 0, 40)))
    assert of(result, "task_type_1").size == "large"
    assert (of(result, "prompt_meaning").status, of(result, "prompt_meaning").reason) == (
        "not_applicable", "no_embedder",
    )  # fmt: skip
    assert result.regions == []
    assert result.records.empty


def test_other_settings_are_not_compared(tmp_path: Path, embedder: None) -> None:
    before = report(tmp_path, "v1", rows("boats", 0, 40))
    after = report(tmp_path, "v2", rows("soup", 0, 40), tokenizer="cl100k", embedder_prefix="query: ")
    result = found(before, after)
    for name in ("prompt_length", "prompt_meaning", "table.key_info_position"):
        assert of(result, name).reason == "settings_differ"
    assert of(result, "task_type_1").size == "large"


def test_what_another_release_measured_is_not_compared_but_what_is_counted_now_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = report(tmp_path, "v1", rows("boats", 0, 40))
    monkeypatch.setattr(analysis, "code_version", lambda: "a later one")
    result = found(before, report(tmp_path, "v2", rows("soup", 0, 40)))
    for name in ("prompt_length", "answer_length", "prompt_language", "answer_language", "table.key_info_position"):
        assert of(result, name).reason == "measured_differently"
    assert of(result, "task_type_1").size == "large"
    assert of(result, "turn_count").status == "ok"


def test_too_few_changes_to_learn_from(tmp_path: Path, embedder: None) -> None:
    before = rows("boats", 0, 60)
    result = found(report(tmp_path, "v1", before), report(tmp_path, "v2", [*before[:57], *rows("soup", 0, 3)]))
    assert of(result, "prompt_meaning").reason == "few_changed"
    assert of(result, "prompt_meaning").changed == 3


@pytest.mark.parametrize("data", [rows("boats", 0, 1), [{"prompt": "same", "answer": "same"}] * 30])
def test_tiny_and_uniform_sets_do_not_crash(tmp_path: Path, embedder: None, data: list[dict[str, Any]]) -> None:
    result = found(report(tmp_path, "v1", data), report(tmp_path, "v2", rows("soup", 0, 30)))
    assert {drift.status for drift in result.drifts} <= {"ok", "not_applicable"}


def test_the_order_of_the_records_does_not_matter(tmp_path: Path, embedder: None) -> None:
    before, after = rows("boats", 0, 60), [*rows("boats", 20, 40), *rows("soup", 0, 20)]
    first = found(report(tmp_path, "v1", before), report(tmp_path, "v2", after))
    second = found(report(tmp_path, "v3", before[::-1]), report(tmp_path, "v4", after[::-1]))
    for one in first.drifts:
        other = of(second, one.of)
        assert other.size == one.size
        assert values(other) == pytest.approx(values(one), abs=1e-5)


LONE = [f"lone {n}" for n in range(6)]


def test_an_edited_record_and_equal_texts_are_in_one_fold() -> None:
    units = pd.DataFrame(
        {
            "record_id": ["a", "b", "c", "a2", "d", *LONE, "e", "f"],
            "side": ["before", "before", "before", "after", "after", *["after"] * len(LONE), "both", "both"],
            "key": ["1", "2", "3", "4", "2", *LONE, "5", "2"],
        }
    )
    pairs = pd.DataFrame({"record_id_before": ["a", "c"], "record_id_after": ["a2", "e"]})
    for seed in range(20):
        folds = folds_of(units, pairs, np.arange(len(LONE) + 5), seed)
        assert folds is not None
        assert folds[0] == folds[3]
        assert folds[1] == folds[4]
        assert folds[2] == folds[-2]
        assert folds[1] == folds[-1]
        assert set(folds) <= set(range(FOLDS))


def replaced_by_one_text(groups: np.ndarray) -> np.ndarray | None:
    """Folds of forty records whose answers all became the same."""
    names = [f"r{n}" for n in range(40)]
    units = pd.DataFrame(
        {
            "record_id": [*names, *names],
            "side": ["before"] * 40 + ["after"] * 40,
            "key": [*(f"text {n}" for n in range(40)), *["sorry"] * 40],
        }
    )
    return folds_of(units, pd.DataFrame({"record_id_before": names, "record_id_after": names}), groups, 3)


def test_one_text_does_not_chain_all_edited_records_into_one_fold() -> None:
    folds = replaced_by_one_text(np.concatenate([np.arange(40), 40 + np.arange(40) // 4]))
    assert folds is not None
    assert (folds[:40] == folds[40:]).all()
    assert max(np.bincount(folds, minlength=FOLDS)) == min(np.bincount(folds, minlength=FOLDS)) == 16


def test_copies_that_chance_may_have_put_together_leave_nothing_to_learn_from() -> None:
    assert replaced_by_one_text(np.concatenate([np.arange(40), np.full(40, 40)])) is None


REFUSALS = [f"Sorry, number {n} of our house rules does not let me say." for n in range(5)]


def collapsed(share: float, kinds: int, count: int = 120) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Records, and the same with a share of the answers replaced by one of `kinds` refusals."""
    before = rows("boats", 0, count)
    chosen = set(random.Random(0).sample(range(count), round(share * count)))
    refused = [{**row, "answer": REFUSALS[n % kinds]} if n in chosen else row for n, row in enumerate(before)]
    return before, refused


@pytest.mark.parametrize("kinds", [1, 5])
@pytest.mark.parametrize(("share", "size"), [(0.5, "large"), (0.9, "large")])
@pytest.mark.parametrize("back", [False, True])
def test_answers_that_became_a_refusal_are_a_large_drift(
    tmp_path: Path, embedder: None, share: float, size: str, kinds: int, back: bool
) -> None:
    versions = collapsed(share, kinds)[:: -1 if back else 1]
    no_map = {"semantic_map.minimum_points": 1_000_000}
    result = found(*(report(tmp_path, name, data, **no_map) for name, data in zip(("v1", "v2"), versions, strict=True)))
    for name in ("answer_meaning", "answer_length"):
        assert of(result, name).size == size, name
    # A refusal is told from all answers but those it replaced half of the time: c² + c(1 - c)(1 + ½) + (1 - c)²/2.
    expected = share**2 + 1.5 * share * (1 - share) + (1 - share) ** 2 / 2
    assert values(of(result, "answer_meaning"))["auc"] == pytest.approx(expected, abs=0.06)
    assert of(result, "prompt_meaning").size == "none"


def test_as_large_a_difference_as_chance_may_bring_is_not_called_none() -> None:
    one = Drift(of="answer_length", kind="lengths", effect=0.6, p=0.4, changed=9)
    other = one.model_copy(update={"of": "prompt_length", "effect": 0.1})
    told = one.model_copy(update={"of": "turn_count", "effect": 0.05, "p": 0.001})
    assert [drift.size for drift in _ranked([other, one, told])] == ["tiny", "unclear", "none"]


@pytest.mark.slow
def test_random_halves_raise_no_more_alarms_than_they_may(tmp_path: Path, embedder: None) -> None:
    """Type I error of each test without drift: 5% of 12 tests a split, over 12 splits of a set with repeats in it."""
    chance = np.random.default_rng(0)
    data = [*rows("boats", 0, 90), *rows("soup", 0, 60)]
    data += [{**row, "id": f"again{n}"} for n, row in enumerate(data[:30])]
    p: list[float] = []
    alarms = 0
    for split in range(12):
        mixed = [data[n] for n in chance.permutation(len(data))]
        # Without a map, which nothing here looks at.
        no_map = {"semantic_map.minimum_points": 1_000_000}
        sides = (("a", mixed[:90]), ("b", mixed[90:]))
        halves = [report(tmp_path, f"{split}{side}", part, **no_map) for side, part in sides]
        result = found(halves[0], halves[1])
        p += [figure.p for drift in result.drifts for figure in drift.figures if figure.p is not None]
        alarms += any(drift.size not in (None, "none", "unclear") for drift in result.drifts)
    # At 5% each, 12 splits give more than three alarms once in 500.
    assert alarms <= 3
    # Binomial(12 · 12, 0.05) stays below 20 in 99.9% of cases.
    assert sum(one <= 0.05 for one in p) < 20
