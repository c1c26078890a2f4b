"""MinHash signatures (Broder 1997) and the candidate pairs that banding them proposes, with bounded work per bucket."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diversity.hashing import STEP
from diversity.neighbors.settings import DuplicateSettings
from diversity.neighbors.shingles import Shingles

_MISS = 1e-4
_DOUBTFUL = 0.125


@dataclass(frozen=True, slots=True)
class Signatures:
    """What banding needs of n texts, 128 + 4 × bands bytes each.

    `bands` (b, n): one key per band; equal keys put two texts in one bucket. `bytes` (n, p): the low byte of each
    MinHash value; the share of equal ones estimates the Jaccard similarity (Li and König 2010, b-bit MinHash).
    """

    bands: NDArray[np.uint32]
    bytes: NDArray[np.uint8]

    def at(self, rows: NDArray[np.int64]) -> Signatures:
        """Those of some of the texts, in the order of `rows`."""
        return Signatures(np.ascontiguousarray(self.bands[:, rows]), self.bytes[rows])


def band_rows(threshold: float, permutations: int) -> int:
    """Most rows per band at which a pair at `threshold` is missed with a probability of at most 1e-4.

    More rows mean fewer false candidates. With r rows in p/r bands a pair of similarity s is missed with (1 -
    s^r)^(p/r).
    """
    fitting = [r for r in range(1, 17) if permutations % r == 0 and (1 - threshold**r) ** (permutations // r) <= _MISS]
    return max(fitting, default=1)


def signatures(batches: Iterator[Shingles], settings: DuplicateSettings) -> Signatures:
    """Signatures of texts whose shingles come in batches."""
    rows = band_rows(settings.near_threshold, settings.permutations)
    bands = [np.empty((settings.permutations // rows, 0), np.uint32)]
    low = [np.empty((0, settings.permutations), np.uint8)]
    for part in batches:
        digests = _digests(part, settings)
        bands.append(_band_keys(digests, rows))
        low.append(digests.astype(np.uint8))
    return Signatures(np.concatenate(bands, axis=1), np.concatenate(low))


def _digests(part: Shingles, settings: DuplicateSettings) -> NDArray[np.uint32]:
    from rensa import RMinHash

    matrix = RMinHash.digest_matrix_from_flat_token_hashes(
        part.hashes, part.offsets, settings.permutations, settings.seed
    )
    return np.array(matrix.to_rows(), dtype=np.uint32).reshape(-1, settings.permutations)


def _band_keys(digests: NDArray[np.uint32], rows: int) -> NDArray[np.uint32]:
    values = digests.reshape(len(digests), digests.shape[1] // rows, rows).astype(np.uint64)
    keys = np.zeros(values.shape[:2], np.uint64)
    for row in range(rows):
        keys = (keys ^ values[:, :, row]) * STEP
        keys ^= keys >> np.uint64(32)
    return np.ascontiguousarray((keys >> np.uint64(32)).astype(np.uint32).T)


def candidates(signed: Signatures, settings: DuplicateSettings) -> NDArray[np.int64]:
    """(c, 2) pairs i < j that share a bucket and whose estimated similarity does not rule the threshold out; each pair
    once.

    The estimate's cut lies 5.5 standard deviations below the threshold. A text that already has `max_links` pairs gets
    no more from later bands, unless its partner has fewer; a pair estimated below the threshold counts an eighth.
    """
    count = signed.bytes.shape[0]
    least = _least_matches(settings.near_threshold, settings.permutations)
    likely = settings.near_threshold * settings.permutations
    found, links = np.zeros(0, np.int64), np.zeros(count)
    for keys in signed.bands:
        codes = _bucket_pairs(keys, links >= settings.max_links, settings)
        fresh = codes[~_contains(found, codes)]
        matches = _matches(signed.bytes, fresh // count, fresh % count)
        fresh, matches = fresh[matches >= least], matches[matches >= least]
        weights = np.tile(np.where(matches >= likely, 1.0, _DOUBTFUL), 2)
        links += np.bincount(np.concatenate([fresh // count, fresh % count]), weights, minlength=count)
        found = np.sort(np.concatenate([found, fresh]), kind="stable")
    return np.column_stack([found // max(count, 1), found % max(count, 1)])


def _contains(found: NDArray[np.int64], codes: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether each of the sorted `codes` stands in the sorted `found`."""
    at = np.searchsorted(found, codes)
    at[at == len(found)] = 0
    return found[at] == codes if len(found) else np.zeros(len(codes), bool)


def _least_matches(threshold: float, permutations: int) -> int:
    expected = threshold + (1 - threshold) / 256
    return max(1, int(permutations * expected - 5.5 * (permutations * expected * (1 - expected)) ** 0.5))


def _matches(low: NDArray[np.uint8], left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    out = np.empty(len(left), np.int64)
    for start in range(0, len(left), 100_000):
        part = slice(start, start + 100_000)
        out[part] = np.count_nonzero(low[left[part]] == low[right[part]], axis=1)
    return out


def _bucket_pairs(keys: NDArray[np.uint32], full: NDArray[np.bool_], settings: DuplicateSettings) -> NDArray[np.int64]:
    """Sorted codes i * n + j of one band's pairs i < j: within a bucket, each text with the next `bucket_window` ones
    and with the first
    `bucket_hubs` of the bucket, but for pairs of two texts that are both `full`.
    """
    order, begin, place = _buckets(keys)
    largest = int(place.max(initial=0))
    codes = []
    for step in range(1, min(settings.bucket_window, largest) + 1):
        at = np.flatnonzero(place >= step)
        codes.append(_codes(order[at - step], order[at], full))
    for hub in range(min(settings.bucket_hubs, largest)):
        at = np.flatnonzero(place > hub + settings.bucket_window)
        codes.append(_codes(order[begin[at] + hub], order[at], full))
    return np.sort(np.concatenate(codes)) if codes else np.zeros(0, np.int64)


def _codes(left: NDArray[np.int64], right: NDArray[np.int64], full: NDArray[np.bool_]) -> NDArray[np.int64]:
    kept = ~(full[left] & full[right])
    return left[kept] * len(full) + right[kept]


def _buckets(keys: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The texts in buckets of two and more, bucket after bucket; for each, where its bucket begins and its place
    in there.
    """
    order = np.argsort(keys, kind="stable")
    values = keys[order]
    same = values[1:] == values[:-1]
    shared = np.zeros(len(keys), bool)
    shared[1:] |= same
    shared[:-1] |= same
    order, values = order[shared], values[shared]
    first = np.ones(len(values), bool)
    first[1:] = values[1:] != values[:-1]
    starts = np.flatnonzero(first)
    begin = np.repeat(starts, np.diff(np.append(starts, len(values))))
    return order, begin, np.arange(len(values)) - begin
