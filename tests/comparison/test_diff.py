from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diversity.comparison import diff as module
from diversity.comparison.diff import DIFF_SCHEMA, _counting, diff_records
from diversity.ingest import ingest

LONG = "请根据下面的会议纪要，写一封给全体员工的邮件，说明新的考勤办法从下个月一日起施行，并列出三条要点。"
REPLY = "各位同事：新的考勤办法将于下月一日起施行。一、上班时间改为九点；二、外出须登记；三、加班可调休。请遵照执行。"


def row(record_id: str | None, prompt: str, answer: str, label: str | None = None, system: str | None = None) -> Any:
    named = {"id": record_id, "system": system, "task_type": label}
    return {"prompt": prompt, "answer": answer, **{name: value for name, value in named.items() if value}}


def stored(folder: Path, rows: list[Any]) -> Path:
    (folder / "tables").mkdir(parents=True)
    ingest(rows, folder)
    return folder


def diff(folder: Path, before: list[Any], after: list[Any]) -> list[dict[str, Any]]:
    number = len(list(folder.iterdir()))
    table = diff_records(stored(folder / f"{number}a", before), stored(folder / f"{number}b", after))
    assert table.schema == DIFF_SCHEMA
    found: list[dict[str, Any]] = table.to_pylist()
    return found


def shape(rows: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
    return {(r["status"], r["record_id_before"], r["record_id_after"], r["matched_by"]) for r in rows}


@pytest.mark.parametrize(
    ("before", "after", "status", "rule"),
    [
        (row("a", "问一", "答一"), row("a", "问一", "答一"), "unchanged", "id_and_content"),
        (row("a", "问一", "答一"), row("b", "问一", "答一"), "unchanged", "content"),
        (row("a", "问一", "唯一的答案"), row("a", "问二", "唯一的答案"), "edited", "id"),
        (row("a", LONG, "好的"), row("a", LONG[:20] + "用什么口气写？", "照办"), "edited", "id"),
        (row("a", "问一", "答一"), row("b", "问一", "完全不同"), "edited", "prompt"),
        (row("a", LONG, REPLY), row("b", LONG + "请用敬语。", REPLY), "edited", "similar"),
        (row("a", "问一", "答一", "甲"), row("a", "问一", "答一", "乙"), "edited", "id_and_content"),
        (row("a", "问一", "答一"), row("a", "问一", "答一", None, "你是助手"), "edited", "id"),
    ],
)
def test_one_record_by_each_rule(tmp_path: Path, before: Any, after: Any, status: str, rule: str) -> None:
    found = diff(tmp_path, [before], [after])
    assert shape(found) == {(status, before["id"], after["id"], rule)}


def test_a_similar_pair_says_how_similar(tmp_path: Path) -> None:
    near = diff(tmp_path, [row("a", LONG, REPLY)], [row("b", LONG + "请用敬语。", REPLY)])[0]["similarity"]
    assert 0.8 < near < 1


def test_texts_that_share_less_than_half_are_two_records(tmp_path: Path) -> None:
    found = diff(
        tmp_path,
        [row("a", LONG, REPLY)],
        [row("b", "月亮为什么有圆缺？", "因为月球绕地球公转，被照亮的部分朝向不同。")],
    )
    assert shape(found) == {("removed", "a", None, None), ("added", None, "b", None)}


def test_without_ids_a_changed_answer_is_an_edit_and_repeats_are_paired_once(tmp_path: Path) -> None:
    before = [row(None, "问一", "答一"), row(None, "问一", "答一"), row(None, "问二", "答二")]
    after = [row(None, "问一", "答一"), row(None, "问二", "新的答案")]
    assert Counter(one["status"] for one in diff(tmp_path, before, after)) == {
        "unchanged": 1,
        "removed": 1,
        "edited": 1,
    }


def test_the_most_similar_wins(tmp_path: Path) -> None:
    before = [row("a", LONG, REPLY)]
    after = [
        row("far", LONG + "请用敬语，并在结尾附上人事部的联系电话和邮箱。", REPLY),
        row("close", LONG + "请用敬语。", REPLY),
    ]
    assert ("edited", "a", "close", "similar") in shape(diff(tmp_path, before, after))


def test_the_order_is_edited_added_removed_unchanged(tmp_path: Path) -> None:
    before = [row("same", "一", "一"), row("gone", "二二二二", "二二二二"), row("edit", "三", "三")]
    after = [row("edit", "三", "三三"), row("new", "四四四四四", "四四四四四"), row("same", "一", "一")]
    assert [one["status"] for one in diff(tmp_path, before, after)] == ["edited", "added", "removed", "unchanged"]


def test_the_same_content_prefers_the_same_task_type(tmp_path: Path) -> None:
    before = [row(None, "问", "答", "甲"), row(None, "问", "答", "乙")]
    for after in (
        [row("x", "问", "答", "乙"), row("y", "问", "答", "甲")],
        [row("y", "问", "答", "甲"), row("x", "问", "答", "乙")],
    ):
        assert [one["status"] for one in diff(tmp_path, before, after)] == ["unchanged", "unchanged"]


RECORD = st.builds(
    lambda n, prompt, answer, label: {
        "id": f"r{n}",
        "prompt": f"{LONG}{prompt}",
        "answer": f"{REPLY}{answer}",
        **({"task_type": label} if label else {}),
    },
    st.integers(0, 6),
    st.sampled_from(["", "一", "请用敬语。"]),
    st.sampled_from(["", "完。", "谢谢大家的配合。"]),
    st.sampled_from([None, "甲", "乙"]),
)
VERSION = st.lists(RECORD, min_size=1, max_size=6, unique_by=lambda one: one["id"])


@settings(max_examples=15)
@given(VERSION, VERSION, st.randoms(use_true_random=False))
def test_counts_add_up_each_record_is_used_once_and_the_order_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, before: list[Any], after: list[Any], random: Any
) -> None:
    folder = tmp_path_factory.mktemp("diff")
    found = diff(folder, before, after)
    count = Counter(one["status"] for one in found)
    old = [one["record_id_before"] for one in found if one["record_id_before"]]
    new = [one["record_id_after"] for one in found if one["record_id_after"]]
    assert sorted(old) == sorted(one["id"] for one in before)
    assert sorted(new) == sorted(one["id"] for one in after)
    assert count["removed"] + count["edited"] + count["unchanged"] == len(before)
    assert count["added"] + count["edited"] + count["unchanged"] == len(after)
    again = diff(folder, random.sample(before, len(before)), random.sample(after, len(after)))
    assert Counter(one["status"] for one in again) == count


@settings(max_examples=10)
@given(VERSION)
def test_a_version_against_itself_is_unchanged(tmp_path_factory: pytest.TempPathFactory, rows: list[Any]) -> None:
    assert {one["status"] for one in diff(tmp_path_factory.mktemp("diff"), rows, rows[::-1])} == {"unchanged"}


def test_there_and_back_swaps_added_and_removed(tmp_path: Path) -> None:
    before = [row(f"r{n}", f"问题{n}？", f"回答{n}") for n in range(6)]
    after = [*before[2:4], row("r4", "问题4？", "改过的回答"), row("new", "新的？", "新回答在此")]
    there = Counter(one["status"] for one in diff(tmp_path, before, after))
    back = Counter(one["status"] for one in diff(tmp_path, after, before))
    assert (there["added"], there["removed"], there["edited"]) == (back["removed"], back["added"], back["edited"])


def test_many_records_are_compared_in_one_go(tmp_path: Path) -> None:
    """Three thousand records, a tenth edited under new ids: all edits are found as such."""
    random = np.random.default_rng(0)
    words = [f"{a}{b}" for a in "春夏秋冬山川湖海" for b in "花草树木风雨雷电"]
    before = [row(f"a{n}", "".join(random.choice(words, 20)), "".join(random.choice(words, 30))) for n in range(3000)]
    after = [
        row(f"b{n}", one["prompt"] + ("。" if n % 10 else "，请简短些。"), one["answer"])
        for n, one in enumerate(before)
    ]
    count = Counter(one["status"] for one in diff(tmp_path, before, after))
    assert count["edited"] >= 2990


def test_the_records_are_left_as_they_are(tmp_path: Path) -> None:
    folder = stored(tmp_path / "a", [row("a", "p", "q")])
    before = pq.read_table(folder / "records.parquet")
    diff_records(folder, folder)
    assert pq.read_table(folder / "records.parquet").equals(before)


def replaced(positions: set[int], count: int = 200, **more: Any) -> tuple[list[Any], list[Any]]:
    """Records numbered by their position, and the same with those at `positions` replaced by unrelated ones."""
    random = np.random.default_rng(0)
    words = [f"{a}{b}" for a in "春夏秋冬山川湖海" for b in "花草树木风雨雷电"]

    def made(position: int) -> Any:
        answer = more.get("answer") or "".join(random.choice(words, 30))
        return {"id": position, "prompt": "".join(random.choice(words, 20)), "answer": answer}

    before = [made(position) for position in range(count)]
    return before, [made(at) if at in positions else one for at, one in enumerate(before)]


def test_ids_that_count_rows_do_not_make_unrelated_records_edits(tmp_path: Path) -> None:
    count = Counter(one["status"] for one in diff(tmp_path, *replaced(set(range(0, 60, 2)))))
    assert count == {"unchanged": 170, "added": 30, "removed": 30}


def test_one_label_as_the_answer_of_all_records_does_not_make_edits_of_them(tmp_path: Path) -> None:
    count = Counter(one["status"] for one in diff(tmp_path, *replaced(set(range(0, 60, 2)), answer="Negative")))
    assert count == {"unchanged": 170, "added": 30, "removed": 30}


def test_ids_that_moved_up_by_one_leave_edits_to_be_found_by_their_text(tmp_path: Path) -> None:
    before, _ = replaced(set())
    edited = {position: {**before[position], "answer": before[position]["answer"] + "谢谢。"} for position in (50, 60)}
    after = [{**edited.get(at, one), "id": at - 1} for at, one in enumerate(before) if at]
    found = diff(tmp_path, before, after)
    assert Counter(one["status"] for one in found) == {"unchanged": 197, "edited": 2, "removed": 1}
    pairs = {(one["record_id_before"], one["record_id_after"]) for one in found if one["status"] == "edited"}
    assert pairs == {("50", "49"), ("60", "59")}


def talk(*turns: tuple[str, str]) -> dict[str, Any]:
    said = [
        {"role": role, "content": text}
        for turn in turns
        for role, text in zip(("user", "assistant"), turn, strict=True)
    ]
    return {"id": "a", "messages": said}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([("Hi", "Hello"), ("Q", "A")], [("Hi\nQ", "Hello\nA")]),
        ([("a\nb", "x"), ("c", "y")], [("a", "x"), ("b\nc", "y")]),
        ([("a", "x\ny"), ("b", "z")], [("a", "x"), ("b", "y\nz")]),
    ],
)
def test_a_line_break_is_no_new_turn(
    tmp_path: Path, before: list[tuple[str, str]], after: list[tuple[str, str]]
) -> None:
    found = diff(tmp_path, [talk(*before)], [talk(*after)])
    assert [one["status"] for one in found] == ["edited"]
    assert [one["status"] for one in diff(tmp_path, [talk(*after)], [talk(*after)])] == ["unchanged"]


def test_white_space_at_the_ends_is_no_edit(tmp_path: Path) -> None:
    before = [row(None, "第一问", "第一答"), row(None, "第二问", "第二答")]
    after = [row(None, "第一问\n", "第一答 \n"), row(None, "第二问", "第二答，改过")]
    assert sorted(found["status"] for found in diff(tmp_path, before, after)) == ["edited", "unchanged"]


def test_an_id_that_is_a_name_says_which_record_it_is(tmp_path: Path) -> None:
    def statuses(record_id: str) -> list[str]:
        before = [row(record_id, "Where is the harbour?", "By the park.")]
        return sorted(one["status"] for one in diff(tmp_path, before, [row(record_id, "Wie alt?", "Nobody knows.")]))

    assert statuses("q-1") == ["edited"]
    assert statuses("1") == ["added", "removed"]


TOOL = (
    "You may call a tool named weather with the fields city, unit and day. Write the call in double brackets with the "
    "fields in this order, and wait for what it returns before you say anything to the user. Never make up a result."
)
ASKED = ["tides in Hull", "frost on the moor", "dust over Cairo", "fog at the pier", "hail in June", "rain for hikers"]


def templated(name: str, count: int, start: int = 0) -> list[Any]:
    """Records that have a tool's specification in common, and a short question and answer of their own."""
    random = np.random.default_rng(start)
    own = ["".join(random.choice(list("bdfgklmnprst") + list("aeiou") * 2, 18)) for _ in range(2 * count)]
    return [row(f"{name}{n}", f"{TOOL} {ASKED[n % 6]} {own[2 * n]}?", f"Call {own[2 * n + 1]}.") for n in range(count)]


def test_records_of_one_template_are_not_edits_of_each_other(tmp_path: Path) -> None:
    """Without a judgement of what is particular each of the ten removed ones is an edit of an added one."""
    kept, gone, new = templated("k", 40, 1), templated("gone-", 10, 2), templated("new:", 10, 3)
    assert Counter(one["status"] for one in diff(tmp_path, kept + gone, kept + new)) == {
        "unchanged": 40, "removed": 10, "added": 10,
    }  # fmt: skip


def test_an_edit_of_a_templated_record_is_found_among_its_likes(tmp_path: Path) -> None:
    before = templated("a", 40, 1)
    after = [{**one, "id": f"b-{n}", "answer": one["answer"] + " Done."} for n, one in enumerate(before)]
    after = [{**one, "prompt": one["prompt"] + " Be brief."} for one in after]
    found = diff(tmp_path, before, after[::-1])
    assert {(one["record_id_before"], one["record_id_after"]) for one in found} == {
        (f"a{n}", f"b-{n}") for n in range(40)
    }


def test_a_number_as_the_id_does_not_make_edits_of_one_template(tmp_path: Path) -> None:
    before = templated("", 40, 1)
    after = before[:30] + [{**one, "id": str(n + 30)} for n, one in enumerate(templated("", 10, 2))]
    assert Counter(one["status"] for one in diff(tmp_path, before, after)) == {
        "unchanged": 30, "removed": 10, "added": 10,
    }  # fmt: skip


@pytest.mark.parametrize("form", ["train_{}", "set-a/{}", "第{}"])
def test_names_that_count_rows_do_not_make_unrelated_records_edits(tmp_path: Path, form: str) -> None:
    versions = [[{**one, "id": form.format(one["id"])} for one in rows] for rows in replaced(set(range(0, 60, 2)))]
    count = Counter(one["status"] for one in diff(tmp_path, *versions))
    assert count == {"unchanged": 170, "added": 30, "removed": 30}


def test_a_checksum_that_ends_in_a_digit_is_a_name(tmp_path: Path) -> None:
    versions = [[{**one, "id": f"{one['id'] * 7919:x}e{one['id'] % 10}"} for one in rows] for rows in replaced({3, 4})]
    assert Counter(one["status"] for one in diff(tmp_path, *versions)) == {"unchanged": 198, "edited": 2}


def test_numbers_that_count_rows_run_from_the_start_without_a_gap() -> None:
    assert _counting(["3", "17"]) == {"3", "17"}
    assert _counting(["t_1", "t_0", "t_2"]) == {"t_0", "t_1", "t_2"}
    assert _counting(["t_01", "t_02", "u_5"]) == {"t_01", "t_02"}
    # Names: a gap, another start, one alone, no number, a checksum.
    for names in (["t_1", "t_3"], ["t_4101", "t_4102"], ["t_1"], ["t_", "t_1"], [f"t_{10**20}", f"t_{10**20 + 1}"]):
        assert _counting(names) == set()


PARIS = "Paris is the capital of France and has been so for many centuries of its long history."
LIGHT = "Photosynthesis turns light into chemical energy that plants store as sugar in their leaves."


def test_edited_answers_to_one_prompt_pair_with_what_they_were_whatever_their_order(tmp_path: Path) -> None:
    before = [row("old paris", "Tell me a fact.", PARIS), row("old light", "Tell me a fact.", LIGHT)]
    after = [
        row("new light", "Tell me a fact.", LIGHT[:-1] + ", always."),
        row("new paris", "Tell me a fact.", PARIS[:-1] + ", indeed."),
    ]
    crossed = {("edited", "old paris", "new paris", "prompt"), ("edited", "old light", "new light", "prompt")}
    assert shape(diff(tmp_path, before, after)) == crossed
    assert shape(diff(tmp_path, before, after[::-1])) == crossed


def test_answers_to_one_prompt_with_nothing_in_common_pair_in_order_and_once(tmp_path: Path) -> None:
    before = [row("a", "问", "甲甲甲甲"), row("b", "问", PARIS)]
    after = [row("c", "问", PARIS + " Yes."), row("d", "问", "乙乙乙乙"), row("e", "问", "丙丙丙丙")]
    found = shape(diff(tmp_path, before, after))
    assert found == {("edited", "b", "c", "prompt"), ("edited", "a", "d", "prompt"), ("added", None, "e", None)}


def test_more_answers_to_one_prompt_than_can_be_held_against_each_other_pair_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_CANDIDATES", 3)
    before = [row("a", "问", PARIS), row("b", "问", LIGHT)]
    after = [row("c", "问", LIGHT + " Yes."), row("d", "问", PARIS + " Yes.")]
    assert shape(diff(tmp_path, before, after)) == {("edited", "a", "c", "prompt"), ("edited", "b", "d", "prompt")}


@pytest.mark.parametrize(
    ("old", "new"),
    [("第一行\n第二行", "第一行\r\n第二行"), ("一\n二", "一\r二"), ("caf\u00e9 au lait", "cafe\u0301 au lait")],
)
def test_line_ends_and_composed_letters_are_no_edit(tmp_path: Path, old: str, new: str) -> None:
    found = diff(tmp_path, [row("a", old, old, None, old)], [row("a", new, new, None, new)])
    assert shape(found) == {("unchanged", "a", "a", "id_and_content")}


def test_a_line_more_is_an_edit(tmp_path: Path) -> None:
    found = diff(tmp_path, [row("a", "一", "甲\n乙")], [row("a", "一", "甲\n\n乙")])
    assert shape(found) == {("edited", "a", "a", "id")}
