"""All that metrics may look at, each thing measured when first asked for and then shared."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any, Literal, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from diversity.corpus import Corpus, batches
from diversity.embed import EmbeddedTexts, Embedder, center, embed_texts
from diversity.embed.unrelated import SENTENCES, mean_cosine
from diversity.features.cache import FeatureCache, content_keys
from diversity.features.key_info import locate_key_info
from diversity.neighbors import Duplicates, find_duplicates
from diversity.progress import Progress, within
from diversity.projection import Layout, lay_out
from diversity.settings import Settings
from diversity.text.language import detect_languages
from diversity.text.tokenizer import count_tokens, open_tokenizer, tokenizer_key

TextField = Literal["prompt", "answer"]
Made = TypeVar("Made")
Rows = Callable[[NDArray[np.int64]], Iterator[pa.Table]]
KEY_INFO_BATCH = 2048
# Features that cost enough to be computed by an engine, in this order.
FEATURES = ("duplicates_prompt", "duplicates_answer", "key_info", "map_prompt", "map_answer")


@dataclass(frozen=True)
class Vectors:
    """Vectors of one field's distinct texts.

    `unique` (m, d) float32 mean-centred unit rows; `index` (U,) row of each unit, -1 for none; `rows` (m,) their rows
    in `embedded.unique`.
    """

    unique: NDArray[np.float32]
    index: NDArray[np.int64]
    rows: NDArray[np.int64]


class Inputs:
    """The features of one corpus under one set of settings. `cache` is the folder that outlives the run."""

    def __init__(
        self, corpus: Corpus, settings: Settings, embedder: Embedder | None, cache: Path, code: str, progress: Progress
    ) -> None:
        self.corpus = corpus
        self.settings = settings
        self.embedder = embedder
        self.cache = cache
        self.code = code
        self.progress = progress
        self._duplicates: dict[str, Duplicates] = {}
        self._layouts: dict[str, Layout | None] = {}
        self._shared: dict[str, Any] = {}

    def shared(self, name: str, make: Callable[[], Made]) -> Made:
        """What `make` gives, made once under `name`: for a feature that several metrics look at."""
        if name not in self._shared:
            self._shared[name] = make()
        made: Made = self._shared[name]
        return made

    def rows_by_content(self, name: str, columns: Sequence[pa.ChunkedArray], rows: Rows, *depends: str) -> pa.Table:
        """Per-row features of parallel text columns, from disk where a row of the same texts was measured before.

        Args:
            name: of the feature; with `depends`, the model and the code it says what the rows depend on.
            columns: the texts that a row is measured from, and nothing else.
            rows: measures the rows at the given positions: tables that cover them in order.
            depends: settings and whatever else changes a row.
        """
        keys = content_keys([chain.from_iterable(batches(column)) for column in columns])
        folder = self.cache / "features" / self._cache_name(name, *depends, self.code)
        return FeatureCache(folder).compute(keys, rows)

    def texts(self, of: TextField) -> pa.ChunkedArray:
        """(U,) the field's text of every unit."""
        return self.corpus.prompts if of == "prompt" else self.corpus.answers

    @cached_property
    def prompt_tokens(self) -> NDArray[np.int64]:
        """(U,) tokens of each unit's own query."""
        return count_tokens(batches(self.corpus.prompts), self.settings.tokenizer)

    @cached_property
    def answer_tokens(self) -> NDArray[np.int64]:
        """(U,) tokens of each unit's answer: what carries the loss."""
        return count_tokens(batches(self.corpus.answers), self.settings.tokenizer)

    @cached_property
    def context_tokens(self) -> NDArray[np.int64]:
        """(U,) tokens before each answer: system, earlier turns and the query."""
        record = self.corpus.record_of_unit
        turn_total = self.prompt_tokens + self.answer_tokens
        before = np.cumsum(turn_total) - turn_total
        first = np.searchsorted(record, record, side="left")
        return np.asarray(before - before[first] + self.prompt_tokens + self._system_tokens[record])

    @cached_property
    def _system_tokens(self) -> NDArray[np.int64]:
        systems = self.corpus.records["system"].combine_chunks().dictionary_encode()
        if isinstance(systems, pa.ChunkedArray):
            systems = systems.combine_chunks()
        tokens = count_tokens([systems.dictionary.to_pylist()], self.settings.tokenizer)
        indices = systems.indices.fill_null(-1).to_numpy()
        return np.asarray(np.append(tokens, 0)[indices])

    @cached_property
    def prompt_language(self) -> NDArray[np.str_]:
        """(U,) language code of each query."""
        return detect_languages(self.corpus.prompts)

    @cached_property
    def answer_language(self) -> NDArray[np.str_]:
        """(U,) language code of each answer."""
        return detect_languages(self.corpus.answers)

    @cached_property
    def embedded(self) -> EmbeddedTexts | None:
        """Vectors of prompts then answers, (2U,) index; None when the embedder is `none`."""
        if self.embedder is None:
            return None
        texts = pa.chunked_array([*self.corpus.prompts.chunks, *self.corpus.answers.chunks], pa.large_string())
        return embed_texts(texts, self.embedder, self.cache / "embeddings", progress=within(self.progress, "embed"))

    def forget_vectors(self) -> None:
        """Frees the vectors; they are read from the cache again if a feature asks for them."""
        for name in ("embedded", "_prompt_vectors", "_answer_vectors"):
            self.__dict__.pop(name, None)

    def vectors(self, of: TextField) -> Vectors | None:
        """Mean-centred vectors of a field, or None without an embedder."""
        return self._prompt_vectors if of == "prompt" else self._answer_vectors

    @cached_property
    def _prompt_vectors(self) -> Vectors | None:
        return self._centred(0)

    @cached_property
    def _answer_vectors(self) -> Vectors | None:
        return self._centred(self.corpus.unit_count)

    def _centred(self, start: int) -> Vectors | None:
        if self.embedded is None:
            return None
        rows = self.embedded.index[start : start + self.corpus.unit_count]
        used, inverse = np.unique(rows[rows >= 0], return_inverse=True)
        index = np.full(len(rows), -1, dtype=np.int64)
        index[rows >= 0] = inverse
        return Vectors(center(self.embedded.unique[used])[0], index, used)

    def feature(self, name: str) -> object:
        """One of FEATURES by its name."""
        made: dict[str, Callable[[], object]] = {
            "key_info": lambda: self.key_info,
            "duplicates_prompt": lambda: self.duplicates("prompt"),
            "duplicates_answer": lambda: self.duplicates("answer"),
            "map_prompt": lambda: self.layout("prompt"),
            "map_answer": lambda: self.layout("answer"),
        }
        return made[name]()

    def adopt(self, name: str, value: Any) -> None:
        """Takes a feature that was computed elsewhere."""
        kind, _, of = name.rpartition("_")
        (self._duplicates if kind == "duplicates" else self._layouts)[of] = value

    def duplicates(self, of: TextField) -> Duplicates:
        """Exact, near and semantic repeats among a field's texts."""
        if of not in self._duplicates:
            vectors = self.vectors(of)
            self._duplicates[of] = find_duplicates(
                self.texts(of),
                vectors.unique if vectors else None,
                vectors.index if vectors else None,
                self.settings.duplicates,
                embedder=self.embedder.key if self.embedder else None,
                progress=within(self.progress, f"duplicates_{of}"),
            )
        return self._duplicates[of]

    def layout(self, of: TextField) -> Layout | None:
        """The field's map, or None without an embedder or with too few texts."""
        if of not in self._layouts:
            self._layouts[of] = self._laid_out(of)
        return self._layouts[of]

    def _laid_out(self, of: TextField) -> Layout | None:
        vectors = self.vectors(of)
        if vectors is None or self.embedded is None:
            return None
        return lay_out(
            self.texts(of),
            vectors.unique,
            vectors.index,
            (self.embedded.unique, vectors.rows),
            self._unrelated,
            self.settings,
            self.cache / "layouts" / self._layout_name(of),
            within(self.progress, f"map_{of}"),
        )

    @cached_property
    def _unrelated(self) -> float:
        """Mean cosine that the embedder gives to unrelated texts."""
        if self.embedder is None:
            return 0.0
        return mean_cosine(embed_texts(list(SENTENCES), self.embedder, self.cache / "embeddings").unique)

    def _layout_name(self, of: TextField) -> str:
        return self._cache_name(of, repr(self.settings.semantic_map), str(self.settings.seed))

    def _cache_name(self, what: str, *depends: str) -> str:
        """A folder name for what is kept of this model under these settings: whatever they hold, one path component."""
        parts = (self.embedder.key if self.embedder else "none", *depends)
        return f"{what}-{hashlib.blake2b(chr(0).join(parts).encode(), digest_size=12).hexdigest()}"

    @cached_property
    def key_info(self) -> pa.Table:
        """(U,) rows of `locate_key_info`, from the feature cache where the prompt and answer were seen before."""
        depends = (tokenizer_key(self.settings.tokenizer), repr(self.settings.key_info))
        return self.rows_by_content(
            "key_info", (self.corpus.prompts, self.corpus.answers), self._key_info_rows, *depends
        )

    def _key_info_rows(self, units: NDArray[np.int64]) -> Iterator[pa.Table]:
        counter = open_tokenizer(self.settings.tokenizer)
        for start in range(0, len(units), KEY_INFO_BATCH):
            self.progress("key_info", start, len(units))
            chosen = pa.array(units[start : start + KEY_INFO_BATCH])
            prompts, answers = (
                self.corpus.prompts.take(chosen).to_pylist(),
                self.corpus.answers.take(chosen).to_pylist(),
            )
            encode = self.embedder.encode if self.embedder else None
            yield locate_key_info(
                prompts, answers, encode=encode, count_tokens=counter, settings=self.settings.key_info
            ).to_table()
        self.progress("key_info", len(units), len(units))
