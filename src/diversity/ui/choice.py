"""Pickers of one of several options, tied to the address."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Literal

import streamlit as st

from diversity.ui.urlstate import adopt, publish


def choose(name: str, options: Collection[str], default: str, label: str, say: Callable[[str], str]) -> str:
    """Buttons side by side, for a few options; the one chosen. `say` gives an option's words."""
    adopt(name, options, default)
    chosen = st.segmented_control(
        label, list(options), key=name, format_func=say, required=True, label_visibility="collapsed"
    )
    publish(name, chosen or default, default)
    return chosen or default


def choose_from_list(
    name: str,
    options: Collection[str],
    default: str,
    label: str,
    say: Callable[[str], str],
    *,
    width: int | Literal["stretch"] = "stretch",
    labelled: bool = True,
) -> str:
    """A list that opens, for many options or for words of the user's; the option chosen.

    `labelled` False leaves the label to screen readers.
    """
    adopt(name, options, default)
    chosen = st.selectbox(
        label,
        list(options),
        key=name,
        format_func=say,
        label_visibility="visible" if labelled else "collapsed",
        width=width,
    )
    publish(name, chosen, default)
    return chosen
