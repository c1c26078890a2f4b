"""The language of a page's reader: chosen, in the address, or the browser's; and the catalogue in it."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from diversity.words.catalogue import LANGUAGES, LOCALES, STRICT_VARIABLE, catalogue, count, number, percent, translate
from diversity.words.language import ask, figure, known, t, t_or, terminal_language

__all__ = [
    "LANGUAGES",
    "LANGUAGE_KEY",
    "LOCALES",
    "STRICT_VARIABLE",
    "browser_language",
    "catalogue",
    "count",
    "figure",
    "known",
    "language",
    "number",
    "percent",
    "t",
    "t_or",
    "translate",
]
LANGUAGE_KEY = "lang"


def language() -> str:
    """`zh` or `en`: chosen by the reader, else from the address, else from the browser."""
    chosen = st.session_state.get(LANGUAGE_KEY) or st.query_params.get(LANGUAGE_KEY)
    return chosen if chosen in LANGUAGES else browser_language(st.context.locale)


def browser_language(locale: str | None) -> str:
    """Chinese unless the browser says that it speaks something else."""
    return "zh" if not locale or locale.lower().startswith("zh") else "en"


def _asked() -> str:
    return language() if get_script_run_ctx(suppress_warning=True) else terminal_language()


ask(_asked)
