"""Which records of one version stand in another: unchanged, edited, removed, added."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from diversity.comparison.edits import changed_turns
from diversity.comparison.likeness import LOOKED_AT, Particular
from diversity.comparison.rows import EDGE
from diversity.corpus import RECORDS_FILE
from diversity.features.cache import content_keys
from diversity.neighbors import DEFAULT_DUPLICATES, DuplicateSettings
from diversity.neighbors.near import near_pairs, similarities

# An edit keeps at least half of its shingles; two records that share less are two records.
EDIT_SIMILARITY = 0.5
# And nearly as much of what few others have: of pairs in tool calls that share half of their text with the tool's
# specification alone 1 to 3% have so much in common, of edits 90 to 100% (docs/decisions/0021).
PARTICULAR_SIMILARITY = 0.4
# Under one id: those pairs are a third to two fifths as alike in what is particular as on the whole, edits two thirds.
PARTICULAR_SHARE = 0.5
# Ids that count rows (7, train_7) name another record once rows come and go. Of two records drawn at random from
# instruction data 99.9% share less (Chinese 0.04, English 0.12), and an edit that leaves less in place is a new text.
SAME_ID_SIMILARITY = 0.15
# Digits of a number that may count rows.
LONGEST_NUMBER = 12
# Pairs of answers held against each other where a prompt has several: some seconds. Beyond, file order decides.
MOST_CANDIDATES = 20_000
NEWLINE, COMMA = pa.scalar("\n", pa.large_string()), pa.scalar(",", pa.large_string())
Columns = dict[str, list[Any]]
_TURNS = (("query", "queries"), ("answer", "answers"))
COLUMNS = ["record_id", "task_type", "system", "turns"]
DIFF_SCHEMA = pa.schema(
    [
        ("status", pa.string()),
        ("record_id_before", pa.string()),
        ("record_id_after", pa.string()),
        ("matched_by", pa.string()),
        ("similarity", pa.float32()),
        ("changed", pa.list_(pa.string())),
    ]
)


def diff_records(before: Path, after: Path) -> pa.Table:
    """The difference of two report folders' records, one row a record (DIFF_SCHEMA).

    Order: edited, added, removed, unchanged.

    Records pair up by the first rule that fits, each at most once: same id and content, same content (`content`), same
    id (`id`; one that counts rows only where the contents have something in common), same prompt (`prompt`), then the
    most similar text with Jaccard of at least 0.5, and 0.4 in what few other records have (`similar`). Where one prompt
    has several answers, those most alike pair up. A pair whose content or task type differs is edited, and `changed`
    lists in what (the names of `EditCounts`); what `_plain` takes away does not count.
    """
    old, new = _read(before), _read(after)
    pairs: list[tuple[int, int, str, float]] = []
    left, right = set(range(len(old["id"]))), set(range(len(new["id"])))
    for rule, key in (
        ("id_and_content", ("id", "content")),
        ("content", ("content", "type")),
        ("content", ("content",)),
        ("id", ("id",)),
        ("prompt", ("system", "query", "queries")),
    ):
        columns = [old[k] for k in key], [new[k] for k in key]
        found = _closest(columns, old, new, left, right) if rule == "prompt" else []
        found += _matched(*columns, left, right)
        if rule == "id":
            found = _of_one_record(found, old, new, left, right)
        pairs += [(a, b, rule, 1.0 if "content" in rule else float("nan")) for a, b in found]
    pairs += [(a, b, "similar", similarity) for a, b, similarity in _similar(old, new, left, right)]
    return _table(old, new, pairs, left, right)


def _read(folder: Path) -> Columns:
    """The records by column. `query` and `answer` are all turns in one text, `queries` and `answers` where each ends: a
    line break is no new turn."""
    table = pq.read_table(folder / RECORDS_FILE, columns=COLUMNS)
    (query, queries), (answer, answers) = (_joined(table["turns"], part) for part in ("query", "answer"))
    system = _plain(pc.fill_null(table["system"], "")).to_pylist()
    return {
        "id": table["record_id"].to_pylist(),
        "content": content_keys([system, query, queries, answer, answers]),
        "type": ["\x1f".join(labels) for labels in table["task_type"].to_pylist()],
        "system": system,
        "query": query,
        "queries": queries,
        "answer": answer,
        "answers": answers,
        "text": [f"{asked}\n{said}" for asked, said in zip(query, answer, strict=True)],
    }


def _joined(turns: pa.ChunkedArray, part: str) -> tuple[list[str], list[str]]:
    """One text a record: the turns' queries or answers, one after the other; and their lengths."""
    texts, lengths = [], []
    for chunk in turns.chunks:
        values = _plain(pc.struct_field(chunk.flatten(), part))
        offsets, sizes = _offsets(chunk), pc.utf8_length(values).cast(pa.large_string())
        texts += pc.binary_join(pa.LargeListArray.from_arrays(offsets, values), NEWLINE).to_pylist()
        lengths += pc.binary_join(pa.LargeListArray.from_arrays(offsets, sizes), COMMA).to_pylist()
    return texts, lengths


def _plain(texts: Any) -> Any:
    """Texts without what comes and goes with the tools that write a file, which is no edit that anybody made: white
    space at the ends, line ends (CRLF, CR or LF), letters composed or decomposed (NFC)."""
    lines = pc.replace_substring(pc.replace_substring(texts, "\r\n", "\n"), "\r", "\n")
    return pc.utf8_trim(pc.utf8_normalize(lines, form="NFC"), characters=EDGE)


def _offsets(chunk: pa.ListArray) -> pa.Array:
    """(n + 1,) where each list starts in the flattened values."""
    return pa.array(
        np.concatenate([[0], np.cumsum(pc.list_value_length(chunk).to_numpy(zero_copy_only=False))]), pa.int64()
    )


def _matched(
    old: Sequence[Sequence[Hashable]], new: Sequence[Sequence[Hashable]], left: set[int], right: set[int]
) -> list[tuple[int, int]]:
    """Pairs whose keys are equal, in order; both sides are taken out of `left` and `right`."""
    waiting: dict[tuple[Hashable, ...], list[int]] = defaultdict(list)
    for place in sorted(right, reverse=True):
        waiting[tuple(column[place] for column in new)].append(place)
    pairs = []
    for place in sorted(left):
        if same := waiting.get(tuple(column[place] for column in old)):
            pairs.append((place, same.pop()))
    left.difference_update(a for a, _ in pairs)
    right.difference_update(b for _, b in pairs)
    return pairs


def _closest(
    columns: tuple[Sequence[Sequence[Hashable]], Sequence[Sequence[Hashable]]],
    old: Columns,
    new: Columns,
    left: set[int],
    right: set[int],
) -> list[tuple[int, int]]:
    """Among rows of one key of which a side has several, pairs of answers that have something in common, the most alike
    first; both sides are taken out of `left` and `right`."""
    asked: dict[tuple[Hashable, ...], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, free in enumerate((left, right)):
        for place in sorted(free):
            asked[tuple(column[place] for column in columns[side])][side].append(place)
    candidates: list[tuple[int, int]] = []
    for first, second in asked.values():
        if len(first) * len(second) > 1 and len(candidates) + len(first) * len(second) <= MOST_CANDIDATES:
            candidates += [(a, b) for a in first for b in second]
    texts = [old["answer"][a] for a, _ in candidates], [new["answer"][b] for _, b in candidates]
    alike = similarities(*texts, DEFAULT_DUPLICATES).tolist()
    order = [(-s, old["content"][a], new["content"][b], a, b) for s, (a, b) in zip(alike, candidates, strict=True) if s]
    pairs = []
    for _, _, _, a, b in sorted(order):
        if a in left and b in right:
            pairs.append((a, b))
            left.discard(a)
            right.discard(b)
    return pairs


def _of_one_record(
    pairs: list[tuple[int, int]], old: Columns, new: Columns, left: set[int], right: set[int]
) -> list[tuple[int, int]]:
    """The pairs whose id is a name, or whose records have a prompt, an answer or some of their text in common; the
    others are free again. A number is as often a row's place in the file as its name."""
    counting = _counting(old["id"]) & _counting(new["id"])
    doubted = _nothing_the_same([(a, b) for a, b in pairs if old["id"][a] in counting], old, new)
    if not doubted:
        return pairs
    texts = [old["text"][a] for a, _ in doubted], [new["text"][b] for _, b in doubted]
    alike = similarities(*texts, DEFAULT_DUPLICATES)
    particular = _particular(old, new).similarities(*texts)
    unlike = (alike < SAME_ID_SIMILARITY) | (particular < PARTICULAR_SHARE * alike)
    freed = {pair for pair, free in zip(doubted, unlike.tolist(), strict=True) if free}
    left.update(a for a, _ in freed)
    right.update(b for _, b in freed)
    return [pair for pair in pairs if pair not in freed]


def _counting(ids: Sequence[str]) -> set[str]:
    """Ids that may count a version's rows: bare numbers, and those that end in one after what other ids begin with too,
    if these numbers run from 0 or 1 without a gap. Rows that are numbered anew do; names have gaps once a row was
    dropped, and what ends in a digit by chance, as half of all checksums do, has a beginning of its own."""
    stems: dict[str, list[str]] = defaultdict(list)
    for one in {*ids}:
        stems[one.rstrip("0123456789")].append(one)
    return {one for stem, own in stems.items() if not stem or _count(stem, own) for one in own if one != stem}


def _count(stem: str, ids: Sequence[str]) -> bool:
    """Whether the numbers behind `stem` are several and count something."""
    ends = [one[len(stem) :] for one in ids if one != stem]
    if len(ends) < 2 or max(map(len, ends)) > LONGEST_NUMBER:
        return False
    numbers = {*map(int, ends)}
    return min(numbers) in (0, 1) and max(numbers) - min(numbers) + 1 == len(numbers)


def _particular(old: Columns, new: Columns) -> Particular:
    """What is common in the two versions, from some of their records; which ones their content decides."""
    drawn = [sorted(range(len(side["id"])), key=side["content"].__getitem__)[:LOOKED_AT] for side in (old, new)]
    return Particular(*([side["text"][at] for at in rows] for side, rows in zip((old, new), drawn, strict=True)))


def _nothing_the_same(pairs: list[tuple[int, int]], old: Columns, new: Columns) -> list[tuple[int, int]]:
    """Those with neither the same prompt nor the same answer. An answer that others give too ("Negative") does not tell
    which record it is."""
    once = [{text for text, count in Counter(side["answer"]).items() if count == 1} for side in (old, new)]
    telling = (once[0] & once[1]) - {""}
    return [
        (a, b)
        for a, b in pairs
        if (old["query"][a] != new["query"][b] or not old["query"][a])
        and (old["answer"][a] != new["answer"][b] or old["answer"][a] not in telling)
    ]


def _similar(old: Columns, new: Columns, left: set[int], right: set[int]) -> list[tuple[int, int, float]]:
    """The pairs still free that are one text, those most alike in what is particular first; between equals the content
    decides, not the order."""
    if not left or not right:
        return []
    rows, columns = sorted(left), sorted(right)
    texts = [old["text"][row] for row in rows] + [new["text"][column] for column in columns]
    found = near_pairs(texts, np.arange(len(texts)), DuplicateSettings(near_threshold=EDIT_SIMILARITY))
    crossing = found.only((found.left < len(rows)) & (found.right >= len(rows)))
    if not len(crossing):
        return []
    sides = (crossing.left, crossing.right)
    particular = _particular(old, new).similarities(*([texts[at] for at in side] for side in sides))
    across = [
        (-p, -float(s), old["content"][rows[i]], new["content"][columns[j - len(rows)]], int(i), int(j) - len(rows))
        for i, j, s, p in zip(*sides, crossing.similarity, particular.tolist(), strict=True)
        if p >= PARTICULAR_SIMILARITY
    ]
    pairs = []
    for _, distance, _, _, i, j in sorted(across):
        if rows[i] in left and columns[j] in right:
            pairs.append((rows[i], columns[j], -distance))
            left.discard(rows[i])
            right.discard(columns[j])
    return pairs


def _table(
    old: Columns,
    new: Columns,
    pairs: list[tuple[int, int, str, float]],
    left: set[int],
    right: set[int],
) -> pa.Table:
    edited: list[tuple[object, ...]] = []
    unchanged: list[tuple[object, ...]] = []
    for a, b, rule, similarity in sorted(pairs):
        same = old["content"][a] == new["content"][b] and old["type"][a] == new["type"][b]
        row = ("unchanged" if same else "edited", old["id"][a], new["id"][b], rule, similarity)
        (unchanged if same else edited).append((*row, None if same else list(_changed(old, new, a, b))))
    added = [("added", None, new["id"][b], None, None, None) for b in sorted(right)]
    removed = [("removed", old["id"][a], None, None, None, None) for a in sorted(left)]
    rows = [*edited, *added, *removed, *unchanged]
    columns = list(zip(*rows, strict=True)) or [()] * len(DIFF_SCHEMA)
    return pa.table(
        [pa.array(column, kind.type) for column, kind in zip(columns, DIFF_SCHEMA, strict=True)], schema=DIFF_SCHEMA
    )


def _changed(old: Columns, new: Columns, a: int, b: int) -> Iterator[str]:
    """What changed about one record."""
    yield from (
        part for part, column in (("system", "system"), ("task_type", "type")) if old[column][a] != new[column][b]
    )
    yield from changed_turns(_turns(old, a), _turns(new, b))


def _turns(side: Columns, place: int) -> list[tuple[str, str]]:
    """A record's turns, out of the texts that `_joined` made of them."""
    return list(zip(*(_parted(side[text][place], side[ends][place]) for text, ends in _TURNS), strict=True))


def _parted(text: str, lengths: str) -> list[str]:
    parts, start = [], 0
    for length in map(int, lengths.split(",") if lengths else ()):
        parts.append(text[start : start + length])
        start += length + 1
    return parts
