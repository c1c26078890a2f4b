"""Exact, near and semantic repeats of a column of texts, as one partition into clusters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from diversity.neighbors.calibration import semantic_threshold
from diversity.neighbors.clusters import stars
from diversity.neighbors.exact import Distinct, distinct
from diversity.neighbors.guards import contradictory, has_units
from diversity.neighbors.near import Signed, near_pairs, sign
from diversity.neighbors.pairs import Pairs, no_pairs
from diversity.neighbors.questions import formulaic, other_questions
from diversity.neighbors.semantic import semantic_pairs
from diversity.neighbors.settings import DEFAULT_DUPLICATES, DuplicateSettings
from diversity.neighbors.texts import Texts, chosen, take

Step = Callable[[int, int | None], None]
Vectors = NDArray[np.float32]

_PAIRS_AT_ONCE = 16_384


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Repeats among n texts.

    `kind` (n,): how a row is tied to its representative: "exact", "near" or "semantic"; for the text a cluster is built
    around, the strongest kind of its members; "" for a unique or empty text.
    `cluster` (n,): -1 for a unique or empty text, else the cluster's number; clusters are numbered by size, largest
    first, then by their first row.
    `representative` (n,): the row that this one is compared with, itself for the row a cluster is built around and for
    a unique one. An exact copy of a member is compared with the earliest copy of that member, which is compared with
    the cluster's center.
    `similarity` (n,): to the representative, 1.0 for exact, Jaccard for near, cosine for semantic; 1.0 for itself.
    `pairs_near`, `pairs_semantic`: all verified pairs, of rows that are each the earliest copy of a distinct text; in a
    set with very many look-alikes their number is bounded (see `DuplicateSettings`), then not every pair is listed.
    `threshold_semantic`: the cosine that was used, None without vectors.
    """

    kind: NDArray[np.str_]
    cluster: NDArray[np.int64]
    representative: NDArray[np.int64]
    similarity: NDArray[np.float32]
    pairs_near: Pairs
    pairs_semantic: Pairs
    threshold_semantic: float | None

    @property
    def cluster_count(self) -> int:
        return int(self.cluster.max(initial=-1)) + 1

    @property
    def keeper(self) -> NDArray[np.bool_]:
        """(n,) whether a row would stay if each cluster kept one text: the centers and everything outside clusters."""
        return np.asarray(self.representative == np.arange(len(self.cluster)))


@dataclass(frozen=True, slots=True)
class Repeats:
    """What can be said without vectors: the `keys` of n texts (see `fold_keys`), the distinct texts, and the near pairs
    among them."""

    keys: NDArray[np.uint64]
    groups: Distinct
    near: Pairs


def find_repeats(
    texts: Texts,
    settings: DuplicateSettings = DEFAULT_DUPLICATES,
    signed: Signed | None = None,
    *,
    prompts: bool = False,
) -> Repeats:
    """Exact and near repeats among `texts` (n,), `prompts` or not; `signed` is what `sign` says of them, where that is
    known."""
    signed = signed or sign(texts, settings)
    if prompts:
        settings = replace(settings, max_links=settings.prompt_links)
    groups = distinct(signed.keys)
    near = near_pairs(texts, groups.first, settings, signed.signatures.at(groups.first))
    return Repeats(signed.keys, groups, near)


def find_duplicates(
    texts: Texts,
    vectors: Vectors | None = None,
    vector_index: NDArray[np.int64] | None = None,
    settings: DuplicateSettings = DEFAULT_DUPLICATES,
    *,
    embedder: str | None = None,
    repeats: Repeats | None = None,
    prompts: bool = False,
    progress: Step | None = None,
) -> Duplicates:
    """Finds the repeats among `texts` (n,), a list or an Arrow column, which is read in batches.

    Args:
        texts: the texts; empty ones (white space) take no part.
        vectors: (m, d) float32, mean-centred unit rows, or None: then there are no semantic repeats.
        vector_index: (n,) row of each text in `vectors`, -1 for none.
        settings: thresholds and bounds.
        embedder: key of the model the vectors come from, for its calibrated threshold.
        repeats: what `find_repeats` found in these texts under these settings, where that is known.
        prompts: whether two texts that share their form and ask something else are no pair (see
            `diversity.neighbors.questions`).
        progress: told how many of the stages are done.

    Deterministic. Up to the cluster numbers, and to which of several equal copies is the earliest, the order of rows
    does not matter.
    """
    tell = progress or (lambda done, total: None)
    repeats = repeats or find_repeats(texts, settings, prompts=prompts)
    groups, near = repeats.groups, repeats.near
    tell(1, 3)
    threshold, semantic = None, no_pairs()
    if vectors is not None and vector_index is not None:
        threshold = settings.semantic_threshold
        if threshold is None:
            threshold = semantic_threshold(embedder, vectors, settings.seed)
        semantic = _semantic(texts, groups, vectors, vector_index, threshold, settings, near)
    if prompts:
        near, semantic = _asking_the_same(texts, groups, near, semantic, settings)
    tell(2, 3)
    found = _assembled(groups, near, semantic, threshold)
    tell(3, 3)
    return found


def _semantic(
    texts: Texts,
    groups: Distinct,
    vectors: Vectors,
    vector_index: NDArray[np.int64],
    threshold: float,
    settings: DuplicateSettings,
    near: Pairs,
) -> Pairs:
    """Semantic pairs of distinct texts that are long enough, not contradictory, and not near pairs already."""
    rows = vector_index[groups.first]
    long = [has_units(batch, settings.semantic_min_units) for batch in chosen(texts, groups.first)]
    able = np.flatnonzero((rows >= 0) & np.concatenate(long or [np.zeros(0, np.bool_)]))
    used, local = np.unique(rows[able], return_index=True)
    pairs = semantic_pairs(np.ascontiguousarray(vectors[used]), threshold, settings)
    numbers = able[local]
    left, right = numbers[pairs.left], numbers[pairs.right]
    pairs = Pairs(np.minimum(left, right), np.maximum(left, right), pairs.similarity)
    count = len(groups.first)
    pairs = pairs.only(~np.isin(pairs.left * count + pairs.right, near.left * count + near.right))
    return pairs.only(~_contradictory(texts, groups, pairs)) if settings.semantic_guard and len(pairs) else pairs


def _contradictory(texts: Texts, groups: Distinct, pairs: Pairs) -> NDArray[np.bool_]:
    involved, local = pairs.renumbered()
    return contradictory(take(texts, groups.first[involved]), local)


def _asking_the_same(
    texts: Texts, groups: Distinct, near: Pairs, semantic: Pairs, settings: DuplicateSettings
) -> tuple[Pairs, Pairs]:
    """The pairs of prompts that do not only share their form.

    Forms are what those that look alike share: what does not make two prompts look alike does no harm.
    """
    other = [np.zeros(0, np.bool_)]
    for start in range(0, len(near), _PAIRS_AT_ONCE):
        involved, local = near.only(np.arange(start, min(start + _PAIRS_AT_ONCE, len(near)))).renumbered()
        other.append(other_questions(take(texts, groups.first[involved]), local, settings.near_threshold))
    involved, local = near.and_(semantic).renumbered()
    form = formulaic(take(texts, groups.first[involved]), settings.form_texts)
    meant = local.only(np.arange(len(near), len(local)))
    return near.only(~np.concatenate(other)), semantic.only(~(form[meant.left] & form[meant.right]))


def _assembled(groups: Distinct, near: Pairs, semantic: Pairs, threshold: float | None) -> Duplicates:
    """Near stars first; then semantic stars around their centers and among the texts that have no near partner."""
    near_stars = stars(near, groups.copies)
    distinct_rows = np.arange(len(groups.first))
    in_near = near_stars.center != distinct_rows
    centers = np.zeros(len(distinct_rows), bool)
    centers[near_stars.center[in_near]] = True
    outside = ~(in_near[semantic.left] | in_near[semantic.right])
    meaning = stars(semantic.only(outside), groups.copies, fixed=centers)
    center = np.where(in_near, near_stars.center, meaning.center)
    similarity = np.where(in_near, near_stars.similarity, meaning.similarity)
    tie = np.where(in_near, 2, np.where(meaning.center != distinct_rows, 1, 0))
    return _rows(groups, center, similarity, tie, near, semantic, threshold)


_KINDS = np.array(["", "semantic", "near", "exact"])


def _rows(
    groups: Distinct,
    center: NDArray[np.int64],
    similarity: NDArray[np.float32],
    tie: NDArray[np.int64],
    near: Pairs,
    semantic: Pairs,
    threshold: float | None,
) -> Duplicates:
    count = len(groups.of_text)
    filled = np.flatnonzero(groups.of_text >= 0)
    of = groups.of_text[filled]
    representative, alike, kind = np.arange(count), np.ones(count, np.float32), np.zeros(count, np.int64)
    earliest = groups.first[of] == filled
    representative[filled] = np.where(earliest, groups.first[center[of]], groups.first[of])
    alike[filled] = np.where(earliest, similarity[of], 1.0)
    kind[filled] = np.where(earliest, tie[of], 3)
    strongest = np.where(groups.copies > 1, 3, 0)
    np.maximum.at(strongest, center, tie)
    heads = filled[earliest & (center[of] == of)]
    kind[heads] = strongest[groups.of_text[heads]]
    cluster = np.full(count, -1, np.int64)
    cluster[filled] = center[of]
    cluster[kind == 0] = -1
    return Duplicates(
        _KINDS[kind],
        _numbered(cluster),
        representative,
        alike,
        _of_rows(near, groups),
        _of_rows(semantic, groups),
        threshold,
    )


def _of_rows(pairs: Pairs, groups: Distinct) -> Pairs:
    left, right = groups.first[pairs.left], groups.first[pairs.right]
    return Pairs(np.minimum(left, right), np.maximum(left, right), pairs.similarity)


def _numbered(cluster: NDArray[np.int64]) -> NDArray[np.int64]:
    """Numbers by size, largest first, then by first row; -1 stays."""
    inside = np.flatnonzero(cluster >= 0)
    _, first, inverse, sizes = np.unique(cluster[inside], return_index=True, return_inverse=True, return_counts=True)
    rank = np.empty(len(first), np.int64)
    rank[np.lexsort((first, -sizes))] = np.arange(len(first))
    out = np.full(len(cluster), -1, np.int64)
    out[inside] = rank[inverse]
    return out
