"""Requests for a length in English.

Every number with a unit is looked at in its sentence: what stands before it says whether it is asked for or spoken of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from diversity.features.length_request.base import MOST_MEASURES, LengthRequest, limits
from diversity.features.length_request.numbers import ENGLISH, VAGUE, Range, english_number
from diversity.features.length_request.subject import said_of_thing_english
from diversity.text.patterns import compiled_later

# Words that cannot stand between a number and its unit: then the number is of something else.
_NO_ADJECTIVE = (
    "that|which|of|the|in|to|or|and|is|are|about|from|with|for|given|following|this|these|on|at|by|as|more|"
    "opening|closing|first|last|next|word|line|sentence|household|action|subject|pickup|input"
)
_UNIT = r"bullet[- ]?points?|bullets?|words?|sentences?|paragraphs?|lines?|items?|characters?|chars?|points?"
# Between the words of a measure stand a few blanks at most: what a text may repeat without end is never tried twice.
_GAP, _SPACE = r"\s{0,4}", r"\s{1,4}"
MEASURE = compiled_later(
    rf"(?<![\w.$€£-])(?P<a>{ENGLISH})(?:{_GAP}(?:-|–|—|~|\bto\b|\bor\b|\band\b){_GAP}(?P<b>{ENGLISH}))?"
    rf"(?P<or>{_SPACE}or{_SPACE}(?:more|less|fewer))?(?P<link>[\s-]{{1,6}})"
    rf"(?P<adjectives>(?:(?!(?:{_NO_ADJECTIVE}|{ENGLISH})\b)[a-z]+(?:-[a-z]+)*,?{_SPACE}){{0,2}}?)(?P<unit>{_UNIT})\b(?!['’])",
    re.IGNORECASE,
)
_NAMED = compiled_later(
    rf"\b(?:word count|word limit){_GAP}(?:of|is|should be|:|=|-)?{_GAP}"
    rf"(?P<rel>about|around|at least|at most|max(?:imum)?|up to)?{_GAP}(?P<a>\d[\d,]{{0,9}})"
    rf"(?:{_GAP}(?:-|–|to){_GAP}(?P<b>\d[\d,]{{0,9}}))?(?!{_GAP}(?:-|words?\b|\d))",
    re.IGNORECASE,
)

_NO = r"(?:no|not|not be|never)"
_LEAST = compiled_later(
    rf"(?:\bat least|\b{_NO} (?:fewer|less|shorter) than|\b(?:a )?minimum(?: length)?(?: of)?|"
    rf"(?<!no )(?<!not )(?<!n't )\b(?:more|longer|greater) than|(?<!not )\bexceed(?:ing|s)?|\bover)\s*:?\s*$",
    re.IGNORECASE,
)
_MOST = compiled_later(
    rf"(?:\bat (?:the )?most|\b{_NO} (?:more|longer|greater) than|"
    rf"\b(?:{_NO}|n't|without)(?: to)? (?:go over|exceed)(?:ing)?|"
    r"(?<!no )(?<!not )\b(?:fewer|less|shorter) than|\bunder|\bwithin|\bbelow|\bup to|"
    r"\b(?:a )?max(?:imum)?\.?(?: length)?(?: of)?|"
    r"\blimit(?:ed)?(?: \w+){0,4}? to|\brestrict(?:ed)?(?: \w+){0,4}? to)\s*:?\s*$",
    re.IGNORECASE,
)
_ABOUT = compiled_later(
    r"(?:\babout|\baround|\bapprox(?:imately|\.)?|\broughly|\bnearly|\bclose to|~|\bcirca|\bsome)\s*$", re.I
)
_EXACT = compiled_later(r"(?:\bexactly|\bprecisely|\bjust|\bonly|\bno more and no less than)\s*$", re.IGNORECASE)
_BETWEEN = compiled_later(r"\b(?:between|from)\s*$", re.IGNORECASE)
_AFTER_MOST = compiled_later(
    r"[\s,-]*(?:or (?:less|fewer|under|shorter|below)|max(?:imum)?\b|at (?:the )?most|tops\b|or so at most)", re.I
)
_AFTER_LEAST = compiled_later(r"[\s,-]*(?:or (?:more|longer|above)|min(?:imum)?\b|at (?:the )?least)", re.I)
_AFTER_ABOUT = compiled_later(r"\s*(?:or so\b|approximately\b)", re.IGNORECASE)

_POINTED = compiled_later(
    r"\b(?:the|these|those|this|that|following|first|last|next|both|my|her|his|its|our|their|your|all|any|other|same|"
    r"given|which|these|every|previous|above|final|of these|how many|another|wrote|least one of|per)\s+(?:of\s+)?$",
    re.IGNORECASE,
)
_WRITE = (
    r"write|rewrite|compose|generate|create|craft|draft|provide|give|make|produce|prepare|develop|design|summari[sz]e|"
    r"describe|explain|construct|form|need|want|build|answer|respond|reply|add|include|outline|sum|list|come up|"
    r"use|say|offer|present|show|express|convert|turn|expand|elaborate|condense|paraphrase|suggest|brainstorm|compile|"
    r"formulate|discuss|narrate|pen|invent|imagine|submit|deliver|continue|complete|shorten|reduce|keep|limit"
)
# Verbs of the given material: "combine two sentences" asks for none, "arrange the words into a sentence" for one.
_RESHAPE = (
    r"arrange|rearrange|group|combine|merge|transform|change|put|incorporate|introduce|join|reorganize|synthesi[sz]e|"
    r"organi[sz]e|compress|retell|restate|make up|finish"
)
_WRITES = compiled_later(rf"\b(?:{_WRITE}|{_RESHAPE})\b", re.IGNORECASE)
_SAID = compiled_later(
    r"\b(?:wrote|written|said|was|were|asked|wants|requires?d?|had|contained|contains|consisted|consists|has|allows?|"
    r"read|per minute|there are|there is|if|whether|typed|published)\b",
    re.IGNORECASE,
)
# "a plan to write a 1500-word essay": the length of another text.
_ABOUT_WRITING = compiled_later(
    r"\b(?:how|plans?|tips?|steps?|ways?|guides?|strateg(?:y|ies)|advice)\b.*\bto write\b", re.IGNORECASE
)
_LISTING = compiled_later(
    r"\b(?:list|give|provide|write|name|make|create|generate|in|into|to|of|as|with|up|outline|sum|summari[sz]e|"
    r"brainstorm|include|present|have|be|offer|suggest|me|us|at|than|only|exactly|about|around)\s*$",
    re.IGNORECASE,
)
# A list that is there already: "Given a list of five items".
_OTHER_LIST = compiled_later(
    r"\b(?:given|from|memori[sz]\w+|sort\w*|in|with|summari[sz]\w+|rank\w*|order\w*|classify|arrange|the following) "
    r"(?:an? |the )?list of\s*$|\bsize\b.*$",
    re.IGNORECASE,
)
_QUESTION = compiled_later(r"\b(?:why|how many|how long|how much|which|who|whose)\b", re.IGNORECASE)
_CODE = compiled_later(
    r"\b(?:functions?|programs?|scripts?|regex|regular expressions?|algorithms?|code|quer(?:y|ies)|strings?|arrays?|"
    r"files?|databases?|sql|python|java(?:script)?|passwords?|input|variables?|method|class|html|css)\b",
    re.IGNORECASE,
)
# "sentences of at most 20 words", "words that have at least 5 characters": what the number is said of.
_OWNED = compiled_later(
    r"\b(?:words|sentences|strings|names|lines|texts|essays|articles|numbers|tweets|messages)\s+(?:\w+\s+)?"
    r"(?:of|with|that|which|having|containing|longer|shorter|under|over|within)\b[\w\s]{0,16}$",
    re.IGNORECASE,
)
_MEANS = compiled_later(r"\b(?:in|into|using|within|over)\s+$", re.IGNORECASE)
_TO = compiled_later(
    r"\b(?:keep|limit|reduce|shorten|condense|expand|restrict|cut|narrow|trim|down|up|compress)\b.{0,60}\bto\s+$", re.I
)
_HAVING = compiled_later(
    r"\b(?:with|of|containing|comprising|contain|contains|have|has|consisting of|consist of|consists of|include)\s+$",
    re.I,
)
_BEING = compiled_later(
    r"\b(?:should|must|that is|that are|which is|needs? to|has to|have to|can|to|ought to|will|shall|"
    r"make \w+ \w+)\s*(?:be|have|contain|include|consist of)?\s+$",
    re.IGNORECASE,
)
_OBJECT = compiled_later(
    rf"\b(?:{_WRITE})\s+(?:me\s+|us\s+|out\s+|up with\s+|a list of\s+|list of\s+|a total of\s+)?$", re.I
)
_LIST_OF = compiled_later(r"\blists?(?: of| with| containing)?\s+$", re.IGNORECASE)
_SINGLE = compiled_later(
    r"\b(?:write|compose|generate|create|craft|draft|construct|form|make|produce|provide|give(?: me)?|build|add|output|"
    r"formulate|come up with|develop|design|in|into|using|as|with)\s+(?:just\s+|only\s+)?$",
    re.IGNORECASE,
)
_ALONE_BEFORE = compiled_later(r"(?:^|[.!?:;,(\[\n]|\blength:?|\blong:?)\s*$", re.IGNORECASE)
_ALONE_AFTER = compiled_later(r"\s*(?:$|[.!?;,)\]\n]|long\b|in length\b|in total\b|total\b)", re.IGNORECASE)
_LONG = compiled_later(r"[\s-]*(?:long|in length|in total)\b", re.IGNORECASE)
_NOUN = compiled_later(r"[\s-]+[a-z]", re.IGNORECASE)
_NOT_A_TEXT = compiled_later(
    r"[\s-]*(?:long[\s-]+)?(?:\w+\s+)?(?:schedule|bus|(?:of )?(?:computer |python |html )?code|"
    r"function|password|graph|chart|algorithm|text below|menu|array)\b",
    re.IGNORECASE,
)
_OTHER_WORDS = compiled_later(
    r"\s*(?:per minute|that|which|from|below|above|in (?:the|this|that)|where|starting|beginning|ending|with)\b", re.I
)
_EACH_BEFORE = compiled_later(
    r"\b(?:each|every|per)\b(?:\s+(?P<of>bullet point|bullet|paragraph|sentence|line|item|point|one))?[^.;!?\n]{0,40}$",
    re.I,
)
_EACH_AFTER = compiled_later(
    r"\s*(?:long\s+)?(?:each\b|apiece\b|(?:per|for each|in each)\s+"
    r"(?P<of>bullet point|bullet|paragraph|sentence|line|item|point)?)",
    re.I,
)
_PARTS = "title|headline|heading|subtitle|subject line|introduction|intro|conclusion|caption|opening|abstract|tagline"
_PART = compiled_later(
    rf"\b(?:with an?|and an?|include an?|including an?|add an?|the|followed by an?|has an?)\s+"
    rf"(?:\w+\s+)?(?:{_PARTS})\b[^.;!?\n]{{0,25}}$",
    re.I,
)
_PART_AFTER = compiled_later(rf"[\s-]+(?:long\s+)?(?:{_PARTS})\b", re.IGNORECASE)
# One thing of several that are asked for: "five words, then the first question".
_FURTHER = compiled_later(r"\b(?:then|followed by|plus|and also)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_MORE_FOLLOWS = compiled_later(r"[^.!?\n]{0,24},?\s(?:and )?(?:then|followed by|plus)\b", re.IGNORECASE)
# What is added to a given text is not the whole answer.
_ADDED = compiled_later(
    r"\b(?:add|insert|append|fill in|replace \w+ with)\s+$|^\s*(?:complete|finish|fill)\b", re.IGNORECASE
)
_SENTENCE = compiled_later(r"[.!?](?=\s)|\n")


@dataclass(frozen=True, slots=True)
class _Place:
    """A measure in its surroundings: `sentence` is what stands before it, `stem` the same without the relation's
    words, `after` what follows. `explicit`: a relation was said."""

    sentence: str
    stem: str
    after: str
    explicit: bool


def parse_english(text: str, exact_up_to: int) -> Iterator[LengthRequest]:
    """The requests in `text`, in order; spans are characters of it."""
    for match in islice(_NAMED.finditer(text), MOST_MEASURES):
        if found := _named(match):
            yield found
    for match in islice(MEASURE.finditer(text), MOST_MEASURES):
        if found := _judged(text, match, exact_up_to):
            yield found


def _named(match: re.Match[str]) -> LengthRequest | None:
    first, last = english_number(match["a"]), english_number(match["b"] or match["a"])
    if first is None or last is None:
        return None
    said = (match["rel"] or "").lower()
    relation = "at_least" if said == "at least" else "at_most" if said[:3] in ("at ", "max", "up ") else None
    low, high, relation = limits(relation, (first[0], last[1]), "words", 0, vague=False)
    return LengthRequest("words", relation, low, high, "answer", *match.span())


def _judged(text: str, match: re.Match[str], exact_up_to: int) -> LengthRequest | None:
    groups = match.groupdict()
    numbers = _numbers(groups)
    if numbers is None:
        return None
    before, after = text[max(0, match.start() - 200) : match.start()], text[match.end() : match.end() + 48]
    sentence = _SENTENCE.split(before)[-1]
    relation, stem, used = _relation(sentence, after, groups.get("or"))
    unit = _unit(match["unit"])
    place = _Place(sentence, stem, after[used:], relation not in (None, "between") or groups.get("b") is not None)
    of_thing = said_of_thing_english(before, stem, after[used:], unit, numbers[1])
    if of_thing or not _asked(place, unit, groups, numbers):
        return None
    vague = " ".join(match["a"].lower().split()) in VAGUE
    low, high, relation = limits(relation, numbers, unit, exact_up_to, vague=vague)
    scope, of = _scope(place)
    return LengthRequest(
        unit,
        relation,
        low,
        high,
        scope,
        match.start() - (len(sentence) - len(stem.rstrip())) + _gap(sentence, stem),
        match.end() + used,
        of,
    )


def _gap(sentence: str, stem: str) -> int:
    """Spaces between the stem and the words of the relation."""
    rest = sentence[len(stem.rstrip()) :]
    return len(rest) - len(rest.lstrip())


def _numbers(groups: dict[str, str | None]) -> Range | None:
    first = english_number(groups["a"] or "")
    if first is None or not groups.get("b"):
        return first
    last = english_number(groups["b"] or "")
    return (first[0], last[1]) if last and first[0] < last[1] else None


def _unit(word: str) -> str:
    folded = word.lower()
    for start, unit in (
        ("word", "words"),
        ("sent", "sentences"),
        ("para", "paragraphs"),
        ("line", "lines"),
        ("char", "characters"),
    ):
        if folded.startswith(start):
            return unit
    return "items"


def _relation(sentence: str, after: str, tail: str | None) -> tuple[str | None, str, int]:
    """The relation said before or after the number, the sentence without its words, and how far it reaches behind."""
    stem = _without(sentence)
    if tail:
        return ("at_least" if "more" in tail.lower() else "at_most"), stem, 0
    for pattern, relation in ((_AFTER_MOST, "at_most"), (_AFTER_LEAST, "at_least"), (_AFTER_ABOUT, "about")):
        if found := pattern.match(after):
            return relation, stem, found.end()
    for pattern, relation in (
        (_LEAST, "at_least"),
        (_MOST, "at_most"),
        (_ABOUT, "about"),
        (_EXACT, "exact"),
        (_BETWEEN, "between"),
    ):
        if found := pattern.search(sentence):
            return relation, sentence[: found.start()], 0
    return None, sentence, 0


def _without(sentence: str) -> str:
    for pattern in (_LEAST, _MOST, _ABOUT, _EXACT, _BETWEEN):
        if found := pattern.search(sentence):
            return sentence[: found.start()]
    return sentence


def _asked(place: _Place, unit: str, groups: dict[str, str | None], numbers: Range) -> bool:
    """Whether the measure is asked for, not spoken of."""
    if _POINTED.search(place.sentence) or _POINTED.search(place.stem) or _spoken_of(place, unit):
        return False
    single = (groups["a"] or "").lower() in ("a", "an", "one", "single", "a single") and not groups.get("b")
    adjectival = "-" in (groups["link"] or "") or (not single and not (groups["unit"] or "").lower().endswith("s"))
    if single and (groups["a"] or "").lower() in ("a", "an"):
        return unit in ("sentences", "paragraphs") and "-" not in (groups["link"] or "") and _one(place)
    if adjectival or (single and _NOUN.match(place.after) and unit != "words" and _headed(place)):
        return (
            _headed(place)
            if _NOUN.match(place.after) and not _LONG.match(place.after)
            else _counted(place, unit, groups, numbers)
        )
    if single and unit in ("items", "lines", "characters"):
        return False
    return _counted(place, unit, groups, numbers)


def _spoken_of(place: _Place, unit: str) -> bool:
    writes = _WRITES.search(place.sentence)
    means = _MEANS.search(place.stem) and unit in ("words", "sentences")
    if unit != "paragraphs" and not means and _CODE.search(place.sentence):
        return True
    if unit == "items" and (_OTHER_LIST.search(place.stem) or not (_LISTING.search(place.stem) or _alone(place))):
        return True
    if _ABOUT_WRITING.search(place.sentence):
        return True
    if _OWNED.search(place.sentence) or (_SAID.search(place.sentence) and not writes):
        return True
    return bool(_QUESTION.search(place.sentence)) and not _MEANS.search(place.stem)


def _one(place: _Place) -> bool:
    """`a sentence`, `a short paragraph`: only as what is to be written."""
    if _CODE.search(place.sentence) or not _WRITES.search(place.sentence):
        return False
    return bool(_SINGLE.search(place.stem)) and not re.match(r"\s*(?:from|fragment|structure|pair|type)\b", place.after)


def _headed(place: _Place) -> bool:
    """`a 500-word essay`: the measure of something that is to be written."""
    return bool(_WRITES.search(place.sentence)) and not _NOT_A_TEXT.match(place.after)


def _counted(place: _Place, unit: str, groups: dict[str, str | None], numbers: Range) -> bool:
    """`in 3 sentences`, `at least 100 words`, `write two paragraphs`, `(100 words)`."""
    few = numbers[1] < 20
    if unit in ("words", "characters", "items") and (groups["adjectives"] or "").strip():
        return unit == "items" and _listed(place, groups)
    if unit == "characters" and few and not _LONG.match(place.after):
        return False
    if numbers[1] < 2 and (unit == "items" or (unit == "words" and not _MEANS.search(place.stem))):
        return False
    if unit == "lines" and _NOT_A_TEXT.match(place.after):
        return False
    if (
        unit == "words"
        and _OTHER_WORDS.match(place.after)
        and not _LONG.match(place.after)
        and (few and not place.explicit)
    ):
        return False
    if _MEANS.search(place.stem) or _TO.search(place.stem) or _BEING.search(place.stem):
        return True
    if place.explicit:
        return not few or unit != "words" or not _OTHER_WORDS.match(place.after)
    if unit == "words" and few:
        return False
    if _HAVING.search(place.stem) or _OBJECT.search(place.stem) or _LIST_OF.search(place.stem):
        return bool(_WRITES.search(place.sentence))
    return _alone(place)


def _alone(place: _Place) -> bool:
    """A clause of its own, or with its relation one: `five bullets maximum`."""
    return bool(_ALONE_BEFORE.search(place.stem) and (place.explicit or _ALONE_AFTER.match(place.after)))


def _listed(place: _Place, groups: dict[str, str | None]) -> bool:
    """`three key points`, `five short bullets`: not every noun with an adjective is an item of a list."""
    bullets = (groups["unit"] or "").lower().startswith("bullet")
    return bullets or bool(
        re.fullmatch("(?:key|main|short|brief|concise|major|important) ?", groups["adjectives"] or "")
    )


def _scope(place: _Place) -> tuple[str, str]:
    each = _EACH_AFTER.match(place.after) or _EACH_BEFORE.search(place.sentence)
    if not each and (_FURTHER.search(place.stem) or _MORE_FOLLOWS.match(place.after)):
        return "part", ""
    if each:
        return "each", _EACH_UNITS.get((each["of"] or "").lower(), "")
    if (
        _PART.search(place.sentence)
        or _ADDED.search(place.stem)
        or (_PART_AFTER.match(place.after) and re.search(r"\b(?:with|and|include)\b", place.sentence))
    ):
        return "part", ""
    return "answer", ""


_EACH_UNITS = {
    "bullet point": "items",
    "bullet": "items",
    "item": "items",
    "point": "items",
    "paragraph": "paragraphs",
    "sentence": "sentences",
    "line": "lines",
}
