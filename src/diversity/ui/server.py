"""`python -m diversity.ui.server run app.py …`: Streamlit's own command line, told beforehand that `pages/` is not
its legacy page folder.

Otherwise the first link of a fresh server that leads deeper than the overview shows "Page not found" over the right
page.
"""

from __future__ import annotations

from streamlit.runtime.pages_manager import PagesManager
from streamlit.web.cli import main as streamlit_main


def main() -> None:
    """Runs Streamlit's command line."""
    PagesManager.uses_pages_directory = False
    streamlit_main(prog_name="streamlit")


if __name__ == "__main__":
    main()
