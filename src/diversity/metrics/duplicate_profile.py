"""What the figures on repeated prompts and repeated answers have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from diversity.corpus import Corpus
from diversity.features.inputs import TextField
from diversity.metrics.base import ROW, Finding, Sample, Tables
from diversity.metrics.hill import hill_numbers
from diversity.metrics.repeat_advice import Advice
from diversity.neighbors import Duplicates, repeat_count
from diversity.neighbors.prompts import answer_groups
from diversity.neighbors.texts import Texts, take
from diversity.report import MetricResult

KINDS = ("exact", "near", "semantic")
TOP = 20
EXCERPT = 200


def duplicate_profile(
    found: Duplicates, texts: Texts, filled: NDArray[np.bool_], tokens: NDArray[np.int64]
) -> dict[str, Any]:
    """Figures over the repeats among `texts` (u,), of which `filled` (u,) are not empty and which are `tokens` (u,)
    long.

    A text repeats when it would go if every cluster kept one: `repeat_ratio` is their share, `exact_ratio`,
    `near_ratio` and
    `semantic_ratio` sum to it. `cluster_ratio` also counts the one that stays. `effective_ratio` is the effective
    number of different texts (Hill number of order 1 over clusters) in relation to all of them. `strip` counts plain
    repeats: equal but for white space at the ends. Without vectors nobody looked for semantic repeats: their two
    figures are None then, and `semantic_reason` is "no_embedder".
    """
    total = max(1, int(filled.sum()))
    repeats = ~found.keeper
    clustered = found.cluster >= 0
    plain_total, plain = repeat_count(texts, "strip")
    all_tokens = max(1, int(tokens[filled].sum()))
    hill = hill_numbers(np.bincount(answer_groups(found.cluster)[filled]))
    profile: dict[str, Any] = {
        "texts": int(filled.sum()),
        "empty": int(len(filled) - filled.sum()),
        "clusters": found.cluster_count,
        "repeats": int(repeats.sum()),
        "repeat_ratio": float(repeats.sum() / total),
        "cluster_ratio": float(clustered.sum() / total),
        **{f"{kind}_ratio": float(np.sum(repeats & (found.kind == kind)) / total) for kind in KINDS},
        **{f"{kind}_repeats": int(np.sum(repeats & (found.kind == kind))) for kind in KINDS},
        "token_ratio": float(tokens[clustered].sum() / all_tokens),
        "repeat_token_ratio": float(tokens[repeats].sum() / all_tokens),
        "effective": hill["q1"],
        "effective_ratio": min(1.0, hill["q1"] / total),
        "strip": {"texts": plain_total, "repeats": plain, "ratio": plain / max(1, plain_total)},
        "semantic_threshold": found.threshold_semantic,
        "top": top_clusters(found, texts),
    }
    if found.threshold_semantic is None:
        profile |= {"semantic_ratio": None, "semantic_repeats": None, "semantic_reason": "no_embedder"}
    return profile


def most_to_mend(
    found: Duplicates, texts: Texts, rows: NDArray[np.int64], suggested: NDArray[np.str_]
) -> dict[str, Any] | None:
    """The cluster that most rows are to be dropped from or rewritten in, and how many (`mended`); None where all of
    `rows` (r,) stay."""
    mended = np.bincount(found.cluster[rows[suggested != "keep"]])
    if not len(mended):
        return None
    # Clusters are numbered by size: of equals the first is the largest.
    cluster = int(mended.argmax())
    return {**_described(found, texts, range(cluster, cluster + 1))[0], "mended": int(mended[cluster])}


def top_clusters(found: Duplicates, texts: Texts) -> list[dict[str, Any]]:
    """The largest clusters with the beginning of the text they are built around."""
    return _described(found, texts, range(min(TOP, found.cluster_count)))


def _described(found: Duplicates, texts: Texts, clusters: range) -> list[dict[str, Any]]:
    """Number, size and beginning of each of the clusters."""
    heads = np.flatnonzero(found.keeper & (found.cluster >= clusters.start) & (found.cluster < clusters.stop))
    heads = heads[np.argsort(found.cluster[heads])]
    sizes = np.bincount(found.cluster[found.cluster >= 0])
    return [
        {"cluster_id": int(found.cluster[row]), "size": int(sizes[found.cluster[row]]), "text": text.strip()[:EXCERPT]}
        for row, text in zip(heads.tolist(), take(texts, heads), strict=True)
    ]


def duplicates_table(
    corpus: Corpus, found: Duplicates, rows: NDArray[np.int64], suggested: NDArray[np.str_], advice: Advice
) -> pa.Table:
    """One line for each unit of `rows` (r,), those inside clusters; `suggested` (r,) and `advice` say what to do about
    each, and why.
    """
    partner = corpus.record_of_unit[found.representative[rows]]
    beside = np.asarray(advice.beside, dtype=np.int64)
    return pa.table(
        {
            **corpus.unit_keys(rows),
            "kind": pa.array(found.kind[rows].tolist(), pa.string()),
            "cluster_id": pa.array(found.cluster[rows]),
            "representative_id": pc.take(corpus.record_ids, pa.array(partner)),
            "similarity": pa.array(found.similarity[rows]),
            "suggestion": pa.array(suggested.tolist(), pa.string()),
            "reason": pa.array(advice.reasons, pa.string()),
            "representative_turn": pa.array(corpus.turn_of_unit[found.representative[rows]]),
            "reason_id": pc.take(corpus.record_ids, pa.array(corpus.record_of_unit[beside])),
            "reason_turn": pa.array(corpus.turn_of_unit[beside]),
        }
    )


def repeat_finding(result: MetricResult, evidence: Sequence[str], table: str, otherwise: str) -> Finding:
    """What the check says of `result`: the advice is what the suggestions come to, `otherwise` where they keep every
    row; the group named is the one with most to mend, else the largest."""
    if result.status != "ok":
        return Finding(None, reason=result.reason)
    info = result.info
    said = {key: info[key] for key in evidence}
    top = info.get("mended") or next(iter(info["top"]), None)
    if top:
        said |= {"top_size": top["size"], "top_text": top["text"], "top_mended": top.get("mended", 0)}
    if info["drop"] and info["rewrite"]:
        advice = "drop_and_rewrite"
    else:
        advice = "drop_repeats" if info["drop"] else "rewrite_repeats" if info["rewrite"] else otherwise
    return Finding(result.value, said, records=info["repeats"], table=table, advice=advice)


def repeat_sample(report: Tables, table: str, of: TextField) -> Sample | None:
    """The share of repeats as a statistic over units: among those drawn, the share that a cluster has more than
    once.
    """
    if not report.has_table(table) or not report.has_table("lengths"):
        return None
    tokens = f"{of}_tokens"
    lengths = report.table("lengths", [*ROW, tokens])
    filled = lengths.loc[lengths[tokens] > 0, ROW]
    clusters = filled.merge(report.table(table, [*ROW, "cluster_id"]), how="left", on=ROW)["cluster_id"]
    alone = np.arange(len(clusters)) + int(clusters.max() + 1 if clusters.notna().any() else 0)
    numbers = np.where(clusters.isna(), alone, clusters.fillna(0)).astype(np.int64)
    return Sample(numbers, repeat_share, filled, of, clusters=True)


def repeat_share(clusters: NDArray[np.int64]) -> float:
    """The share of rows that their cluster has more than once."""
    return float(1 - np.count_nonzero(np.bincount(clusters)) / len(clusters))
