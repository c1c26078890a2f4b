"""Two small versions that were really measured (without an embedder), and a map drawn by hand beside the first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from helpers import unsealed

from diversity.analysis import analyze
from diversity.report import MetricResult, Report
from diversity.store import Store
from diversity.stored_report import REPORT_FILE

DATASET = "measured"
REFUSAL = "抱歉，作为一个人工智能语言模型，我无法回答这个问题。"
TYPES = ["翻译-中译英", "翻译-英译中", "写作-散文", "问答-常识"]
FACTS = 24


def rows(version: int) -> list[dict[str, Any]]:
    """60 records: long prompts with a fact at a known place, refusals, repeated questions, some without a type."""
    made = [_fact(i, place=(i % 3) / 2 if version == 2 else 0.0) for i in range(FACTS)]
    made += [
        {"id": f"r{i}", "prompt": f"问题 {i}：今天第 {i} 路公交几点发车？", "answer": REFUSAL, "task_type": TYPES[3]}
        for i in range(8 // version)
    ]
    made += [
        {
            "id": f"q{i}",
            "prompt": "请介绍一下你自己。",
            "answer": f"我是第 {i} 号助手，擅长第 {i} 类问题。",
            "task_type": "",
        }
        for i in range(4)
    ]
    made += [
        {
            "id": f"w{i}",
            "prompt": f"Write {i + 3} lines about river {i}.",
            "answer": f"River {i} runs north past village {i * 7}.",
            "task_type": TYPES[i % 4],
        }
        for i in range(20 + 4 * version)
    ]
    return made


def _fact(i: int, place: float) -> dict[str, Any]:
    filler = [f"第{i}号仓库的第{n}条记录写着：货架{n * 3 + i}上放着普通的纸箱，无需处理。" for n in range(20)]
    filler.insert(round(place * len(filler)), f"保险柜的密码是{4000 + i * 37}，由值班经理王芳保管。")
    question = f"根据以上记录，第{i}号仓库保险柜的密码是多少？"
    return {
        "id": f"f{i}",
        "prompt": "\n".join([*filler, question]),
        "answer": f"密码是{4000 + i * 37}，由值班经理王芳保管。",
        "task_type": TYPES[i % 4],
    }


def measure(store: Path) -> None:
    """Writes v1 with a map, then v2."""
    for version in (1, 2):
        stored = analyze(
            rows(version), dataset=DATASET, version=f"v{version}", store=store, settings={"embedder": "none"}
        )
        if version == 1:
            add_map(unsealed(stored.path), stored.report)


def add_map(folder: Path, report: Report) -> None:
    """A map in two clusters, as an embedder would have given."""
    lengths = pd.read_parquet(folder / "tables" / "lengths.parquet")
    rng = np.random.default_rng(3)
    cluster = np.arange(len(lengths)) % 2
    points = lengths[["record_id", "turn"]].assign(
        field="prompt", x=rng.normal(size=len(lengths)) + 9 * cluster, y=rng.normal(size=len(lengths)), cluster=cluster
    )
    points.to_parquet(folder / "tables" / "semantic_map.parquet", index=False)
    clusters = pd.DataFrame(
        {
            "field": "prompt",
            "cluster": [0, 1],
            "name": ["<b>仓库</b>", "river"],
            "size": [30, 30],
            "x": [0.0, 9.0],
            "y": [0.0, 0.0],
        }
    )
    clusters.to_parquet(folder / "tables" / "semantic_clusters.parquet", index=False)
    info = {"clusters": 2, "points": len(points), "largest_share": 0.5}
    drawn = MetricResult(
        metric="semantic_map", field="prompt", value=2.0, unit="clusters", info=info, table="semantic_map"
    )
    results = [drawn if r.metric == "semantic_map" and r.field == "prompt" else r for r in report.results]
    (folder / REPORT_FILE).write_text(
        report.model_copy(update={"results": results}).model_dump_json(), encoding="utf-8"
    )


def opened(store: Path) -> Any:
    """The first version."""
    return Store(store).load(DATASET, "v1")
