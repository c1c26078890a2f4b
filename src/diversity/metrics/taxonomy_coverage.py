"""taxonomy_coverage: which items of a reference taxonomy does the set never show, or hardly?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from diversity.embed import embed_texts
from diversity.embed.base import unit_rows
from diversity.embed.unrelated import SENTENCES
from diversity.features.inputs import Inputs
from diversity.metrics.base import RECORD, CheckSpec, Finding, Metric, MetricOutput, Sample, Tables
from diversity.report import MetricResult
from diversity.taxonomies import (
    Coverage,
    Label,
    Match,
    Reference,
    Taxonomy,
    cover,
    match_labels,
    open_reference,
    with_edits,
)

TABLE = "taxonomy_mapping"
# Labels that no name settles and that are embedded, the largest first; more are a sign that labels are not task types.
MOST_EMBEDDED = 300
LISTED = 500
# How many absent items the check names.
NAMED = 5
# The taxonomy whose items there is good public data for.
CLASSIC = "nlp_tasks"
# Below this share of records under some item, absent items say more about the labels than about the data.
MAPPED_AT_LEAST = 0.5


def taxonomy_coverage(inputs: Inputs) -> MetricOutput:
    """One result a taxonomy, the chosen one first: the share of its items that have records.

    See `cover` for which items are judged. The table says for every label and taxonomy which item it stands for, and
    where that comes from.
    """
    reference: Reference = inputs.shared("taxonomies", lambda: open_reference(inputs.settings.taxonomy, None))
    labels = labels_of(inputs)
    if not labels:
        return MetricOutput([_without(inputs, reference, one) for one in reference.taxonomies])
    found = [(one, _matched(inputs, reference, one, labels)) for one in reference.taxonomies]
    results = [_result(inputs, reference, taxonomy, labels, matches) for taxonomy, matches in found]
    tables = [_mapping(taxonomy, labels, matches) for taxonomy, matches in found]
    return MetricOutput(results, {TABLE: pa.concat_tables(tables)})


def labels_of(inputs: Inputs) -> list[Label]:
    """The set's task types, most frequent first."""
    levels = [inputs.corpus.task_types(level).to_pylist() for level in (1, 2)]
    counts: dict[tuple[str, str | None], int] = {}
    for first, second in zip(*levels, strict=True):
        if first:
            counts[(first, second)] = counts.get((first, second), 0) + 1
    order = sorted(counts, key=lambda pair: (-counts[pair], pair[0], pair[1] or ""))
    return [Label(first, second, counts[(first, second)]) for first, second in order]


def _matched(inputs: Inputs, reference: Reference, taxonomy: Taxonomy, labels: list[Label]) -> list[Match]:
    """As names and likeness say, then as people have settled it."""
    embed = None if inputs.embedder is None else lambda texts: _seen_from_zero(inputs, texts)
    matches = match_labels(taxonomy, labels, embed, MOST_EMBEDDED)
    edits = reference.edits.get(taxonomy.name)
    return with_edits(taxonomy, labels, matches, edits.by_label()) if edits else matches


def _seen_from_zero(inputs: Inputs, texts: Sequence[str]) -> NDArray[np.float32]:
    """(n, d) unit rows seen from the mean of unrelated sentences; zeros for a blank text."""
    assert inputs.embedder is not None
    rows = embed_texts([*SENTENCES, *texts], inputs.embedder, inputs.cache / "embeddings").rows()
    origin = rows[: len(SENTENCES)].mean(axis=0, dtype=np.float64).astype(np.float32)
    seen = unit_rows(rows[len(SENTENCES) :] - origin)
    seen[[not text.strip() for text in texts]] = 0
    return seen


def _facts(inputs: Inputs, reference: Reference, taxonomy: Taxonomy) -> dict[str, Any]:
    """The taxonomy itself, so that a report shows it where its file is gone; aliases are of no use to a reader, yet
    `reference`, the key of all that labels were held against, changes with them."""
    bare = [one.model_copy(update={"aliases": ()}) for one in taxonomy.items]
    return {
        "taxonomy": taxonomy.model_copy(update={"items": tuple(bare)}).model_dump(mode="json"),
        "reference_key": reference.key_of(taxonomy),
        "minimum_records": inputs.settings.task_types.minimum_records,
    }


def _without(inputs: Inputs, reference: Reference, taxonomy: Taxonomy) -> MetricResult:
    return MetricResult(
        metric=METRIC.name,
        field="set",
        params={"taxonomy": taxonomy.name},
        status="not_applicable",
        reason="no_types_to_map",
        info=_facts(inputs, reference, taxonomy),
    )


def _result(
    inputs: Inputs, reference: Reference, taxonomy: Taxonomy, labels: list[Label], matches: list[Match]
) -> MetricResult:
    covered = cover(taxonomy, labels, [one.item for one in matches], inputs.settings.task_types.minimum_records)
    origins = [one.origin for one in matches]
    info = _facts(inputs, reference, taxonomy) | {
        "items": [one.model_dump() for one in covered.items],
        "judged": len(judged_items(covered)),
        "absent": covered.of("absent")[:LISTED],
        "absent_count": len(covered.of("absent")),
        "thin": covered.of("thin")[:LISTED],
        "thin_count": len(covered.of("thin")),
        "labels": len(labels),
        "mapped_share": covered.mapped,
        "unmapped": [list(one) for one in covered.unmapped[:LISTED]],
        "unmapped_count": len(covered.unmapped),
        "unmapped_records": sum(records for _, _, records in covered.unmapped),
        "origins": {name: origins.count(name) for name in ("exact", "alias", "similar", "edited", "none")},
    }
    return MetricResult(
        metric=METRIC.name,
        field="set",
        params={"taxonomy": taxonomy.name},
        value=covered.share,
        info=info,
        table=TABLE,
    )


def judged_items(covered: Coverage) -> list[str]:
    """Ids of the items that the share counts."""
    return covered.of("enough", "thin", "absent")


def _mapping(taxonomy: Taxonomy, labels: list[Label], matches: list[Match]) -> pa.Table:
    return pa.table(
        {
            "taxonomy": pa.array([taxonomy.name] * len(labels), pa.string()),
            "task_type_1": pa.array([one.first for one in labels], pa.large_string()),
            "task_type_2": pa.array([one.second for one in labels], pa.large_string()),
            "records": pa.array([one.records for one in labels], pa.int64()),
            "item": pa.array([one.item for one in matches], pa.string()),
            "origin": pa.array([one.origin for one in matches], pa.string()),
            "score": pa.array([one.score for one in matches], pa.float64()),
        }
    )


def _find(results: list[MetricResult]) -> Finding:
    """Holds the chosen taxonomy, which comes first."""
    result = results[0]
    if result.status != "ok":
        return Finding(None, reason=result.reason)
    info = result.info
    if info["mapped_share"] < MAPPED_AT_LEAST:
        # What no label was found for is not known to be missing.
        return Finding(None, reason="mostly_unmapped")
    taxonomy = info["taxonomy"]
    absent = [one for one in taxonomy["items"] if one["id"] in info["absent"][:NAMED]]
    evidence = {name: info[name] for name in ("absent_count", "thin_count", "unmapped_count", "labels")}
    evidence |= {
        "items": info["judged"],
        "covered": info["judged"] - info["absent_count"],
        "minimum": info["minimum_records"],
        "mapped_share": info["mapped_share"],
        "title_zh": taxonomy["title_zh"],
        "title_en": taxonomy["title_en"],
        "absent_zh": [one["zh"] for one in absent],
        "absent_en": [one["en"] for one in absent],
        "unnamed": info["absent_count"] - len(absent),
    }
    return Finding(
        result.value,
        evidence,
        records=info["unmapped_records"],
        where={"taxonomy": result.params["taxonomy"]},
        advice="collect_public" if taxonomy["name"] == CLASSIC else "collect",
    )


def _sample(report: Tables, result: MetricResult) -> Sample | None:
    """Records as the judged item that each falls under, -1 for none."""
    mapping = report.table(TABLE)
    mapping = mapping[mapping["taxonomy"] == result.params["taxonomy"]].fillna({"task_type_2": ""})
    statuses = {one["item"]: one["status"] for one in result.info["items"]}
    judged = [name for name, status in statuses.items() if status not in ("divided", "undivided")]
    place = {name: at for at, name in enumerate(judged)}
    keys = zip(mapping["task_type_1"], mapping["task_type_2"], strict=True)
    by_label = dict(zip(keys, mapping["item"].map(lambda name: place.get(name, -1)), strict=True))
    types = report.table("task_types", [*RECORD, "task_type_1", "task_type_2"]).dropna(subset=["task_type_1"])
    pairs = zip(types["task_type_1"], types["task_type_2"].fillna(""), strict=True)
    values = np.array([by_label.get(pair, -1) for pair in pairs], np.int64)
    if not len(values):
        return None
    names = np.array(judged, dtype=object)
    return Sample(values, lambda some: len(np.unique(some[some >= 0])) / len(judged), types[RECORD], names=names)


METRIC = Metric(
    name="taxonomy_coverage",
    field="set",
    unit="ratio",
    direction="higher",
    compute=taxonomy_coverage,
    checks=(CheckSpec("taxonomy_coverage", "purpose", "higher", "ratio", pass_at=0.85, warn_at=0.6, find=_find),),
    sample=_sample,
)
