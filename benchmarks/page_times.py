"""How long each page takes to draw in a browser, first and second time, on a report at hand.

Run: `diversity serve --store STORE --port 8501 --no-browser`, then
`python benchmarks/page_times.py http://127.0.0.1:8501 --language zh`. Seconds from the click on a page's link to its
heading being there and the app having stopped running, in headless Chromium.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from e2e.screens import PATIENCE, browser, open_page

LINKS = '[data-testid="stSidebar"] [data-testid="stPageLink"] a'
HEADING = '[data-testid="stMain"] [data-testid="stHeading"]'
STOPPED = '[data-testid="stApp"][data-test-script-state="notRunning"]'


def seconds_to_draw(page: Any, place: int) -> tuple[str, float]:
    """The page's name and the seconds from a click on its link."""
    link = page.locator(LINKS).nth(place)
    name = link.locator("p").first.inner_text()
    start = time.perf_counter()
    link.click()
    page.locator(HEADING).filter(has_text=name).first.wait_for(timeout=PATIENCE)
    page.wait_for_selector(STOPPED, timeout=PATIENCE)
    seconds = time.perf_counter() - start
    if page.locator('[data-testid="stException"]').count():
        raise SystemExit(f"{name} shows an error")
    return name, seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--language", default="en")
    options = parser.parse_args()
    times: dict[str, list[float]] = {}
    with browser() as chromium:
        page = open_page(chromium, options.url, lang=options.language)
        for _ in range(2):
            for place in range(page.locator(LINKS).count()):
                name, seconds = seconds_to_draw(page, place)
                times.setdefault(name, []).append(seconds)
    print("| page | first s | again s |\n|---|---|---|")
    for name, (first, again) in times.items():
        print(f"| {name} | {first:.2f} | {again:.2f} |")


if __name__ == "__main__":
    main()
