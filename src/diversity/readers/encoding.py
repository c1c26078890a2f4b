"""Which encoding a text file is in, decided from a sample, and its bytes as UTF-8."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UTF8_CHARACTER = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
_CUT_CHARACTER = re.compile(rb"[\xc2-\xf4][\x80-\xbf]{0,2}\Z")
_HIGH = re.compile(rb"[\x80-\xff]+")
_HAN_PAIR = re.compile(rb"[\x81-\xfe][\xa1-\xfe]")
_ANY_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")


def _mark(error: UnicodeError) -> tuple[str, int]:
    """Stands a lone surrogate for bytes that cannot be decoded, so that their row is no valid UTF-8 either."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "\udcff", error.end


codecs.register_error("diversity_mark", _mark)


def bom_of(head: bytes) -> tuple[str | None, int]:
    """(encoding, length of the byte order mark), (None, 0) without one."""
    for mark, name in BOMS:
        if head.startswith(mark):
            return name, len(mark)
    return None, 0


def wide_without_bom(head: bytes) -> str | None:
    """utf-16-le or utf-16-be when nearly every second byte of the ASCII part is zero, else None.

    JSON and CSV hold ASCII marks (quotes, commas, line ends) even in Chinese text: in UTF-16 each brings a zero byte
    on one side only, while a text in another encoding has no zero bytes to speak of.
    """
    sample = head[: len(head) // 2 * 2]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    enough = max(4, len(sample) // 2 // 20)
    if odd >= enough and odd > 20 * even:
        return "utf-16-le"
    if even >= enough and even > 20 * odd:
        return "utf-16-be"
    return None


def of_sample(sample: bytes) -> str:
    """utf-8 or gb18030, for a sample without byte order mark that holds bytes above 127.

    UTF-8 when at least nine tenths of those bytes are valid UTF-8: GB18030 text hardly ever is. Otherwise GB18030
    when at least half of its two-byte characters have both bytes above 0xA0, as Chinese in GB has; in Western single-
    byte encodings an ASCII letter follows. What is neither stays UTF-8: its bad rows are set aside, none is guessed
    at.
    """
    sample = _CUT_CHARACTER.sub(b"", sample)
    with suppress(UnicodeDecodeError):
        sample.decode("utf-8")
        return "utf-8"
    high = sum(len(run) for run in _HIGH.findall(sample))
    valid = sum(len(character) for character in _UTF8_CHARACTER.findall(sample))
    if high == 0 or valid >= 0.9 * high:
        return "utf-8"
    pairs = len(_ANY_PAIR.findall(sample))
    return "gb18030" if pairs and len(_HAN_PAIR.findall(sample)) >= 0.5 * pairs else "utf-8"


class Utf8:
    """The chunks of a text file as UTF-8 chunks.

    The encoding is taken from the byte order mark or the zero bytes of the first chunk. Where the file starts with
    plain ASCII, chunks pass unchanged until the first one with a byte above 127, and that one decides: nothing is
    read ahead and no sample is too short. `name` is the encoding found so far. Bytes that cannot be decoded come out
    as bytes that are not valid UTF-8.
    """

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.name = "utf-8"
        self._chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        first = next(self._chunks, b"")
        mark, skip = bom_of(first)
        name = mark or wide_without_bom(first)
        if name:
            self.name = name.replace("-le", "").replace("-be", "") if mark and "utf-8" not in name else name
        if name and name != "utf-8-sig":
            yield from self._decoded(name, first[skip:])
        elif name:
            yield first[skip:]
            yield from self._chunks
        else:
            yield from self._undecided(first)

    def _undecided(self, first: bytes) -> Iterator[bytes]:
        chunk = first
        while chunk and chunk.isascii():
            yield chunk
            chunk = next(self._chunks, b"")
        if not chunk:
            return
        if chunk[-1] > 127:
            chunk += next(self._chunks, b"")
        self.name = of_sample(chunk)
        if self.name == "utf-8":
            yield chunk
            yield from self._chunks
        else:
            yield from self._decoded(self.name, chunk)

    def _decoded(self, name: str, first: bytes) -> Iterator[bytes]:
        decoder = codecs.getincrementaldecoder(name)("diversity_mark")
        yield decoder.decode(first).encode("utf-8", "surrogatepass")
        for chunk in self._chunks:
            yield decoder.decode(chunk).encode("utf-8", "surrogatepass")
        yield decoder.decode(b"", True).encode("utf-8", "surrogatepass")
