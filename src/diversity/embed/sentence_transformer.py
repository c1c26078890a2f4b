"""Any sentence-transformers model, by Hugging Face name or local folder."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diversity.embed.base import unit_rows
from diversity.errors import DiversityError, UsageError

_CODE_VERSION = 1
_BATCH = 32
_HASHED_BYTES = 1 << 20
_LOOKUP_SECONDS = 10.0
_ORGANISATION = "sentence-transformers"
_CONFIG = "config.json"


class SentenceTransformerEmbedder:
    """A model of the sentence-transformers library. It is loaded, and if need be downloaded, when it is first used.

    Args:
        name: Hugging Face name (`intfloat/multilingual-e5-small`) or folder.
        prefix: put before every text (`query: ` for the e5 family).
        max_seq_length: tokens kept of a text, from its head; None leaves the model's own limit.

    Raises:
        UsageError: `name` looks like a folder, and there is none.
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
        """Names the folder's content, or the model's commit: the one downloaded before, else the one on the hub now."""
        model = f"{self._folder.name}|{_fingerprint(self._folder)}" if self._folder else f"{self.name}|{self._commit}"
        return f"{model}|v{_CODE_VERSION}|{self._precision}|{self._prefix}|{self._max_seq_length}"

    @property
    def dimension(self) -> int:
        return int(self._model.get_embedding_dimension())

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = self._model.encode(
            list(texts),
            batch_size=self._batch_size,
            prompt=self._prefix,
            show_progress_bar=False,
            convert_to_tensor=True,
        )
        return unit_rows(vectors.float().cpu().numpy())

    @cached_property
    def _commit(self) -> str:
        repository = self.name if "/" in self.name else f"{_ORGANISATION}/{self.name}"
        return _downloaded_commit(repository) or _latest_commit(repository)

    @cached_property
    def _model(self) -> Any:
        source: dict[str, Any] = {"model_name_or_path": str(self._folder or self.name)}
        if self._folder is None:
            downloaded = _downloaded_commit(self.name if "/" in self.name else f"{_ORGANISATION}/{self.name}")
            source |= {"revision": self._commit, "local_files_only": downloaded == self._commit}
        import torch
        from sentence_transformers import SentenceTransformer

        try:
            dtype = {"dtype": getattr(torch, self._precision)}
            model = SentenceTransformer(**source, device=self._device, model_kwargs=dtype)
        except (OSError, ValueError, ImportError, RuntimeError, KeyError) as error:
            raise DiversityError(
                f"The embedder {self.name!r} cannot be opened: {_first_line(error)} "
                "Give the name of a sentence-transformers model, its folder, or `default`.",
                "embedder_unopened",
                name=self.name,
                said=_first_line(error),
            ) from error
        if self._max_seq_length is not None:
            model.max_seq_length = self._max_seq_length
        return model.eval()


def _as_folder(name: str) -> Path | None:
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder.resolve()
    if folder.is_absolute() or name.startswith((".", "~")) or name.count("/") > 1 or "\\" in name:
        raise UsageError(
            f"There is no embedder folder {name}. Give an existing folder, a Hugging Face name "
            "(`organisation/model`), `default` or `none`.",
            "no_embedder_folder",
            name=name,
        )
    return None


def _fingerprint(folder: Path) -> str:
    """Digest of the files' names, sizes, first and last megabytes: weights of many GB are not read through."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder).as_posix()}\0{size}\0".encode())
        with path.open("rb") as file:
            digest.update(file.read(_HASHED_BYTES))
            file.seek(max(size - _HASHED_BYTES, 0))
            digest.update(file.read(_HASHED_BYTES))
    return digest.hexdigest()


def _downloaded_commit(repository: str) -> str | None:
    """Commit of the snapshot in the local Hugging Face cache; the network is not asked."""
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(repository, _CONFIG)
    return Path(found).parent.name if isinstance(found, str) else None


def _latest_commit(repository: str) -> str:
    """Commit on the hub. One question with a short wait: the loader would retry for a minute without a network."""
    from huggingface_hub import HfApi
    from huggingface_hub.errors import RepositoryNotFoundError

    try:
        return str(HfApi().model_info(repository, timeout=_LOOKUP_SECONDS).sha)
    except RepositoryNotFoundError as error:
        raise DiversityError(
            f"Hugging Face has no embedder {repository!r} that you may read. Check the name; a private one needs "
            "`hf auth login`.",
            "embedder_unknown",
            name=repository,
        ) from error
    except Exception as error:  # the hub's client library, and so the class of its network errors, changes
        raise DiversityError(
            f"The embedder {repository!r} is not on this machine and Hugging Face cannot be reached "
            f"({_first_line(error)}) Download it where there is a network and give its folder, or use `default`, which "
            "needs none.",
            "embedder_offline",
            name=repository,
            said=_first_line(error),
        ) from error


def _first_line(error: Exception) -> str:
    line = (str(error).strip() or type(error).__name__).splitlines()[0]
    return line if line.endswith(".") else line + "."
