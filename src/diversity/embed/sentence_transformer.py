"""Any sentence-transformers model, by Hugging Face name or local folder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diversity.embed.base import unit_rows
from diversity.errors import DiversityError

_CODE_VERSION = 1
_BATCH = 32
_WHOLE_FILE_BYTES = 1 << 20
_ORGANISATION = "sentence-transformers"
_MODULES_FILE = "modules.json"


class SentenceTransformerEmbedder:
    """A model of the sentence-transformers library. It is loaded, and if need be downloaded, when it is first used.

    Args:
        name: Hugging Face name (`intfloat/multilingual-e5-small`) or folder.
        prefix: put before every text (`query: ` for the e5 family).
        max_seq_length: tokens kept of a text, from its head; None leaves the model's own limit.
    """

    def __init__(
        self,
        name: str,
        *,
        device: str | None = None,
        batch_size: int | None = None,
        precision: str = "float32",
        prefix: str = "",
        max_seq_length: int | None = None,
    ) -> None:
        self.name = name
        self._folder = _as_folder(name)
        self._device = device
        self._batch_size = batch_size or _BATCH
        self._precision = precision
        self._prefix = prefix
        self._max_seq_length = max_seq_length

    @cached_property
    def key(self) -> str:
        """For a folder: its files' content; for a name: the downloaded commit, which loads the model where there is none."""
        identity = _folder_fingerprint(self._folder) if self._folder else self._commit()
        settings = f"{self._precision}|{self._prefix}|{self._max_seq_length}"
        return f"{self._folder.name if self._folder else self.name}|{identity}|v{_CODE_VERSION}|{settings}"

    @property
    def dimension(self) -> int:
        return int(self._model.get_embedding_dimension())

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = self._model.encode(
            list(texts), batch_size=self._batch_size, prompt=self._prefix, show_progress_bar=False, convert_to_tensor=True
        )
        return unit_rows(vectors.float().cpu().numpy())

    def _commit(self) -> str:
        known = _cached_commit(self.name)
        if known is None:
            self._model  # noqa: B018 - downloads it
            known = _cached_commit(self.name)
        return known or "no-commit"

    @cached_property
    def _model(self) -> Any:
        import torch
        from sentence_transformers import SentenceTransformer

        try:
            model = SentenceTransformer(
                str(self._folder or self.name),
                device=self._device,
                model_kwargs={"dtype": getattr(torch, self._precision)},
            )
        except (OSError, ValueError, ImportError, RuntimeError, KeyError) as error:
            raise DiversityError(_cannot_open(self.name, self._folder, error)) from error
        if self._max_seq_length is not None:
            model.max_seq_length = self._max_seq_length
        return model.eval()
