"""Pictures of pages: `python tests/e2e/screens.py http://127.0.0.1:8501 OUT_FOLDER overview browse --languages zh en
--themes light dark`."""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM_VARIABLE = "DIVERSITY_CHROMIUM"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTH, HEIGHT, NARROW = 1440, 900, 560
PATIENCE = 60_000


def executable() -> str | None:
    """The browser: the one that the environment names, else the first that is installed, else None."""
    return os.environ.get(CHROMIUM_VARIABLE) or next(filter(None, map(shutil.which, BROWSERS)), None)


@contextmanager
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable(), args=FLAGS)
        try:
            yield chromium
        finally:
            chromium.close()


def settle(page: Any) -> None:
    """Waits until the app has drawn its page and stopped running."""
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=PATIENCE)
    page.wait_for_function("""() => !document.querySelector('[data-testid="stSkeleton"]')""", timeout=PATIENCE)
    page.wait_for_timeout(400)
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=PATIENCE)


def open_page(
    chromium: Any, url: str, name: str = "", theme: str = "light", width: int = WIDTH, **parameters: str
) -> Any:
    """A page of the app, drawn: `name` is its address, `parameters` what the address carries."""
    from urllib.parse import urlencode

    page = chromium.new_page(
        viewport={"width": width, "height": HEIGHT}, color_scheme=theme, locale="en-GB", accept_downloads=True
    )
    page.goto(f"{url}/{name}?{urlencode(parameters)}", timeout=PATIENCE)
    page.wait_for_selector('[data-testid="stMainBlockContainer"]', timeout=PATIENCE)
    settle(page)
    return page


def fit(page: Any, longest: int = 4000) -> None:
    """Makes the window as high as the page, so that a picture shows all of it."""
    height = page.evaluate("""() => document.querySelector('[data-testid="stMain"]').scrollHeight""")
    page.set_viewport_size({"width": page.viewport_size["width"], "height": min(max(height, HEIGHT), longest)})
    page.wait_for_timeout(700)


def shoot(
    url: str,
    folder: Path,
    names: list[str],
    languages: list[str],
    themes: list[str],
    widths: list[int],
    **parameters: str,
) -> list[Path]:
    """One picture of each page in each language, theme and width."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    with browser() as chromium:
        for name, language, theme, width in (
            (n, lang, t, w) for n in names for lang in languages for t in themes for w in widths
        ):
            page = open_page(
                chromium, url, "" if name == "overview" else name, theme, width, lang=language, **parameters
            )
            fit(page)
            path = folder / f"{name}-{language}-{theme}{'-narrow' if width < 900 else ''}.png"
            page.screenshot(path=str(path))
            page.close()
            made.append(path)
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("folder", type=Path)
    parser.add_argument("pages", nargs="+")
    parser.add_argument("--languages", nargs="+", default=["zh", "en"])
    parser.add_argument("--themes", nargs="+", default=["light"])
    parser.add_argument("--narrow", action="store_true")
    parser.add_argument("--query", nargs="*", default=[], metavar="NAME=VALUE")
    options = parser.parse_args()
    parameters = dict(pair.split("=", 1) for pair in options.query)
    widths = [NARROW] if options.narrow else [WIDTH]
    for path in shoot(
        options.url, options.folder, options.pages, options.languages, options.themes, widths, **parameters
    ):
        print(path)


if __name__ == "__main__":
    main()
