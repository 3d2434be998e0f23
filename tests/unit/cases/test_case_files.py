"""Case files: what is not understood names the file and the case."""

from pathlib import Path

import pytest
from support.cases.words import WORDS

from service.cases.case_files import cases_of
from service.errors import CaseError


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("[]", "a mapping is needed"),
        ("{as_of: 2026-11-20}", "'cases' is a list"),
        ("{cases: [{says: x, expect: {a: met}}]}", "Invalid isoformat"),
        ("{as_of: 2026-11-20, cases: [7]}", "a mapping is needed"),
        ("{as_of: 2026-11-20, cases: [{says: x, expect: [met]}]}", "'expect' names"),
        (
            "{as_of: 2026-11-20, cases: [{says: x, given: 7, expect: {a: met}}]}",
            "a mapping is needed",
        ),
    ],
)
def test_a_broken_file_is_said(tmp_path: Path, written: str, said: str) -> None:
    (tmp_path / "x.yaml").write_text(written, encoding="utf-8")
    with pytest.raises(CaseError, match=said):
        cases_of(tmp_path / "x.yaml", "x.yaml", WORDS)
