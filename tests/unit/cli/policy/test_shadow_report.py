"""`policy shadow`: counts as lines and as JSON."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import main
from service.store import ShadowCount, Store

CONTENTS = ("sha256:aaaaaaaa11", "sha256:bbbbbbbb22")
SAME = ShadowCount(*CONTENTS, "p@1", "p@2", "", "met", "met", 9)
FLIP = ShadowCount(*CONTENTS, "p@1", "p@2", "", "met", "unknown", 2)
CRITERION = ShadowCount(*CONTENTS, "p@1", "p@2", "c.age", "met", "not_met", 30)
LINES = """\
p@1 (sha256:aaaaaaaa)
  beside p@2 (sha256:bbbbbbbb)
         9  outcome: the same: met
         2  outcome: met -> unknown
        30  c.age: met -> not_met
"""


def printed(*arguments: str) -> str:
    done = CliRunner().invoke(main, ["policy", "shadow", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_counts_are_listed_by_pair_of_policies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path}/cds.db"
    monkeypatch.setenv("CDS_DATABASE_URL", url)
    assert printed() == "no order has been judged in shadow\n"
    store = Store.open(url)
    store.add_shadow_counts([SAME, FLIP, CRITERION])
    store.close()
    assert printed() == LINES
    assert [one["count"] for one in json.loads(printed("--json"))] == [30, 9, 2]
