"""Every knob of the duplicate engine, each with the reason for its default."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from diversity.text.folding import Folding


@dataclass(frozen=True, slots=True)
class DuplicateSettings:
    """How repeats are looked for.

    folding: what counts as the same text (see `diversity.text.folding`). `full`, because "Positive." and "positive"
        teach a model the same thing.
    near_threshold: least Jaccard similarity of two texts' shingle sets. 0.8 is what the literature on training data
        uses (Lee et al. 2022); below it, texts that share a template but answer different questions start to match.
    narrow_shingle, wide_shingle: characters in a shingle that starts at a spaced-script character, or at a Chinese or
        Japanese one. Five and three: about one word with its neighbour. Words as units (trigrams) miss two thirds of
        the pairs that differ in a few words.
    permutations: length of a MinHash signature. 128 in 32 bands of 4 finds a pair at 0.8 with a probability above 1 -
        1e-6; for another threshold the rows of a band are chosen anew.
    bucket_window, bucket_hubs, max_links: a bucket of more texts than `bucket_window` is not compared in full: each
        text meets the next `bucket_window` and the bucket's first `bucket_hubs`, and once a text has `max_links`
        candidates it is not offered more. So work grows with the number of texts, even when all come from one template.
    prompt_links: the same bound for prompts: most of the many that look alike there share a form only, and those that
        ask the same are found among them. Of 7,673 prompts from templates 84% of the rows that have such a partner were
        found at 32, 92% at 64, 98% at 128; each doubling costs half as much time again.
    semantic_threshold: least cosine of two mean-centred vectors. None: the calibrated value of the embedder if it is
        known, else one derived from the data (see `diversity.neighbors.calibration`).
    semantic_min_units: a text with fewer words (or Chinese characters) is never a semantic repeat of another: in a
        label or a number one word is the whole meaning, and vectors of such texts are near each other for their form.
    semantic_guard: two texts with different numbers, different counts of negations, or that differ in one word only
        within the same frame, say different things however near their vectors are.
    semantic_max_links: in a crowd, a text with more partners than this is paired with all of them, and they no longer
        with one another; so a thousand wordings of one sentence become one cluster in linear work. 32 is far above what
        real sets show outside such crowds.
    form_texts: a beginning or end that so many different prompts share is a form they are made from. Two prompts of
        which half is form are no semantic repeats: their vectors are alike for it. In real sets fewer than ten wordings
        of one question begin alike; with 5 half of such repeats were lost, with 20 those of rare forms came through.
    brute_force_limit: up to so many vectors all pairs are compared (4 processor seconds at 50,000, four times that for
        twice as many); beyond, an inverted-file index proposes them, which loses a pair now and then.
    index_probes: lists of the inverted file searched for each vector; 16 found every pair in trials at 52k and 200k
        texts.
    label_tokens, label_share, label_minimum: an answer of at most `label_tokens` tokens that stands under different
        prompts is taken for a label ("Negative"), which data for classification needs again and again. As many of one
        label are suggested to be kept as make up `label_share` of the answers, at least `label_minimum`. Half a percent
        lets a label set of some size live, and is far from the tenth of all answers at which one sentence takes over.
    seed: of the MinHash permutations and the index. Any value gives the same clusters but for pairs at the very edge of
        a bucket's bound.
    """

    folding: Folding = "full"
    near_threshold: Annotated[float, Field(gt=0, le=1)] = 0.8
    narrow_shingle: Annotated[int, Field(ge=1)] = 5
    wide_shingle: Annotated[int, Field(ge=1)] = 3
    permutations: int = 128
    bucket_window: int = 32
    bucket_hubs: int = 16
    max_links: int = 32
    prompt_links: Annotated[int, Field(ge=1)] = 128
    semantic_threshold: Annotated[float | None, Field(gt=0, le=1)] = None
    semantic_min_units: int = 8
    semantic_guard: bool = True
    semantic_max_links: int = 32
    form_texts: Annotated[int, Field(ge=2)] = 10
    brute_force_limit: int = 200_000
    index_probes: int = 16
    label_tokens: int = 8
    label_share: float = 0.005
    label_minimum: int = 10
    seed: int = 20_230_313


DEFAULT_DUPLICATES = DuplicateSettings()
