"""The one door to embeddings. Nothing here loads a model, or torch, before a text is to be embedded."""

from __future__ import annotations

from diversity.embed.base import Embedder, center
from diversity.embed.service import EmbeddedTexts, embed_texts
from diversity.errors import UsageError

__all__ = ["EmbeddedTexts", "Embedder", "center", "embed_texts", "open_embedder"]

PRECISIONS = ("float32", "float16", "bfloat16")


def open_embedder(
    name: str, *, device: str | None = None, batch_size: int | None = None, precision: str = "float32", prefix: str = ""
) -> Embedder | None:
    """The embedder of that name.

    Args:
        name: `default` (embedded, no download), `none` (no embeddings: None is returned), a Hugging Face model name or
            the folder of a sentence-transformers model.
        device: a torch device; None takes a GPU if there is one.
        batch_size: texts per call of the model; None takes the embedder's own.
        precision: `float32`, `float16` or `bfloat16`, for the heavy arithmetic; vectors are float32 in any case.
        prefix: put before every text, as some models were trained with (`query: ` for the e5 family).

    Raises:
        UsageError: an unknown precision, or a batch size below 1.
    """
    if precision not in PRECISIONS:
        raise UsageError(f"Embedder precision {precision!r} is unknown. Use one of {', '.join(PRECISIONS)}.")
    if batch_size is not None and batch_size < 1:
        raise UsageError(f"Embedder batch size {batch_size} makes no sense. Use 1 or more, or leave it out.")
    if name == "none":
        return None
    if name == "default":
        from diversity.embed.universal import UniversalEmbedder

        return UniversalEmbedder(device=device, batch_size=batch_size, precision=precision, prefix=prefix)
    from diversity.embed.sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(name, device=device, batch_size=batch_size, precision=precision, prefix=prefix)
