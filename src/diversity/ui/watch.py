"""Running analyses on a page: stages with counts, rate and time left, cancel, and what became of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from diversity.charts.theme import BLUE
from diversity.job_progress import Stage
from diversity.jobs import Job, cancel_job, forget_job, list_jobs
from diversity.ui.i18n import number, percent, t, t_or
from diversity.ui.markup import Markup, join, show, tag
from diversity.ui.navigation import go
from diversity.ui.safe import block
from diversity.ui.view import current_store
from diversity.words.checks import error_sentence

STARTED = "_started_jobs"
REFRESH_SECONDS = 1.0
ENDED_SHOWN = 5
READING = "read"


def remember(job_ids: list[str]) -> None:
    """Marks jobs as started by this reader: when the last of them is done, its report opens."""
    st.session_state[STARTED] = [*st.session_state.get(STARTED, []), *job_ids]


def draw_jobs(with_ended: bool = True) -> None:
    """Running jobs, refreshed every second, and the last ended ones. Opens the report when what this reader started
    is done."""
    _open_when_done()
    jobs = list_jobs(current_store().root)
    if any(job.active for job in jobs):
        _watch()
    ended = [job for job in jobs if not job.active][:ENDED_SHOWN] if with_ended else []
    if ended:
        show(tag("div", t("jobs.ended"), class_="dv-group"))
    for job in ended:
        _draw_ended(job)


@st.fragment(run_every=REFRESH_SECONDS)
def _watch() -> None:
    root = current_store().root
    active = [job for job in list_jobs(root) if job.active]
    shown = st.session_state.setdefault("_shown_jobs", [])
    if {job.job_id for job in active} != set(shown):
        st.session_state["_shown_jobs"] = [job.job_id for job in active]
        if shown:
            st.rerun(scope="app")
    for job in reversed(active):
        _draw_active(root, job)


def _draw_active(root: Path, job: Job) -> None:
    with st.container(border=True):
        show(
            tag(
                "div",
                tag("strong", f"{job.dataset} / {job.version}"),
                "  ",
                tag("span", _since(job), class_="dv-muted"),
            )
        )
        if job.state == "waiting":
            st.text(t("jobs.waiting"))
        show(
            tag(
                "div",
                *(_step(stage, stage.name == job.progress.stage) for stage in job.progress.stages),
                class_="dv-steps",
            )
        )
        st.text(t("jobs.closable"))
        if st.button(t("jobs.cancel"), key=f"cancel-{job.job_id}", icon=":material/stop_circle:"):
            cancel_job(root, job.job_id)


def _draw_ended(job: Job) -> None:
    left, right = st.columns([3, 2], vertical_alignment="center")
    with left:
        moment = job.request.created_at[:16].replace("T", " ")
        show(
            tag(
                "div",
                tag("strong", f"{job.dataset} / {job.version}"),
                "  ",
                tag("span", f"{t(f'jobs.{job.state}')} · {moment} UTC", class_="dv-muted"),
            )
        )
        if job.state == "failed" and job.progress.error:
            ended = job.progress
            block(error_sentence(ended.error_code, ended.error or "", ended.error_facts), limit=2000)
    with right, st.container(horizontal=True, horizontal_alignment="right"):
        if job.state == "done" and st.button(t("jobs.open"), key=f"open-{job.job_id}", icon=":material/arrow_forward:"):
            go("overview", dataset=job.dataset, version=job.version)
        if st.button(t("jobs.forget"), key=f"forget-{job.job_id}", type="tertiary"):
            forget_job(current_store().root, job.job_id)
            st.rerun()


def _step(stage: Stage, current: bool) -> Markup:
    finished = not current or (stage.total is not None and stage.done >= stage.total)
    share = 1.0 if finished else stage.done / stage.total if stage.total else 0.0
    fill = tag("div", class_="dv-fill", style=f"width:{round(100 * share)}%;background:{BLUE}")
    bar = tag(
        "div",
        tag("div", t_or(f"stage.{stage.name}", stage.name.replace("_", " "))),
        tag("div", fill, class_="dv-meter"),
    )
    mark = tag("span", "✓" if finished else "…", aria_hidden="true")
    return tag(
        "div",
        mark,
        bar,
        tag("span", " · ".join(step_facts(stage, finished, share)), class_="dv-muted"),
        class_="dv-step",
    )


def step_facts(stage: Stage, finished: bool, share: float) -> list[str]:
    """Counts, rate and time of one stage, in words; the file is read in bytes, everything else in items."""
    counted = size if stage.name == READING else number
    if finished:
        counts = [counted(stage.done)] if stage.done > 1 else []
        return [*counts, duration(stage.seconds)]
    if not stage.done:
        return [t("jobs.working")]
    if stage.total:
        facts = [t("jobs.done_of", done=counted(stage.done), total=counted(stage.total)), percent(share)]
    else:
        facts = [counted(stage.done)]
    if stage.rate:
        facts.append(t("jobs.rate", n=counted(stage.rate)))
    if stage.seconds_left is not None:
        facts.append(t("jobs.left", time=duration(stage.seconds_left)))
    return facts


def size(count: float) -> str:
    """Bytes as a person says them."""
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"


def duration(seconds: float) -> str:
    """Seconds as a person says them: 40 s, 3 min 20 s, 2 h 5 min."""
    whole = round(seconds)
    if whole < 60:
        return t("time.seconds", s=whole)
    if whole < 3600:
        return t("time.minutes", m=whole // 60, s=whole % 60)
    return t("time.hours", h=whole // 3600, m=whole % 3600 // 60)


def _since(job: Job) -> str:
    begun = datetime.fromisoformat(job.progress.started_at)
    return t("jobs.since", time=duration((datetime.now(UTC) - begun).total_seconds()))


def _open_when_done() -> None:
    """Leaves for the overview once the jobs this reader started have ended, and the last of them well."""
    started: list[str] = st.session_state.get(STARTED, [])
    jobs = {job.job_id: job for job in list_jobs(current_store().root)}
    mine = [jobs[job_id] for job_id in started if job_id in jobs]
    if not mine or any(job.active for job in mine):
        return
    st.session_state[STARTED] = []
    if mine[-1].state == "done":
        go("overview", dataset=mine[-1].dataset, version=mine[-1].version)


def facts_line(*facts: str) -> Markup:
    """Facts on one line."""
    return tag("div", join(" · ".join(facts)), class_="dv-muted")
