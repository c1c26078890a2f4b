"""Does `topic_switch` tell a turn that starts anew from one that leans on its session? Accuracy as tables.

Three kinds of conversations. Joined: dialogues that were put together from several (a public set of 711 English ones,
and sessions of a Chinese and English instruction set cut at turn boundaries and joined here, with sessions of another
category, and, harder, of the same one); every joint is a switch, everything else a follow-up. Whole sessions of the
same set, where nearly every turn is a follow-up. And tool-calling conversations, English and Chinese, whose topic
changes of itself: their turns were labelled by hand (`tests/golden/topic_switch.json`: by place of the record and
turn, those that start anew and those where a reader hesitates, which are not counted).

The weights were fitted on the first half of the dialogues of each joined set (`--fit` does it again); the tables are
of the other half.

    python benchmarks/topic_switch.py [--cache DIR] [--dialogues N] [--fit]

The data is read from `$DIVERSITY_SHARED_DATA` (default: `../shared/data` beside the repository).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from diversity.embed import Embedder, embed_texts, open_embedder
from diversity.embed.base import unit_rows
from diversity.embed.unrelated import SENTENCES, mean_cosine
from diversity.features.session_cues import CUES
from diversity.features.session_words import WordRarity, cohesion, word_rarity
from diversity.features.topic_switch import Turns, judge_turns, turn_numbers, turn_similarity
from diversity.normalize.chat import chat_of, moss_chat

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("DIVERSITY_SHARED_DATA", ROOT.parent / "shared" / "data"))
LABELS = ROOT / "tests" / "golden" / "topic_switch.json"
LANGUAGES = ("en", "zh")
LONGEST_SESSION, LONGEST_PART = 8, 4
SPLIT_SEED, RESAMPLES = 11, 200
FOLLOW_UP, SWITCH, UNCLEAR = 0, 1, -1
FEATURES = ("previous", "recent", "words", *(cue for cue in CUES if cue != "announced"))

Pair = tuple[str, str]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Session:
    """Turns (query, answer) and for each whether it is a follow-up, a switch or unclear; the first is not judged."""

    turns: list[Pair]
    labels: list[int]
    category: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """One set, judged: our figures and the baselines' (higher: rather a switch) of its later turns, and their labels.

    `session` numbers the conversation of each.
    """

    turns: Turns
    at: NDArray[np.int64]
    label: NDArray[np.int64]
    session: NDArray[np.int64]
    baselines: dict[str, Floats]

    @property
    def score(self) -> Floats:
        return self.turns.score[self.at]

    @property
    def found(self) -> NDArray[np.bool_]:
        return np.asarray(self.turns.klass[self.at] == "unrelated")

    def features(self) -> Floats:
        cues = np.array([[cue in self.turns.cues[at].split(",") for cue in FEATURES[3:]] for at in self.at], float)
        figures = (self.turns.previous, self.turns.recent, self.turns.words)
        return np.hstack([np.stack([values[self.at] for values in figures], axis=1), cues])


def dialogues(most: int | None) -> list[Session]:
    """The public joined dialogues as turns; where a part ends with the user, the answer is empty."""
    found = []
    for one in json.loads((DATA / "topic_shift" / "dialseg_711.json").read_text(encoding="utf-8"))[:most]:
        turns, labels, start = [], [], 0
        for size in one["segments"]:
            said = [*one["utterances"][start : start + size], ""]
            turns += [(said[at], said[at + 1]) for at in range(0, size, 2)]
            labels += [SWITCH] + [FOLLOW_UP] * (len(range(0, size, 2)) - 1)
            start += size
        found.append(Session(turns, labels))
    return found


def utterances(session: Session) -> Session:
    """The session with every utterance as a turn without an answer: for comparison with figures given that way."""
    turns, labels = [], []
    for (query, answer), label in zip(session.turns, session.labels, strict=True):
        turns += [(text, "") for text in (query, answer) if text]
        labels += [label, FOLLOW_UP] if answer else [label]
    return Session(turns, labels)


def instruction_sessions() -> dict[str, list[Session]]:
    """Sessions of several turns whose queries are all in one language."""
    found: dict[str, list[Session]] = {language: [] for language in LANGUAGES}
    for line in (DATA / "moss" / "moss_sft_samples_1120.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        turns = moss_chat(row["chat"]).turns
        chinese = [_is_chinese(query) for query, _ in turns]
        if len(turns) > 1 and (all(chinese) or not any(chinese)):
            turns = turns[:LONGEST_SESSION]
            found["zh" if chinese[0] else "en"].append(Session(turns, [FOLLOW_UP] * len(turns), row["category"]))
    return found


def _is_chinese(text: str) -> bool:
    return sum("\u4e00" <= character <= "\u9fff" for character in text) > 0.3 * max(1, len(text.strip()))


def joined(sessions: Sequence[Session], seed: int, same_category: bool) -> list[Session]:
    """Each session, cut after one to four turns, joined with one or two others that are cut likewise."""
    rng = random.Random(seed)
    found = []
    for session in sessions:
        parts = [session]
        while len(parts) < rng.choice((2, 2, 3)):
            categories = {part.category for part in parts}
            pool = [s for s in sessions if (s.category in categories) == same_category and s not in parts]
            if not pool:
                break
            parts.append(rng.choice(pool))
        if len(parts) > 1:
            found.append(_cut_and_joined(parts, rng))
    return found


def _cut_and_joined(parts: Sequence[Session], rng: random.Random) -> Session:
    turns: list[Pair] = []
    labels: list[int] = []
    for part in parts:
        size = rng.randint(1, min(LONGEST_PART, len(part.turns)))
        turns += part.turns[:size]
        labels += [SWITCH] + [FOLLOW_UP] * (size - 1)
    return Session(turns, labels, parts[0].category)


def returning(sessions: Sequence[Session], seed: int) -> list[Session]:
    """A session, interrupted by one or two turns of another category, then going on: only the return is judged."""
    rng = random.Random(seed)
    found = []
    for session in (one for one in sessions if len(one.turns) > 2):
        other = rng.choice([one for one in sessions if one.category != session.category])
        cut, size = rng.randint(1, len(session.turns) - 2), rng.randint(1, min(2, len(other.turns)))
        turns = session.turns[:cut] + other.turns[:size] + session.turns[cut : cut + 1]
        found.append(Session(turns, [UNCLEAR] * (cut + size) + [FOLLOW_UP]))
    return found


def tool_conversations(language: str) -> list[Session]:
    """Conversations with tool calls, each distinct one once, with the labels given by hand."""
    labels = json.loads(LABELS.read_text(encoding="utf-8"))[language]
    rows = json.loads((DATA / "glaive_toolcall" / f"glaive_toolcall_{language}_demo.json").read_text(encoding="utf-8"))
    found, seen = [], set()
    for place, row in enumerate(rows):
        turns = chat_of(row["conversations"]).turns
        asked = tuple(query for query, _ in turns)
        if len(turns) < 2 or asked in seen:
            continue
        seen.add(asked)
        marks = dict.fromkeys(labels["unclear"].get(str(place), []), UNCLEAR)
        marks |= dict.fromkeys(labels["unrelated"].get(str(place), []), SWITCH)
        found.append(Session(turns, [marks.get(turn, FOLLOW_UP) for turn in range(len(turns))]))
    return found


class Judge:
    """Judges sets of sessions; every distinct text is embedded once."""

    def __init__(self, embedder: Embedder, cache: Path | None) -> None:
        self.embedder = embedder
        self.cache = cache
        self.unrelated = mean_cosine(embed_texts(list(SENTENCES), embedder, cache).unique)
        self.seconds = 0.0
        self.judged_turns = 0

    def __call__(self, sessions: Sequence[Session]) -> Judged:
        queries = [query for session in sessions for query, _ in session.turns]
        answers = [answer for session in sessions for _, answer in session.turns]
        record = np.repeat(np.arange(len(sessions)), [len(session.turns) for session in sessions])
        rows = embed_texts([*queries, *answers], self.embedder, self.cache).rows()
        asked, replied = rows[: len(queries)], rows[len(queries) :]
        began = time.process_time()
        similarity = turn_similarity(unit_rows(asked + replied), record, self.unrelated)
        rarity = word_rarity(["\n".join(text for pair in session.turns for text in pair) for session in sessions])
        turns = judge_turns(queries, answers, record, similarity, rarity)
        self.seconds += time.process_time() - began
        self.judged_turns += len(queries)
        label = np.array([one for session in sessions for one in session.labels])
        at = np.flatnonzero((turn_numbers(record) > 0) & (label != UNCLEAR))
        baselines = {
            name: -values[at] for name, values in _baselines(queries, answers, record, asked, replied, rarity).items()
        }
        return Judged(turns, at, label[at], record[at], baselines)


def _baselines(
    queries: Sequence[str],
    answers: Sequence[str],
    record: NDArray[np.int64],
    asked: NDArray[np.float32],
    replied: NDArray[np.float32],
    rarity: WordRarity,
) -> dict[str, Floats]:
    """Similarity of each query to what came before: the query before, the last three utterances, shared words."""
    same = np.append(False, record[1:] == record[:-1])

    def with_previous(vectors: NDArray[np.float32]) -> Floats:
        return np.asarray(np.append(0.0, np.einsum("ij,ij->i", asked[1:], vectors[:-1])) * same)

    two_back = np.append([0.0, 0.0], np.einsum("ij,ij->i", asked[2:], replied[:-2]))
    two_back = np.where(np.append([False, False], record[2:] == record[:-2]), two_back, -1.0)
    last_three = np.max([with_previous(asked), with_previous(replied), two_back], axis=0)
    # Every turn with the one before as a session of two: words of the neighbouring turn only.
    before = [text for at in range(1, len(queries)) for text in (queries[at - 1], queries[at])]
    replies = [text for at in range(1, len(queries)) for text in (answers[at - 1], "")]
    overlap = cohesion(before, replies, np.repeat(np.arange(len(queries) - 1), 2), rarity)[1::2]
    return {
        "query before": with_previous(asked),
        "last three": last_three,
        "words": np.append(0.0, overlap) * same,
    }


def halves(sessions: Sequence[Session], rng: random.Random) -> tuple[list[Session], list[Session]]:
    """Two random halves."""
    order = list(sessions)
    rng.shuffle(order)
    return order[: len(order) // 2], order[len(order) // 2 :]


def sets(most: int | None) -> Iterator[tuple[str, str, list[Session]]]:
    """(name, half, sessions): half `fit` or `test`; what nothing was fitted on is `test`."""
    found = dialogues(most)
    yield "joined dialogues en", "fit", found[: len(found) // 2]
    yield "joined dialogues en", "test", found[len(found) // 2 :]
    yield "single utterances en", "test", [utterances(session) for session in found[len(found) // 2 :]]
    rng = random.Random(SPLIT_SEED)
    whole = instruction_sessions()
    for language in ("zh", "en"):
        for half, part in zip(("fit", "test"), halves(whole[language], rng), strict=True):
            yield f"joined sessions {language}", half, joined(part, 1, same_category=False)
            yield f"joined, same category {language}", half, joined(part, 2, same_category=True)
            yield f"whole sessions {language}", half, part
        yield f"returning {language}", "test", returning(whole[language], 5)
        yield f"tool conversations {language}", "test", tool_conversations(language)


def _best_f1(fitted: Floats, fit_label: NDArray[np.int64], score: Floats, label: NDArray[np.int64]) -> float:
    """F1 at the cut that is best on the fitted half (on the test set itself where there is no other half)."""
    order = np.argsort(-fitted, kind="stable")
    hits = np.cumsum(fit_label[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + fit_label.sum())
    return accuracy(score >= fitted[order][int(np.argmax(f1))], label)[2]


def accuracy(found: NDArray[np.bool_], label: NDArray[np.int64]) -> tuple[float, float, float]:
    """Precision, recall and F1."""
    hits = float((found & (label == SWITCH)).sum())
    precision, recall = hits / max(1, int(found.sum())), hits / max(1, int((label == SWITCH).sum()))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def interval(judged: Judged) -> tuple[float, float]:
    """95% interval of the AUC from resampling whole conversations."""
    rng = np.random.default_rng(7)
    numbers = np.unique(judged.session)
    rows = {int(number): np.flatnonzero(judged.session == number) for number in numbers}
    found = []
    for _ in range(RESAMPLES):
        chosen = np.concatenate([rows[int(number)] for number in rng.choice(numbers, len(numbers))])
        if 0 < judged.label[chosen].sum() < len(chosen):
            found.append(roc_auc_score(judged.label[chosen], judged.score[chosen]))
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)


def report_accuracy(judged: dict[tuple[str, str], Judged]) -> None:
    print("\n| test set | turns | switches | AUC | 95% | AUC query before | AUC last three | AUC words |")
    print("|---|---|---|---|---|---|---|---|")
    rows = [(name, one) for (name, half), one in judged.items() if half == "test" and one.label.any()]
    for name, one in rows:
        low, high = interval(one)
        others = " | ".join(f"{roc_auc_score(one.label, values):.3f}" for values in one.baselines.values())
        auc = roc_auc_score(one.label, one.score)
        print(f"| {name} | {len(one.label)} | {one.label.sum()} | **{auc:.3f}** | {low:.3f}-{high:.3f} | {others} |")
    print(
        "\n| test set | precision | recall | F1 | neither % | F1 at best cut | query before | last three | words |"
        "\n|---|---|---|---|---|---|---|---|---|"
    )
    for name, one in rows:
        precision, recall, f1 = accuracy(one.found, one.label)
        fitted = judged.get((name, "fit"), one)
        cells = [_best_f1(fitted.score, fitted.label, one.score, one.label)]
        for key, values in one.baselines.items():
            cells.append(_best_f1(fitted.baselines[key], fitted.label, values, one.label))
        others = " | ".join(f"{cell:.3f}" for cell in cells)
        unsure = np.mean(one.turns.klass[one.at] == "uncertain")
        print(f"| {name} | {precision:.3f} | {recall:.3f} | **{f1:.3f}** | {unsure * 100:.1f} | {others} |")


def report_follow_ups(judged: dict[tuple[str, str], Judged]) -> None:
    print("\n| follow-ups of | turns | called switches % | uncertain % |\n|---|---|---|---|")
    for (name, half), one in judged.items():
        if half == "test":
            klass = one.turns.klass[one.at][one.label == FOLLOW_UP]
            called, unsure = np.mean(klass == "unrelated"), np.mean(klass == "uncertain")
            print(f"| {name} | {len(klass)} | {called * 100:.1f} | {unsure * 100:.1f} |")


def report_fits(judged: dict[tuple[str, str], Judged]) -> None:
    """Weights fitted on halves in one or both languages, each set weighing the same, and what they give on the rest."""
    names = ["joined dialogues", "joined sessions", "joined, same category", "whole sessions"]
    fits: dict[str, Callable[[str], bool]] = {
        "both": lambda name: True,
        "en": lambda name: name.endswith("en"),
        "zh": lambda name: name.endswith("zh"),
    }
    print("\n| fitted on | " + " | ".join(FEATURES) + " | base |\n|" + "---|" * (len(FEATURES) + 2))
    models: dict[str, Any] = {}
    for title, wanted in fits.items():
        parts = [
            one
            for (name, half), one in judged.items()
            if half == "fit" and wanted(name) and any(name.startswith(known) for known in names)
        ]
        weights = np.concatenate([np.full(len(one.label), 1000 / len(one.label)) for one in parts])
        labels = np.concatenate([one.label for one in parts])
        rows = np.concatenate([one.features() for one in parts])
        models[title] = LogisticRegression(max_iter=2000).fit(rows, labels, sample_weight=weights)
        cells = " | ".join(f"{weight:.1f}" for weight in [*models[title].coef_[0], models[title].intercept_[0]])
        print(f"| {title} | {cells} |")
    print("\n| AUC on | as shipped | " + " | ".join(f"fitted on {title}" for title in models) + " |")
    print("|" + "---|" * (len(models) + 2))
    for (name, half), one in judged.items():
        if half == "test" and one.label.any():
            rows = one.features()
            cells = " | ".join(f"{roc_auc_score(one.label, m.decision_function(rows)):.3f}" for m in models.values())
            print(f"| {name} | {roc_auc_score(one.label, one.score):.3f} | {cells} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, help="folder that keeps vectors between runs")
    parser.add_argument("--dialogues", type=int, help="only so many of the public joined dialogues")
    parser.add_argument("--fit", action="store_true", help="fit the weights again, also across languages")
    options = parser.parse_args()
    if not DATA.is_dir():
        raise SystemExit(f"no data at {DATA}: set DIVERSITY_SHARED_DATA")
    embedder = open_embedder("default")
    if embedder is None:
        raise SystemExit("the default embedder is missing")
    judge = Judge(embedder, options.cache)
    judged = {(name, half): judge(sessions) for name, half, sessions in sets(options.dialogues)}
    report_accuracy(judged)
    report_follow_ups(judged)
    if options.fit:
        report_fits(judged)
    print(f"\n{judge.judged_turns:,} turns judged in {judge.seconds:.1f} CPU-seconds, embedding not counted.")


if __name__ == "__main__":
    main()
