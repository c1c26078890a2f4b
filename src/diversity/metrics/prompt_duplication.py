"""prompt_duplication: is the same thing asked again and again?"""

from __future__ import annotations

from dataclasses import dataclass

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
from diversity.neighbors import Duplicates
from diversity.neighbors.prompts import answer_groups
from diversity.report import MetricResult

TABLE = "prompt_duplicates"
EVIDENCE = ("repeats", "clusters", "drop", "rewrite", "exact_ratio", "near_ratio", "semantic_ratio")


def prompt_duplication(inputs: Inputs) -> MetricOutput:
    """Share of the prompts that repeat another one: those that would go if every cluster kept one.

    Figures of `info` as in `duplicate_profile`; `drop` and `rewrite` count the rows whose answer repeats together with
    the prompt, alone in their record or beside turns that stay.
    """
    prompts = inputs.texts("prompt")
    filled = np.asarray(pc.greater(pc.utf8_length(pc.utf8_trim_whitespace(prompts)), 0).to_numpy(), dtype=bool)
    if not filled.any():
        return not_applicable(METRIC.name, "prompt", METRIC.unit, "no_prompts")
    found = inputs.duplicates("prompt")
    rows = in_clusters(found)
    advice = advise(found, rows, Answered.of(inputs))
    suggested = advice.suggestions(rows, inputs.corpus)
    info = duplicate_profile(found, prompts, filled, inputs.prompt_tokens)
    info |= {name: int((suggested == name).sum()) for name in ("drop", "rewrite")}
    info["mended"] = most_to_mend(found, prompts, rows, suggested)
    result = MetricResult(
        metric=METRIC.name, field="prompt", value=info["repeat_ratio"], unit="ratio", info=info, table=TABLE
    )
    return MetricOutput([result], {TABLE: duplicates_table(inputs.corpus, found, rows, suggested, advice)})


@dataclass(frozen=True, slots=True)
class Answered:
    """What each prompt is answered: `repeats` among the answers, which are `texts` (u,); `calls` (u,) for what tools
    were asked in the turn; `label` (u,) whether the answer is as short as a label. `prompts` (u,) are what is asked."""

    repeats: Duplicates
    groups: NDArray[np.int64]
    calls: NDArray[np.int64]
    label: NDArray[np.bool_]
    texts: pa.ChunkedArray
    prompts: pa.ChunkedArray

    @classmethod
    def of(cls, inputs: Inputs) -> Answered:
        """A version's."""
        repeats = inputs.duplicates("answer")
        label = inputs.answer_tokens <= inputs.settings.duplicates.label_tokens
        groups, calls = answer_groups(repeats.cluster), inputs.corpus.calls
        return cls(repeats, groups, calls, label, inputs.texts("answer"), inputs.texts("prompt"))

    def key(self, row: int) -> tuple[int, int]:
        """Equal where the answers repeat each other after the same was asked of tools."""
        return int(self.groups[row]), int(self.calls[row])

    def differ(self, row: int, other: int) -> bool:
        """Whether two answers of one cluster differ in a fact."""
        kind = relation(self.repeats, row, other)
        return kind != "exact" and other_facts(self.texts[row].as_py(), self.texts[other].as_py(), kind)

    def asked_differ(self, row: int, other: int, kind: str) -> bool:
        """Whether two prompts that repeat in this way differ in a fact."""
        return kind != "exact" and other_facts(self.prompts[row].as_py(), self.prompts[other].as_py(), kind)


def advise(found: Duplicates, rows: NDArray[np.int64], answered: Answered) -> Advice:
    """Which of `rows` (see `in_clusters`) can go, and why: see `_judged`."""
    advice = Advice()
    for row, kept in by_cluster(found, rows):
        said_before = kept.find(answered.key(row))
        other = int(found.representative[row]) if said_before is None else said_before
        drop, reason = _judged(found, row, other, answered, said_before is not None)
        advice.add(drop, reason, other)
        if not drop:
            kept.add(answered.key(row), row)
    return advice


def _judged(found: Duplicates, row: int, other: int, answered: Answered, said_before: bool) -> tuple[bool, str]:
    """Whether a row can go, and the reason.

    A repeat goes when a row that stays says the same, and asked the same of tools; a copy always then, one that is only
    alike unless it differs in a fact or the answer is as short as a label: many questions of one form are answered
    "yes". A repeated prompt with another answer stays: two good answers to one question are worth having, and what is
    only alike may ask something else in the same words.
    """
    if row == other:
        return False, "representative"
    kind = relation(found, row, other)
    if not said_before:
        same = answered.groups[row] == answered.groups[other]
        return False, f"{kind}_repeat_{'other_calls' if same else 'other_answer'}"
    if answered.differ(row, other):
        return False, f"{kind}_repeat_other_answer"
    if answered.asked_differ(row, other, kind):
        return False, f"{kind}_repeat_other_question"
    if kind != "exact" and answered.label[row]:
        return False, f"{kind}_repeat_label"
    return True, f"{kind}_repeat_same_answer"


def _find(results: list[MetricResult]) -> Finding:
    return repeat_finding(results[0], EVIDENCE, TABLE, "vary_prompts")


def _sample(report: Tables, result: MetricResult) -> Sample | None:
    return repeat_sample(report, TABLE, "prompt")


METRIC = Metric(
    name="prompt_duplication",
    field="prompt",
    unit="ratio",
    direction="lower",
    compute=prompt_duplication,
    checks=(CheckSpec("prompt_duplication", "prompts", "lower", "ratio", pass_at=0.02, warn_at=0.1, find=_find),),
    sample=_sample,
)
