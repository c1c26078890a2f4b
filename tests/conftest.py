"""What all tests share: where the real data lies, and small corpora made on the spot."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from filelock import FileLock
from helpers import MakeInputs

import diversity
from diversity.corpus import Corpus
from diversity.features.inputs import Inputs
from diversity.ingest import ingest
from diversity.progress import silent
from diversity.settings import Settings, load_settings
from diversity.store import Store
from diversity.stored_report import StoredReport

ROOT = Path(__file__).parents[1]
# Whatever the terminal speaks.
os.environ["DIVERSITY_LANGUAGE"] = "en"
# What is tested is what comes out: a busy machine is no failure.
hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("untimed")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data sets; the test is skipped where there is none."""
    folder = Path(os.environ.get("DIVERSITY_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"needs the real data sets in {folder.name}/: set DIVERSITY_SHARED_DATA")
    return folder


@pytest.fixture
def make_inputs(tmp_path: Path) -> MakeInputs:
    """Inputs over dictionaries as `analyze` would make them, without an embedder unless one is given."""

    def make(rows: Sequence[dict[str, Any]], embedder: Any = None, **settings: Any) -> Inputs:
        folder = tmp_path / f"corpus-{len(list(tmp_path.iterdir()))}"
        (folder / "tables").mkdir(parents=True)
        ingest(rows, folder)
        chosen: Settings = load_settings({"embedder": "none", **settings})
        return Inputs(Corpus.open(folder), chosen, embedder, tmp_path / "cache", "test", silent)

    return make


@pytest.fixture(scope="session")
def sample_reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, StoredReport]:
    """Both versions of the sample data, analysed once for all workers of a test run. No map: what needs one makes its
    own, and it costs more than all the rest."""
    home = tmp_path_factory.getbasetemp()
    if "gw" in home.name or "popen" in home.name:
        home = home.parent
    store = Store(home / "planted")
    with FileLock(home / "planted.lock"):
        for version in ("v1", "v2"):
            if not store.has("sample", version):
                diversity.analyze(
                    ROOT / "sample_data" / f"{version}.jsonl",
                    dataset="sample",
                    version=version,
                    store=store,
                    settings={"semantic_map.minimum_points": 1_000_000},
                )
    return {version: store.load("sample", version) for version in ("v1", "v2")}
