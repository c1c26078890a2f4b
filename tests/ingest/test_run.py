"""From files or rows to a version's records on disk."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diversity.corpus import RECORDS_FILE, RECORDS_SCHEMA, UNITS_FILE, UNITS_SCHEMA, Corpus
from diversity.errors import Cancelled, InputError, UsageError
from diversity.ingest import SET_ASIDE_FILE, ingest, records_from
from diversity.records import Turn
from diversity.report import InputFile, Intake, OwnIds

CHAT = [
    {"from": "human", "value": "q1"},
    {"from": "gpt", "value": "a1"},
    {"from": "human", "value": "q2"},
    {"from": "gpt", "value": "a2"},
]
MIXED: list[dict[str, Any]] = [
    {"instruction": "写一首诗", "input": "春天", "output": "春眠不觉晓", "task_type": "创作-诗歌"},
    {"conversations": CHAT, "system": "be kind", "category": "chat"},
    {"prompt": "p", "answer": "a", "score": 0.5},
    {"prompt": "p", "answer": " "},
]


def lines(folder: Path, rows: list[dict[str, Any]], name: str = "rows.jsonl") -> Path:
    path = folder / name
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def aside(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(folder / SET_ASIDE_FILE).to_pylist()
    return found


def test_what_is_written(tmp_path: Path) -> None:
    path, out = lines(tmp_path, MIXED), tmp_path / "out"
    intake = ingest(path, out)
    assert (intake.shape, intake.records, intake.units) == ("mixed", 3, 4)
    assert (intake.rows.read, intake.rows.set_aside, intake.reasons) == (4, 1, {"no_answer": 1})
    (file,) = intake.files
    assert (file.path, file.format, file.encoding, file.compression) == (str(path), "jsonl", "utf-8", None)
    assert (file.rows_read, file.rows_set_aside, file.bytes) == (4, 1, path.stat().st_size)
    assert aside(out) == [
        {"file": str(path), "line": 4, "reason": "no_answer", "detail": "turn 1 of 1", "raw": json.dumps(MIXED[3])}
    ]
    first, second, third = records_from(out)
    assert (first.task_type, first.system, first.turns) == (
        ("创作", "诗歌"),
        None,
        (Turn("写一首诗\n\n春天", "春眠不觉晓"),),
    )
    assert (second.task_type, second.system, second.turns) == (
        ("chat",),
        "be kind",
        (Turn("q1", "a1"), Turn("q2", "a2")),
    )
    assert third.source == {"file": str(path), "line": 3, "score": 0.5}
    corpus = Corpus.open(out)
    assert corpus.prompts.to_pylist() == ["写一首诗\n\n春天", "q1", "q2", "p"]
    assert corpus.answers.to_pylist() == ["春眠不觉晓", "a1", "a2", "a"]
    assert corpus.record_of_unit.tolist() == [0, 1, 1, 2]
    assert corpus.turn_of_unit.tolist() == [0, 0, 1, 0]
    assert corpus.task_types(2).to_pylist() == ["诗歌", None, None]


def test_the_schemas_are_those_of_the_corpus(tmp_path: Path) -> None:
    ingest(MIXED, tmp_path)
    assert pq.read_schema(tmp_path / RECORDS_FILE).equals(RECORDS_SCHEMA)
    with pa.memory_map(str(tmp_path / UNITS_FILE)) as source:
        assert pa.ipc.open_file(source).schema.equals(UNITS_SCHEMA)


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of 100 rows, so that few rows make several."""
    monkeypatch.setattr("diversity.ingest.writer.BATCH", 100)


@pytest.mark.usefixtures("small_batches")
def test_many_rows_in_batches(tmp_path: Path) -> None:
    rows = [{"prompt": f"p{n}", "answer": f"a{n}", "task_type": f"t{n % 7}/s"} for n in range(250)]
    intake = ingest(rows, tmp_path)
    assert intake.records == 250
    assert pq.ParquetFile(tmp_path / RECORDS_FILE).num_row_groups == 3
    corpus = Corpus.open(tmp_path)
    assert corpus.prompts.to_pylist() == [row["prompt"] for row in rows]
    assert corpus.record_of_unit.tolist() == list(range(250))


def ids(folder: Path) -> list[str]:
    found: list[str] = pq.read_table(folder / RECORDS_FILE, columns=["record_id"])["record_id"].to_pylist()
    return found


def test_the_users_ids_are_taken_when_they_are_unique(tmp_path: Path) -> None:
    intake = ingest([{"id": f"x{n}", "prompt": "p", "answer": "a"} for n in range(3)], tmp_path)
    assert ids(tmp_path) == ["x0", "x1", "x2"]
    assert intake.field_map["id"] == "id"


def test_large_integers_stay_whole(tmp_path: Path) -> None:
    uids = [2**64 + n for n in range(1, 4)]
    rows = [
        {"prompt": "p", "answer": "a", "meta": {"uid": uid, "all": [uid, 0.5]}, "top": uid, "far": float("inf")}
        for uid in uids
    ]
    ingest(lines(tmp_path, rows), tmp_path / "out", field_map={"id": "meta.uid"})
    assert ids(tmp_path / "out") == [str(uid) for uid in uids]
    found = [record.source for record in records_from(tmp_path / "out")]
    assert [(one["meta"]["uid"], one["meta"]["all"], one["top"], one["far"]) for one in found] == [
        (uid, [uid, 0.5], uid, float("inf")) for uid in uids
    ]


# Own ids of 250 records, and which of them stay.
ODD_IDS: dict[str, tuple[Callable[[int], Any], Callable[[int], bool], OwnIds]] = {
    "one twice, far apart": (
        lambda n: n % 249, lambda n: 0 < n < 249, OwnIds(used=248, missing=0, repeated=2, example="0"),
    ),
    "one twice, at once": (
        lambda n: "x" if n < 2 else n, lambda n: n > 1, OwnIds(used=248, missing=0, repeated=2, example="x"),
    ),
    "one three times": (
        lambda n: 7 if n in (7, 8, 220) else n,
        lambda n: n not in (7, 8, 220),
        OwnIds(used=247, missing=0, repeated=3, example="7"),
    ),
    "the last missing": (lambda n: None if n == 249 else n, lambda n: n < 249, OwnIds(used=249, missing=1, repeated=0)),
    "the first missing": (lambda n: None if n == 0 else n, lambda n: n > 0, OwnIds(used=249, missing=1, repeated=0)),
    "the same as text": (
        lambda n: "5" if n == 220 else n,
        lambda n: n not in (5, 220),
        OwnIds(used=248, missing=0, repeated=2, example="5"),
    ),
    "all the same": (lambda n: "x", lambda n: False, OwnIds(used=0, missing=0, repeated=250, example="x")),
}  # fmt: skip


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("kind", ODD_IDS)
def test_an_id_that_is_missing_or_shared_gives_way_to_content(tmp_path: Path, kind: str) -> None:
    own, stays, counted = ODD_IDS[kind]
    rows = [{"id": own(n), "prompt": f"p{n}", "answer": "a"} for n in range(250)]
    intake = ingest(rows, tmp_path / "with")
    ingest([{"prompt": row["prompt"], "answer": "a"} for row in rows], tmp_path / "without")
    made = ids(tmp_path / "without")
    assert ids(tmp_path / "with") == [str(own(n)) if stays(n) else made[n] for n in range(250)]
    assert intake.ids == counted
    assert ("id" in intake.field_map) == (counted.used > 0)
    assert not list((tmp_path / "with").glob("*.new"))
    assert next(records_from(tmp_path / "with")).source.get("id") == rows[0]["id"]


@pytest.mark.usefixtures("small_batches")
def test_ids_do_not_depend_on_the_order_of_files(tmp_path: Path) -> None:
    named = [{"id": f"x{n % 60}", "prompt": f"p{n}", "answer": "a"} for n in range(70)]
    plain = [{"prompt": f"q{n}", "answer": "a"} for n in range(130)]
    ingest([*named, *plain], tmp_path / "one")
    ingest([*plain, *named[::-1]], tmp_path / "other")
    assert ids(tmp_path / "one") == ids(tmp_path / "other")[130:][::-1] + ids(tmp_path / "other")[:130]


def test_an_own_id_that_is_another_records_content_is_still_one_record(tmp_path: Path) -> None:
    plain = {"prompt": "p", "answer": "a"}
    ingest([plain], tmp_path / "first")
    (content,) = ids(tmp_path / "first")
    ingest([{"id": content, "prompt": "other", "answer": "b"}, plain, plain], tmp_path / "both")
    found = ids(tmp_path / "both")
    assert len(set(found)) == 3
    assert found[0] == content


def test_each_file_says_how_it_was_read(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"question": "q", "std_answer": "a", "class": "c"}\n', encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(json.dumps({"conversations": CHAT}) + "\n" + "{}\n", encoding="utf-8")
    (tmp_path / "c.jsonl").write_text("{}\n", encoding="utf-8")
    files = ingest([tmp_path / name for name in ("a.jsonl", "b.jsonl", "c.jsonl")], tmp_path / "out").files
    assert [(file.shape, file.field_map) for file in files] == [
        ("prompt_answer", {"prompt": "question", "answer": "std_answer", "task_type": "class"}),
        ("sharegpt", {"messages": "conversations"}),
        ("unknown", {}),
    ]


def test_true_repeats_are_counted(tmp_path: Path) -> None:
    row = {"prompt": "p", "answer": "a"}
    ingest([row, {**row, "task_type": "t"}, {"prompt": "other", "answer": "a"}, row], tmp_path)
    first, second, _, fourth = ids(tmp_path)
    assert (second, fourth) == (f"{first}-2", f"{first}-3")
    assert len(first) == 32


def test_content_decides_the_id_not_the_place(tmp_path: Path) -> None:
    rows = [{"prompt": f"p{n}", "answer": "a"} for n in range(5)]
    ingest(rows, tmp_path / "a")
    ingest([{"instruction": row["prompt"], "output": "a", "n": 1} for row in reversed(rows)], tmp_path / "b")
    assert ids(tmp_path / "a") == ids(tmp_path / "b")[::-1]


def test_system_and_the_bounds_of_turns_are_part_of_the_content(tmp_path: Path) -> None:
    rows = [
        {"prompt": "p", "answer": "a"},
        {"prompt": "p", "answer": "a", "system": "s"},
        {"prompt": "pa", "answer": "a"},
        {"prompt": "p", "answer": "aa"},
        {"conversations": CHAT},
        {"conversations": CHAT[:2]},
    ]
    ingest(rows, tmp_path)
    hashes = pq.read_table(tmp_path / RECORDS_FILE)["content_hash"].to_pylist()
    assert len(set(hashes)) == 6


def test_the_fingerprint_follows_content_ids_types_and_order(tmp_path: Path) -> None:
    rows = [{"id": n, "prompt": f"p{n}", "answer": "a", "task_type": "t"} for n in range(3)]
    base = ingest(rows, tmp_path / "0").fingerprint
    assert ingest(lines(tmp_path, rows), tmp_path / "1").fingerprint == base
    for place, other in enumerate(
        [
            rows[::-1],
            [{**row, "id": row["id"] + 5} for row in rows],
            [{**row, "answer": "b"} for row in rows],
            [{**row, "task_type": "u"} for row in rows],
            rows[:2],
        ]
    ):
        assert ingest(other, tmp_path / f"other{place}").fingerprint != base
    assert ingest([{**row, "note": 1} for row in rows], tmp_path / "note").fingerprint == base


@pytest.mark.parametrize("kind", ["rows.jsonl", "rows.json", "rows.jsonl.gz", "rows.csv.gz"])
def test_a_file_cut_in_half_is_told_as_damaged(tmp_path: Path, kind: str) -> None:
    rows = [{"prompt": f"问 {n} {n * n * 7919:x}", "answer": f"答 {n} {n * 104729:x}"} for n in range(3000)]
    if kind == "rows.json":
        text = json.dumps(rows, ensure_ascii=False)
    elif "csv" in kind:
        text = "prompt,answer\n" + "".join(f"{row['prompt']},{row['answer']}\n" for row in rows)
    else:
        text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    content = gzip.compress(text.encode()) if kind.endswith(".gz") else text.encode()
    path = tmp_path / kind
    path.write_bytes(content[: len(content) // 2])
    intake = ingest(path, tmp_path / "out")
    assert 500 < intake.records < 2500
    (damage,) = intake.damaged
    assert (damage.path, damage.reason) == (str(path), "truncated_file")
    assert damage.detail
    path.write_bytes(content)
    assert ingest(path, tmp_path / "whole").damaged == []


def test_several_files(tmp_path: Path) -> None:
    good = lines(tmp_path, MIXED[:2], "good.json")
    bad = lines(tmp_path, [{"title": "t"}], "bad.json")
    broken = tmp_path / "broken.json"
    broken.write_bytes(b"PK\x03\x04")
    intake = ingest([good, bad, broken], tmp_path / "out")
    assert intake.records == 2
    assert intake.reasons == {"unknown_shape": 1, "unreadable_file": 1}
    assert [(file.path, file.reason) for file in intake.damaged] == [(str(broken), "unreadable_file")]
    assert [(file.format, file.rows_read, file.rows_set_aside) for file in intake.files] == [
        ("jsonl", 2, 0),
        ("jsonl", 1, 1),
        ("unknown", 1, 1),
    ]
    assert intake.rows.read == 4


def test_a_folder_tells_what_it_passed_over(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    lines(folder, MIXED[:1])
    (folder / "README.md").write_text("# notes")
    intake = ingest(folder, tmp_path / "out")
    assert [(Path(file.path).name, file.format, file.rows_read) for file in intake.files] == [
        ("rows.jsonl", "jsonl", 1),
        ("README.md", "skipped", 0),
    ]


def test_rows_from_python(tmp_path: Path) -> None:
    intake = ingest((row for row in [*MIXED, "no row"]), tmp_path / "a")  # type: ignore[misc]
    assert (intake.records, intake.reasons) == (3, {"no_answer": 1, "not_an_object": 1})
    assert [row["line"] for row in aside(tmp_path / "a")] == [4, 5]
    assert intake.files[0].path == "<records>"
    frame = pd.DataFrame(MIXED)
    assert ingest(frame, tmp_path / "b").fingerprint == intake.fingerprint


def test_a_data_frame_read_from_parquet(tmp_path: Path) -> None:
    pd.DataFrame(MIXED[1:2]).to_parquet(tmp_path / "x.parquet")
    frame = pd.read_parquet(tmp_path / "x.parquet")
    assert ingest(frame, tmp_path / "a").fingerprint == ingest(MIXED[1:2], tmp_path / "b").fingerprint


@pytest.mark.parametrize("source", [[], {"prompt": "p", "answer": "a"}, 3])
def test_what_is_no_source(tmp_path: Path, source: Any) -> None:
    with pytest.raises(InputError):
        ingest(source, tmp_path)


def test_half_a_character_is_set_aside(tmp_path: Path) -> None:
    intake = ingest([{"prompt": "p", "answer": "a\ud83d"}, {"prompt": "p", "answer": "a"}], tmp_path)
    assert (intake.records, intake.reasons) == (1, {"lone_surrogate": 1})
    assert "\\ud83d" in aside(tmp_path)[0]["raw"]


def test_no_good_row_says_what_was_expected_and_found(tmp_path: Path) -> None:
    path = lines(tmp_path, [{"title": "t", "body": "b"}] * 3)
    with pytest.raises(InputError) as error:
        ingest(path, tmp_path / "out")
    message = str(error.value)
    for part in (
        str(path),
        "jsonl, 3 rows",
        "Expected rows with a prompt and an answer",
        "Fields found: title, body",
        "line 1: unknown_shape",
        "For example: --map prompt=title,answer=body",
    ):
        assert part in message
    assert (error.value.code, error.value.facts["example"]) == ("no_usable_field", "prompt=title,answer=body")
    assert not (tmp_path / "out" / RECORDS_FILE).exists()
    assert not (tmp_path / "out" / UNITS_FILE).exists()


def test_a_mapped_field_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"field frage.*Fields found: prompt, answer"):
        ingest([{"prompt": "p", "answer": "a"}], tmp_path, field_map={"system": "frage"})
    with pytest.raises(InputError, match=r"frage.*Fields found: prompt, answer"):
        ingest([{"prompt": "p", "answer": "a"}], tmp_path, field_map={"prompt": "frage"})
    with pytest.raises(UsageError):
        ingest([{"prompt": "p", "answer": "a"}], tmp_path, field_map={"frage": "prompt"})


def test_the_raw_text_is_cut(tmp_path: Path) -> None:
    ingest([{"prompt": "p", "answer": "a"}, {"prompt": "p", "answer": 1, "note": "中" * 20_000}], tmp_path)
    assert len(aside(tmp_path)[0]["raw"]) == 10_000


def test_progress_and_cancel(tmp_path: Path) -> None:
    path = lines(tmp_path, [{"prompt": f"p{n}", "answer": "a" * 500} for n in range(9_000)])
    seen: list[tuple[str, int, int | None]] = []
    ingest(path, tmp_path / "a", progress=lambda *what: seen.append(what))
    size = path.stat().st_size
    assert seen[-1] == ("read", size, size)
    assert [done for _, done, _ in seen] == sorted(done for _, done, _ in seen)
    assert len(seen) > 5

    def cancel(stage: str, done: int, total: int | None) -> None:
        if done > size // 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        ingest(path, tmp_path / "b", progress=cancel)
    assert [file for file in (tmp_path / "b").rglob("*") if file.is_file()] == []


def test_a_field_called_file_is_found_beside_ours(tmp_path: Path) -> None:
    ingest([{"prompt": "p", "answer": "a", "file": "x.c", "line": 9}], tmp_path)
    (record,) = records_from(tmp_path)
    assert record.source == {"file": "<records>", "line": 1, "row.file": "x.c", "row.line": 9}


text = st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=20).filter(
    lambda text: not text.isspace()
)
safe = st.text(
    st.characters(codec="gb18030", blacklist_categories=["Cs", "Co", "Cn"], blacklist_characters="\0"),
    min_size=1,
    max_size=20,
)
table_text = safe.filter(lambda text: not text.isspace())
flat_rows = st.lists(
    st.fixed_dictionaries({"prompt": table_text, "answer": table_text, "task_type": table_text}), min_size=1, max_size=5
)


def as_csv(rows: list[dict[str, str]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, ["prompt", "answer", "task_type"], quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def as_parquet(rows: list[dict[str, str]]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), out)
    return out.getvalue()


TEXT_FORMATS: dict[str, Callable[[list[dict[str, str]]], str]] = {
    "array": lambda rows: json.dumps(rows, ensure_ascii=False),
    "indented": lambda rows: json.dumps(rows, ensure_ascii=False, indent=2),
    "lines": lambda rows: "\n".join(json.dumps(row, ensure_ascii=False) for row in rows),
    "container": lambda rows: json.dumps({"data": rows}, ensure_ascii=False),
    "csv": as_csv,
}


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(
    flat_rows, st.sampled_from(sorted(TEXT_FORMATS)), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]), st.booleans()
)
def test_every_format_encoding_and_compression_gives_the_same_records(
    rows: list[dict[str, str]], form: str, encoding: str, packed: bool
) -> None:
    content = TEXT_FORMATS[form](rows).encode(encoding)
    with TemporaryDirectory() as name:
        folder = Path(name)
        expected = ingest(rows, folder / "expected")
        (folder / "data").write_bytes(gzip.compress(content, 1) if packed else content)
        same(expected, ingest(folder / "data", folder / "text"))
        (folder / "table").write_bytes(as_parquet(rows))
        same(expected, ingest(folder / "table", folder / "parquet"))


def same(expected: Intake, found: Intake) -> None:
    assert found.fingerprint == expected.fingerprint
    assert (found.records, found.units, found.rows) == (expected.records, expected.units, expected.rows)


@settings(max_examples=20)
@given(st.lists(st.tuples(text, text), min_size=1, max_size=4), st.none() | text)
def test_the_shape_does_not_change_the_record(turns: list[tuple[str, str]], system: str | None) -> None:
    chat = [
        message
        for asked, replied in turns
        for message in ({"role": "user", "content": asked}, {"role": "assistant", "content": replied})
    ]
    said = [{"from": "human" if one["role"] == "user" else "gpt", "value": one["content"]} for one in chat]
    shapes: list[dict[str, Any]] = [
        {"messages": chat, "system": system},
        {"messages": [*([] if system is None else [{"role": "system", "content": system}]), *chat]},
        {"conversations": said, "system": system},
        {
            "instruction": turns[-1][0],
            "input": "",
            "output": turns[-1][1],
            "history": [list(turn) for turn in turns[:-1]],
            "system": system,
        },
        {"conversation": [{"human": asked, "assistant": replied} for asked, replied in turns], "system": system},
    ]
    with TemporaryDirectory() as name:
        ingest(shapes, Path(name))
        assert len(set(pq.read_table(Path(name) / RECORDS_FILE)["content_hash"].to_pylist())) == 1


REAL = {
    "alpaca_zh/part00_v1.json": ("alpaca", 10_021, {"no_answer": 6}),
    "belle_eval/v05.json": ("prompt_answer", 1_350, {"broken_json": 6, "no_answer": 374, "wrong_type": 1}),
    "moss/moss_sft_samples_1120.jsonl": ("moss", 1_120, {}),
    "glaive_toolcall/glaive_toolcall_zh_demo.json": ("sharegpt", 300, {}),
    "seed_tasks/zh.jsonl": ("self_instruct", 175, {}),
    "broken/invalid_json_midway.json": ("alpaca", 2_801, {"no_answer": 2, "trailing_comma": 1}),
    "broken/jsonl_with_bad_lines.json": ("prompt_answer", 1_172, {"broken_json": 3, "no_answer": 349}),
}


@pytest.mark.parametrize("name", REAL)
def test_real_files(shared_data: Path, tmp_path: Path, name: str) -> None:
    shape, read, reasons = REAL[name]
    intake = ingest(shared_data / name, tmp_path)
    assert (intake.shape, intake.rows.read, intake.reasons) == (shape, read, reasons)
    assert Counter(row["reason"] for row in aside(tmp_path)) == reasons


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[{"prompt": "p", "answer": "a"},]', "trailing_comma"),
        ('[{"prompt": "p", "answer": "a"}', "truncated_file"),
    ],
)
def test_a_fault_between_rows_is_listed_and_costs_no_row(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "rows.json"
    path.write_text(text)
    intake = ingest(path, tmp_path / "out")
    assert (intake.rows.read, intake.rows.set_aside, intake.reasons) == (1, 0, {fault: 1})
    assert [row["reason"] for row in aside(tmp_path / "out")] == [fault]


def test_a_row_of_several_instances_is_one_row(tmp_path: Path) -> None:
    def seed(*answers: str) -> dict[str, Any]:
        return {"instruction": "i", "instances": [{"input": "", "output": answer} for answer in answers]}

    intake = ingest([seed("a", "b"), seed("half \ud83d", "c"), seed("d", ""), seed("", "")], tmp_path)
    assert (intake.rows.read, intake.rows.set_aside, intake.records) == (4, 1, 4)
    assert intake.reasons == {"lone_surrogate": 1, "no_answer": 2}


TOOLS = [
    {"from": "human", "value": "q1"},
    {"from": "function_call", "value": "c"},
    {"from": "observation", "value": "r"},
    {"from": "gpt", "value": "a1"},
    *CHAT[2:],
]


def test_tools_are_counted_and_what_follows_them_is_marked(tmp_path: Path) -> None:
    intake = ingest([{"prompt": "p", "answer": "a"}, {"conversations": TOOLS}], tmp_path / "a")
    assert intake.tool_turns == 2
    assert Corpus.open(tmp_path / "a").after_tool.tolist() == [False, True, False]
    plain = ingest([{"prompt": "p", "answer": "a"}, {"conversations": CHAT}], tmp_path / "b")
    assert plain.tool_turns == 0
    assert not Corpus.open(tmp_path / "b").after_tool.any()
    # The same prompts and answers, but not the same measurement.
    assert plain.fingerprint != intake.fingerprint


def test_what_tools_were_asked_has_a_number_and_counts_for_the_fingerprint(tmp_path: Path) -> None:
    other = [{**TOOLS[0]}, {**TOOLS[1], "value": "another call"}, *TOOLS[2:]]
    talks = {"a": TOOLS, "b": other, "c": [message for message in TOOLS if message["from"] != "function_call"]}
    made = {name: ingest([{"conversations": talk}], tmp_path / name).fingerprint for name, talk in talks.items()}
    calls = {name: Corpus.open(tmp_path / name).calls.tolist() for name in talks}
    assert made["a"] != made["b"]
    assert [calls[name][0] == 0 for name in talks] == [False, False, True]
    assert calls["a"][0] != calls["b"][0]
    assert calls["a"][1] == 0


@pytest.mark.parametrize(
    ("name", "text", "numbered", "first"),
    [
        ("a.csv", 'prompt,answer\n"p\nq",a\nr,s\n', "line", [2, 4]),
        ("a.jsonl", '{"prompt":"p","answer":"a"}\n\n{"prompt":"r","answer":"s"}', "line", [1, 3]),
        ("a.json", '[{"prompt":"p","answer":"a"},{"prompt":"r","answer":"s"}]', "row", [1, 2]),
    ],
)
def test_what_a_number_counts(tmp_path: Path, name: str, text: str, numbered: str, first: list[int]) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    (file,) = ingest(path, tmp_path / "out").files
    assert (file.numbered, file.by_line) == (numbered, numbered == "line")
    assert [record.source["line"] for record in records_from(tmp_path / "out")] == first


@pytest.mark.parametrize(("kind", "by_line"), [("jsonl", True), ("csv", False), ("json", False), ("parquet", False)])
def test_a_file_of_an_older_report_says_what_its_numbers_count(kind: str, by_line: bool) -> None:
    old = {"path": "a", "format": kind, "encoding": "", "compression": None}
    file = InputFile.model_validate(old | {"rows_read": 1, "rows_set_aside": 0, "bytes": 1})
    assert file.by_line is by_line
