"""A taxonomy: items on one or two levels, each with its names, and the YAML it is written in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from diversity.errors import UsageError
from diversity.report import Frozen

FOLDER = Path(__file__).parent
SHIPPED = ("instructgpt", "nlp_tasks", "assistant_zh")
SUFFIXES = (".yaml", ".yml")
LANGUAGES = ("zh", "en")
# The same in C where PyYAML was built with it; as safe, and ten times as fast.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MOST_BYTES, MOST_ITEMS, MOST_ALIASES, LONGEST = 1_000_000, 2_000, 200, 2_000


class Item(Frozen):
    """One thing that a model should have seen. `parent` is the id of its level 1, None for one of level 1 itself."""

    id: str
    parent: str | None
    zh: str
    en: str
    aliases: tuple[str, ...] = ()
    description_zh: str = ""
    description_en: str = ""


class Taxonomy(Frozen):
    """Items in the order in which they are shown, each level-1 item before those under it."""

    name: str
    title_zh: str
    title_en: str
    items: tuple[Item, ...]

    def item(self, key: str) -> Item | None:
        """The item of that id."""
        return next((one for one in self.items if one.id == key), None)

    def children(self, key: str | None) -> list[Item]:
        """Items under one of level 1; those of level 1 for None."""
        return [one for one in self.items if one.parent == key]


def open_taxonomies(chosen: str) -> tuple[Taxonomy, ...]:
    """The shipped taxonomies and, where `chosen` is a path, that file's; the chosen one comes first.

    Raises:
        UsageError: there is no such taxonomy or file, the file is none, or takes a shipped one's name.
    """
    shipped = [_shipped(name) for name in SHIPPED]
    if chosen in SHIPPED:
        return tuple(sorted(shipped, key=lambda one: one.name != chosen))
    path = Path(chosen)
    if path.suffix.lower() not in SUFFIXES:
        raise UsageError(f"There is no taxonomy {chosen!r}. Use {', '.join(SHIPPED)}, or the path of a YAML file.")
    own = read_taxonomy(path)
    if own.name in SHIPPED:
        raise UsageError(f"{chosen}: the name {own.name!r} is taken by a taxonomy that comes with the tool.")
    return (own, *shipped)


@cache
def _shipped(name: str) -> Taxonomy:
    return read_taxonomy(FOLDER / f"{name}.yaml")


def read_taxonomy(path: Path) -> Taxonomy:
    """Reads a taxonomy.

    ```yaml
    name: business            # the file's name when left out
    title: {zh: 业务场景, en: Business scenes}
    items:
      - 猜灯谜                 # a name is enough
      - id: couplets
        zh: 对春联
        en: Spring Festival couplets
        aliases: [对联, 春联]
        description: {zh: 写一副春联, en: Write a couplet}
        items: […]            # a second level, written alike
    ```

    Raises:
        UsageError: it cannot be read, with what is wrong and where.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UsageError(f"{path} is larger than a taxonomy can be ({MOST_BYTES:,} bytes).")
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The taxonomy {path} cannot be read: {error}") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise UsageError(f"{path} is not valid YAML: {error}") from error
    if not isinstance(content, Mapping) or not isinstance(content.get("items"), list) or not content["items"]:
        raise UsageError(f"{path} is no taxonomy: it needs a list `items` (see the README).")
    # YAML may name one list in many places, so a small file can stand for a huge tree.
    items = list(islice(_items(content["items"], None, path), MOST_ITEMS + 1))
    if len(items) > MOST_ITEMS:
        raise UsageError(f"{path} has more than {MOST_ITEMS:,} items.")
    if doubled := {one.id for one in items if sum(one.id == other.id for other in items) > 1}:
        raise UsageError(f"{path}: the id {min(doubled)!r} stands there twice.")
    name = _text(content.get("name")) or path.stem
    titles = _both(content.get("title"), name)
    return Taxonomy(name=name, title_zh=titles[0], title_en=titles[1], items=tuple(items))


def _items(listed: list[Any], parent: str | None, path: Path) -> Iterator[Item]:
    for one in listed:
        fields: Mapping[str, Any] = one if isinstance(one, Mapping) else {"zh": one}
        zh, en = (_text(fields.get(language)) or _text(fields.get("name")) for language in LANGUAGES)
        zh, en = zh or en, en or zh
        if not zh:
            raise UsageError(f"{path}: an item has no name (`zh`, `en` or `name`); it has {sorted(map(str, fields))}.")
        own = _text(fields.get("id")) or zh
        key = own if parent is None else f"{parent}.{own}"
        about = _both(fields.get("description"), "")
        aliases = fields.get("aliases") or []
        if not isinstance(aliases, list) or len(aliases) > MOST_ALIASES:
            raise UsageError(f"{path}: the aliases of {zh!r} are no list, or more than {MOST_ALIASES}.")
        try:
            yield Item(
                id=key,
                parent=parent,
                zh=zh,
                en=en,
                aliases=tuple(filter(None, map(_text, aliases))),
                description_zh=about[0],
                description_en=about[1],
            )
        except ValidationError as error:
            raise UsageError(f"{path}: the item {zh!r} cannot be read: {error.errors()[0]['msg']}") from error
        below = fields.get("items") or []
        if not isinstance(below, list) or (below and parent is not None):
            raise UsageError(f"{path}: {zh!r} has items of a third level, or ones that are no list.")
        yield from _items(below, key, path)


def _both(value: Any, otherwise: str) -> tuple[str, str]:
    """A text in both languages: given for each, or one for both."""
    found = [_text(value.get(one)) for one in LANGUAGES] if isinstance(value, Mapping) else [_text(value)] * 2
    return found[0] or found[1] or otherwise, found[1] or found[0] or otherwise


def _text(value: Any) -> str:
    """A text or number as one line; nothing for anything else."""
    plain = str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    return " ".join(plain.split())[:LONGEST]
