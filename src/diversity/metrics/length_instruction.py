"""length_instruction: where a prompt asks for a length, does the answer keep to it?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from diversity.features.inputs import Inputs
from diversity.features.length_request import RELATIONS, UNITS, LengthRequest, judge, parse_requests
from diversity.features.length_request.base import FINE
from diversity.metrics.base import ROW, CheckSpec, Finding, Metric, MetricOutput, Sample, Tables
from diversity.metrics.length_profile import LEAST_FOR_SHARE
from diversity.report import MetricResult

if TYPE_CHECKING:
    import pandas as pd

TABLE = "length_instructions"
# Under ten requests one answer more or less moves the share by more than the thresholds are apart.
MINIMUM = 10
# Texts without any of these hold no request: a first sieve that runs over whole columns.
SIEVE = (
    r"(?i)\b(?:words?|sentences?|paragraphs?|bullets?|lines?|items?|characters?|chars|points?)\b|"
    r"[0-9０-９一二两兩三四五六七八九十百千万萬几幾多来來余餘]\s*[个個]?[一-鿿]{0,2}[字词詞句段行条條点點项項]|字[数數]"
)
SCHEMA = pa.schema(
    [
        pa.field("source", pa.string()),
        pa.field("unit", pa.string()),
        pa.field("relation", pa.string()),
        pa.field("scope", pa.string()),
        pa.field("low", pa.int64()),
        pa.field("high", pa.int64()),
        pa.field("actual", pa.int64()),
        pa.field("kept", pa.bool_()),
        pa.field("deviation", pa.float64()),
        pa.field("span_start", pa.int64()),
        pa.field("span_end", pa.int64()),
    ]
)


def length_instruction(inputs: Inputs) -> MetricOutput:
    """Share of the judged length requests that the answers keep.

    A turn's own query is read, and the record's system prompt for units that the query says nothing about. The table
    has one row a request: `source` prompt or system, the span in that text, `actual` and `kept` null for requests
    about a part of the answer (a title), which are listed and not judged.
    """
    rows = [*_from_prompts(inputs)]
    own = {(unit, request.unit) for unit, _, request in rows}
    rows += [row for row in _from_systems(inputs) if (row[0], row[2].unit) not in own]
    rows.sort(key=lambda row: (row[0], row[1], row[2].start))
    table = _table(inputs, rows)
    frame = table.drop_columns(["record_id"]).to_pandas()
    info = _info(inputs, frame, np.asarray([unit for unit, source, _ in rows if source == "prompt"], dtype=np.int64))
    judged = info["judged"]
    if judged < MINIMUM:
        reason = "no_length_requests" if not len(rows) else "too_few_length_requests"
        result = MetricResult(
            metric=METRIC.name, field="pair", status="not_applicable", reason=reason, info=info, table=TABLE
        )
    else:
        value = info["kept"] / judged
        result = MetricResult(metric=METRIC.name, field="pair", value=value, info=info, table=TABLE)
    return MetricOutput([result], {TABLE: table})


def _from_prompts(inputs: Inputs) -> Iterable[tuple[int, str, LengthRequest]]:
    for unit, text in _sieved(inputs.corpus.prompts):
        for request in parse_requests(text, inputs.settings.length_requests):
            yield unit, "prompt", request


def _from_systems(inputs: Inputs) -> Iterable[tuple[int, str, LengthRequest]]:
    """The distinct system prompts are read once each; a request in one holds for every turn of its records."""
    systems = inputs.corpus.records["system"].combine_chunks().dictionary_encode()
    systems = systems.combine_chunks() if isinstance(systems, pa.ChunkedArray) else systems
    codes = systems.indices.fill_null(-1).to_numpy()[inputs.corpus.record_of_unit]
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(len(systems.dictionary) + 1))
    for code, text in _sieved(pa.chunked_array([systems.dictionary])):
        units = order[starts[code] : starts[code + 1]].tolist()
        for request in parse_requests(text, inputs.settings.length_requests) if units else ():
            yield from ((unit, "system", request) for unit in units)


def _sieved(texts: pa.ChunkedArray) -> Iterable[tuple[int, str]]:
    if not len(texts):
        return
    hits = np.flatnonzero(pc.fill_null(pc.match_substring_regex(texts, SIEVE), False).to_numpy())
    yield from zip(hits.tolist(), texts.take(pa.array(hits)).to_pylist(), strict=True)


def _table(inputs: Inputs, rows: Sequence[tuple[int, str, LengthRequest]]) -> pa.Table:
    units = np.asarray([unit for unit, _, _ in rows], dtype=np.int64)
    answers = inputs.corpus.answers.take(pa.array(units)).to_pylist()
    columns: dict[str, list[Any]] = {name: [] for name in SCHEMA.names}
    for (_, source, request), answer in zip(rows, answers, strict=True):
        outcome = judge(request, answer, inputs.settings.length_requests)
        values = (
            source, request.unit, request.relation, request.scope, request.low, request.high, outcome.actual,
            outcome.kept, outcome.deviation, request.start, request.end,
        )  # fmt: skip
        for name, value in zip(SCHEMA.names, values, strict=True):
            columns[name].append(value)
    judged = pa.table(columns, schema=SCHEMA)
    return pa.table({**inputs.corpus.unit_keys(units), **{name: judged[name] for name in SCHEMA.names}})


def _info(inputs: Inputs, frame: pd.DataFrame, asking: NDArray[np.int64]) -> dict[str, Any]:
    judged = frame[frame["kept"].notna()]
    kept = judged["kept"].astype(bool)
    broken = judged[~kept]
    fine = frame["unit"].isin(FINE) & (frame["scope"] == "answer")
    wanted = frame["low"].fillna(frame["high"])
    units = inputs.corpus.unit_count
    return {
        "requests": len(frame),
        "judged": len(judged),
        "kept": int(kept.sum()),
        "broken": len(broken),
        "too_short": int((broken["deviation"] < 0).sum()),
        "too_long": int((broken["deviation"] > 0).sum()),
        "units": units,
        "asking": len(np.unique(asking)),
        "asking_ratio": len(np.unique(asking)) / max(units, 1),
        "long": int((fine & (wanted >= inputs.settings.length_requests.long_from)).sum()),
        "long_from": inputs.settings.length_requests.long_from,
        "minimum": MINIMUM,
        "sources": dict(Counter(frame["source"].tolist())),
        "by_unit": _counts(judged, "unit", UNITS),
        "by_relation": _counts(judged, "relation", RELATIONS),
    }


def _counts(judged: pd.DataFrame, column: str, names: Sequence[str]) -> dict[str, dict[str, int]]:
    """Kept, too short and too long of every name that occurs."""
    found = {}
    for name in names:
        own = judged[judged[column] == name]
        if len(own):
            kept = int(own["kept"].astype(bool).sum())
            short = int((own["deviation"] < 0).sum())
            found[name] = {"kept": kept, "too_short": short, "too_long": len(own) - kept - short}
    return found


def _find(results: list[MetricResult]) -> Finding:
    result = results[0]
    info = result.info
    evidence = {name: info[name] for name in ("judged", "broken", "too_short", "too_long", "minimum")}
    if result.status != "ok":
        return Finding(None, evidence, reason=result.reason)
    advice = "lengthen" if info["too_short"] >= info["too_long"] else "shorten"
    return Finding(result.value, evidence, info["broken"], TABLE, {"kept": "broken"}, advice)


def _find_asking(results: list[MetricResult]) -> Finding:
    """Holds the share of prompts that ask for a length; the advice is to add long ones where there are none."""
    info = results[0].info
    evidence = {name: info[name] for name in ("asking", "units", "requests", "long", "long_from")}
    if info["units"] < LEAST_FOR_SHARE:
        return Finding(None, evidence, reason="too_few_for_share" if info["units"] else "no_prompts")
    advice = "add_requests" if info["long"] else "add_long_requests"
    return Finding(info["asking_ratio"], evidence, info["asking"], TABLE, advice=advice)


def _sample(report: Tables, result: MetricResult) -> Sample | None:
    table = report.table(TABLE, [*ROW, "kept"]).dropna(subset=["kept"])
    kept = table["kept"].to_numpy(dtype=np.float64)
    return Sample(kept, lambda values: float(values.mean()), table[ROW]) if len(kept) >= MINIMUM else None


def _asking_sample(report: Tables, result: MetricResult) -> Sample | None:
    if not report.has_table(TABLE) or not report.has_table("lengths"):
        return None
    units = report.table("lengths", ROW)
    asked = report.table(TABLE, ROW).drop_duplicates().assign(asks=1.0)
    asks = units.merge(asked, how="left", on=ROW)["asks"].fillna(0.0).to_numpy(dtype=np.float64)
    return Sample(asks, lambda values: float(values.mean()), units)


METRIC = Metric(
    name="length_instruction",
    field="pair",
    unit="ratio",
    direction="higher",
    compute=length_instruction,
    checks=(
        CheckSpec("length_instruction", "answers", "higher", "ratio", pass_at=0.85, warn_at=0.7, find=_find),
        CheckSpec(
            "length_requests",
            "prompts",
            "higher",
            "ratio",
            pass_at=0.01,
            warn_at=0.001,
            find=_find_asking,
            sample=_asking_sample,
        ),
    ),
    sample=_sample,
    beside="requests",
    texts_only=True,
)
