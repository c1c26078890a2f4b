"""system_effect: does the answer depend on the system prompt, or is the system an ornament?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from diversity.features.inputs import Inputs
from diversity.features.system_calls import messages_to_tools
from diversity.features.system_effect import SystemEffectSettings
from diversity.features.system_evidence import Evidence, gather_evidence
from diversity.features.system_partners import Systems, group_systems
from diversity.features.system_records import SystemRecords, records_with_system, turns
from diversity.features.system_stock import is_stock
from diversity.features.system_tools import called_tools, declared_tools, only_tools
from diversity.metrics.base import RECORD, CheckSpec, Finding, Metric, MetricOutput, Sample, Tables
from diversity.report import MetricResult

TABLE = "system_effect"
CLASSES = ("effective", "decorative", "tools", "absent")
JUDGED = ("effective", "decorative")
GROUPS_SHOWN = 10
TEXT_SHOWN = 240

Floats = NDArray[np.float64]


def system_effect(inputs: Inputs) -> MetricOutput:
    """The smaller share of effective and decorative systems among the records whose system can be judged.

    The article wants both: data whose answer depends on the system, and data where the system is a mere ornament. The
    table has one row a record: `class`, `score` (probability that the answer depends on the system), the evidence as
    codes, `boilerplate`, `system_group`.
    """
    settings = inputs.settings.system_effect
    systems = group_systems(inputs.corpus.records["system"], inputs.settings.duplicates)
    records = records_with_system(inputs, systems)
    table, counts = _judged(inputs, systems, records, settings)
    info: dict[str, Any] = {"classes": counts, "minimum": settings.minimum} | _boilerplate(table, systems, settings)
    info |= {"kept": _top_codes(table), "expected": settings.expected}
    judged = counts["effective"] + counts["decorative"]
    reason = (
        None
        if judged >= settings.minimum
        else "few_systems"
        if counts["absent"] < inputs.corpus.record_count
        else "no_systems"
    )
    value = min(counts["effective"], counts["decorative"]) / judged if reason is None else None
    if reason == "no_systems" and settings.expected:
        value, reason = 0.0, None
    result = MetricResult(
        metric=METRIC.name,
        field="conversation",
        status="ok" if reason is None else "not_applicable",
        value=value,
        unit=METRIC.unit,
        reason=reason,
        info=info,
        table=TABLE,
    )
    return MetricOutput([result], {TABLE: table})


def _judged(
    inputs: Inputs, systems: Systems, records: SystemRecords, settings: SystemEffectSettings
) -> tuple[pa.Table, dict[str, int]]:
    """The table, one row a record of the set, and how many records each class has."""
    evidence = gather_evidence(inputs, systems, records, settings)
    stock = np.asarray([is_stock(text) for text in systems.texts], dtype=bool)
    # A stock phrase asks for nothing: what its words share with an answer is chance.
    total = np.where(stock[records.system], np.minimum(evidence.total, settings.base), evidence.total)
    klass = np.where(total > 0, "effective", "decorative").astype("<U10")
    kept: list[list[str]] = evidence.checked["kept"].to_pylist()
    for at, called, alone in _with_tools(inputs, systems, records):
        if called:
            klass[at], total[at] = "effective", settings.most
            kept[at] = [*kept[at], *(f"tool:{name}" for name in called)]
        elif alone or klass[at] == "decorative":
            # Whether a tool was to be called here is not in the data: no call is no sign of an ornament.
            klass[at], total[at] = "tools", np.nan
    common = _common(systems, stock, len(records.rows), settings)
    table = _table(inputs, records, evidence, kept, klass, total, common[records.system])
    counts = Counter(klass.tolist())
    counts["absent"] = inputs.corpus.record_count - len(records.rows)
    return table, {name: counts[name] for name in CLASSES}


def _with_tools(inputs: Inputs, systems: Systems, records: SystemRecords) -> Iterator[tuple[int, list[str], bool]]:
    """Of each record whose system declares tools: its place, the tools it calls, and whether the system says nothing
    else."""
    declared = [declared_tools(text) for text in systems.texts]
    alone = [only_tools(text) for text in systems.texts]
    places = np.flatnonzero(np.asarray([bool(names) for names in declared], dtype=bool)[records.system])
    calls = messages_to_tools(inputs.corpus, records.rows[places])
    for at, made in zip(places.tolist(), calls, strict=True):
        system = int(records.system[at])
        yield at, called_tools(declared[system], made, *turns(inputs, records, at)), alone[system]


def _common(
    systems: Systems, stock: NDArray[np.bool_], records: int, settings: SystemEffectSettings
) -> NDArray[np.bool_]:
    """(m,) whether a system is boilerplate: a stock phrase, or nearly the same text over many records."""
    least = max(settings.boilerplate_records, settings.boilerplate_share * records)
    return np.asarray(stock | (systems.group_records[systems.group] >= least))


def _table(
    inputs: Inputs,
    records: SystemRecords,
    evidence: Evidence,
    kept: list[list[str]],
    klass: NDArray[np.str_],
    total: Floats,
    boilerplate: NDArray[np.bool_],
) -> pa.Table:
    """One row a record of the set, in its order; records without a system have a class only."""
    place = np.full(inputs.corpus.record_count, -1, np.int64)
    place[records.rows] = np.arange(len(records.rows))
    at = pa.array(place, mask=place < 0)
    score = 1 / (1 + np.exp(-total))
    columns: dict[str, Any] = {
        "class": pa.array(klass.tolist(), pa.string()),
        "score": pa.array(score, pa.float64(), from_pandas=True),
        "kept": pa.array(kept, pa.list_(pa.string())),
        **{name: evidence.checked[name].combine_chunks() for name in ("anyway", "broken")},
        "runs": pa.array(evidence.runs, pa.int64()),
        "gain_words": pa.array(evidence.by_words, pa.float64(), from_pandas=True),
        "gain_meaning": pa.array(evidence.by_meaning, pa.float64(), from_pandas=True),
        "boilerplate": pa.array(boilerplate, pa.bool_()),
        "system_group": pa.array(records.group, pa.int64()),
    }
    table = pa.table(
        {"record_id": inputs.corpus.record_ids, **{name: column.take(at) for name, column in columns.items()}}
    )
    named = table["class"].combine_chunks().fill_null("absent")
    return table.set_column(1, "class", named)


def _boilerplate(table: pa.Table, systems: Systems, settings: SystemEffectSettings) -> dict[str, Any]:
    """How much of the set shares its systems, and the groups of most records with their classes."""
    frame = table.select(["class", "boilerplate", "system_group"]).to_pandas()
    own = frame[frame["class"] != "absent"]
    groups = []
    for group in range(min(GROUPS_SHOWN, len(systems.group_records))):
        members = own.loc[own["system_group"] == group, "class"]
        texts = [systems.texts[at] for at in np.flatnonzero(systems.group == group)]
        classes = {name: int((members == name).sum()) for name in CLASSES[:3]}
        text = min(texts, key=lambda text: (len(text), text))[:TEXT_SHOWN]
        groups.append(
            {"group": group, "records": len(members), "wordings": len(texts), "text": text, "classes": classes}
        )
    common = own[own["boilerplate"].astype(bool)]
    return {
        "with_system": len(own),
        "distinct": len(systems.texts),
        "groups": len(systems.group_records),
        "boilerplate": len(common),
        "boilerplate_share": len(common) / len(own) if len(own) else 0.0,
        "boilerplate_classes": {name: int((common["class"] == name).sum()) for name in CLASSES[:3]},
        "top_groups": groups,
        "partners": settings.partners,
        "reference": min(settings.reference, len(own)),
        "embedded": min(settings.most_embedded, len(systems.texts)),
    }


def _top_codes(table: pa.Table) -> dict[str, int]:
    """Kinds of requests that answers keep because of the system, and how many records do."""
    found: Counter[str] = Counter()
    for codes in table["kept"].to_pylist():
        found.update({code.removeprefix("not:").split(":")[0] for code in codes or ()})
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _find(results: list[MetricResult]) -> Finding:
    result = results[0]
    if result.status != "ok":
        return Finding(None, evidence=result.info.get("classes", {}), reason=result.reason)
    counts = result.info["classes"]
    judged = counts["effective"] + counts["decorative"]
    shares = {name: counts[name] / judged if judged else 0.0 for name in JUDGED}
    weaker = min(JUDGED, key=lambda name: counts[name])
    stronger = "decorative" if weaker == "effective" else "effective"
    evidence = {
        "effective": shares["effective"],
        "decorative": shares["decorative"],
        "with_system": result.info["with_system"],
        "absent": counts["absent"],
        "boilerplate": result.info["boilerplate_share"],
        "smallest": weaker,
        "largest": stronger,
    }
    advice = f"add_{weaker}" if judged else "add_systems"
    return Finding(
        result.value, evidence, records=counts[stronger], table=TABLE, where={"effect": stronger}, advice=advice
    )


def _sample(report: Tables, result: MetricResult) -> Sample | None:
    if not report.has_table(TABLE):
        return None
    table = report.table(TABLE, [*RECORD, "class"])
    judged = table[table["class"].isin(JUDGED)]
    effective = (judged["class"] == "effective").to_numpy(dtype=np.float64)
    if len(effective) < result.info["minimum"]:
        return None
    return Sample(effective, lambda values: float(min(values.mean(), 1 - values.mean())), judged[RECORD], relative=True)


METRIC = Metric(
    name="system_effect",
    field="conversation",
    unit="ratio",
    direction="higher",
    compute=system_effect,
    checks=(CheckSpec("system_effect", "conversations", "higher", "ratio", pass_at=0.2, warn_at=0.1, find=_find),),
    sample=_sample,
    beside="conversations",
)
