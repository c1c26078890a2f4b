"""Do wordings agree with the templates that prompts were made from, and are words that give the task type away noticed?

Wordings: prompts whose template is known, in English (135 templates: settings were chosen on one half, the other was
looked at only for this table) and in Chinese (24 templates of our own around sentences from reading comprehension, in
view when settings were chosen). Agreement is adjusted mutual information (Vinh et al. 2010), against TF-IDF
with k-means that is told how many templates there are. Then sets of one template against sets of all, at equal n; sets
that only grow; how often the check takes chance for a wording; and how many prompts of a wording say
what it is shown as.

Telltale words: labels given by one word, by one of two, by nothing; and real task types.

    python benchmarks/prompt_wording.py [--repeats N]

The data is read from `$DIVERSITY_SHARED_DATA` (default: `../shared/data` beside the repository).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_mutual_info_score

from diversity.corpus import Corpus
from diversity.features.frames import group_frames
from diversity.features.inputs import Inputs
from diversity.features.wording import DEFAULT_WORDING, WordingSettings, masked_tokens, spelled
from diversity.ingest import ingest
from diversity.metrics.at_sizes import shared_size, sizes_of
from diversity.metrics.compression_ratio import compression_ratio
from diversity.metrics.distinct_n import distinct_n
from diversity.metrics.prompt_wording import METRIC, prompt_wording
from diversity.metrics.self_repetition import self_repetition
from diversity.metrics.shares import surely
from diversity.metrics.trigger_tokens import trigger_tokens
from diversity.progress import silent
from diversity.settings import load_settings

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("DIVERSITY_SHARED_DATA", ROOT.parent / "shared" / "data"))
SEED = 7
PER_TEMPLATE = (8, 15, 30, 60)
CHINESE = (
    "把下面的句子翻译成英文：{s}",
    "请将以下内容译为英语，语气要正式。\n{s}",
    "{s}\n上面这段话用英语怎么说？",
    "帮我翻译一下“{s}”",
    "用一句话概括下面的内容：{s}",
    "请阅读材料，写出它的主要意思。\n\n{s}",
    "{s}这段文字主要讲了什么？",
    "给这段话拟一个标题：\n{s}",
    "下面这段话里有哪些错别字？请逐一指出。{s}",
    "请润色这段文字，使它更通顺：{s}",
    "把这段话改写成口语，不要超过原文长度：{s}",
    "{s}\n请用三个关键词总结。",
    "从下面的文本中找出所有的人名和地名：{s}",
    "请判断这句话的情感是正面、负面还是中性：{s}",
    "{s} 这句话说的是事实还是观点？请说明理由。",
    "根据这段文字提出两个问题，并给出答案。\n{s}",
    "续写下面的段落，至少写五句：{s}",
    "请把下面的陈述改成疑问句：{s}",
    "假如你是一名小学老师，怎样向学生解释下面这段话？\n{s}",
    "以“{s}”为开头写一个小故事。",
    "请问{s}这种说法有没有依据？",
    "我看不懂这段话，能不能讲得简单一点：{s}",
    "将下列文本按主题分类（历史、科学、体育、艺术）：{s}",
    "针对下面的观点写一段反驳，要有例子：{s}",
)
Labelled = list[tuple[str, str]]


def english(half: int) -> Labelled:
    """(prompt, template) of every second template: 0 the half that settings were chosen on, 1 the other."""
    rows = [json.loads(line) for line in (DATA / "templates_t0/dev.jsonl").open(encoding="utf-8")]
    names = sorted({row["template"] for row in rows})
    kept = set(names[half::2])
    return [(row["prompt"], row["template"]) for row in rows if row["template"] in kept]


def chinese(per: int) -> Labelled:
    """(prompt, template): each template around sentences of its own."""
    articles = json.loads((DATA / "reading_comprehension/xquad.zh.json").read_text(encoding="utf-8"))["data"]
    texts = [one["context"] for article in articles for one in article["paragraphs"]]
    sentences = sorted({s for text in texts for s in re.split(r"(?<=[。！？])", text) if 8 <= len(s) <= 60})
    drawn = random.Random(SEED)
    return [(form.replace("{s}", s), form) for form in CHINESE for s in drawn.sample(sentences, per)]


def some(rows: Labelled, per: int) -> Labelled:
    """At most `per` different prompts of each template."""
    by_template: dict[str, list[str]] = defaultdict(list)
    for prompt, template in rows:
        by_template[template].append(prompt)
    drawn = random.Random(SEED)
    return [
        (prompt, template)
        for template in sorted(by_template)
        for prompt in drawn.sample(by_template[template], min(per, len(by_template[template])))
    ]


def frames_of(prompts: Sequence[str], settings: WordingSettings = DEFAULT_WORDING) -> np.ndarray:
    tokens = pa.chunked_array([pa.array([masked_tokens(prompt, settings) for prompt in prompts])])
    return group_frames(tokens, settings).frame


def agreement(rows: Labelled, settings: WordingSettings = DEFAULT_WORDING) -> tuple[float, int]:
    """Adjusted mutual information of wordings and templates, and how many wordings of two prompts and more."""
    frame = frames_of([prompt for prompt, _ in rows], settings)
    return adjusted_mutual_info_score([name for _, name in rows], frame), int((np.bincount(frame) > 1).sum())


def by_kmeans(rows: Labelled, wide: bool, repeats: int) -> float:
    """The same of TF-IDF (words and pairs of words; two to three characters in Chinese) and k-means with the true k."""
    names = [name for _, name in rows]
    form = {"analyzer": "char", "ngram_range": (2, 3)} if wide else {"ngram_range": (1, 2)}
    matrix = TfidfVectorizer(sublinear_tf=True, min_df=2, **form).fit_transform([prompt for prompt, _ in rows])
    found = [
        adjusted_mutual_info_score(names, KMeans(len(set(names)), n_init=1, random_state=seed).fit_predict(matrix))
        for seed in range(repeats)
    ]
    return float(np.mean(found))


def table_of_agreement(repeats: int) -> None:
    print("| set | templates | prompts | wordings (AMI) | TF-IDF + k-means, true k (AMI) | wordings of 2 and more |")
    print("|---|---|---|---|---|---|")
    sets = [
        (f"en, {name}, {per} a template", some(english(half), per), False)
        for half, name in ((0, "tuned on"), (1, "held out"))
        for per in PER_TEMPLATE
    ]
    sets += [(f"zh, {per} a template", chinese(per), True) for per in PER_TEMPLATE]
    for name, rows, wide in sets:
        ours, count = agreement(rows)
        print(
            f"| {name} | {len({t for _, t in rows})} | {len(rows)} | **{ours:.3f}** | "
            f"{by_kmeans(rows, wide, repeats):.3f} | {count} |"
        )


def table_of_settings() -> None:
    print(
        "\n| setting | tuned on, 15 | tuned on, 60 | held out, 15 | held out, 60 | zh, 15 |\n|---|---|---|---|---|---|"
    )
    sets = [some(english(half), per) for half in (0, 1) for per in (15, 60)] + [chinese(15)]
    changes: list[dict[str, Any]] = [
        {}, {"similarity": 0.3}, {"similarity": 0.5}, {"own": 0.0}, {"own": 4.0}, {"common": 16}, {"common": 64},
        {"least": 3}, {"least": 6}, {"line": 10**6}, {"head": 64, "tail": 48},
    ]  # fmt: skip
    for change in changes:
        name = ", ".join(f"{key} {value}" for key, value in change.items()) or "as shipped"
        figures = [f"{agreement(rows, replace(DEFAULT_WORDING, **change))[0]:.3f}" for rows in sets]
        print(f"| {name} | {' | '.join(figures)} |")


def says(prompt: str, shown: str) -> bool:
    """Whether a prompt, spelled out in full, has every part of what is shown, in that order."""
    parts = (re.escape(part.strip()) for part in re.split("(?<!“)…", shown))
    return re.search(".*".join(parts), prompt) is not None


def table_of_texts() -> None:
    """Wordings of five prompts and more: what is shown of them against what their prompts say."""
    print(
        "\n| set | wordings | prompts in them | of these say what is shown | wordings that most of their prompts say |"
    )
    print("|---|---|---|---|---|")
    for name, source in (
        ("belle_eval v08", "belle_eval/v08.json"),
        ("alpaca_zh", "alpaca_zh/part00_v1.json"),
        ("glaive zh", "glaive_toolcall/glaive_toolcall_zh_demo.json"),
        ("gpteacher 0.7", "gpteacher_toolformer/toolformer-similarity-0.7.json"),
        ("moss", "moss/moss_sft_samples_1120.jsonl"),
        ("alpaca_en", "alpaca_en/alpaca_data.json"),
    ):
        with tempfile.TemporaryDirectory() as folder:
            prompts = inputs_of(DATA / source, Path(folder)).corpus.prompts.to_pylist()
        tokens = [masked_tokens(prompt) for prompt in prompts if prompt.strip()]
        found = group_frames(pa.chunked_array([pa.array(tokens, pa.list_(pa.string()))]), DEFAULT_WORDING)
        size = np.bincount(found.frame)
        said = [says(spelled(one), found.texts[frame]) for one, frame in zip(tokens, found.frame, strict=True)]
        share = np.bincount(found.frame, said)[size >= 5] / size[size >= 5]
        members = size[size >= 5].sum()
        print(
            f"| {name} | {len(share)} | {members} | {100 * (share @ size[size >= 5]) / members:.1f}% | "
            f"{100 * (share > 0.5).mean():.1f}% |"
        )


def inputs_of(rows: Any, folder: Path) -> Inputs:
    place = folder / f"corpus-{len(list(folder.iterdir()))}"
    (place / "tables").mkdir(parents=True)
    ingest(rows, place)
    return Inputs(Corpus.open(place), load_settings({"embedder": "none"}), None, place / "cache", "benchmark", silent)


def records(prompts: Sequence[str], types: Sequence[str] | None = None) -> list[dict[str, str]]:
    labels = types or [""] * len(prompts)
    return [
        {"prompt": prompt, "answer": "x"} | ({"task_type": label} if label else {})
        for prompt, label in zip(prompts, labels, strict=True)
    ]


def table_of_sets(folder: Path) -> None:
    """One template only against a draw from all, 60 prompts each; quartiles over the held-out templates."""
    print("\n| 60 prompts from | different wordings in 10 | effective number | top share | distinct-2 | compression |")
    print("|---|---|---|---|---|---|")
    by_template: dict[str, list[str]] = defaultdict(list)
    for prompt, template in english(1):
        by_template[template].append(prompt)
    drawn = random.Random(SEED)
    every = [prompt for prompts in by_template.values() for prompt in prompts]
    groups = {
        "one template": [prompts for prompts in by_template.values() if len(prompts) == 60],
        "all templates": [drawn.sample(every, 60) for _ in range(30)],
    }
    for name, sets in groups.items():
        rows = []
        for prompts in sets:
            one = inputs_of(records(prompts), folder)
            found = prompt_wording(one).results[0]
            whole = found.info["whole"]
            others = (distinct_n(one).results[1].value, compression_ratio(one).results[0].value)
            rows.append(
                [found.value, whole["effective"], whole["top_share"], *(np.nan if v is None else v for v in others)]
            )
        low, middle, high = np.nanquantile(np.array(rows, float), [0.25, 0.5, 0.75], axis=0)
        cells = [f"**{m:.2f}** ({a:.2f} to {b:.2f})" for a, m, b in zip(low, middle, high, strict=True)]
        print(f"| {name} ({len(sets)} sets) | {' | '.join(cells)} |")


def table_of_growth(folder: Path, repeats: int = 20) -> None:
    """400 prompts against 3,200 others of the same templates: what grew only must be the same at equal size."""
    print("\n| held-out templates | of 400 | of 3,200 | compared among | change there | intervals without 0 |")
    print("|---|---|---|---|---|---|")
    rows = english(1)
    for name, typed in (("no types", False), ("a type for each data set", True)):
        found = []
        for seed in range(repeats):
            drawn = random.Random(seed).sample(rows, 3600)
            pair = []
            for part in (drawn[:400], drawn[400:]):
                types = [template.split("_")[0] for _, template in part] if typed else None
                pair.append(prompt_wording(inputs_of(records([p for p, _ in part], types), folder)).results[0])
            size = shared_size(*pair)
            assert size is not None
            change = sizes_of(pair[1])[size].minus(sizes_of(pair[0])[size])
            low, high = change.interval
            found.append([pair[0].value, pair[1].value, size, change.value, not low <= 0 <= high])
        small, large, size, change, outside = np.mean(np.array(found, float), axis=0)
        print(
            f"| {name} | {small:.2f} | {large:.2f} | {size:.0f} | {change:+.3f} | "
            f"{outside * repeats:.0f} of {repeats} |"
        )


def table_of_chance(sets: int = 1000) -> None:
    """How often the check does not pass: by the largest share seen, and by the share that is sure."""
    print("\n| true share of the top wording | types | prompts a type | by the share seen | by the sure share |")
    print("|---|---|---|---|---|")
    limit = METRIC.checks[0].pass_at
    for share, bad, types, prompts in (
        (0.18, "every type", 1, 20), (0.18, "every type", 20, 20), (0.18, "every type", 100, 20),
        (0.25, "every type", 20, 20), (0.25, "every type", 20, 200), (0.5, "one type", 20, 20),
        (0.7, "one type", 20, 20), (0.9, "one type", 20, 20), (0.5, "one type", 20, 40), (0.5, "one type", 20, 100),
    ):  # fmt: skip
        true = np.full(types, share)
        true[1:] = share if bad == "every type" else 0.05
        counts = np.random.default_rng(SEED).binomial(prompts, true, (sets, types))
        sure = {one: surely(one, prompts, types) for one in np.unique(counts).tolist()}
        seen = (counts.max(axis=1) / prompts > limit).mean()
        surest = (np.vectorize(sure.get)(counts).max(axis=1) > limit).mean()
        print(f"| {100 * share:.0f}% in {bad} | {types} | {prompts} | {100 * seen:.0f}% | {100 * surest:.0f}% |")


def table_of_tokens(folder: Path) -> None:
    print("\n| labels | records | types | guessing | 1 word | 2 | 5 | 10 | all words | figure (2 words) |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    alpaca = json.loads((DATA / "alpaca_en/alpaca_data.json").read_text(encoding="utf-8"))
    drawn = random.Random(SEED)
    prompts = [row["instruction"] for row in drawn.sample(alpaca, 2000)]
    names = [f"type {n}" for n in range(8)]
    labels = [drawn.choice(names) for _ in prompts]
    first = dict(zip(names, ("amber", "basil", "cedar", "delta", "ember", "fjord", "grove", "haven"), strict=True))
    second = dict(zip(names, ("indigo", "jasper", "kelvin", "lotus", "maple", "nectar", "onyx", "pearl"), strict=True))
    one = [f"{prompt} ({first[label]})" for prompt, label in zip(prompts, labels, strict=True)]
    two = [f"{p} ({drawn.choice((first, second))[label]})" for p, label in zip(prompts, labels, strict=True)]
    sets: list[tuple[str, Any]] = [
        ("given by one word", records(one, labels)),
        ("given by one of two words", records(two, labels)),
        ("given by nothing", records(prompts, labels)),
    ]
    sets += [(f"belle_eval {v}", DATA / f"belle_eval/{v}.json") for v in ("v01", "v10")]
    sets += [("moss", DATA / "moss/moss_sft_samples_1120.jsonl")]
    sets += [(f"sample_data {v}", ROOT / f"sample_data/{v}.jsonl") for v in ("v1", "v2")]
    for name, source in sets:
        results = trigger_tokens(inputs_of(source, folder)).results
        info = results[0].info
        told = " | ".join(f"{100 * share:.1f}%" for share in info["accuracy"].values())
        print(
            f"| {name} | {info['records']} | {info['types']} | {100 * info['baseline']:.1f}% | {told} | "
            f"{100 * info['all']:.1f}% | **{100 * results[1].value:.1f}%** |"
        )


def table_of_cost(folder: Path) -> None:
    """Processor seconds on 52,002 records; task types there are none, so every eighth stands for a type."""
    print("\n| 52,002 records | processor seconds |\n|---|---|")
    alpaca = json.loads((DATA / "alpaca_en/alpaca_data.json").read_text(encoding="utf-8"))
    prompts = [f"{row['instruction']}\n{row['input']}".strip() for row in alpaca]
    one = inputs_of(records(prompts, [f"type {n % 8}" for n in range(len(prompts))]), folder)
    for metric in (prompt_wording, trigger_tokens, distinct_n, self_repetition, compression_ratio):
        start = time.process_time()
        metric(one)
        print(f"| {metric.__name__} | {time.process_time() - start:.1f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5, help="starts of k-means that are averaged")
    options = parser.parse_args()
    table_of_agreement(options.repeats)
    table_of_settings()
    table_of_texts()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table_of_sets(folder)
        table_of_growth(folder)
        table_of_chance()
        table_of_tokens(folder)
        table_of_cost(folder)


if __name__ == "__main__":
    main()
