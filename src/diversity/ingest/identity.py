"""Ids of records: the user's own when it is there for every record and unique, else one made from the content."""

from __future__ import annotations

from hashlib import blake2b

import orjson

from diversity.normalize import Draft, Failure


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
    """Gives ids in reading order.

    `own` is False from the first record on whose own id is missing or was seen before; what was given until then is
    void.
    """

    def __init__(self) -> None:
        self.own = True
        self._seen: set[str] = set()
        self._contents = ContentIds()

    def of(self, draft: Draft, content: str) -> str:
        """The record's id as things stand."""
        made = self._contents.of(content)
        if not self.own:
            return made
        if draft.record_id is None or draft.record_id in self._seen:
            self.own = False
            self._seen.clear()
            return made
        self._seen.add(draft.record_id)
        return draft.record_id


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
