"""Uploads stay inside the store, and server paths are for this machine alone."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
import streamlit as st

from diversity.jobs import READ_PATHS_VARIABLE, serve_environment
from diversity.ui.uploads import UPLOADS, embedder_allowed, keep_upload, paths_allowed, sweep_uploads


@pytest.mark.parametrize("name", ["../../evil.jsonl", "..\\..\\evil.jsonl", "/etc/evil.jsonl", "evil.jsonl"])
def test_upload_stays_inside_the_store(tmp_path: Path, name: str):
    path = keep_upload(tmp_path, name, io.BytesIO(b'{"a": 1}\n'))
    assert path.parents[1] == tmp_path / UPLOADS
    assert path.name == "evil.jsonl"
    assert path.read_bytes() == b'{"a": 1}\n'


def test_two_uploads_of_one_name_do_not_meet(tmp_path: Path):
    first, second = (keep_upload(tmp_path, "a.jsonl", io.BytesIO(content)) for content in (b"1", b"2"))
    assert first.read_bytes() == b"1"
    assert second.read_bytes() == b"2"


def test_old_uploads_are_swept(tmp_path: Path):
    old, fresh = (keep_upload(tmp_path, "a.jsonl", io.BytesIO(b"x")) for _ in range(2))
    os.utime(old.parent, (0, 0))
    sweep_uploads(tmp_path)
    assert not old.exists()
    assert fresh.exists()


@pytest.mark.parametrize(
    ("address", "allowed"), [("127.0.0.1", True), ("localhost", True), ("0.0.0.0", False), (None, False)]
)
def test_paths_only_on_loopback(monkeypatch: pytest.MonkeyPatch, address: str | None, allowed: bool):
    monkeypatch.delenv(READ_PATHS_VARIABLE, raising=False)
    monkeypatch.setattr(st, "get_option", lambda name: address)
    assert paths_allowed() is allowed


def test_the_setting_wins(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(st, "get_option", lambda name: "0.0.0.0")
    monkeypatch.setenv(READ_PATHS_VARIABLE, "1")
    assert paths_allowed()


@pytest.mark.parametrize(("host", "said"), [("127.0.0.1", "1"), ("0.0.0.0", "0"), ("::", "0")])
def test_serve_tells_the_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, host: str, said: str):
    monkeypatch.delenv(READ_PATHS_VARIABLE, raising=False)
    environment = serve_environment(tmp_path, host)
    assert environment[READ_PATHS_VARIABLE] == said
    assert environment["DIVERSITY_STORE"] == str(tmp_path)


@pytest.mark.parametrize(
    ("host", "inherited", "said"),
    [("0.0.0.0", "1", "0"), ("::", "1", "0"), ("127.0.0.1", "0", "0"), ("0.0.0.0", "0", "0"), ("localhost", "1", "1")],
)
def test_what_is_inherited_never_opens_a_wider_server(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, host: str, inherited: str, said: str
):
    monkeypatch.setenv(READ_PATHS_VARIABLE, inherited)
    assert serve_environment(tmp_path, host)[READ_PATHS_VARIABLE] == said


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("default", True),
        ("none", True),
        ("bge-small", True),
        ("BAAI/bge-small-zh-v1.5", True),
        ("mine", False),
        ("here/mine", False),
        (".", False),
        ("..", False),
        ("/etc", False),
        ("a/b/c", False),
        ("~/x", False),
        ("a b", False),
        ("none\n", False),
    ],
)
def test_no_folder_of_the_server_is_an_embedder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, allowed: bool
):
    (tmp_path / "mine").mkdir()
    (tmp_path / "here" / "mine").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(READ_PATHS_VARIABLE, "0")
    assert embedder_allowed(name) is allowed
    monkeypatch.setenv(READ_PATHS_VARIABLE, "1")
    assert embedder_allowed(name)


def test_an_upload_that_another_page_swept_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    gone, old = (keep_upload(tmp_path, "a.jsonl", io.BytesIO(b"x")).parent for _ in range(2))
    os.utime(old, (0, 0))
    gone.rename(tmp_path / "elsewhere")
    monkeypatch.setattr(
        Path, "iterdir", lambda self, known=Path.iterdir: [gone, old] if self == gone.parent else known(self)
    )
    sweep_uploads(tmp_path)
    assert not old.exists()
