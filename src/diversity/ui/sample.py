"""The sample data set that comes with the project."""

from __future__ import annotations

from pathlib import Path

from diversity.jobs import start_job

FOLDER = Path(__file__).parents[3] / "sample_data"
DATASET = "sample"
VERSIONS = ("v1", "v2")


def has_sample() -> bool:
    """Whether the sample files are there: they come with the repository, not with an installed package."""
    return all((FOLDER / f"{version}.jsonl").is_file() for version in VERSIONS)


def start_sample(store: Path) -> list[str]:
    """Starts the analysis of both sample versions, one after the other, so that the second is the newest; their job
    ids."""
    jobs: list[str] = []
    for version in VERSIONS:
        args = [str(FOLDER / f"{version}.jsonl"), "--dataset", DATASET, "--version", version, "--replace"]
        jobs.append(start_job(store, args, after=jobs[-1] if jobs else None))
    return jobs
