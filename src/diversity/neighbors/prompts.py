"""Which units ask the same thing: the prompt side of repeated answers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diversity.hashing import STEP


def question_keys(keys: NDArray[np.uint64], turns: NDArray[np.int32]) -> NDArray[np.uint64]:
    """(u,) keys that are equal where the same is asked after the same earlier questions; 0 where nothing is asked.

    `keys` (u,) are the prompts' own under full folding (see `fold_keys`); `turns` (u,) numbers each unit's turn within
    its record, units being in reading order: "go on" after two different questions is two different questions.
    """
    keys, asked = keys.copy(), keys != 0
    for turn in range(1, int(turns.max(initial=0)) + 1):
        at = np.flatnonzero(turns == turn)
        keys[at] = (keys[at] ^ (keys[at - 1] >> np.uint64(31)) ^ keys[at - 1]) * STEP
    return np.where(asked, keys, np.uint64(0))


def answer_groups(cluster: NDArray[np.int64]) -> NDArray[np.int64]:
    """(u,) one number per cluster, and another for every unit outside clusters."""
    return np.where(cluster >= 0, cluster, cluster.max(initial=-1) + 1 + np.arange(len(cluster)))


def quadrants(questions: NDArray[np.uint64], groups: NDArray[np.int64], filled: NDArray[np.bool_]) -> dict[str, int]:
    """How many units share their prompt or their answer with another unit; one unit may count in more than one of the
    first three.

    `questions` (u,) and `groups` (u,) say what is the same prompt and the same answer, `filled` (u,) which units have
    both.
    """
    asked, said = (np.unique(column[filled], return_inverse=True)[1] for column in (questions, groups))
    both = np.unique(asked * (said.max(initial=0) + 1) + said, return_inverse=True)[1]
    with_prompt, with_answer, with_both = (np.bincount(column)[column] for column in (asked, said, both))
    return {
        "same_prompt_same_answer": int(np.sum(with_both > 1)),
        "same_prompt_different_answers": int(np.sum(with_prompt > with_both)),
        "different_prompts_same_answer": int(np.sum(with_answer > with_both)),
        "different_prompts_different_answers": int(np.sum((with_prompt == 1) & (with_answer == 1))),
    }
