"""What a process beside this one is asked to compute."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from diversity.corpus import Corpus
from diversity.embed import open_embedder
from diversity.features.inputs import Inputs
from diversity.progress import silent
from diversity.settings import Settings

# What one process does: features that share their costs (the map's compiled code; the duplicates' vectors).
GROUPS = (("map_prompt", "map_answer"), ("duplicates_prompt", "duplicates_answer"))


@dataclass(frozen=True)
class Job:
    """Which features of which corpus, under which settings."""

    names: tuple[str, ...]
    folder: Path
    cache: Path
    settings: Settings
    code: str

    @classmethod
    def of(cls, inputs: Inputs, names: Sequence[str]) -> Job:
        """The job of computing `names` of `inputs`."""
        assert inputs.corpus.folder is not None
        return cls(tuple(names), inputs.corpus.folder, inputs.cache, inputs.settings, inputs.code)

    def run(self) -> dict[str, tuple[object, float]]:
        """Each feature with the seconds it took. The vectors are in the cache already: no model is loaded."""
        settings = self.settings
        embedder = open_embedder(settings.embedder, device=settings.device, prefix=settings.embedder_prefix)
        inputs = Inputs(Corpus.open(self.folder), settings, embedder, self.cache, self.code, silent)
        found = {}
        for name in self.names:
            start = time.perf_counter()
            found[name] = (inputs.feature(name), time.perf_counter() - start)
        return found
