from __future__ import annotations

import importlib
import pkgutil
import re

import pytest

import diversity
from diversity.text.patterns import _Later, compiled_later


def test_it_does_what_a_compiled_expression_does() -> None:
    word = compiled_later(r"\bA\w+", re.IGNORECASE)
    text = "an apple, Ada"
    compiled = re.compile(r"\bA\w+", re.IGNORECASE)
    for _ in range(2):
        assert word.findall(text) == compiled.findall(text) == ["an", "apple", "Ada"]
        assert word.sub("x", text) == compiled.sub("x", text)
        assert [found.span() for found in word.finditer(text)] == [found.span() for found in compiled.finditer(text)]
        assert word.pattern == compiled.pattern


def test_an_error_shows_at_the_first_use() -> None:
    broken = compiled_later("(")
    with pytest.raises(re.error):
        broken.search("x")


def test_every_expression_of_the_package_compiles() -> None:
    found = 0
    for module in pkgutil.walk_packages(diversity.__path__, "diversity."):
        if ".ui." in module.name or module.name.endswith("__main__"):
            continue
        for value in _values(vars(importlib.import_module(module.name))):
            if isinstance(value, _Later):
                found += 1
                re.compile(value._source, value._flags)
    assert found > 150


def _values(names: dict[str, object]) -> list[object]:
    """Module-level values and what stands in tuples, lists and dictionaries of them."""
    waiting, values = list(names.values()), []
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict) and value is not names:
            waiting += value.values()
        elif isinstance(value, list | tuple):
            waiting += value
        else:
            values.append(value)
    return values
