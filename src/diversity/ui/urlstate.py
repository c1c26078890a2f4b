"""What the address carries. A widget with `key=name` and the parameter `name` say the same, so that a link shows what
its sender saw.

Streamlit's own binding leaves a value out of the address while it is the default, and the default here (the newest
report) changes.
"""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st


def adopt(name: str, allowed: Collection[str] | None, default: str) -> str:
    """Before the widget: puts the value it shall have into the session, and returns it.

    The address wins when someone changed it (a link, the back button) or the session has forgotten the value (it does
    so with widgets that the last run did not draw), else the session, else `default`. `allowed` None allows anything.
    """
    wanted = st.query_params.get(name)
    forgotten = st.session_state.get(name) is None
    if wanted is not None and (forgotten or wanted != st.session_state.get(_seen(name))):
        st.session_state[name] = wanted
        st.session_state[_seen(name)] = wanted
    value = st.session_state.get(name)
    if value is None or (allowed is not None and value not in allowed):
        st.session_state[name] = default
    return str(st.session_state[name])


def asked_for(name: str) -> str | None:
    """Before `adopt`: the value that it would take if anything were allowed; None where nothing asks for one."""
    held = st.session_state.get(name)
    wanted = st.query_params.get(name)
    if wanted is not None and (held is None or wanted != st.session_state.get(_seen(name))):
        return str(wanted)
    return None if held is None else str(held)


def asked_anew(name: str, default: str) -> bool:
    """Before `publish`: whether the address says something else than what was last written into it: a link, or the
    back button. `default` is what an address without the parameter says."""
    return st.query_params.get(name, default) != st.session_state.get(_seen(name))


def publish(name: str, value: str, default: str = "") -> None:
    """After the widget: writes its value into the address, or takes it out where it is `default`."""
    st.session_state[_seen(name)] = value
    if value == default:
        if name in st.query_params:
            del st.query_params[name]
    elif st.query_params.get(name) != value:
        st.query_params[name] = value


def _seen(name: str) -> str:
    return f"_address_{name}"
