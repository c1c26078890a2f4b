from __future__ import annotations

from pathlib import Path

import pytest

from diversity.errors import UsageError
from diversity.text.tokenizer import count_tokens, open_tokenizer


def test_qwen_counts_known_by_hand() -> None:
    assert open_tokenizer("qwen3")(["hello world", "hello", ""]).tolist() == [2, 1, 0]


@pytest.mark.parametrize("name", ["qwen3", "o200k", "cl100k", "llama3"])
def test_every_bundled_tokenizer_counts_more_for_more_text(name: str) -> None:
    one, two = open_tokenizer(name)(["数据多样性", "数据多样性很重要，数据质量也很重要。"])
    assert 0 < one < two


def test_tokenizers_differ() -> None:
    text = ["不同的分词器给出不同的长度：antidisestablishmentarianism, 1234567890"]
    assert len({int(open_tokenizer(name)(text)[0]) for name in ("qwen3", "o200k", "cl100k")}) > 1


def test_batches_are_joined_in_order() -> None:
    assert count_tokens([["hello"], ["hello world"], []], "qwen3").tolist() == [1, 2]


def test_a_tokenizer_file_is_used(tmp_path: Path) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers

    tokenizer = Tokenizer(models.WordLevel({"a": 0, "b": 1, "?": 2}, unk_token="?"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    assert open_tokenizer(str(tmp_path / "tokenizer.json"))(["a b c", ""]).tolist() == [3, 0]


def test_an_unknown_name_says_what_there_is() -> None:
    with pytest.raises(UsageError, match="qwen3"):
        open_tokenizer("no-such-tokenizer")


def test_a_file_that_is_no_tokenizer(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    path.write_text("{}")
    with pytest.raises(UsageError, match=r"tokenizer\.json"):
        open_tokenizer(str(path))
