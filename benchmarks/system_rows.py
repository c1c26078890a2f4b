"""Records with systems for `system_effect.py`: the sets as rows, and what is made of them."""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from diversity.text.language import detect_languages

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("DIVERSITY_SHARED_DATA", ROOT.parent / "shared" / "data"))
MOSS = "moss_sft_samples_1120.jsonl"
LANGUAGES = ("zh", "en")
HABIT_ROWS = 4_000
_SENTENCE = re.compile(r"(?<=[。！？!?；\n])|(?<=\.)\s")

Row = dict[str, Any]


def row_of(key: str, system: str, turns: Sequence[tuple[str, str]], **more: Any) -> Row:
    messages = [m for q, a in turns for m in ({"role": "user", "content": q}, {"role": "assistant", "content": a})]
    return {"id": key, "system": system, "messages": messages, **more}


def answer_of(row: Row) -> str:
    return "\n".join(message["content"] for message in row["messages"][1::2])


def sample_data(version: str) -> list[Row]:
    """The labelled records of a version."""
    labels = json.loads((ROOT / "sample_data" / "planted.json").read_text(encoding="utf-8"))[version]["systems"]
    label = {key: name for name in labels for key in labels[name]}
    rows = []
    for line in (ROOT / "sample_data" / f"{version}.jsonl").read_text(encoding="utf-8").splitlines():
        try:
            one = json.loads(line)
        except ValueError:
            continue
        if one["id"] in label:
            system = next(m["content"] for m in one["messages"] if m["role"] == "system")
            said = [m["content"] for m in one["messages"] if m["role"] != "system"]
            turns = list(zip(said[::2], said[1::2], strict=False))
            language = "en" if one["id"].startswith("en") else "zh"
            rows.append(row_of(one["id"], system, turns, label=label[one["id"]], language=language))
    return rows


def constructed() -> list[Row]:
    lines = (ROOT / "tests" / "golden" / "system_effect.jsonl").read_text(encoding="utf-8").splitlines()
    ones = [json.loads(line) for line in lines]
    return [
        row_of(one["id"], one["system"], [(one["prompt"], one["answer"])], label=one["label"], language=one["language"])
        for one in ones
    ]


def moss() -> list[Row]:
    rows = []
    lines = (DATA / "moss" / MOSS).read_text(encoding="utf-8").splitlines()
    for at, line in enumerate(lines):
        one = json.loads(line)
        turns = [(_said(turn["Human"]), _said(turn["MOSS"])) for turn in one["chat"].values()]
        rows.append(row_of(str(at), one["meta_instruction"], turns, label="effective"))
    told = detect_languages(pa.chunked_array([[row["messages"][0]["content"] for row in rows]]))
    for row, language in zip(rows, told, strict=True):
        row["language"] = str(language)
    return rows


def _said(text: str) -> str:
    return re.sub(r"\A<\|[^|]+\|>:\s*|<eo\w>\s*\Z", "", text).strip()


def permuted(rows: Sequence[Row], shift: int) -> list[Row]:
    """The effective records of each language under the systems of others among them; the rest as it is."""
    out = [dict(row) for row in rows]
    for language in {row["language"] for row in rows}:
        places = [at for at, row in enumerate(rows) if row["language"] == language and row["label"] == "effective"]
        random.Random(shift).shuffle(places)
        for at, other in zip(places, places[1:] + places[:1], strict=True):
            out[at]["system"] = rows[other]["system"]
    return out


def dropped(rows: Sequence[Row]) -> list[Row]:
    """Systems of several sentences cut down to their first one."""
    return [row | {"system": first_sentence(row["system"])} for row in rows]


def first_sentence(system: str) -> str:
    pieces = [piece for piece in _SENTENCE.split(system) if piece and piece.strip()]
    return pieces[0].strip() if pieces else system


def mixed() -> tuple[list[Row], list[Row]]:
    """The set, and the same with its English rows under a stock phrase exchanged for Chinese ones."""
    systems = {
        language: [row["system"] for row in constructed() if row["language"] == language][::12]
        for language in LANGUAGES
    }
    pairs = {"zh": alpaca_zh(), "en": alpaca_en()}
    rows = moss()
    for language, count in (("zh", 1_000), ("en", 300)):
        drawn = random.Random(1).sample(pairs[language][:3_500], count)
        for at, pair in enumerate(drawn):
            system = random.Random(at).choice(systems[language])
            rows.append(row_of(f"{language}-{at}", system, [pair], label="", language=language))
    stock = "你是一个热心的中文助手。"
    plain = [row_of(f"s-{at}", stock, [pair]) for at, pair in enumerate(pairs["zh"][3_500:3_800])]
    english = [row_of(f"t-{at}", stock, [pair]) for at, pair in enumerate(pairs["en"][3_500:3_600])]
    chinese = [row_of(f"t-{at}", stock, [pair]) for at, pair in enumerate(pairs["zh"][3_800:3_900])]
    return [*rows, *plain, *english], [*rows, *plain, *chinese]


def alpaca_en() -> list[tuple[str, str]]:
    rows = json.loads((DATA / "alpaca_en" / "alpaca_data.json").read_text(encoding="utf-8"))
    return _drawn([(f"{row['instruction']}\n{row['input']}", row["output"]) for row in rows])


def alpaca_zh() -> list[tuple[str, str]]:
    rows = json.loads((DATA / "alpaca_zh" / "part00_v4.json").read_text(encoding="utf-8"))
    pairs = []
    for row in rows:
        query, extra, answer = (
            row.get(f"zh_{name}") or row.get(name) or "" for name in ("instruction", "input", "output")
        )
        pairs.append((f"{query}\n{extra}", answer))
    return _drawn(pairs)


def pairs_of(rows: Sequence[Row]) -> list[tuple[str, str]]:
    said = [
        (q["content"], a["content"])
        for row in rows
        for q, a in zip(*(row["messages"][k::2] for k in (0, 1)), strict=True)
    ]
    return _drawn(said)


def _drawn(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return random.Random(1).sample(pairs, min(HABIT_ROWS, len(pairs)))
