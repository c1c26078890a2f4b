"""The pages, in the reader's order. A file in `pages/<section>/` appears on its own; this list gives order and icon."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from diversity.ui.i18n import t, t_or
from diversity.ui.markup import show, tag
from diversity.ui.view import address

SECTIONS = ("report", "compare", "records", "act", "about")
ICONS = {
    "overview": ":material/fact_check:",
    "task_types": ":material/category:",
    "wording": ":material/format_quote:",
    "lengths": ":material/straighten:",
    "key_information": ":material/my_location:",
    "conversations": ":material/forum:",
    "shortcuts": ":material/alt_route:",
    "answer_duplicates": ":material/content_copy:",
    "set_diversity": ":material/scatter_plot:",
    "map": ":material/bubble_chart:",
    "taxonomy": ":material/account_tree:",
    "cards": ":material/menu_book:",
    "versions": ":material/compare_arrows:",
    "browse": ":material/search:",
    "set_aside": ":material/rule:",
    "add_data": ":material/upload_file:",
    "budget": ":material/balance:",
    "produce": ":material/edit_note:",
    "export": ":material/download:",
}
OTHER_ICON = ":material/insights:"
HOME = "overview"


@dataclass(frozen=True, slots=True)
class PageFile:
    """One page: its section, its name (file, address and catalogue key alike) and its path from the root."""

    section: str
    name: str

    @property
    def path(self) -> str:
        return f"pages/{self.section}/{self.name}.py"


def page_files(root: Path) -> list[PageFile]:
    """The pages that exist under `root`, in order; unlisted ones come last in their section."""
    order = list(ICONS)
    found = []
    for section in SECTIONS:
        names = [path.stem for path in (root / "pages" / section).glob("*.py") if not path.stem.startswith("_")]
        names.sort(key=lambda name: (order.index(name) if name in order else len(order), name))
        found += [PageFile(section, name) for name in names]
    return found


def page_title(name: str) -> str:
    """The page's name in the reader's language."""
    return t_or(f"page.{name}.title", name.replace("_", " "))


def streamlit_pages(root: Path) -> dict[str, list[StreamlitPage]]:
    """Section → its pages, for `st.navigation`; remembered for `link`."""
    sections: dict[str, list[StreamlitPage]] = {}
    by_name: dict[str, StreamlitPage] = {}
    for file in page_files(root):
        page = st.Page(
            root / file.path,
            title=page_title(file.name),
            icon=ICONS.get(file.name, OTHER_ICON),
            url_path=file.name,
            default=file.name == HOME,
        )
        sections.setdefault(file.section, []).append(page)
        by_name[file.name] = page
    st.session_state["_pages"] = by_name
    return sections


def has_page(name: str) -> bool:
    """Whether that page exists in this app."""
    return name in st.session_state.get("_pages", {})


def link(name: str, label: str, *, icon: str | None = None, **parameters: str) -> bool:
    """A link to a page that keeps report and language; `parameters` set the page's filters. False, and nothing drawn,
    where there is no such page.

    `label` must come from the catalogue: labels are Markdown.
    """
    if not has_page(name):
        return False
    page = st.session_state["_pages"][name]
    st.page_link(page, label=label, icon=icon or ICONS.get(name, OTHER_ICON), query_params=address(**parameters))
    return True


def go(name: str, **parameters: str) -> None:
    """Leaves for another page, keeping report and language unless `parameters` say otherwise."""
    if has_page(name):
        st.switch_page(st.session_state["_pages"][name], query_params=address(**parameters))


def draw_menu(sections: dict[str, list[StreamlitPage]]) -> None:
    """The pages in groups."""
    parameters = address()
    for section, pages in sections.items():
        show(tag("div", t(f"section.{section}"), class_="dv-section"))
        for page in pages:
            st.page_link(page, label=page.title, icon=page.icon, query_params=parameters)
