"""One map of both versions with its regions, and the records that tell the versions apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from diversity.charts.joint_map import joint_map
from diversity.comparison import Comparison
from diversity.comparison.regions import Region
from diversity.ui.behind import columns_of, draw_rows, texts_of
from diversity.ui.charting import part
from diversity.ui.choice import choose, choose_from_list
from diversity.ui.i18n import t
from diversity.ui.page import say_nothing_here
from diversity.ui.percents import percent_bar, percent_column, percents
from diversity.ui.records import page_picker, record_table
from diversity.ui.safe import one_line
from diversity.ui.urlstate import adopt, publish
from diversity.ui.view import View
from diversity.words.checks import reason_sentence
from diversity.words.language import p_value

FIELDS, SIDES = ("prompt", "answer"), ("after", "before")
ROWS = 25
SUREST = 200
QUIET = {"displayModeBar": False, "displaylogo": False, "responsive": True, "scrollZoom": True}


@st.cache_data(max_entries=4, show_spinner=False)
def _drawn(folder: str, _comparison: Comparison) -> pd.DataFrame:
    drawn = _comparison.drift_records()
    # To a reader a text is in both versions wherever both have it, whether or not both drew it.
    return drawn.assign(side=drawn["side"].where(drawn["only"], "both"))


def draw_joint_map(before: View, after: View, found: Comparison) -> None:
    """Map, regions and records of prompts or of answers."""
    part(t("drift.map"))
    field = choose("drift_field", FIELDS, FIELDS[0], t("drift.choose.drift_field"), lambda one: t(f"chart.{one}s"))
    drawn = _drawn(found.folder, found)
    points = drawn[drawn["field"] == field].reset_index(drop=True)
    regions = [region for region in found.regions if region.field == field]
    if points.empty or not regions:
        drift = next(one for one in found.drift if one.of == f"{field}_meaning")
        say_nothing_here(reason_sentence(drift.reason or "too_few_texts"))
    else:
        _map(before, after, found, points, regions)
    if not points.empty:
        _surest(before, after, found, points, field)


def _map(before: View, after: View, found: Comparison, points: pd.DataFrame, regions: list[Region]) -> None:
    counts = next(one.info for one in found.drift if one.of == f"{regions[0].field}_meaning")
    turns = any(one.report.overview["multi_turn_ratio"] > 0 for one in (before, after))
    st.text(" ".join([t(f"drift.frame.{found.frames[regions[0].field]}"), *map_notes(found, counts, turns)]))
    names = {_address(region): region for region in regions}
    chosen = adopt("region", ["", *names], "")
    table = pd.DataFrame([region.model_dump(exclude={"examples"}) for region in regions])
    versions = (one_line(found.before, 40), one_line(found.after, 40))
    picked = names[chosen].region if chosen else None
    drawing = joint_map(
        points, table, versions, t, totals=counts["texts"], chosen=picked, dark=st.context.theme.type == "dark"
    )
    # Zoom stays when another region is picked.
    drawing.update_layout(uirevision=regions[0].field)
    st.plotly_chart(drawing, key=f"drift-map-{regions[0].field}", width="stretch", config=QUIET)
    part(t("drift.regions"), t("drift.regions_explained"))
    clicked = _region_table(regions, versions)
    if clicked is not None and clicked != chosen:
        publish("region", clicked)
        st.session_state["region"] = clicked
        st.rerun()
    publish("region", chosen)
    if chosen:
        _examples(before, after, found, points, names[chosen])


def map_notes(found: Comparison, counts: Mapping[str, Mapping[str, int]], turns: bool) -> list[str]:
    """What the map leaves out: texts that were not drawn, and all turns of a record but one."""
    notes = [t("drift.one_turn")] if turns else []
    if counts["drawn"] != counts["texts"]:
        versions = {f"{name}_version": one_line(getattr(found, name), 40) for name in ("before", "after")}
        notes.append(t("drift.draw", **counts["drawn"], **versions))
    return notes


def _address(region: Region) -> str:
    """A region as the page's address names it."""
    return f"{region.field}.{region.region}"


def _region_table(regions: Sequence[Region], versions: tuple[str, str]) -> str | None:
    frame = pd.DataFrame(
        {
            "name": [one_line(region.name, 100) for region in regions],
            "moved": [t(f"drift.moved.{region.moved}") for region in regions],
            "before": percents(pd.Series([region.before for region in regions])),
            "after": percents(pd.Series([region.after for region in regions])),
            "change": percents(pd.Series([region.change for region in regions])),
            "p": [p_value(region.p) for region in regions],
        }
    )
    most = float(frame[["before", "after"]].max().max())
    config = {
        "name": st.column_config.Column(t("drift.column.region"), width=320),
        "moved": st.column_config.Column(t("drift.column.change_of_region")),
        "before": percent_bar(versions[0], most),
        "after": percent_bar(versions[1], most),
        "change": st.column_config.NumberColumn(t("drift.column.points"), format="%+.1f"),
        "p": st.column_config.TextColumn(t("drift.column.p")),
    }
    place = record_table(frame, f"drift-regions-{regions[0].field}", min(300, 38 + 35 * len(frame)), config)
    return None if place is None else _address(regions[place])


def _examples(before: View, after: View, found: Comparison, points: pd.DataFrame, region: Region) -> None:
    """The region's changed texts of the side that has more of it, the most typical first."""
    side = region.examples[0].side if region.examples else ("after" if region.change >= 0 else "before")
    typical = pd.DataFrame([one.model_dump() for one in region.examples], columns=["side", "record_id", "turn"])
    own = points.loc[(points["region"] == region.region) & (points["side"] == side), ["side", "record_id", "turn"]]
    units = pd.concat([typical, own], ignore_index=True).drop_duplicates(["record_id", "turn"])
    version = found.after if side == "after" else found.before
    part(t("drift.examples", name=one_line(region.name, 60), version=one_line(version, 40), n=len(own)))
    _units(after if side == "after" else before, units, f"drift-region-{region.field}-{region.region}")


def _surest(before: View, after: View, found: Comparison, points: pd.DataFrame, field: str) -> None:
    """The records that the domain classifier is surest of."""
    part(t("drift.surest"), t("drift.surest_explained"))
    drift = next(one for one in found.drift if one.of == f"{field}_meaning")
    if drift.size is None or drift.changed == 0:
        say_nothing_here(reason_sentence(drift.reason) if drift.reason else t("drift.nothing_changed"))
        return
    if drift.size in ("none", "unclear"):
        st.text(t("drift.surest_little"))
    names = {"after": one_line(found.after, 40), "before": one_line(found.before, 40)}
    # Where records were only added, or only removed, one side has none to show.
    sides = [one for one in SIDES if (points["side"] == one).any()] or list(SIDES)
    side = _whose({one: t(f"drift.whose.{one}", version=names[one]) for one in sides})
    own = points[points["side"] == side].sort_values(["sure", "record_id"], ascending=[False, True]).head(SUREST)
    _units(after if side == "after" else before, own, f"drift-surest-{field}-{side}", sure=True)


def _units(view: View, units: pd.DataFrame, key: str, *, sure: bool = False) -> None:
    """Texts of one version as a table with pages, beside the record that is open."""
    if units.empty:
        say_nothing_here(t("behind.nothing"))
        return
    page = page_picker(len(units), ROWS, f"{key}-page")
    rows = units.iloc[page * ROWS : (page + 1) * ROWS]
    frame = texts_of(view, rows)
    columns = ["prompt", "answer", "task_type"]
    config = {name: st.column_config.TextColumn(t(f"column.{name}"), width=230) for name in ("prompt", "answer")}
    if sure:
        frame = frame.assign(sure=percents(rows["sure"]).to_numpy())
        columns = ["sure", *columns]
        config |= {"sure": percent_column(t("drift.column.sure"))}
    draw_rows(view, frame, columns_of(view, frame, columns), f"{key}-{page}", config, key)


def _whose(labels: dict[str, str]) -> str:
    """A selectbox, because labels of buttons are Markdown and a user named the versions."""
    return choose_from_list(
        "whose", labels, next(iter(labels)), t("drift.choose.whose"), labels.__getitem__, width=360, labelled=False
    )
