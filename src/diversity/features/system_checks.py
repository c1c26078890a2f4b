"""Does an answer keep what its system prompt asks for, and would it have anyway?

Each request is a test with two likelihoods: that an answer keeps it because of the system (`obeyed`), and that an
answer to the same prompt keeps it by habit (`habit`). Their log ratio is the evidence, in nats: naive Bayes (Good 1950,
weight of evidence). An English answer to an English prompt is thus no evidence that "answer in English" had an effect;
an English answer to a Chinese prompt is strong evidence.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from diversity.features.answer_forms import FORMS, VOICE_WORDS, is_classical, is_language
from diversity.features.length_request import LengthRequest
from diversity.features.length_request.answer import countable, judge
from diversity.features.system_requests import Request, asks_too
from diversity.features.system_scope import turns_down
from diversity.text.patterns import compiled_later
from diversity.text.scripts import HAN

# How often answers keep a request that nobody made: measured on two instruction sets without systems and on chats of an
# assistant (see the benchmark), the higher one or a middle where they differ much; one in a hundred where it is rarer.
# For a scope it is refusals of any kind, of which those that speak of the scope are a part.
HABITS: Mapping[str, float] = {
    "json": 0.01, "yaml": 0.02, "csv": 0.01, "table": 0.01, "list": 0.25, "steps": 0.25, "code_only": 0.04,
    "label_only": 0.12, "markdown": 0.30, "paragraph": 0.65, "lowercase": 0.02, "uppercase": 0.03, "emoji": 0.01,
    "question": 0.03, "hint": 0.05, "honorific": 0.10, "verse": 0.06, "analogy": 0.02, "no_exclamation": 0.90,
    "no_letters": 0.75, "hashtag": 0.01, "comfort": 0.01, "refer": 0.04, "code": 0.06, "contradict": 0.01,
    "restate": 0.05, "iso_date": 0.01, "british": 0.02, "voice": 0.01, "scope": 0.04, "words": 0.01, "label": 0.01,
    "name": 0.01, "figure": 0.03,
}  # fmt: skip
# An answer to a prompt that asks for the same.
ASKED_TOO = 0.9
# An answer in the language of its prompt.
SAME_LANGUAGE = 0.97
# Of the requests read in a system, so many are read rightly, apply, and are kept because of it. Low on purpose: on the
# constructed set a broken request is mostly one that was misread or did not apply, so it must say little, while a kept
# one says much.
TRUST = 0.35


@dataclass(frozen=True, slots=True)
class Answered:
    """One turn as the checks see it: the query, all that the user has said up to there in lower case, and the answer
    with its language."""

    query: str
    said: str
    answer: str
    prompt_language: str
    answer_language: str


def weigh(request: Request, turns: Sequence[Answered]) -> tuple[bool, float] | None:
    """Whether the record keeps the request, and the evidence in nats; None where it cannot be held against it.

    A standing request is kept when at least half of the answers keep it, one for some cases when any does.
    """
    open_turns = [turn for turn in turns if not _given_away(request, turn) and _judgeable(request, turn)]
    if not open_turns:
        return None
    kept = sum(_keeps(request, turn) for turn in open_turns)
    holds = kept > 0 if request.sometimes else 2 * kept >= len(open_turns)
    if not holds:
        return False, math.log(1 - TRUST)
    habit = sum(_habit(request, turn) for turn in open_turns) / len(open_turns)
    if request.sometimes:
        # In a long conversation there are more chances to keep it by chance.
        habit = 1 - (1 - habit) ** min(len(open_turns), 5)
    return True, math.log((habit + (1 - habit) * TRUST) / habit)


def _given_away(request: Request, turn: Answered) -> bool:
    """Words that the user said too: the answer may have them from there."""
    return request.kind in ("words", "name", "figure", "label") and request.value.lower() in turn.said


def _judgeable(request: Request, turn: Answered) -> bool:
    return request.kind != "length" or countable(turn.answer, _length(request.value).unit)


_CODING = compiled_later(r"代码|编程|函数|脚本|\b(?:code|python|java|sql|function|script|program)\b", re.IGNORECASE)


def _habit(request: Request, turn: Answered) -> float:
    if request.kind == "language":
        return _language_habit(request, turn)
    habit = _length_habit(_length(request.value)) if request.kind == "length" else HABITS[request.kind]
    if request.kind == "code" and _CODING.search(turn.query):
        habit = 0.7
    if request.forbidden:
        habit = 1 - habit if request.kind != "words" else 0.9
    elif asks_too(request, turn.query):
        habit = max(habit, ASKED_TOO)
    return habit


def _language_habit(request: Request, turn: Answered) -> float:
    if request.value == "both":
        habit = ASKED_TOO if turn.prompt_language == "mixed" else 0.02
    elif is_language(request.value, turn.prompt_language, turn.said):
        habit = SAME_LANGUAGE
    else:
        habit = ASKED_TOO if asks_too(request, turn.query) else 0.02
        if turn.prompt_language in ("none", "mixed", "other"):
            habit = max(habit, 0.5)
    return 1 - habit if request.forbidden else habit


def _keeps(request: Request, turn: Answered) -> bool:
    if request.kind == "language":
        fits = is_language(request.value, turn.answer_language, turn.answer)
        # Code and figures have no language to be wrong.
        return fits != request.forbidden or turn.answer_language == "none"
    if request.kind == "length":
        return judge(_length(request.value), turn.answer).kept is True
    if request.kind in ("words", "name", "figure"):
        return _holds(request.value, turn.answer) != request.forbidden
    if request.kind == "label":
        return _labelled(request.value, turn.answer)
    if request.kind == "voice":
        return len(VOICE_WORDS[request.value].findall(turn.answer)) >= 2 or (
            request.value == "classical" and is_classical(turn.answer)
        )
    if request.kind == "restate":
        return _restates(turn)
    if request.kind == "scope":
        return request.about is not None and turns_down(request.about, turn.answer, turn.said)
    return FORMS[request.kind](turn.answer) != request.forbidden


def _holds(words: str, answer: str) -> bool:
    """Whether the answer has the words, Latin ones as whole words in either case."""
    if words[0] > "\u2e80":
        return words in answer
    wanted, text = words.lower(), answer.lower()
    at = text.find(wanted)
    while at >= 0:
        around = text[at - 1 : at] + text[at + len(wanted) : at + len(wanted) + 1]
        if not any(char.isascii() and char.isalnum() for char in around):
            return True
        at = text.find(wanted, at + 1)
    return False


def _labelled(label: str, answer: str) -> bool:
    """Whether a line of the answer begins with the label and a colon."""
    at = answer.find(label)
    while at >= 0:
        opens = at == 0 or not answer[at - 1].isalnum()
        if opens and answer[at + len(label) : at + len(label) + 4].lstrip(" *】]_").startswith((":", "：")):
            return True
        at = answer.find(label, at + 1)
    return False


# Median and spread (of the logarithm) of answers to prompts that ask for no length: 60 words or 120 characters, give or
# take a factor of three.
_MEDIANS = {
    "zi": 120,
    "words": 60,
    "characters": 300,
    "sentences": 4,
    "verses": 4,
    "paragraphs": 2,
    "items": 2,
    "lines": 4,
}
_SPREAD = math.log(3)


def _length_habit(request: LengthRequest) -> float:
    """Share of answers that would keep the limits by chance: log-normal lengths."""
    middle = math.log(_MEDIANS.get(request.unit, 100))

    def below(size: float) -> float:
        return 0.5 * (1 + math.erf((math.log(max(size, 0.5)) - middle) / _SPREAD / math.sqrt(2)))

    slack = 1.2 if request.unit in ("zi", "words", "characters") else 1.0
    share = below((request.high + 0.5) * slack) if request.high else 1.0
    share -= below((request.low - 0.5) / slack) if request.low else 0.0
    return min(max(share, 0.02), 0.98)


def _length(value: str) -> LengthRequest:
    unit, relation, low, high = value.split(":")
    return LengthRequest(unit, relation, int(low) if low else None, int(high) if high else None, "answer", 0, 0)


_PIECE = compiled_later(rf"[{HAN}]|[a-z0-9]{{2,}}")
_FIRST = compiled_later(r"[。！？!?\n]|\.(?=\s|$)")


def _restates(turn: Answered) -> bool:
    """Whether the first sentence holds most of what the user said last."""
    asked = set(_PIECE.findall(turn.query.lower()))
    first = _FIRST.split(turn.answer.strip().lower())[0]
    return len(asked) >= 2 and len(asked & set(_PIECE.findall(first))) >= 0.7 * len(asked)
