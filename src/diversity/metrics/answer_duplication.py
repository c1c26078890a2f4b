"""answer_duplication: answers carry the loss, so how much of it is spent on saying the same again?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from diversity.features.inputs import Inputs
from diversity.metrics.base import CheckSpec, Finding, Metric, MetricOutput, Sample, Tables, not_applicable
from diversity.metrics.duplicate_profile import (
    duplicate_profile,
    duplicates_table,
    most_to_mend,
    repeat_finding,
    repeat_sample,
)
from diversity.metrics.repeat_advice import Advice, by_cluster, in_clusters, other_facts, relation
from diversity.neighbors import Duplicates, DuplicateSettings
from diversity.neighbors.prompts import answer_groups, quadrants, question_keys
from diversity.report import MetricResult

TABLE = "answer_duplicates"
EVIDENCE = (
    "repeats",
    "clusters",
    "drop",
    "rewrite",
    "exact_ratio",
    "near_ratio",
    "semantic_ratio",
    "token_ratio",
    "effective_ratio",
)


def answer_duplication(inputs: Inputs) -> MetricOutput:
    """Share of the answers that repeat another one: those that would go if every cluster kept one.

    `info` adds to `duplicate_profile` the quadrants with the prompt side (`quadrants`), and how many answers are
    suggested to be dropped with their record (`drop`) or to be written anew, because other turns of it stay
    (`rewrite`); `mended` is the cluster that has most of those.
    """
    answers, tokens = inputs.texts("answer"), inputs.answer_tokens
    filled = _filled(answers)
    if not filled.any():
        return not_applicable(METRIC.name, "answer", METRIC.unit, "no_answers")
    found = inputs.duplicates("answer")
    beside = Beside.of(inputs)
    rows = in_clusters(found)
    advice = advise(found, rows, beside, inputs.settings.duplicates)
    suggested = advice.suggestions(rows, inputs.corpus)
    info = duplicate_profile(found, answers, filled, tokens)
    info |= {name: int((suggested == name).sum()) for name in ("drop", "rewrite")}
    info["mended"] = most_to_mend(found, answers, rows, suggested)
    info["quadrants"] = quadrants(beside.questions, answer_groups(found.cluster), filled & (beside.questions != 0))
    result = MetricResult(
        metric=METRIC.name, field="answer", value=info["repeat_ratio"], unit="ratio", info=info, table=TABLE
    )
    return MetricOutput([result], {TABLE: duplicates_table(inputs.corpus, found, rows, suggested, advice)})


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside each answer: `prompts` (u,) keys of what is asked, `questions` (u,) keys of it and of what was
    asked before it, `systems` (u,) a number for each system prompt, -1 for none, `calls` (u,) for what tools were asked
    in the turn, 0 for nothing; `tokens` (u,) of the answers, which are `texts`."""

    prompts: NDArray[np.uint64]
    questions: NDArray[np.uint64]
    systems: NDArray[np.int64]
    calls: NDArray[np.int64]
    tokens: NDArray[np.int64]
    texts: pa.ChunkedArray

    @classmethod
    def of(cls, inputs: Inputs) -> Beside:
        """A version's."""
        prompts = inputs.prompt_keys
        questions = question_keys(prompts, inputs.corpus.turn_of_unit)
        texts, calls = inputs.texts("answer"), inputs.corpus.calls
        return cls(prompts, questions, _systems(inputs), calls, inputs.answer_tokens, texts)

    def key(self, row: int) -> tuple[int, int, int]:
        """Equal where the same is asked under the same system, of the assistant and of tools."""
        return int(self.questions[row]), int(self.systems[row]), int(self.calls[row])

    def prompt_of(self, row: int, other: int) -> str:
        """What is the same of what stands before two answers, or what differs."""
        if self.systems[row] != self.systems[other]:
            return "other_system"
        if self.questions[row] == self.questions[other]:
            return "same_prompt"
        return "other_context" if self.prompts[row] == self.prompts[other] else "other_prompt"

    def other_facts(self, row: int, other: int, kind: str) -> bool:
        """Whether two answers that repeat in this way differ in a number, a negation or the one word that matters."""
        return other_facts(self.texts[row].as_py(), self.texts[other].as_py(), kind)


def _systems(inputs: Inputs) -> NDArray[np.int64]:
    """(u,) a number for each unit's system prompt, -1 for none."""
    codes = pc.fill_null(inputs.corpus.records["system"].combine_chunks().dictionary_encode().indices, -1)
    return np.asarray(codes.to_numpy(), dtype=np.int64)[inputs.corpus.record_of_unit]


def _filled(texts: Any) -> NDArray[np.bool_]:
    trimmed = pc.utf8_trim_whitespace(texts)
    return np.asarray(pc.greater(pc.utf8_length(trimmed), 0).to_numpy(), dtype=bool)


def advise(found: Duplicates, rows: NDArray[np.int64], beside: Beside, settings: DuplicateSettings) -> Advice:
    """Which of `rows` (see `in_clusters`) can go, and why.

    The text that a cluster is built around stays. Each other row is held against the first one that stays and answers
    the same prompt, else against its representative; the reason speaks of that row.
    """
    advice = Advice()
    most = max(settings.label_minimum, int(settings.label_share * len(found.cluster)))
    for row, kept in by_cluster(found, rows):
        asked_before = kept.find(beside.key(row))
        other = int(found.representative[row]) if asked_before is None else asked_before
        label = int(beside.tokens[row]) <= settings.label_tokens
        drop, reason = _judged(found, row, other, beside, label, kept.count < most)
        advice.add(drop, reason, other)
        if not drop:
            kept.add(beside.key(row), row)
    return advice


def _judged(found: Duplicates, row: int, other: int, beside: Beside, label: bool, room: bool) -> tuple[bool, str]:
    """Whether a row can go, and the reason.

    A copy goes, unless it is as short as a label and answers another prompt: of those the first ones stay, up to a
    share of the set. What repeats nearly or in meaning goes under the same prompt; under another one only what nearly
    repeats, under the same system (the few words that differ may be what another system asks for). None goes that
    differs in a fact, or whose turn asked something else of a tool: what is said over the result is the same sentence
    for many calls, and the call is what the turn teaches.
    """
    if row == other:
        return False, "representative"
    kind, prompt = relation(found, row, other), beside.prompt_of(row, other)
    reason = f"{kind}_repeat_{prompt}"
    if beside.calls[row] != beside.calls[other]:
        return False, f"{kind}_repeat_other_calls"
    if kind != "exact" and beside.other_facts(row, other, kind):
        return False, f"{kind}_repeat_other_facts"
    if prompt == "same_prompt":
        return True, reason
    if kind == "semantic" or (kind == "near" and prompt == "other_system"):
        return False, reason
    if label:
        return (False, "label_other_prompt") if room else (True, "label_too_frequent")
    return True, reason


def _find(results: list[MetricResult]) -> Finding:
    return repeat_finding(results[0], EVIDENCE, TABLE, "review_repeats")


def _sample(report: Tables, result: MetricResult) -> Sample | None:
    return repeat_sample(report, TABLE, "answer")


METRIC = Metric(
    name="answer_duplication",
    field="answer",
    unit="ratio",
    direction="lower",
    compute=answer_duplication,
    checks=(CheckSpec("answer_duplication", "answers", "lower", "ratio", pass_at=0.02, warn_at=0.1, find=_find),),
    sample=_sample,
    beside="duplicates",
)
