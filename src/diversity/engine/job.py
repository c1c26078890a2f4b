"""What a process beside this one is asked to compute."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from diversity.corpus import Corpus
from diversity.embed import open_embedder
from diversity.errors import Cancelled, DiversityError
from diversity.features.inputs import FEATURES, TEXT_FEATURES, Inputs
from diversity.metrics import discover
from diversity.metrics.base import Metric, computed
from diversity.progress import silent
from diversity.settings import Settings
from diversity.text.tokenizer import open_tokenizer

log = logging.getLogger(__name__)
# Features that share their costs (the map's compiled code; the duplicates' vectors) are computed in one process. A
# metric that names a group joins it; other names make groups of their own. The group TEXTS needs no vectors. What is in
# no group asks for the model, which is loaded in the process that embeds.
TEXTS = "texts"
FEATURE_GROUPS = {
    TEXTS: TEXT_FEATURES,
    "map": ("map_prompt", "map_answer"),
    "duplicates": ("duplicates_prompt", "duplicates_answer"),
}
Found = dict[str, tuple[object, float]]


def groups_of(metrics: Sequence[Metric]) -> dict[str, tuple[str, ...]]:
    """Names of the features and metrics that one process computes one after the other, by group."""
    groups: dict[str, tuple[str, ...]] = dict(FEATURE_GROUPS)
    for metric in metrics:
        if metric.beside:
            groups[metric.beside] = (*groups.get(metric.beside, ()), metric.name)
    return groups


@dataclass(frozen=True)
class Preparation:
    """What a process can do before there is a corpus: load what the first job will ask for."""

    tokenizer: str

    def do(self) -> None:
        """Loads it. A tokenizer that there is none of is left to whoever asks for it."""
        import pandas  # noqa: F401 - what pyarrow imports when it first meets an array

        with suppress(DiversityError):
            open_tokenizer(self.tokenizer)


@dataclass(frozen=True)
class Job:
    """Which features and metrics of which corpus, under which settings; `known` are features found already."""

    names: tuple[str, ...]
    folder: Path
    cache: Path
    settings: Settings
    code: str
    known: Mapping[str, object]

    @classmethod
    def of(cls, inputs: Inputs, names: Sequence[str], known: Mapping[str, object]) -> Job:
        """The job of computing `names` of `inputs`."""
        assert inputs.corpus.folder is not None
        return cls(tuple(names), inputs.corpus.folder, inputs.cache, inputs.settings, inputs.code, known)

    def inputs(self) -> Inputs:
        """The same inputs in this process. The vectors are in the cache already: no model is loaded."""
        settings = self.settings
        embedder = open_embedder(settings.embedder, device=settings.device, prefix=settings.embedder_prefix)
        return Inputs(Corpus.open(self.folder), settings, embedder, self.cache, self.code, silent)


def compute_all(inputs: Inputs, names: Iterable[str]) -> Found:
    """Each named feature, or metric's output, with the seconds it took. A feature that raises is left out: whoever asks
    for it next hears the error. A user who stops the run is heard at once."""
    metrics = {metric.name: metric for metric in discover()}
    found: Found = {}
    for name in names:
        start = time.perf_counter()
        try:
            made = inputs.feature(name) if name in FEATURES else computed(metrics[name], inputs)
        except Cancelled:
            raise
        except Exception as error:
            log.info("%s could not be computed: %s", name, error)
            continue
        found[name] = (made, time.perf_counter() - start)
    return found
