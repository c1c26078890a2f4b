"""answer_duplication: answers carry the loss, so how much of it is spent on saying the same again?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from diversity.features.inputs import Inputs
from diversity.metrics.base import CheckSpec, Finding, Metric, MetricOutput, Sample, Tables, not_applicable
from diversity.metrics.duplicate_profile import duplicate_profile, duplicates_table, repeat_sample
from diversity.neighbors import Duplicates
from diversity.neighbors.prompts import answer_groups, quadrants, question_keys
from diversity.report import MetricResult

TABLE = "answer_duplicates"
EVIDENCE = (
    "repeats",
    "clusters",
    "drop",
    "exact_ratio",
    "near_ratio",
    "semantic_ratio",
    "token_ratio",
    "effective_ratio",
)


def answer_duplication(inputs: Inputs) -> MetricOutput:
    """Share of the answers that repeat another one: those that would go if every cluster kept one.

    `info` adds to `duplicate_profile` the quadrants with the prompt side (`quadrants`), and how many rows are suggested
    to be dropped (`drop`).
    """
    answers, tokens = inputs.texts("answer"), inputs.answer_tokens
    filled = _filled(answers)
    if not filled.any():
        return not_applicable(METRIC.name, "answer", METRIC.unit, "no_answers")
    found = inputs.duplicates("answer")
    questions = question_keys(inputs.prompt_keys, inputs.corpus.turn_of_unit)
    systems = _systems(inputs)
    rows = np.flatnonzero(found.cluster >= 0)
    rows = rows[np.lexsort((rows, found.representative[rows] != rows, found.cluster[rows]))]
    drop, reasons = suggestions(found, rows, questions, systems, tokens, inputs)
    info = duplicate_profile(found, answers, filled, tokens)
    info["drop"] = int(drop.sum())
    info["quadrants"] = quadrants(questions, answer_groups(found.cluster), filled & (questions != 0))
    result = MetricResult(
        metric=METRIC.name, field="answer", value=info["repeat_ratio"], unit="ratio", info=info, table=TABLE
    )
    return MetricOutput([result], {TABLE: duplicates_table(inputs.corpus, found, rows, drop, reasons)})


def _systems(inputs: Inputs) -> NDArray[np.int64]:
    """(u,) a number for each unit's system prompt, -1 for none."""
    codes = pc.fill_null(inputs.corpus.records["system"].combine_chunks().dictionary_encode().indices, -1)
    return np.asarray(codes.to_numpy(), dtype=np.int64)[inputs.corpus.record_of_unit]


def _filled(texts: Any) -> NDArray[np.bool_]:
    trimmed = pc.utf8_trim_whitespace(texts)
    return np.asarray(pc.greater(pc.utf8_length(trimmed), 0).to_numpy(), dtype=bool)


def suggestions(
    found: Duplicates,
    rows: NDArray[np.int64],
    questions: NDArray[np.uint64],
    systems: NDArray[np.int64],
    tokens: NDArray[np.int64],
    inputs: Inputs,
) -> tuple[NDArray[np.bool_], list[str]]:
    """Which of `rows` (units inside clusters, each cluster together, its center first) to drop, and a code that says
    why.

    The center stays. The same prompt with the same answer again is dropped. Under another prompt an exact or near
    repeat is dropped too, unless the answer is as short as a label: of those, the first ones stay, up to a share of the
    set. A semantic repeat under another prompt stays: it is worth a look, not a deletion unseen. So does what only
    nearly repeats an answer under another system prompt: the few words that differ may be what that system asks for.
    """
    settings = inputs.settings.duplicates
    most = max(settings.label_minimum, int(settings.label_share * len(found.cluster)))
    drop, reasons = np.zeros(len(rows), bool), []
    seen: set[tuple[int, int]] = set()
    cluster, kept = -1, 0
    for at, row in enumerate(rows.tolist()):
        if found.cluster[row] != cluster:
            cluster, kept, seen = int(found.cluster[row]), 0, set()
        question = int(questions[row]), int(systems[row])
        if systems[row] != systems[found.representative[row]] and found.kind[row] != "exact":
            drop[at], reason = False, f"{found.kind[row]}_repeat_other_system"
        else:
            short = int(tokens[row]) <= settings.label_tokens
            drop[at], reason = _judged(found, row, question in seen, short, kept < most)
        reasons.append(reason)
        seen.add(question)
        kept += not drop[at]
    return drop, reasons


def _judged(found: Duplicates, row: int, asked_before: bool, label: bool, room: bool) -> tuple[bool, str]:
    kind = str(found.kind[row])
    if found.representative[row] == row:
        return False, "representative"
    if asked_before:
        return True, f"{kind}_repeat_same_prompt"
    if kind == "semantic":
        return False, "semantic_repeat_other_prompt"
    if label:
        return (False, "label_other_prompt") if room else (True, "label_too_frequent")
    return True, f"{kind}_repeat_other_prompt"


def _find(results: list[MetricResult]) -> Finding:
    result = results[0]
    if result.status != "ok":
        return Finding(None, reason=result.reason)
    info = result.info
    evidence = {key: info[key] for key in EVIDENCE}
    if info["top"]:
        evidence |= {"top_size": info["top"][0]["size"], "top_text": info["top"][0]["text"]}
    advice = "drop_repeats" if info["drop"] else "review_repeats"
    return Finding(result.value, evidence, records=info["repeats"], table=TABLE, advice=advice)


def _sample(report: Tables, result: MetricResult) -> Sample | None:
    return repeat_sample(report, TABLE, "answer_tokens")


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
