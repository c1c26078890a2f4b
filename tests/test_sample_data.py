"""The sample data says what its list says: every planted fault is where `planted.json` puts it."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from diversity.text.tokenizer import count_tokens

FOLDER = Path(__file__).parent.parent / "sample_data"
VERSIONS = ("v1", "v2")
FIELDS = {"id", "messages", "source", "annotator", "created"}
REPEATS = ("exact_repeats", "near_repeats", "semantic_repeats")
Row = dict[str, Any]


@cache
def planted() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / "planted.json").read_text(encoding="utf-8"))
    return loaded


def lines(version: str) -> list[str]:
    return (FOLDER / f"{version}.jsonl").read_text(encoding="utf-8").splitlines()


@cache
def rows(version: str) -> dict[str, Row]:
    """The good rows by id."""
    broken = {row["line"] for row in planted()[version]["broken_rows"]}
    good = [json.loads(line) for number, line in enumerate(lines(version), 1) if number not in broken]
    assert len({row["id"] for row in good}) == len(good)
    return {row["id"]: row for row in good}


def system(row: Row) -> str | None:
    first = row["messages"][0]
    return first["content"] if first["role"] == "system" else None


def said(row: Row, role: str) -> list[str]:
    return [message["content"] for message in row["messages"] if message["role"] == role]


def answer(version: str, record_id: str) -> str:
    return said(rows(version)[record_id], "assistant")[-1]


def shingles(text: str) -> set[str]:
    folded = "".join(c for c in text.lower() if c.isalnum())
    size = 5 if folded.isascii() else 3
    return {folded[i : i + size] for i in range(len(folded) - size + 1)}


def overlap(one: str, other: str) -> float:
    left, right = shingles(one), shingles(other)
    return len(left & right) / len(left | right)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_good_row_is_well_formed(version: str) -> None:
    assert len(rows(version)) == planted()[version]["good_rows"]
    assert len(lines(version)) == planted()[version]["lines"]
    assert 560 <= len(lines(version)) <= 680
    for row in rows(version).values():
        assert set(row) - {"task_type"} == FIELDS
        turns = [message["role"] for message in row["messages"] if message["role"] != "system"]
        assert turns == ["user", "assistant"] * (len(turns) // 2)
        assert all(isinstance(m["content"], str) and m["content"].strip() for m in row["messages"])


@pytest.mark.parametrize("version", VERSIONS)
def test_languages_and_shapes_are_mixed(version: str) -> None:
    found = rows(version)
    english = sum(record_id.startswith("en-") for record_id in found) / len(found)
    assert 0.15 <= english <= 0.3
    assert sum(len(said(row, "user")) > 1 for row in found.values()) >= 40
    assert all(len(row["task_type"].split("-")) == 2 for row in found.values() if row.get("task_type"))
    assert len({row["task_type"] for row in found.values() if row.get("task_type")}) >= 28


def test_broken_rows_are_broken_in_the_way_that_is_said() -> None:
    for version in VERSIONS:
        for row in planted()[version]["broken_rows"]:
            assert fault(lines(version)[row["line"] - 1]) == row["kind"]
    assert len({row["kind"] for row in planted()["v1"]["broken_rows"]}) == 6
    assert len(planted()["v2"]["broken_rows"]) == 1


def fault(line: str) -> str | None:
    try:
        messages = json.loads(line)["messages"]
    except json.JSONDecodeError:
        return "truncated_json"
    if isinstance(messages, str):
        return "messages_is_string"
    if {message["role"] for message in messages} - {"system", "user", "assistant"}:
        return "unknown_role"
    if messages[-1]["role"] != "assistant":
        return "no_answer"
    if not messages[0]["content"]:
        return "empty_prompt"
    return None if isinstance(messages[-1]["content"], str) else "answer_is_number"


@pytest.mark.parametrize("version", VERSIONS)
def test_exact_repeats_are_equal_and_all_listed(version: str) -> None:
    clusters = planted()[version]["exact_repeats"]
    for cluster in clusters:
        assert len({answer(version, record_id) for record_id in cluster}) == 1
    counts = Counter(text for row in rows(version).values() for text in said(row, "assistant") if len(text) > 12)
    repeated = {text for text, count in counts.items() if count > 1}
    long_enough = [cluster for cluster in clusters if len(answer(version, cluster[0])) > 12]
    assert repeated == {answer(version, cluster[0]) for cluster in long_enough}
    assert all(counts[answer(version, cluster[0])] == len(cluster) for cluster in long_enough)


def test_near_repeats_resemble_the_first_of_their_cluster_and_are_gone_in_v2() -> None:
    for cluster in planted()["v1"]["near_repeats"]:
        first, *others = [answer("v1", record_id) for record_id in cluster]
        assert all(0.8 <= overlap(first, other) < 1 for other in others)
        left = [answer("v2", record_id) for record_id in cluster if record_id in rows("v2")]
        assert all(overlap(one, other) < 0.5 for one, other in combinations(left, 2))


def test_no_unlisted_near_repeats() -> None:
    for version in VERSIONS:
        listed = {i for kind in REPEATS for group in planted()[version][kind] for i in group}
        free = [answer(version, record_id) for record_id in rows(version) if record_id not in listed]
        assert max(similarities([text for text in free if len(text) >= 40])) < 0.6


def similarities(texts: list[str]) -> list[float]:
    """Jaccard similarities of the pairs that share a rare-enough shingle; all others are far below any threshold."""
    sets = [shingles(text) for text in texts]
    holders: dict[str, list[int]] = {}
    for index, found in enumerate(sets):
        for shingle in found:
            holders.setdefault(shingle, []).append(index)
    shared = Counter(pair for held in holders.values() if 1 < len(held) <= 20 for pair in combinations(held, 2))
    return [len(sets[a] & sets[b]) / len(sets[a] | sets[b]) for (a, b), count in shared.items() if count >= 10]


def test_semantic_repeats_share_content_but_not_wording() -> None:
    assert len(planted()["v1"]["semantic_repeats"]) == 5
    for version in VERSIONS:
        for one, other in planted()[version]["semantic_repeats"]:
            assert 0.2 < overlap(answer(version, one), answer(version, other)) < 0.7


def test_one_wording_in_v1_and_many_in_v2() -> None:
    plan = planted()["v1"]["one_wording"]
    of_type = [i for i, row in rows("v1").items() if row.get("task_type") == plan["task_type"]]
    assert sorted(of_type) == sorted(set(plan["ids"]) - untyped("v1"))
    assert all(said(rows("v1")[i], "user")[0].startswith(plan["starts_with"]) for i in plan["ids"])
    prompts = [said(rows("v2")[i], "user")[0] for i in plan["ids"]]
    assert len({prompt[:8] for prompt in prompts}) >= 38
    assert not any(prompt.startswith(plan["starts_with"]) for prompt in prompts)


def untyped(version: str) -> set[str]:
    return {record_id for ids in planted()[version]["missing_task_type"].values() for record_id in ids}


@pytest.mark.parametrize("version", VERSIONS)
def test_missing_task_types_are_those_listed(version: str) -> None:
    kinds = planted()[version]["missing_task_type"]
    found = rows(version)
    assert sorted(i for i, row in found.items() if "task_type" not in row) == kinds["absent"]
    assert sorted(i for i, row in found.items() if row.get("task_type", "-") == "") == kinds["empty"]
    assert sorted(i for i, row in found.items() if row.get("task_type", "-") is None) == kinds["null"]
    assert len(untyped(version)) == {"v1": 45, "v2": 3}[version]


@pytest.mark.parametrize("version", VERSIONS)
def test_key_sentence_stands_in_the_third_that_is_said(version: str) -> None:
    for record_id, where in planted()[version]["key_info"].items():
        sentence = where["key_sentence"]
        prompt = next(text for text in said(rows(version)[record_id], "user") if sentence in text)
        assert prompt.count(sentence) == 1
        middle = (prompt.index(sentence) + len(sentence) / 2) / len(prompt)
        assert where["third"] == ("head", "middle", "tail")[int(middle * 3)]


def test_key_information_is_at_the_head_in_v1_and_spread_in_v2() -> None:
    first, second = ([where["third"] for where in planted()[v]["key_info"].values()] for v in VERSIONS)
    assert len(first) >= 50
    assert set(first) == {"head"}
    assert len(second) >= 75
    assert all(0.25 <= share / len(second) <= 0.42 for share in Counter(second).values())


def test_answers_are_short_in_v1_and_long_ones_return_in_v2() -> None:
    longest = {}
    for version in VERSIONS:
        texts = [text for row in rows(version).values() for text in said(row, "assistant")]
        longest[version] = int(count_tokens([texts], planted()["tokenizer"]).max())
        assert longest[version] == planted()[version]["short_answers"]["longest_tokens"]
    assert longest["v1"] <= 350
    assert longest["v2"] >= 700
    cut = planted()["v1"]["short_answers"]
    both = [i for i in cut["one_sentence_ids"] + cut["cut_ids"] if i in rows("v2")]
    assert len(both) >= 60
    assert all(
        len("".join(said(rows("v1")[i], "assistant"))) < len("".join(said(rows("v2")[i], "assistant"))) for i in both
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_systems_are_all_classified(version: str) -> None:
    kinds = planted()[version]["systems"]
    with_system = {i for i, row in rows(version).items() if system(row) is not None}
    assert with_system == set(kinds["decorative"]) | set(kinds["effective"])
    assert len(kinds["effective"]) == 0 if version == "v1" else len(kinds["effective"]) >= 30


def test_topic_changes_only_in_v2() -> None:
    assert planted()["v1"]["topic_switch"] == {}
    switches = planted()["v2"]["topic_switch"]
    assert len(switches) >= 10
    for record_id, turns in switches.items():
        assert all(0 < turn < len(said(rows("v2")[record_id], "user")) for turn in turns)


def test_shared_material_means_other_questions_and_other_answers() -> None:
    for version in VERSIONS:
        for group in planted()[version]["shared_material"]:
            assert len({said(rows(version)[record_id], "user")[0] for record_id in group}) == len(group)
            assert len({answer(version, record_id) for record_id in group}) == len(group)


def test_changes_are_those_listed() -> None:
    old, new, changes = rows("v1"), rows("v2"), planted()["changes"]
    shared = sorted(set(old) & set(new))
    edited = [i for i in shared if old[i]["messages"] != new[i]["messages"]]
    same_text = [i for i in shared if old[i]["messages"] == new[i]["messages"]]
    relabelled = [i for i in same_text if old[i].get("task_type", "-") != new[i].get("task_type", "-")]
    assert changes == {
        "added": sorted(set(new) - set(old)),
        "removed": sorted(set(old) - set(new)),
        "edited": edited,
        "relabelled": relabelled,
        "unchanged": sorted(set(same_text) - set(relabelled)),
    }
    assert len(changes["unchanged"]) > len(old) / 2
