"""Ids of records: the user's own where it is there and no other record has it, else one made from the content."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import blake2b

import orjson

from diversity.normalize import Draft, Failure

_MADE = re.compile(r"[0-9a-f]{32}(-\d+)?")


def content_hash(draft: Draft) -> str:
    """blake2b (128 bits, hex) over system text and turns: the same record has it in every version, file and task type.

    Raises Failure for text that is not Unicode (half a surrogate pair).
    """
    try:
        content = orjson.dumps((draft.system, draft.turns))
    except TypeError as error:
        raise Failure("lone_surrogate", "in a prompt, an answer or the system text") from error
    return blake2b(content, digest_size=16).hexdigest()


class Ids:
    """Gives ids in reading order: the user's where there is one, else one made from the content.

    An id that several records have is the name of none of them: they get ids from their content, which `settled` gives
    once everything was read. So which records have which id does not depend on the order of files.
    """

    def __init__(self) -> None:
        self.missing = self.given = 0
        self._own: set[str] = set()
        self._often: Counter[str] = Counter()
        self._like_ours = False
        self._contents = ContentIds()

    def of(self, draft: Draft, content: str) -> str:
        """The record's id as things stand."""
        made, own = self._contents.of(content), draft.record_id
        if own is None:
            self.missing += 1
            return made
        self.given += 1
        if own in self._own:
            self._often[own] += 1
        self._own.add(own)
        self._like_ours = self._like_ours or _MADE.fullmatch(own) is not None
        return own

    @property
    def repeated(self) -> int:
        """How many records have an id that another one has too."""
        return self._often.total() + len(self._often)

    @property
    def example(self) -> str | None:
        """The first id that was seen twice."""
        return next(iter(self._often), None)

    @property
    def unsettled(self) -> bool:
        """Whether an id given so far may be another record's too."""
        return bool(self._often) or (self._like_ours and self.missing > 0)

    def settled(self, ids: Iterable[tuple[str, str]]) -> Iterator[str]:
        """The final ids of all records, given (id as it was given, content hash) in reading order."""
        contents, taken = ContentIds(), set()
        for given, content in ids:
            made = contents.of(content)
            final = made if given in self._often else given
            while final in taken:
                final = contents.of(content)
            taken.add(final)
            yield final


class ContentIds:
    """Ids from content hashes: a true repeat gets `-2`, `-3`, … in reading order."""

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._repeats: dict[str, int] = {}

    def of(self, content: str) -> str:
        key = int(content[:16], 16)
        if key not in self._seen:
            self._seen.add(key)
            return content
        count = self._repeats[content] = self._repeats.get(content, 1) + 1
        return f"{content}-{count}"
