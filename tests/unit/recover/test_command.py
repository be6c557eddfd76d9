"""`python -m meshtier.recover`: what it prints."""

import json
from pathlib import Path
from typing import Any

import pytest
from meshtier.recover.__main__ import main

from .states import creating, export, held

EKS, SECRET = "aws:eks/cluster:Cluster", "kubernetes:core/v1:Secret"


def said(
    state: dict[str, Any], folder: Path, at: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]
) -> list[str]:
    """What is printed of a state, by a pulumi that has it."""
    (folder / "state.json").write_text(json.dumps(state))
    pulumi = folder / "pulumi"
    pulumi.write_text(f'#!/bin/sh\n[ "$1" = cancel ] || exec cat {folder}/state.json\n')
    pulumi.chmod(0o755)
    at.setenv("PATH", str(folder), prepend=":")
    assert main(["--stack", "prod"]) == 0
    return capture.readouterr().out.splitlines()


def test_each_kind_of_what_was_being_made_has_its_heading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old = held(EKS, "old", "2026-11-21T10:00:00Z")
    pending = (creating(EKS, "new"), creating(EKS, "old", replaces=old), creating(SECRET, "ca"))
    state = export(*pending, known=(old,))
    lines = said(state, tmp_path, monkeypatch, capsys)
    assert [line for line in lines if not line.startswith(" ")] == [
        "was being made; where the cloud has it, put its id for ID:",
        "was being made to replace what the state has, so nothing imports it; where the cloud has "
        "it, delete it, for the `up` makes it anew:",
        "was being made in clusters; what is there by now, this `up` takes over:",
        "now: PULUMI_K8S_UPSERT_EXISTING_OBJECTS=true pulumi up --stack prod",
    ]
    assert lines[3:6:2] == [f"  {EKS} old; keep id-2, which it was to replace", f"  {SECRET} ca"]


def test_nothing_that_was_being_made_leaves_the_next_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = said(export(), tmp_path, monkeypatch, capsys)
    assert lines == ["now: pulumi up --stack prod"]
