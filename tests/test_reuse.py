from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from helpers import rows_of
from numpy.typing import NDArray

from diversity import analysis, reuse
from diversity.analysis import analyze
from diversity.measure import Measured
from diversity.report import MetricResult
from diversity.reuse import KEPT, Measurements, analysis_key, code_version, write_tables
from diversity.sealed import SEAL
from diversity.settings import load_settings
from diversity.stored_report import StoredReport
from diversity.tidy import ABANDONED_SECONDS

PROMPTS = [f"请介绍一下编号{n}的展品。" for n in range(10)]
ANSWERS = [f"编号{n}的展品出土于第{n * 13}号坑。" for n in range(10)]


class Fake:
    """Unit vectors drawn from the text; notes what it embeds."""

    name = key = "fake"
    dimension = 8

    def __init__(self) -> None:
        self.seen: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.seen += texts
        seeds = [int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little") for text in texts]
        rows = np.array([np.random.default_rng(seed).normal(size=self.dimension) for seed in seeds])
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Fake:
    embedder = Fake()
    monkeypatch.setattr(analysis, "open_embedder", lambda *names, **options: embedder)
    return embedder


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Fingerprint of the settings of every measurement that was made, not restored."""
    made: list[str] = []
    real = analysis.measure

    def noting(inputs: Any) -> Measured:
        made.append(inputs.settings.model_dump_json())
        return real(inputs)

    monkeypatch.setattr(analysis, "measure", noting)
    return made


def run(store: Path, version: str, rows: list[dict[str, Any]] | None = None, **settings: Any) -> StoredReport:
    chosen = {"semantic_map.minimum_points": 10**6, **settings}
    return analyze(rows or rows_of(PROMPTS, ANSWERS), dataset="d", version=version, store=store, settings=chosen)


def test_nothing_changed_means_nothing_is_measured_or_embedded(tmp_path: Path, fake: Fake, measured: list[str]) -> None:
    cold = run(tmp_path, "v1")
    fake.seen.clear()
    warm = run(tmp_path, "v2")
    assert len(measured) == 1
    assert fake.seen == []
    varying = {"version", "created_at", "seconds"}
    assert warm.report.model_dump(exclude=varying) == cold.report.model_dump(exclude=varying)
    assert warm.tables == cold.tables
    for name in cold.tables:
        assert pq.read_table(warm.path / "tables" / f"{name}.parquet").equals(
            pq.read_table(cold.path / "tables" / f"{name}.parquet")
        )


@pytest.mark.parametrize(
    "changed",
    [
        {"seed": 8},
        {"lengths.long_answer": 9},
        {"duplicates.near_threshold": 0.7},
        {"key_info.min_tokens": 5},
        {"tokenizer": "cl100k"},
        {"checks.answer_length": {"pass_at": 9, "warn_at": 8}},
        {"skip_checks": ["answer_length"]},
    ],
)
def test_a_changed_setting_is_measured_anew(
    tmp_path: Path, fake: Fake, measured: list[str], changed: dict[str, Any]
) -> None:
    run(tmp_path, "v1")
    fake.seen.clear()
    run(tmp_path, "v2", **changed)
    assert len(measured) == 2
    assert not set(PROMPTS + ANSWERS) & set(fake.seen)


def test_a_changed_record_is_measured_anew_and_only_it_is_embedded(
    tmp_path: Path, fake: Fake, measured: list[str]
) -> None:
    run(tmp_path, "v1")
    fake.seen.clear()
    run(tmp_path, "v2", rows_of(PROMPTS, [*ANSWERS[:9], "这一件是复制品。"]))
    assert len(measured) == 2
    assert fake.seen == ["这一件是复制品。"]


def test_changed_code_or_packages_are_measured_anew(
    tmp_path: Path, fake: Fake, measured: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path, "v1")
    monkeypatch.setattr(reuse, "code_version", lambda also=None: "other")
    run(tmp_path, "v2")
    monkeypatch.setattr(analysis, "_packages", lambda: {"umap-learn": "9"})
    run(tmp_path, "v3")
    assert len(measured) == 3


def test_key_information_settings_are_not_answered_from_the_cache(tmp_path: Path, fake: Fake) -> None:
    """The rows of a setting are never those of another."""
    facts = "".join(
        f"第{n}号展柜放着{what}。" for n, what in enumerate(["陶罐", "铜镜", "玉佩", "竹简", "丝绸", "漆盒"])
    )
    rows = rows_of([f"{facts}第{n}号展柜里是什么？" for n in range(4)], ["陶罐", "铜镜", "玉佩", "竹简"])
    classes = [
        run(tmp_path, f"v{n}", rows, **{"key_info.min_tokens": n}).table("key_info_position")["class"].tolist()
        for n in (3, 500)
    ]
    assert set(classes[1]) == {"short"}
    assert classes[0] != classes[1]


def test_a_tokenizer_file_is_known_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    keys = []
    for content in ("{}", "{ }"):
        path.write_text(content)
        keys.append(analysis_key("f", load_settings({"tokenizer": str(path)}), "none", {}))
    assert keys[0] != keys[1]


def test_the_code_that_compares_counts_where_it_is_asked_for() -> None:
    assert code_version() != code_version("comparison")


def test_code_that_only_shows_does_not_count_and_what_measures_does_not_rest_on_it() -> None:
    """Or a change of words would have every version analysed again, or one that moves figures none."""
    root = Path(reuse.__file__).parent
    shown = {"ui", "words", "charts", "export", "comparison", "api", "cli", "figures", "options"}
    for path in root.rglob("*.py"):
        first = path.relative_to(root).parts[0]
        if first in reuse.NOT_MEASURING or first == "__init__.py":
            continue
        used = re.findall(r"^\s*(?:from|import) diversity\.(\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        used += re.findall(r"^\s*from diversity import (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert not shown & set(used), path
    assert {f"{name}.py" if (root / f"{name}.py").exists() else name for name in shown} <= set(reuse.NOT_MEASURING)


def kept(folder: Path, key: str = "k", marker: int = 1) -> tuple[Measurements, Path]:
    """A measurement with two tables, kept, and the folder of the report it came from."""
    tables = folder / f"report-{key}-{marker}" / "tables"
    found = {name: pa.table({"marker": [marker]}) for name in ("a", "b")}
    write_tables(found, tables)
    result = MetricResult(metric="m", field="set", value=float(marker))
    measurements = Measurements(folder / "kept")
    measurements.keep(key, Measured([result], [], found, {"marker": marker}), tables)
    return measurements, tables


def test_a_measurement_comes_back(tmp_path: Path) -> None:
    measurements, _ = kept(tmp_path)
    (tmp_path / "new").mkdir()
    found = measurements.restore("k", tmp_path / "new")
    assert found is not None
    assert found.results[0].value == 1
    assert found.overview == {"marker": 1}
    assert pq.read_table(tmp_path / "new" / "b.parquet")["marker"].to_pylist() == [1]
    assert measurements.restore("other", tmp_path / "new") is None


def test_a_half_restored_measurement_never_writes_into_another_report(tmp_path: Path) -> None:
    measurements, report = kept(tmp_path)
    (tmp_path / "kept" / "k" / "b.parquet").unlink()
    new = tmp_path / "new"
    new.mkdir()
    assert measurements.restore("k", new) is None
    assert list(new.iterdir()) == []
    write_tables({"a": pa.table({"marker": [2]})}, new)
    assert pq.read_table(report / "a.parquet")["marker"].to_pylist() == [1]


def test_tables_are_new_files(tmp_path: Path) -> None:
    write_tables({"a": pa.table({"marker": [1]})}, tmp_path)
    os.link(tmp_path / "a.parquet", tmp_path / "elsewhere.parquet")
    write_tables({"a": pa.table({"marker": [2]})}, tmp_path)
    assert pq.read_table(tmp_path / "elsewhere.parquet")["marker"].to_pylist() == [1]


@pytest.mark.parametrize("damage", ["figures", "table"])
def test_a_damaged_measurement_is_replaced_by_the_next(tmp_path: Path, damage: str) -> None:
    measurements, _ = kept(tmp_path)
    name = reuse.FIGURES if damage == "figures" else "a.parquet"
    (tmp_path / "kept" / "k" / name).unlink()
    if damage == "figures":
        (tmp_path / "kept" / "k" / name).write_text("{half")
    (tmp_path / "new").mkdir()
    assert measurements.restore("k", tmp_path / "new") is None
    kept(tmp_path, marker=2)
    found = measurements.restore("k", tmp_path / "new")
    assert found is not None
    assert found.overview == {"marker": 2}


def damage(path: Path, how: str) -> None:
    content = bytearray(path.read_bytes())
    if how == "cut":
        content = content[: len(content) // 2]
    else:
        content[len(content) // 2] ^= 1
    path.unlink()  # a report may share the file's bytes
    path.write_bytes(content)


@pytest.mark.parametrize("how", ["cut", "flipped"])
@pytest.mark.parametrize("name", [reuse.FIGURES, "a.parquet", "b.parquet", SEAL])
def test_what_is_not_as_it_was_written_is_not_restored(tmp_path: Path, name: str, how: str) -> None:
    measurements, _ = kept(tmp_path)
    damage(tmp_path / "kept" / "k" / name, how)
    (tmp_path / "new").mkdir()
    assert measurements.restore("k", tmp_path / "new") is None
    assert list((tmp_path / "new").iterdir()) == []


def test_a_figure_that_reads_well_but_is_another_is_not_restored(tmp_path: Path) -> None:
    measurements, _ = kept(tmp_path)
    figures = tmp_path / "kept" / "k" / reuse.FIGURES
    figures.write_text(figures.read_text().replace('"value":1.0', '"value":9.0'))
    (tmp_path / "new").mkdir()
    assert measurements.restore("k", tmp_path / "new") is None


def test_a_damaged_table_is_measured_anew_and_no_report_gets_it(
    tmp_path: Path, fake: Fake, measured: list[str]
) -> None:
    cold = run(tmp_path, "v1")
    [folder] = (tmp_path / ".cache" / "analyses").iterdir()
    expected = cold.table("lengths")
    damage(folder / "lengths.parquet", "flipped")
    assert run(tmp_path, "v2").table("lengths").equals(expected)
    run(tmp_path, "v3")
    assert len(measured) == 2


def test_the_least_recently_used_go(tmp_path: Path) -> None:
    for number in range(KEPT):
        measurements, _ = kept(tmp_path, f"k{number}")
        os.utime(tmp_path / "kept" / f"k{number}", (number, number))
    (tmp_path / "new").mkdir()
    assert measurements.restore("k0", tmp_path / "new") is not None
    kept(tmp_path, "last")
    names = {path.name for path in (tmp_path / "kept").iterdir()}
    assert names == {"k0", "last", *(f"k{number}" for number in range(2, KEPT))}


def test_what_a_killed_run_left_goes_after_a_day(tmp_path: Path) -> None:
    for name, age in ((".old", 2 * ABANDONED_SECONDS), (".fresh", 0)):
        (tmp_path / "kept" / name).mkdir(parents=True)
        stamp = (tmp_path / "kept").stat().st_mtime - age
        os.utime(tmp_path / "kept" / name, (stamp, stamp))
    kept(tmp_path)
    assert {path.name for path in (tmp_path / "kept").iterdir()} == {".fresh", "k"}
