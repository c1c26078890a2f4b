"""Running a page of the app without a browser."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]
PATIENCE = 30


def open_page(path: str, language: str = "en", **parameters: str) -> AppTest:
    """The app at `pages/<path>.py`, run once; `parameters` are what the address carries."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE)
    for name, value in {"lang": language, **parameters}.items():
        app.query_params[name] = value
    app.switch_page(f"pages/{path}.py")
    return app.run()


def texts(app: AppTest) -> str:
    """Everything the page says, own markup included."""
    elements = [*app.get("html"), *app.text, *app.markdown, *app.header, *app.caption, *app.code]
    return "\n".join(str(getattr(element, "value", None) or getattr(element, "body", "")) for element in elements)


def html(app: AppTest) -> str:
    """The page's own markup."""
    return "\n".join(element.proto.body for element in app.get("html"))
