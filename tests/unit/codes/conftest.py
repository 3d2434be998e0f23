"""A copy of the shipped documents, into which codes are imported."""

from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest
from support.paths import ROOT

# Therapies name ingredients of the value sets; these tests change such names.
CLINICAL = ("therapies", "pathways", "notes", "gaps.yaml")


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """The copy."""
    for name in ("mappings", "cards"):
        copytree(ROOT / name, tmp_path / "content" / name, ignore=ignore_patterns(*CLINICAL))
    return tmp_path / "content"
