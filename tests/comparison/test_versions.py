from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from helpers import rows_of
from tokenizers import Tokenizer
from tokenizers.models import WordLevel

import diversity
from diversity import analysis
from diversity.analysis import analyze
from diversity.comparison import versions as module
from diversity.comparison.edits import EditCounts
from diversity.comparison.regions import Region
from diversity.comparison.versions import FILES, Comparison, compare, kept_comparison
from diversity.sealed import SEAL
from diversity.stored_report import StoredReport
from diversity.words.comparison import delta_name
from diversity.words.terminal import comparison_lines

TYPES = ["写作-诗", "写作-信", "翻译-英", "翻译-日"]


def rows(count: int, salt: str = "") -> list[dict[str, Any]]:
    return rows_of(
        [f"第{n}题{salt}是什么？" for n in range(count)],
        [f"第{n * 31 % 97}种答法{salt}。" for n in range(count)],
        [TYPES[n % 4] for n in range(count)],
    )


def report(store: Path, version: str, data: list[dict[str, Any]], **more: Any) -> StoredReport:
    return analyze(data, dataset="d", version=version, store=store, settings={"embedder": "none"}, **more)


@pytest.fixture
def two(tmp_path: Path) -> tuple[StoredReport, StoredReport]:
    before = rows(60)
    after = [
        *before[10:],
        *rows_of([f"新问题{n}，请作答。" for n in range(5)], [f"全新的{n}号回答。" for n in range(5)]),
    ]
    return report(tmp_path, "v1", before), report(tmp_path, "v2", after)


def test_counts_add_up_and_the_table_says_which(two: tuple[StoredReport, StoredReport]) -> None:
    found = compare(*two)
    counts = found.records
    assert counts.removed + counts.edited + counts.unchanged == 60
    assert counts.added + counts.edited + counts.unchanged == 55
    assert counts.unchanged == 50
    table = found.diff()
    assert (table["status"] == "added").sum() == counts.added
    assert found.task_types == {"写作": (30, 24), "翻译": (30, 26)}


def test_one_version_against_itself_is_the_same_throughout(two: tuple[StoredReport, StoredReport]) -> None:
    found = compare(two[0], two[0])
    assert found.records.unchanged == 60
    assert {delta.verdict for delta in found.metrics} <= {"same", "unknown"}
    assert all(d.interval is None or d.interval[0] <= 0 <= d.interval[1] for d in found.metrics)
    assert {check.verdict for check in found.checks} <= {"same", "unknown"}


def test_it_is_kept_and_restored(two: tuple[StoredReport, StoredReport], monkeypatch: pytest.MonkeyPatch) -> None:
    first = compare(*two)
    monkeypatch.setattr(module, "_computed", lambda *args: pytest.fail("computed again"))
    assert compare(*two) == first
    assert Comparison.model_validate_json(first.model_dump_json()) == first


@pytest.mark.parametrize("how", ["missing", "cut", "flipped"])
@pytest.mark.parametrize("name", [*FILES, SEAL])
def test_a_damaged_one_is_computed_again(two: tuple[StoredReport, StoredReport], name: str, how: str) -> None:
    first = compare(*two)
    diff, path = first.diff(), Path(first.folder) / name
    content = bytearray(path.read_bytes())
    path.unlink()
    if how == "flipped":
        content[len(content) // 2] ^= 1
    if how != "missing":
        path.write_bytes(content if how == "flipped" else content[:-4])
    assert kept_comparison(*two) is None
    again = compare(*two)
    assert again == first
    assert again.diff().equals(diff)
    assert kept_comparison(*two) == first


def test_a_replaced_report_is_compared_anew(two: tuple[StoredReport, StoredReport], tmp_path: Path) -> None:
    first = compare(*two)
    after = report(tmp_path, "v2", rows(60), replace=True)
    assert compare(two[0], after).records.unchanged == 60
    assert first.records.unchanged == 50


def test_a_report_replaced_after_it_was_read_is_not_taken_for_the_new_one(
    two: tuple[StoredReport, StoredReport], tmp_path: Path
) -> None:
    """The fingerprint is that of what was read, or a stale comparison would be kept under the new report's name."""
    stale = StoredReport(two[1].path)
    fresh = report(tmp_path, "v2", rows(60), replace=True)
    assert stale.fingerprint != fresh.fingerprint
    compare(two[0], stale)
    assert compare(two[0], fresh).records.unchanged == 60


def test_changed_code_of_the_comparison_is_not_answered_from_the_cache(
    two: tuple[StoredReport, StoredReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = compare(*two)
    monkeypatch.setattr(module, "code_version", lambda also=None: f"other than {also}")
    assert compare(*two).folder != first.folder


def test_versions_of_two_releases_are_not_judged_and_say_so_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = report(tmp_path, "v1", rows(60))
    monkeypatch.setattr(analysis, "code_version", lambda: "a later one")
    found = compare(before, report(tmp_path, "v2", rows(60)[20:]))
    assert found.unlike == "measured_differently"
    assert {delta.verdict for delta in found.metrics} == {"unknown"}
    assert {check.verdict for check in found.checks} == {"unknown"}
    assert found.records.removed == 20
    lines = comparison_lines(found)
    assert "not judged" in lines[0]
    assert sum("analyse the older version again" in line for line in lines) == 1


def test_a_report_says_which_model_and_tokenizer_it_was_made_with(tmp_path: Path) -> None:
    tokenizer = tmp_path / "tokenizer.json"
    versions = []
    for name in ("v1", "v2"):
        Tokenizer(WordLevel({name: 0, "?": 1}, unk_token="?")).save(str(tokenizer))
        settings = {"embedder": "none", "tokenizer": str(tokenizer)}
        versions.append(analyze(rows(20), dataset="d", version=name, store=tmp_path / "store", settings=settings))
    assert versions[0].report.embedder_key == "none"
    assert versions[0].report.tokenizer_key != versions[1].report.tokenizer_key
    assert compare(*versions).unlike == "measured_differently"


def test_a_check_that_only_one_version_has_is_unknown(two: tuple[StoredReport, StoredReport]) -> None:
    changes = {change.check: change for change in compare(*two).checks}
    assert changes["semantic_map"].verdict == "unknown"
    assert (changes["semantic_map"].before, changes["semantic_map"].after) == ("not_applicable", "not_applicable")
    # Five of 55 records have no label now.
    assert changes["task_type_coverage"].verdict == "worse"


def test_the_lines_for_a_terminal(two: tuple[StoredReport, StoredReport]) -> None:
    head, *lines = comparison_lines(compare(*two))
    assert head.startswith("d: v2 against v1: +")
    assert head.endswith("; 50 unchanged")
    assert any(line.startswith("worse") and "records with a task type" in line for line in lines)


def test_the_lines_name_figures_as_the_page_does_in_chinese(
    two: tuple[StoredReport, StoredReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIVERSITY_LANGUAGE", "zh")
    found = compare(*two)
    lines = comparison_lines(found)
    assert all(any(delta_name(one) in line for line in lines) for one in found.metrics if one.change is not None)
    figures = "\n".join(lines)
    assert "有效类型数" in figures
    assert "漂移：任务类型（一级）" in figures
    assert not [
        word for word in ("task_type_balance", " types", " clusters", " distance", "drift of") if word in figures
    ]


def test_drift_is_in_the_lines_the_frame_and_the_kept_comparison(two: tuple[StoredReport, StoredReport]) -> None:
    assert kept_comparison(*two) is None
    stages: list[str] = []
    found = compare(*two, progress=lambda stage, done, total: stages.append(stage))
    assert [*dict.fromkeys(stages)] == ["records", "figures", "drift", "joint_map"]
    assert kept_comparison(*two) == found
    lines = comparison_lines(found)
    assert any("drift: task types, level 1" in line and "Jensen-Shannon" in line for line in lines)
    assert any("drift: meaning of prompts" in line and "without one" in line for line in lines)
    frame = found.drift_frame()
    assert set(frame["of"]) == {drift.of for drift in found.drift}
    assert {"js_divergence", "total_variation", "ks", "wasserstein_doublings"} <= set(frame["figure"].dropna())
    assert found.drift_records().empty


@pytest.fixture
def relabelled(tmp_path: Path) -> tuple[StoredReport, StoredReport]:
    """Poems go by another name, four of them lost their system; 翻译-日 is gone, 安全 is new, one answer is longer."""
    before = [{**row, "id": f"r{n}", "system": "你是助手。" if n % 4 == 0 else ""} for n, row in enumerate(rows(60))]
    after = [dict(row) for row in before if row["task_type"] != "翻译-日"]
    poems = [row for row in after if row["task_type"] == "写作-诗"]
    for place, row in enumerate(poems):
        row |= {"task_type": "写作-诗歌", "system": "" if place < 4 else row["system"]}
    after += [{**row, "id": f"n{n}", "task_type": "安全-拒答"} for n, row in enumerate(rows(3, "新"))]
    after[1]["answer"] += "又及。"
    return report(tmp_path, "v1", before), report(tmp_path, "v2", after)


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            [
                "Edited, by what changed: system prompt 4, task type 15, answer 1. A record may count in several.",
                "Task types that vanished: 翻译-日 (15 → 0).",
                "New task types: 安全 (0 → 3).",
                "The same records under another task type: 写作-诗 → 写作-诗歌 (15 records).",
            ],
        ),
        (
            "zh",
            [
                "修改的数据，按改动的内容计：system 4 条，任务类型 15 条，答案 1 条。"
                "一条数据改了几处，就在几处各算一次。",
                "消失的任务类型：翻译-日（15 → 0）。",
                "新出现的任务类型：安全（0 → 3）。",
                "数据还在、任务类型改了：写作-诗 → 写作-诗歌（15 条）。",
            ],
        ),
    ],
)
def test_edits_by_what_changed_and_types_that_came_and_went(
    relabelled: tuple[StoredReport, StoredReport], monkeypatch: pytest.MonkeyPatch, language: str, lines: list[str]
) -> None:
    monkeypatch.setenv("DIVERSITY_LANGUAGE", language)
    found = compare(*relabelled)
    assert found.records.edited == 16
    assert [line for line in comparison_lines(found) if line in lines] == lines
    assert found.model_dump(mode="json")["edits"] == {
        **dict.fromkeys(EditCounts.model_fields, 0), "system": 4, "task_type": 15, "answer": 1
    }  # fmt: skip
    told = found.model_dump(mode="json")["type_changes"]
    assert told["vanished"] == [{"levels": ["翻译", "日"], "records": 15, "set_aside": 0}]
    assert told["new"] == [{"levels": ["安全"], "records": 3, "set_aside": 0}]
    diff = found.diff()
    assert {tuple(one) for one in diff.loc[diff["status"] == "edited", "changed"]} == {
        ("system", "task_type"),
        ("task_type",),
        ("answer",),
    }


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            [
                "More rows set aside: 0.0% → 25.0% (0 of 60 → 15 of 60).",
                "Task types that vanished: 翻译-日 (15 → 0; 15 rows of it set aside in the later version).",
            ],
        ),
        (
            "zh",
            [
                "未采用的行占比上升：0.0% → 25.0%（60 行中的 0 行 → 60 行中的 15 行）。",
                "消失的任务类型：翻译-日（15 → 0，新版本里这一类有 15 行未采用）。",
            ],
        ),
    ],
)
def test_a_type_that_lost_its_answers_is_said_to_be_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, lines: list[str]
) -> None:
    monkeypatch.setenv("DIVERSITY_LANGUAGE", language)
    after = [row | {"answer": ""} if row["task_type"] == "翻译-日" else row for row in rows(60)]
    found = compare(report(tmp_path, "v1", rows(60)), report(tmp_path, "v2", after))
    assert found.rows is not None
    assert [one.set_aside for one in found.rows] == [0, 15]
    # The check of the rows turned as well: what it says is not said twice.
    assert lines[0] not in comparison_lines(found)
    unchecked = found.model_copy(update={"checks": []})
    assert [line for line in comparison_lines(unchecked) if line in lines] == lines
    back = compare(report(tmp_path, "v3", after), report(tmp_path, "v4", rows(60)))
    assert [(one.levels, one.set_aside) for one in back.type_changes.new] == [(("翻译", "日"), 15)]


def test_figures_are_shown_under_how_they_are_judged(two: tuple[StoredReport, StoredReport]) -> None:
    found = compare(*two)
    lines = comparison_lines(found)
    said = next(at for at, line in enumerate(lines) if "verdicts are corrected for the number of figures" in line)
    assert lines[said - 1] == ""
    assert "95%" in lines[said]
    unlike = found.model_copy(update={"unlike": "measured_differently"})
    assert not any("verdicts are corrected" in line for line in comparison_lines(unlike))


def test_nothing_edited_and_no_other_types_need_no_line(two: tuple[StoredReport, StoredReport]) -> None:
    said = "\n".join(comparison_lines(compare(two[0], two[0])))
    assert not [words for words in ("Edited, by", "vanished", "New task", "another task type") if words in said]


def test_the_package_and_the_function_of_its_name_are_both_reachable(two: tuple[StoredReport, StoredReport]) -> None:
    """Python binds the package over the function when it is first imported."""
    store = two[0].path.parents[1]
    for _ in range(2):
        assert diversity.compare("d", "v1", "v2", store=store).records.unchanged == 50


def test_the_figures_as_a_frame(two: tuple[StoredReport, StoredReport]) -> None:
    comparison = compare(*two)
    frame = comparison.frame()
    assert frame["metric"].tolist() == [delta.metric for delta in comparison.metrics]
    assert {"field", "before", "after", "change", "interval", "verdict"} < set(frame.columns)


def test_no_p_is_nought_in_the_lines(two: tuple[StoredReport, StoredReport]) -> None:
    region = Region(
        field="prompt", region=0, name="boats", x=0, y=0, before=0.1, after=0.2, p=1e-9, moved="gained", examples=[]
    )  # fmt: skip
    found = compare(*two).model_copy(update={"regions": [region]})
    assert comparison_lines(found)[-1] == "share rose       prompt: boats 10.0% → 20.0% (p <0.001)"
    drift = next(one for one in found.drift if one.status == "ok").model_copy(update={"p_adjusted": 0.0})
    assert "; p <0.001; of " in comparison_lines(found.model_copy(update={"drift": [drift], "regions": []}))[-1]
