"""A copy of the shipped documents, into which codes are imported."""

from pathlib import Path
from shutil import copytree

import pytest
from support.paths import ROOT


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """The copy."""
    for name in ("mappings", "cards"):
        copytree(ROOT / name, tmp_path / "content" / name)
    return tmp_path / "content"
