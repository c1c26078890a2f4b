"""The taxonomy page: a taxonomy's items with the records under each, and the mapping behind it, which a reader can
change and keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import streamlit as st

from diversity.charts import draw
from diversity.charts.taxonomy_coverage import item_names
from diversity.errors import UsageError
from diversity.metrics.taxonomy_coverage import TABLE, judged_items
from diversity.report import MetricResult
from diversity.taxonomies import (
    Coverage,
    Edits,
    Item,
    Key,
    Label,
    Match,
    Taxonomy,
    cover,
    read_edits,
    save_edits,
    set_aside,
    with_edits,
)
from diversity.taxonomies.reference import FOLDER
from diversity.ui.charting import part, show_figure, side_by_side, why_not
from diversity.ui.choice import choose_from_list
from diversity.ui.i18n import language, percent, t
from diversity.ui.page import say_nothing_here
from diversity.ui.safe import one_line
from diversity.ui.view import View

PICKED = "taxonomy"
# Rows of the table that can be edited; a browser table of more is slow, and labels that rare weigh nothing.
MOST_ROWS = 500
SAVED = "taxonomy-saved"


def draw_taxonomies(view: View) -> None:
    """Everything under the verdict."""
    results = {
        str(one.params["taxonomy"]): one
        for one in view.report.results
        if one.metric == "taxonomy_coverage" and one.params
    }
    if not results:
        say_nothing_here(why_not(view.report.result("taxonomy_coverage")))
        return
    result = results[_picked(results)]
    taxonomy = stored_taxonomy(result)
    if result.status != "ok" or not view.has(TABLE):
        say_nothing_here(why_not(result))
        part(t("taxonomy.collect_title"), t("taxonomy.collect_all"))
        _draw_items(taxonomy, [one.id for one in taxonomy.items], {})
        return
    folder = view.stored.path.parent / FOLDER
    edits = _read(folder, taxonomy)
    labels, found = stored_mapping(view.query(f"select * from {TABLE} where taxonomy = ?", [taxonomy.name]))
    matches = with_edits(taxonomy, labels, found, edits or {})
    covered = cover(taxonomy, labels, [one.item for one in matches], int(result.info["minimum_records"]))
    _draw_figure(result, taxonomy, covered)
    if edits is not None:
        _draw_mapping(taxonomy, labels, matches, edits, folder)


def _read(folder: Path, taxonomy: Taxonomy) -> dict[Key, str | None] | None:
    """What people have settled; None, with what to do about it, where the file is damaged: to save over it would wipe
    out their work."""
    try:
        return read_edits(folder, taxonomy.name).by_label()
    except UsageError as error:
        st.text(str(error))
        st.text(t("taxonomy.damaged"))
        if st.button(t("taxonomy.set_aside"), key="taxonomy-set-aside"):
            set_aside(folder, taxonomy.name)
            st.rerun()
        return None


def stored_taxonomy(result: MetricResult) -> Taxonomy:
    """The taxonomy as the report keeps it."""
    return Taxonomy.model_validate(result.info["taxonomy"])


def stored_mapping(rows: pd.DataFrame) -> tuple[list[Label], list[Match]]:
    """Labels and matches as the report's table has them."""
    plain = rows.astype(object).where(rows.notna(), None).to_dict("records")
    labels = [Label(row["task_type_1"], row["task_type_2"], int(row["records"])) for row in plain]
    return labels, [Match(row["item"], row["origin"], row["score"]) for row in plain]


def new_edits(
    taxonomy: Taxonomy,
    labels: Sequence[Label],
    before: Sequence[str | None],
    chosen: Sequence[str | None],
    edits: Mapping[Key, str | None],
) -> Edits:
    """The edits to keep: those there were, and the labels for which another item than `before` is `chosen`."""
    kept = dict(edits)
    for label, old, new in zip(labels, before, chosen, strict=True):
        if new != old:
            kept[label.key] = new
    ordered = sorted(kept.items(), key=lambda one: (one[0][0], one[0][1] or ""))
    return Edits(taxonomy=taxonomy.name, labels=tuple((*key, item) for key, item in ordered))


def _picked(results: Mapping[str, MetricResult]) -> str:
    titles = {name: one_line(_title(one), 80) for name, one in results.items()}
    return choose_from_list(PICKED, titles, next(iter(titles)), t("taxonomy.pick"), titles.__getitem__)


def _title(result: MetricResult) -> str:
    return str(result.info["taxonomy"][f"title_{language()}"])


def _draw_figure(result: MetricResult, taxonomy: Taxonomy, covered: Coverage) -> None:
    judged = len(judged_items(covered))
    absent, thin = covered.of("absent"), covered.of("thin")
    part(
        t("taxonomy.sentence", covered=judged - len(absent), items=judged, share=percent(covered.share)),
        t("taxonomy.mapped", share=percent(covered.mapped), n=len(covered.unmapped)),
    )
    if result.value is not None and abs(covered.share - result.value) > 1e-9:
        st.text(t("taxonomy.differs", share=percent(result.value)))
    left, right = side_by_side("taxonomy", [6, 5])
    with left:
        items = [one.model_dump() for one in covered.items]
        show_figure(draw("taxonomy_coverage", result, None, t, items=items), f"taxonomy-{taxonomy.name}")
    with right:
        part(t("taxonomy.collect_title"))
        if absent or thin:
            counts = {one.item: one.records for one in covered.items}
            _draw_items(taxonomy, [*absent, *thin], counts)
        else:
            st.text(t("taxonomy.collect_none", minimum=int(result.info["minimum_records"])))


def _draw_items(taxonomy: Taxonomy, items: list[str], counts: Mapping[str, int]) -> None:
    """Items with what they are, and how many records they have where that is known."""
    names = item_names(taxonomy.model_dump(), language())
    chosen = [one for key in items if (one := taxonomy.item(key)) is not None]
    frame = pd.DataFrame({"item": [one_line(_full_name(one, names), 120) for one in chosen]})
    if counts:
        frame["records"] = [counts[one.id] for one in chosen]
    frame["about"] = [one_line(_about(one), 240) for one in chosen]
    config = {name: st.column_config.Column(t(f"taxonomy.column_{name}")) for name in frame.columns}
    st.dataframe(
        frame,
        hide_index=True,
        column_config=config,
        width="stretch",
        height=min(560, 38 + 35 * max(len(frame), 1)),
        key=f"taxonomy-items-{taxonomy.name}",
    )


def _about(item: Item) -> str:
    return item.description_zh if language() == "zh" else item.description_en


def _full_name(item: Item, names: Mapping[str, str]) -> str:
    return names[item.id] if item.parent is None else f"{names[item.parent]} › {names[item.id]}"


def _draw_mapping(
    taxonomy: Taxonomy, labels: list[Label], matches: list[Match], edits: Mapping[Key, str | None], folder: Path
) -> None:
    part(t("taxonomy.mapping_title"), t("taxonomy.mapping_explained"))
    labels, matches = labels[:MOST_ROWS], matches[:MOST_ROWS]
    names = _options(taxonomy)
    edited = _editor(taxonomy, labels, matches, names)
    ids = {name: item for item, name in names.items()}
    before, chosen = [one.item for one in matches], [ids.get(name) for name in edited["item"]]
    changed = sum(new != old for new, old in zip(chosen, before, strict=True))
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(t("taxonomy.save", n=changed), type="primary", disabled=not changed, key="taxonomy-save"):
            save_edits(folder, new_edits(taxonomy, labels, before, chosen, edits))
            st.session_state[SAVED] = True
            st.rerun()
        if edits:
            _offer_to_forget(taxonomy, len(edits), folder)
    st.text(t("taxonomy.saved") if st.session_state.pop(SAVED, False) else t("taxonomy.next"))


def _offer_to_forget(taxonomy: Taxonomy, count: int, folder: Path) -> None:
    """Asks first: what is deleted is a person's work."""
    with st.popover(t("taxonomy.forget", n=count)):
        st.text(t("taxonomy.forget_sure", n=count))
        if st.button(t("taxonomy.forget_yes"), key="taxonomy-forget"):
            save_edits(folder, Edits(taxonomy=taxonomy.name))
            st.rerun()


def _options(taxonomy: Taxonomy) -> dict[str | None, str]:
    """Item → the name to choose it by; no two alike."""
    names = item_names(taxonomy.model_dump(), language())
    options: dict[str | None, str] = {None: t("taxonomy.nothing")}
    for item in taxonomy.items:
        name = one_line(_full_name(item, names), 120)
        options[item.id] = name if name not in options.values() else f"{name} ({item.id})"
    return options


def _editor(
    taxonomy: Taxonomy, labels: list[Label], matches: list[Match], names: Mapping[str | None, str]
) -> pd.DataFrame:
    """The table as the reader has it now."""
    frame = pd.DataFrame(
        {
            "label": [one_line(" - ".join(filter(None, one.key)), 120) for one in labels],
            "records": [one.records for one in labels],
            "item": [names[one.item] for one in matches],
            "origin": [t(f"taxonomy.origin_{one.origin}") for one in matches],
            "score": ["" if one.score is None else f"{one.score:.2f}" for one in matches],
        }
    )
    fixed = ("label", "records", "origin", "score")
    config = {name: st.column_config.Column(t(f"taxonomy.column_{name}"), disabled=True) for name in fixed}
    config["item"] = st.column_config.SelectboxColumn(
        t("taxonomy.column_item"), options=list(names.values()), required=True, width="large"
    )
    return st.data_editor(
        frame,
        hide_index=True,
        column_config=config,
        width="stretch",
        height=min(520, 38 + 35 * max(len(frame), 1)),
        # Another key once something is saved: what was typed into the old table must not be applied to the new one.
        key=f"taxonomy-mapping-{taxonomy.name}-{hash(tuple(frame['item']))}",
    )
