"""prompt_duplication: is the same thing asked again and again?"""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from diversity.features.inputs import Inputs
from diversity.metrics.base import CheckSpec, Finding, Metric, MetricOutput, Sample, Tables, not_applicable
from diversity.metrics.duplicate_profile import duplicate_profile, duplicates_table, repeat_sample
from diversity.neighbors import Duplicates
from diversity.neighbors.prompts import answer_groups
from diversity.report import MetricResult

TABLE = "prompt_duplicates"
EVIDENCE = ("repeats", "clusters", "drop", "exact_ratio", "near_ratio", "semantic_ratio")


def prompt_duplication(inputs: Inputs) -> MetricOutput:
    """Share of the prompts that repeat another one: those that would go if every cluster kept one.

    Figures of `info` as in `duplicate_profile`; `drop` counts the rows whose answer repeats together with the prompt.
    """
    prompts = inputs.texts("prompt")
    filled = np.asarray(pc.greater(pc.utf8_length(pc.utf8_trim_whitespace(prompts)), 0).to_numpy(), dtype=bool)
    if not filled.any():
        return not_applicable(METRIC.name, "prompt", METRIC.unit, "no_prompts")
    found = inputs.duplicates("prompt")
    rows = np.flatnonzero(found.cluster >= 0)
    rows = rows[np.lexsort((rows, found.representative[rows] != rows, found.cluster[rows]))]
    drop, reasons = suggestions(found, rows, answer_groups(inputs.duplicates("answer").cluster))
    info = duplicate_profile(found, prompts, filled, inputs.prompt_tokens)
    info["drop"] = int(drop.sum())
    result = MetricResult(
        metric=METRIC.name, field="prompt", value=info["repeat_ratio"], unit="ratio", info=info, table=TABLE
    )
    return MetricOutput([result], {TABLE: duplicates_table(inputs.corpus, found, rows, drop, reasons)})


def suggestions(
    found: Duplicates, rows: NDArray[np.int64], answers: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], list[str]]:
    """Which of `rows` (units inside clusters, each cluster together, its center first) to drop, and a code that says
    why.

    A repeat goes when its answer was seen in the cluster too (`answers` (u,) numbers what is the same). A repeated
    prompt with another answer stays (two good answers to one question are worth having), and so does a near or semantic
    repeat
    with an answer of its own: it may ask something else in the same words.
    """
    drop, reasons = np.zeros(len(rows), bool), []
    seen: set[tuple[int, int]] = set()
    for at, row in enumerate(rows.tolist()):
        pair = (int(found.cluster[row]), int(answers[row]))
        kind = str(found.kind[row])
        if found.representative[row] == row:
            reasons.append("representative")
        elif pair in seen:
            drop[at] = True
            reasons.append(f"{kind}_repeat_same_answer")
        else:
            reasons.append(f"{kind}_repeat_other_answer")
        seen.add(pair)
    return drop, reasons


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
    return repeat_sample(report, TABLE, "prompt_tokens")


METRIC = Metric(
    name="prompt_duplication",
    field="prompt",
    unit="ratio",
    direction="lower",
    compute=prompt_duplication,
    checks=(CheckSpec("prompt_duplication", "prompts", "lower", "ratio", pass_at=0.02, warn_at=0.1, find=_find),),
    sample=_sample,
)
