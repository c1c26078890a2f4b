"""The tables behind the shortcut probes: who was told by which part of the prompt, and who gives itself away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from diversity.features.inputs import Inputs
from diversity.features.labelled_draw import Drawn
from diversity.features.linear_probe import Probed
from diversity.features.shortcut_views import View, all_views, short_views

TABLE, RECORDS = "shortcut_probes", "shortcut_records"
# A support vector machine wants its own class two above the others; half of that is a call it stands by.
CONFIDENT = 1.0


def shortcut_tables(
    inputs: Inputs, target: str, drawn: Drawn, whole: Probed, found: Mapping[View, Probed]
) -> dict[str, pa.Table]:
    """Who was told by which view; and the records that a short view gives away for certain."""
    names = np.asarray(drawn.names, dtype=object)[drawn.labels]
    columns = {
        column_name(view): (found[view].right if view in found else np.zeros(len(names), bool))
        for view in all_views(inputs.settings.shortcuts)
    }
    told = pa.table(
        {
            **inputs.corpus.unit_keys(drawn.units),
            "target": pa.array([target] * len(names), pa.string()),
            "label": pa.array(names, pa.large_string()),
            "whole": whole.right,
            **columns,
        }
    )
    return {TABLE: told, RECORDS: pa.concat_tables(_given_away(inputs, target, drawn, names, found))}


def _given_away(
    inputs: Inputs, target: str, drawn: Drawn, names: NDArray[Any], found: Mapping[View, Probed]
) -> Iterator[pa.Table]:
    for kind, k in short_views(inputs.settings.shortcuts):
        seen = found.get((kind, k))
        rows = np.flatnonzero(seen.right & (seen.margin >= CONFIDENT)) if seen is not None else np.zeros(0, np.int64)
        yield pa.table(
            {
                **inputs.corpus.unit_keys(drawn.units[rows]),
                "target": pa.array([target] * len(rows), pa.string()),
                "view": pa.array([kind] * len(rows), pa.string()),
                "label": pa.array(names[rows], pa.large_string()),
                "margin": pa.array(seen.margin[rows] if seen is not None else [], pa.float64()),
            }
        )


def column_name(view: View) -> str:
    """Where the table says whether the view told the class: `first_4`, `length`."""
    kind, k = view
    return f"{kind}_{k}" if k else kind
