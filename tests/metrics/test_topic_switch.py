"""Share of later turns that start anew, over the shapes that conversations come in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from helpers import MakeInputs, rows_of
from numpy.typing import NDArray

from diversity.checks import run_checks
from diversity.features.inputs import Inputs
from diversity.metrics import topic_switch as module
from diversity.metrics.topic_switch import METRIC, MINIMUM, TABLE, topic_switch

SUBJECTS = ["lighthouse lamp keeper island storm", "bread dough oven yeast flour", "tax income refund form deadline"]


class Words:
    """Unit vectors of hashed words: texts with the same words are alike, others are not."""

    name = key = "words"
    dimension = 512

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.full((len(texts), self.dimension), 1e-3, dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split():
                digest = hashlib.blake2b(word.encode(), digest_size=4).digest()
                row[int.from_bytes(digest, "big") % self.dimension] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def talk(number: int, *subjects: int) -> dict[str, Any]:
    """A conversation with a turn for each subject."""
    messages = []
    for turn, subject in enumerate(subjects):
        messages += [
            {"role": "user", "content": f"{SUBJECTS[subject]} asked{number}x{turn}"},
            {"role": "assistant", "content": f"{SUBJECTS[subject]} told{number}x{turn}"},
        ]
    return {"id": f"t{number}", "messages": messages}


def table_of(inputs: Inputs) -> Any:
    return topic_switch(inputs).tables[TABLE].to_pandas()


def test_related_and_unrelated_turns(make_inputs: MakeInputs) -> None:
    rows = [talk(n, 0, 0, 1) if n % 2 else talk(n, 2, 2) for n in range(40)]
    output = topic_switch(make_inputs(rows, embedder=Words()))
    result, table = output.results[0], output.tables[TABLE].to_pandas()
    assert set(table.columns) == {
        "record_id", "turn", "score", "class", "similarity", "recent_similarity", "known_words", "cues",
    }  # fmt: skip
    assert len(table) == 60
    assert set(table[table["turn"] == 2]["class"]) == {"unrelated"}
    assert set(table[table["turn"] == 1]["class"]) == {"related"}
    assert result.value == pytest.approx(20 / 60)
    assert result.info["classes"] == {"related": 40, "uncertain": 0, "unrelated": 20}
    assert result.info["by_turn"] == [
        {"turn": 1, "related": 40, "uncertain": 0, "unrelated": 0},
        {"turn": 2, "related": 0, "uncertain": 0, "unrelated": 20},
    ]
    assert (result.info["multi_turn_records"], result.info["records_with_switch"]) == (40, 20)


@pytest.mark.parametrize(
    ("turns", "outcome", "smallest", "advice"),
    [((0, 0), "fail", "unrelated", "add_switches"), ((0, 1), "fail", "related", "add_follow_ups")],
)
def test_one_sided_data_is_flagged(
    make_inputs: MakeInputs, turns: tuple[int, int], outcome: str, smallest: str, advice: str
) -> None:
    own = make_inputs([talk(n, *turns) for n in range(2 * MINIMUM)], embedder=Words())
    check = run_checks([METRIC], topic_switch(own).results, own.settings)[0]
    assert (check.outcome, check.evidence["smallest"], check.advice) == (outcome, smallest, advice)
    assert check.value == 0
    assert check.where == {"topic": smallest}


def test_both_kinds_pass(make_inputs: MakeInputs) -> None:
    own = make_inputs([talk(n, 0, n % 2) for n in range(MINIMUM)], embedder=Words())
    check = run_checks([METRIC], topic_switch(own).results, own.settings)[0]
    assert (check.outcome, check.value) == ("pass", pytest.approx(0.5))


def test_why_there_is_no_figure(make_inputs: MakeInputs) -> None:
    single = topic_switch(make_inputs(rows_of(["你好"], ["您好"]), embedder=Words()))
    blind = topic_switch(make_inputs([talk(n, 0, 1) for n in range(40)]))
    few = topic_switch(make_inputs([talk(n, 0, 1) for n in range(3)], embedder=Words()))
    assert [output.results[0].reason for output in (single, blind, few)] == [
        "no_multi_turn", "no_embedder", "too_few_follow_ups",
    ]  # fmt: skip
    assert few.tables[TABLE].num_rows == 3
    for output in (single, blind, few):
        assert METRIC.checks[0].find(output.results).value is None


def shapes() -> dict[str, dict[str, Any]]:
    """The same conversation of two turns as sharegpt with a tool, messages, alpaca with history, and MOSS."""
    first, second = (f"{subject} asked" for subject in SUBJECTS[:2])
    answers = [f"{subject} told" for subject in SUBJECTS[:2]]
    call = json.dumps({"name": "look_up", "arguments": {"what": "lamp"}})
    return {
        "sharegpt": {
            "conversations": [
                {"from": "human", "value": first},
                {"from": "function_call", "value": call},
                {"from": "observation", "value": '{"deadline": "tax income refund form"}'},
                {"from": "gpt", "value": answers[0]},
                {"from": "human", "value": second},
                {"from": "gpt", "value": answers[1]},
            ]
        },
        "messages": {
            "messages": [
                {"role": role, "content": text}
                for role, text in zip(["user", "assistant"] * 2, [first, answers[0], second, answers[1]], strict=True)
            ]
        },
        "alpaca": {"instruction": second, "output": answers[1], "history": [[first, answers[0]]]},
        "moss": {
            "chat": {
                f"turn_{n}": {
                    "Human": f"<|Human|>: {query}<eoh>\n",
                    "Commands": "<|Commands|>: None<eoc>\n",
                    "Tool Responses": "<|Results|>:\nNone\n<eor>\n",
                    "MOSS": f"<|MOSS|>: {answer}<eom>\n",
                }
                for n, (query, answer) in enumerate([(first, answers[0]), (second, answers[1])], 1)
            }
        },
    }


@pytest.mark.parametrize("shape", ["sharegpt", "messages", "alpaca", "moss"])
def test_every_shape_gives_the_same_judgement(make_inputs: MakeInputs, shape: str) -> None:
    row = table_of(make_inputs([shapes()[shape]], embedder=Words())).iloc[0]
    expected = table_of(make_inputs([shapes()["messages"]], embedder=Words())).iloc[0]
    assert (row["turn"], row["class"]) == (1, "unrelated")
    assert row["score"] == pytest.approx(expected["score"])


def test_the_order_of_records_and_the_size_of_batches_do_not_matter(
    make_inputs: MakeInputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [talk(n, *(n % 3, (n * 7) % 3, (n * 5) % 3)) for n in range(30)]
    expected = table_of(make_inputs(rows, embedder=Words())).sort_values(["record_id", "turn"])
    monkeypatch.setattr(module, "BATCH_CHARACTERS", 200)
    shuffled = [rows[at] for at in np.random.default_rng(3).permutation(len(rows))]
    found = table_of(make_inputs(shuffled, embedder=Words())).sort_values(["record_id", "turn"])
    assert found["score"].tolist() == pytest.approx(expected["score"].tolist())
    assert found["cues"].tolist() == expected["cues"].tolist()


def test_odd_conversations_are_judged_all_the_same(make_inputs: MakeInputs) -> None:
    odd = [
        [("同样的问题", "同样的答案")] * 3,
        [("x", "y"), ("<script>alert(1)</script>", '=CMD("calc")'), ("مرحبا 👩‍👩‍👧‍👦 𠮷野家", "🙂")],
        [("词" * 50_000, "答" * 50_000), ("继续", "好")],
        [("a question", "an answer"), ("。", "…")],
    ]
    rows = [{"messages": _messages(turns)} for turns in odd]
    table = table_of(make_inputs(rows, embedder=Words()))
    assert len(table) == 6
    assert table["score"].between(0, 1).all()


def _messages(turns: list[tuple[str, str]]) -> list[dict[str, str]]:
    pairs = [(("user", query), ("assistant", answer)) for query, answer in turns]
    return [{"role": role, "content": text} for pair in pairs for role, text in pair]


def test_the_sample_behind_the_result(make_inputs: MakeInputs) -> None:
    output = topic_switch(make_inputs([talk(n, 0, n % 2) for n in range(MINIMUM)], embedder=Words()))

    class Stored:
        def table(self, name: str, columns: list[str] | None = None) -> Any:
            return output.tables[name].to_pandas()[columns]

    assert METRIC.sample is not None
    sample = METRIC.sample(Stored(), output.results[0])  # type: ignore[arg-type]
    assert sample is not None
    assert sample.statistic(sample.values) == pytest.approx(output.results[0].value)
