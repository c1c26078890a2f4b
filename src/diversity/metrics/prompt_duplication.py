"""prompt_duplication: is the same thing asked again and again?"""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from diversity.features.inputs import Inputs
from diversity.metrics.base import CheckSpec, Finding, Metric, MetricOutput, Sample, Tables, not_applicable
from diversity.metrics.duplicate_profile import duplicate_profile, duplicates_table, repeat_sample
from diversity.metrics.repeat_advice import Advice, by_cluster, in_clusters, relation
from diversity.neighbors import Duplicates
from diversity.neighbors.prompts import answer_groups
from diversity.report import MetricResult

TABLE = "prompt_duplicates"
EVIDENCE = ("repeats", "clusters", "drop", "exact_ratio", "near_ratio", "semantic_ratio")


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
    label = inputs.answer_tokens <= inputs.settings.duplicates.label_tokens
    advice = advise(found, rows, answer_groups(inputs.duplicates("answer").cluster), label)
    suggested = advice.suggestions(rows, inputs.corpus)
    info = duplicate_profile(found, prompts, filled, inputs.prompt_tokens)
    info |= {name: int((suggested == name).sum()) for name in ("drop", "rewrite")}
    result = MetricResult(
        metric=METRIC.name, field="prompt", value=info["repeat_ratio"], unit="ratio", info=info, table=TABLE
    )
    return MetricOutput([result], {TABLE: duplicates_table(inputs.corpus, found, rows, suggested, advice)})


def advise(found: Duplicates, rows: NDArray[np.int64], answers: NDArray[np.int64], label: NDArray[np.bool_]) -> Advice:
    """Which of `rows` (see `in_clusters`) can go, and why.

    A repeat goes when a row that stays says the same (`answers` (u,) numbers what is the same); a copy always then, one
    that is only alike unless the answer is as short as a `label` (u,): many questions of one form are answered "yes". A
    repeated prompt with another answer stays: two good answers to one question are worth having, and what is only alike
    may ask something else in the same words.
    """
    advice = Advice()
    for row, kept in by_cluster(found, rows):
        said_before = kept.find(int(answers[row]))
        other = int(found.representative[row]) if said_before is None else said_before
        kind = relation(found, row, other)
        if row == other:
            drop, reason = False, "representative"
        elif said_before is None:
            drop, reason = False, f"{kind}_repeat_other_answer"
        elif kind != "exact" and label[row]:
            drop, reason = False, f"{kind}_repeat_label"
        else:
            drop, reason = True, f"{kind}_repeat_same_answer"
        advice.add(drop, reason, other)
        if not drop:
            kept.add(int(answers[row]), row)
    return advice


def _find(results: list[MetricResult]) -> Finding:
    result = results[0]
    if result.status != "ok":
        return Finding(None, reason=result.reason)
    info = result.info
    evidence = {key: info[key] for key in EVIDENCE}
    if info["top"]:
        evidence |= {"top_size": info["top"][0]["size"], "top_text": info["top"][0]["text"]}
    return Finding(result.value, evidence, records=info["repeats"], table=TABLE, advice="vary_prompts")


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
