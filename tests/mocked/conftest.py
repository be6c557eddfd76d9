"""A project folder with the kubeconfigs that the documents name."""

from pathlib import Path

import pytest

from tests.mocked.documents import write_kubeconfigs


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder the program runs in."""
    write_kubeconfigs(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path
