"""All that metrics may look at, each thing measured when first asked for and then shared."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any, Literal, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from diversity.corpus import Corpus, batches
from diversity.embed import EmbeddedTexts, Embedder, embed_texts
from diversity.embed.unrelated import SENTENCES, mean_cosine
from diversity.features.cache import FeatureCache, content_keys
from diversity.features.key_info import locate_key_info
from diversity.features.preamble import shared_openings
from diversity.features.vectors import Vectors, VersionVectors, centred
from diversity.features.vectors import load as load_vectors
from diversity.features.vectors import save as save_vectors
from diversity.neighbors import Duplicates, Repeats, Signed, find_duplicates, find_repeats, sign
from diversity.neighbors.exact import fold_keys
from diversity.progress import Progress, within
from diversity.projection import KnownMaps, Layout, lay_out
from diversity.settings import Settings
from diversity.text.language import detect_languages
from diversity.text.tokenizer import count_tokens, open_tokenizer, tokenizer_key

TextField = Literal["prompt", "answer"]
Made = TypeVar("Made")
Rows = Callable[[NDArray[np.int64]], Iterator[pa.Table]]
KEY_INFO_UNITS, SIGNED_BATCH = 32_768, 32_768
# Features that cost enough to be computed by an engine, in this order. TEXT_FEATURES need no vectors.
TEXT_FEATURES = ("tokens", "languages", "repeats_prompt", "repeats_answer")
VECTOR_FEATURES = ("duplicates_prompt", "duplicates_answer", "key_info", "map_prompt", "map_answer")
FEATURES = (*TEXT_FEATURES, *VECTOR_FEATURES)


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
        self._features: dict[str, Any] = {}
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

    @property
    def prompt_tokens(self) -> NDArray[np.int64]:
        """(U,) tokens of each unit's own query."""
        return self._tokens[0]

    @property
    def answer_tokens(self) -> NDArray[np.int64]:
        """(U,) tokens of each unit's answer: what carries the loss."""
        return self._tokens[1]

    @property
    def context_tokens(self) -> NDArray[np.int64]:
        """(U,) tokens before each answer: system, earlier turns and the query."""
        return self._tokens[2]

    @property
    def _tokens(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        found: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]] = self.feature("tokens")
        return found

    def _counted_tokens(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        prompts, answers = (
            count_tokens(batches(column), self.settings.tokenizer)
            for column in (self.corpus.prompts, self.corpus.answers)
        )
        record, turn_total = self.corpus.record_of_unit, prompts + answers
        before = np.cumsum(turn_total) - turn_total
        first = np.searchsorted(record, record, side="left")
        return prompts, answers, before - before[first] + prompts + self._system_tokens()[record]

    def _system_tokens(self) -> NDArray[np.int64]:
        systems = self.corpus.records["system"].combine_chunks().dictionary_encode()
        if isinstance(systems, pa.ChunkedArray):
            systems = systems.combine_chunks()
        tokens = count_tokens([systems.dictionary.to_pylist()], self.settings.tokenizer)
        indices = systems.indices.fill_null(-1).to_numpy()
        return np.asarray(np.append(tokens, 0)[indices])

    @property
    def prompt_language(self) -> NDArray[np.str_]:
        """(U,) language code of each query."""
        return self._languages[0]

    @property
    def answer_language(self) -> NDArray[np.str_]:
        """(U,) language code of each answer."""
        return self._languages[1]

    @property
    def _languages(self) -> tuple[NDArray[np.str_], NDArray[np.str_]]:
        found: tuple[NDArray[np.str_], NDArray[np.str_]] = self.feature("languages")
        return found

    @cached_property
    def embedded(self) -> EmbeddedTexts | None:
        """Vectors of prompts then answers, (2U,) index; None when the embedder is `none`."""
        if self._shared_vectors is not None:
            return self._shared_vectors.embedded
        if self.embedder is None:
            return None
        texts = pa.chunked_array([*self.corpus.prompts.chunks, *self.corpus.answers.chunks], pa.large_string())
        return embed_texts(texts, self.embedder, self.cache / "embeddings", progress=within(self.progress, "embed"))

    def embed(self) -> None:
        """Makes the vectors now."""
        _ = self.embedded

    def share_vectors(self) -> None:
        """Puts the vectors into files beside the corpus, which other processes map, and this one in place of its own
        copy."""
        if self.embedded is not None and self.corpus.folder is not None and self._shared_vectors is None:
            save_vectors(self.embedded, self.corpus.folder)
            for name in ("embedded", "_shared_vectors", "_prompt_vectors", "_answer_vectors"):
                self.__dict__.pop(name, None)

    @cached_property
    def _shared_vectors(self) -> VersionVectors | None:
        return load_vectors(self.corpus.folder) if self.corpus.folder is not None else None

    def vectors(self, of: TextField) -> Vectors | None:
        """Mean-centred vectors of a field, or None without an embedder."""
        return self._prompt_vectors if of == "prompt" else self._answer_vectors

    @cached_property
    def _prompt_vectors(self) -> Vectors | None:
        return self._centred(0)

    @cached_property
    def _answer_vectors(self) -> Vectors | None:
        return self._centred(1)

    def _centred(self, side: int) -> Vectors | None:
        if self._shared_vectors is not None:
            return (self._shared_vectors.prompt, self._shared_vectors.answer)[side]
        return centred(self.embedded, side) if self.embedded is not None else None

    def feature(self, name: str) -> Any:
        """One of FEATURES by its name, measured when first asked for."""
        if name not in self._features:
            self._features[name] = self._makers[name]()
        return self._features[name]

    def adopt(self, name: str, value: object) -> None:
        """Takes a feature that was computed elsewhere."""
        self._features[name] = value

    @property
    def _makers(self) -> dict[str, Callable[[], object]]:
        return {
            "tokens": self._counted_tokens,
            "languages": lambda: (detect_languages(self.corpus.prompts), detect_languages(self.corpus.answers)),
            "repeats_prompt": lambda: self._found_repeats("prompt"),
            "repeats_answer": lambda: self._found_repeats("answer"),
            "duplicates_prompt": lambda: self._found_duplicates("prompt"),
            "duplicates_answer": lambda: self._found_duplicates("answer"),
            "key_info": self._located,
            "map_prompt": lambda: self._laid_out("prompt"),
            "map_answer": lambda: self._laid_out("answer"),
        }

    @property
    def prompt_keys(self) -> NDArray[np.uint64]:
        """(U,) keys of the queries under full folding (see `fold_keys`)."""
        if self.settings.duplicates.folding != "full":
            return fold_keys(self.corpus.prompts)
        repeats: Repeats = self.feature("repeats_prompt")
        return repeats.keys

    def duplicates(self, of: TextField) -> Duplicates:
        """Exact, near and semantic repeats among a field's texts."""
        found: Duplicates = self.feature(f"duplicates_{of}")
        return found

    def layout(self, of: TextField) -> Layout | None:
        """The field's map, or None without an embedder or with too few texts."""
        found: Layout | None = self.feature(f"map_{of}")
        return found

    @property
    def key_info(self) -> pa.Table:
        """(U,) rows of `locate_key_info`, from the feature cache where the prompt and answer were seen before."""
        return self.feature("key_info")

    def _found_repeats(self, of: TextField) -> Repeats:
        texts, settings = self.texts(of), self.settings.duplicates

        def signed(rows: NDArray[np.int64]) -> Iterator[pa.Table]:
            for start in range(0, len(rows), SIGNED_BATCH):
                yield sign(texts.take(pa.array(rows[start : start + SIGNED_BATCH])), settings).to_table()

        table = self.rows_by_content("signatures", (texts,), signed, repr(settings), version("rensa"))
        return find_repeats(texts, settings, Signed.from_table(table), prompts=of == "prompt")

    def _found_duplicates(self, of: TextField) -> Duplicates:
        vectors = self.vectors(of)
        repeats: Repeats = self.feature(f"repeats_{of}")
        return find_duplicates(
            self.texts(of),
            vectors.unique if vectors else None,
            vectors.index if vectors else None,
            self.settings.duplicates,
            embedder=self.embedder.key if self.embedder else None,
            repeats=repeats,
            prompts=of == "prompt",
            progress=within(self.progress, f"duplicates_{of}"),
        )

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
            self._layouts(of),
            within(self.progress, f"map_{of}"),
        )

    @cached_property
    def _unrelated(self) -> float:
        """Mean cosine that the embedder gives to unrelated texts."""
        if self.embedder is None:
            return 0.0
        return mean_cosine(embed_texts(list(SENTENCES), self.embedder, self.cache / "embeddings").unique)

    def _layouts(self, of: TextField) -> Path:
        return self.cache / "layouts" / self._layout_name(of)

    @property
    def knows_maps(self) -> bool:
        """Whether there are earlier maps, so that perhaps none is fitted."""
        return any(KnownMaps(self._layouts(of)) for of in ("prompt", "answer"))

    def _layout_name(self, of: TextField) -> str:
        return self._cache_name(of, repr(self.settings.semantic_map), str(self.settings.seed))

    def _cache_name(self, what: str, *depends: str) -> str:
        """A folder name for what is kept of this model under these settings: whatever they hold, one path component."""
        parts = (self.embedder.key if self.embedder else "none", *depends)
        return f"{what}-{hashlib.blake2b(chr(0).join(parts).encode(), digest_size=12).hexdigest()}"

    def _located(self) -> pa.Table:
        depends = (tokenizer_key(self.settings.tokenizer), repr(self.settings.key_info))
        prompts, answers = self.corpus.prompts, self.corpus.answers
        preambles = shared_openings(prompts, answers)
        kept = pa.chunked_array([pa.array(preambles).cast(pa.string())])
        rows = partial(self._key_info_rows, preambles=preambles)
        return self.rows_by_content("key_info", (prompts, answers, kept), rows, *depends)

    def _answer_rows(self, units: NDArray[np.int64]) -> NDArray[np.float32] | None:
        """(u, d) vectors of the units' answers, not centred, zeros for one without text; None without an embedder."""
        if self.embedded is None:
            return None
        row = self.embedded.index[self.corpus.unit_count + units]
        return np.where(row[:, None] >= 0, self.embedded.unique[row], np.float32(0))

    def _key_info_rows(self, units: NDArray[np.int64], preambles: NDArray[np.int64]) -> Iterator[pa.Table]:
        counter, settings = open_tokenizer(self.settings.tokenizer), self.settings.key_info
        done = 0
        while done < len(units):
            self.progress("key_info", done, len(units))
            # As many as fit: their sentences are embedded at less cost together.
            prompts = self.corpus.prompts.take(pa.array(units[done : done + KEY_INFO_UNITS]))
            size = np.cumsum(pc.utf8_length(prompts).to_numpy())
            count = max(1, int(np.searchsorted(size, settings.batch_chars, "right")))
            chosen = units[done : done + count]
            yield locate_key_info(
                prompts.slice(0, count).to_pylist(),
                self.corpus.answers.take(pa.array(chosen)).to_pylist(),
                encode=self.embedder.encode if self.embedder else None,
                count_tokens=counter,
                answer_vectors=self._answer_rows(chosen),
                preambles=preambles[chosen].tolist(),
                settings=settings,
            ).to_table()
            done += count
        self.progress("key_info", len(units), len(units))
