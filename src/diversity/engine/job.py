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
from diversity.projection import compile_code
from diversity.settings import Settings
from diversity.text.tokenizer import open_tokenizer

log = logging.getLogger(__name__)
# Features that share their costs (the map's compiled code) are computed in one process. A metric that names a group
# joins it; other names make groups of their own. The group TEXTS needs no vectors. What is in no group asks for the
# model, which is loaded in the process that embeds.
TEXTS = "texts"
FEATURE_GROUPS = {
    TEXTS: TEXT_FEATURES,
    "map": ("map_prompt", "map_answer"),
    "prompt_duplicates": ("duplicates_prompt",),
    "duplicates": ("duplicates_answer",),
}
Found = dict[str, tuple[object, float]]


def groups_of(metrics: Sequence[Metric]) -> dict[str, tuple[str, ...]]:
    """Names of the features and metrics that one process computes one after the other, by group.

    The map, which takes longest, comes before the others, and the duplicates, next to it, last: groups are taken from
    both ends, and small ones are left to the end.
    """
    own = [metric.beside for metric in metrics if metric.beside and metric.beside not in FEATURE_GROUPS]
    first, last = list(FEATURE_GROUPS)[:2], list(FEATURE_GROUPS)[2:]
    return {
        group: (*FEATURE_GROUPS.get(group, ()), *(metric.name for metric in metrics if metric.beside == group))
        for group in dict.fromkeys([*first, *own, *last])
    }


def early_groups(metrics: Sequence[Metric]) -> list[str]:
    """Names of the groups that ask for no vectors, besides TEXTS, which they may ask for."""
    names = {metric.beside for metric in metrics if metric.beside and metric.texts_only}
    late = {metric.beside for metric in metrics if not metric.texts_only}
    return [group for group in groups_of(metrics) if group in names - late - set(FEATURE_GROUPS)]


@dataclass(frozen=True)
class Preparation:
    """What a process can do while it has nothing to compute: load a `tokenizer`, compile the map's code."""

    tokenizer: str | None = None
    maps: bool = False

    def do(self) -> None:
        """Does it. A tokenizer that there is none of is left to whoever asks for it."""
        import pandas  # noqa: F401 - what pyarrow imports when it first meets an array

        if self.tokenizer is not None:
            with suppress(DiversityError):
                open_tokenizer(self.tokenizer)
        if self.maps:
            compile_code()


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
