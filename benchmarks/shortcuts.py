"""Do the shortcut probes find a planted shortcut, name it, and leave a set without one alone?

Run: `python benchmarks/shortcuts.py [--seeds N] [--sizes N,…] [--only planted|parts|real]`. Sets of four task types
are written from word lists, in English and in Chinese. What gives the type away is, in turn: the first four words;
the last four; one word somewhere in the middle; the system text; the length; nothing short of the subject (a quarter
of a subject's 24 words in each prompt, among words of all subjects and of none); nothing at all. Everything else is
drawn alike for all types. The real metric runs on the sets, with its defaults. A second table plants the first words
in a part of the records of a set whose subjects tell the types, too; a third has sets with task types of their own.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from diversity.checks import run_checks
from diversity.corpus import Corpus
from diversity.features.inputs import Inputs
from diversity.ingest import ingest
from diversity.metrics.shortcut_probes import METRIC
from diversity.progress import silent
from diversity.report import Check, MetricResult, includes
from diversity.settings import load_settings

SUBJECTS = {
    "en": (
        "oven flour butter recipe kitchen simmer garlic pastry spoon salt onion broth "
        "dough skillet pepper roast honey cinnamon grill yeast platter vinegar noodle sauce",
        "harbour sailor anchor tide vessel captain reef deck lighthouse current mast fishing "
        "coast storm compass voyage pier wave gull hull cargo lagoon rope island",
        "planet orbit telescope comet galaxy gravity eclipse satellite nebula rocket crater asteroid "
        "meteor cosmos lunar solar probe astronaut spectrum horizon supernova radiation constellation axis",
        "violin melody rhythm chorus tempo orchestra pianist lyric chord concert drummer opera "
        "flute harmony ballad tune sonata choir guitar composer rehearsal cello stage refrain",
    ),
    "zh": (
        "烤箱 面粉 黄油 食谱 厨房 慢炖 大蒜 糕点 汤匙 食盐 洋葱 高汤 面团 煎锅 胡椒 烧烤 蜂蜜 肉桂 炉灶 酵母 "
        "盘子 陈醋 面条 酱汁",
        "港口 水手 船锚 潮水 船舶 船长 礁石 甲板 灯塔 洋流 桅杆 渔网 海岸 风暴 罗盘 航程 码头 浪花 海鸥 船身 "
        "货舱 海湾 缆绳 岛屿",
        "行星 轨道 望远镜 彗星 银河 引力 日食 卫星 星云 火箭 陨坑 小行星 流星 宇宙 月面 太阳 探测器 宇航员 "
        "光谱 天球 超新星 辐射 星座 自转轴",
        "小提琴 旋律 节奏 合唱 节拍 乐团 钢琴家 歌词 和弦 音乐会 鼓手 歌剧 长笛 和声 民谣 曲调 奏鸣曲 唱诗班 "
        "吉他 作曲家 排练 大提琴 舞台 副歌",
    ),
}
PLAIN = {
    "en": "people often said that things might have been different when someone asked about it early one morning while "
    "others waited near old houses without knowing whether anything would change after long quiet years because nobody "
    "could explain what really happened before they left",
    "zh": "大家 常常 觉得 事情 也许 不同 有人 早晨 问起 旁边 其他 等待 附近 老屋 并不 知道 是否 改变 多年 "
    "以后 因为 没有 说明 究竟 发生 "
    "离开 之前 慢慢 一起 曾经 似乎 总是 仍然 忽然 后来 从前 那里 这些 一些 可能",
}
OPENINGS = {
    "en": ("Kindly put into French", "Sum up in brief", "Say whether you agree", "Carry on the tale"),
    "zh": ("劳驾 翻成 法文 内容", "简短 概括 一下 要点", "说说 是否 赞同 看法", "接着 往下 讲述 故事"),
}
SYSTEMS = {
    "en": ("You are a translator.", "You write summaries.", "You judge claims.", "You tell stories."),
    "zh": ("你是一名翻译。", "你负责写摘要。", "你来判断说法对不对。", "你会讲故事。"),
}
TRIGGERS = {"en": ("moreover", "nevertheless", "therefore", "meanwhile"), "zh": ("况且", "然而", "于是", "与此同时")}
GAP = {"en": " ", "zh": "，"}
DATA = Path(os.environ.get("DIVERSITY_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
SAMPLE = Path(__file__).parents[1] / "sample_data"
REAL = {
    **{f"belle_eval {version}": DATA / "belle_eval" / f"{version}.json" for version in ("v01", "v05", "v10")},
    "moss": DATA / "moss" / "moss_sft_samples_1120.jsonl",
    "the sample, v1": SAMPLE / "v1.jsonl",
    "the sample, v2": SAMPLE / "v2.jsonl",
}
CASES = ("first words", "last words", "one word", "system", "length", "subject only", "nothing")
# The view that must be named, and the outcome.
RIGHT = {
    "first words": ("first", "fail"),
    "last words": ("last", "fail"),
    "one word": ("trigger", "fail"),
    "system": ("system", "fail"),
    "length": ("length", "fail"),
    "subject only": (None, "pass"),
    "nothing": (None, "not_applicable"),
}
VIEWS = (("first", 4), ("last", 4), ("trigger", 2), ("system", None), ("length", None))


def rows(case: str, language: str, count: int, seed: int) -> list[dict[str, Any]]:
    """`count` records of the case, the four types alike often."""
    draw = random.Random(f"{case}-{language}-{seed}")
    return [_row(case, language, number % 4, draw) for number in range(count)]


def in_part(part: float, language: str, count: int, seed: int) -> list[dict[str, Any]]:
    """Every prompt has words of its subject; the first four words give the type away in a `part` of the records."""
    draw = random.Random(f"{part}-{language}-{seed}")
    kinds = [number % 4 for number in range(count)]
    return [_row("first words" if draw.random() < part else "subject only", language, kind, draw, 6) for kind in kinds]


def _row(case: str, language: str, kind: int, draw: random.Random, owned: int = 0) -> dict[str, Any]:
    subjects = [words.split() for words in SUBJECTS[language]]
    plain = PLAIN[language].split()
    own = draw.sample(subjects[kind], 6 if case == "subject only" else owned)
    strays = [draw.choice(draw.choice(subjects)) for _ in range(3)]
    size = 18 * 2**kind if case == "length" else draw.randint(12, 24)
    middle = [*own, *strays, *draw.choices(plain, k=size)]
    if case == "one word":
        middle.append(TRIGGERS[language][kind])
    draw.shuffle(middle)
    first = OPENINGS[language][kind].split() if case == "first words" else draw.choices(plain, k=4)
    last = OPENINGS[language][kind].split() if case == "last words" else draw.choices(plain, k=4)
    words = [*first, *draw.choices(plain, k=8), *middle, *draw.choices(plain, k=8), *last]
    system = SYSTEMS[language][kind if case == "system" else draw.randrange(4)]
    prompt = GAP[language].join(words)
    return {"system": system, "prompt": prompt, "answer": draw.choice(plain), "task_type": f"type {kind}"}


def measured(records: Sequence[dict[str, Any]] | Path) -> tuple[list[MetricResult], Check]:
    """The metric's results on the records, and its check."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "tables").mkdir()
        ingest(records, Path(folder))
        settings = load_settings({"embedder": "none"})
        inputs = Inputs(Corpus.open(Path(folder)), settings, None, Path(folder) / "cache", "benchmark", silent)
        results = METRIC.compute(inputs).results
    return results, run_checks([METRIC], results, settings)[0]


def shares(results: Sequence[MetricResult]) -> list[float]:
    """Share of each of VIEWS for the task type, NaN where there is none."""
    found = []
    for view, k in VIEWS:
        wanted = {"target": "task_type", "view": view}
        result = next(one for one in results if includes(one.params, wanted | ({"k": k} if k else {})))
        found.append(np.nan if result.value is None else result.value)
    return found


def case_row(case: str, language: str, count: int, seeds: int) -> tuple[str, int]:
    """One Markdown row over the seeds, and how many verdicts were right."""
    named, outcome = RIGHT[case]
    right, every, whole = 0, [], []
    for seed in range(seeds):
        results, check = measured(rows(case, language, count, seed))
        view = check.evidence.get("kind", "").removeprefix("seen_")
        right += check.outcome == outcome and named in (None, view)
        every.append(shares(results))
        whole.append(results[0].info.get("whole", np.nan))
    spread = [_range(column) for column in np.array(every).T]
    return f"| {case} | {language} | {count} | {_range(whole)} | {' | '.join(spread)} | {right} of {seeds} |", right


def _range(values: Sequence[float] | np.ndarray) -> str:
    low, high = float(np.min(values)), float(np.max(values))
    if np.isnan(low):
        return "–"
    return f"{low:.2f}" if f"{low:.2f}" == f"{high:.2f}" else f"{low:.2f} to {high:.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--sizes", default="120,600,3000")
    parser.add_argument("--only", choices=("planted", "parts", "real"))
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    if options.only in (None, "planted"):
        planted_table(sizes, options.seeds)
    if options.only in (None, "parts"):
        _table("first words in", "language", "records", "whole prompt, accuracy")
        for part in (0.0, 0.25, 0.5, 0.75, 0.9, 1.0):
            for language in SUBJECTS:
                print(part_row(part, language, sizes[len(sizes) // 2], options.seeds), flush=True)
        print()
    if options.only in (None, "real"):
        _table("set", "records", "types", "whole prompt, accuracy", more=("outcome",))
        for name, path in REAL.items():
            print(real_row(name, path))


def planted_table(sizes: Sequence[int], seeds: int) -> None:
    """Every case in every language and size, and how many verdicts were right."""
    _table("the type is given away by", "language", "records", "whole prompt, accuracy", more=("verdict right",))
    total = right = 0
    for case in CASES:
        for language in SUBJECTS:
            for count in sizes:
                line, hits = case_row(case, language, count, seeds)
                total, right = total + seeds, right + hits
                print(line, flush=True)
    print(
        f"\n{right} of {total} verdicts are right: the outcome, and for a planted shortcut the view it is named by.\n"
    )


def real_row(name: str, path: Path) -> str:
    """One Markdown row of a set with labels of its own, or that it is not there."""
    if not path.is_file():
        return f"| {name} | not there: set DIVERSITY_SHARED_DATA |"
    results, check = measured(path)
    info = results[0].info
    said = [f"{share:.2f}" if not np.isnan(share) else "–" for share in shares(results)]
    verdict = f"{check.outcome}, {check.evidence.get('kind', '').removeprefix('seen_')}"
    return f"| {name} | {info['records']} | {info['classes']} | {info['whole']:.2f} | {' | '.join(said)} | {verdict} |"


def part_row(part: float, language: str, count: int, seeds: int) -> str:
    """One Markdown row over the seeds."""
    found = [measured(in_part(part, language, count, seed))[0] for seed in range(seeds)]
    spread = [_range(column) for column in np.array([shares(results) for results in found]).T]
    whole = _range([results[0].info["whole"] for results in found])
    return f"| {part:.0%} | {language} | {count} | {whole} | {' | '.join(spread)} |"


def _table(*heads: str, more: Sequence[str] = ()) -> None:
    views = [f"{view} {k}" if k else view for view, k in VIEWS]
    names = [*heads, *views, *more]
    print("| " + " | ".join(names) + " |\n" + "|---" * len(names) + "|")


if __name__ == "__main__":
    main()
