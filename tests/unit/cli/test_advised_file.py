"""`assess` and `packet` judge one request by the same settings as the server."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from support.order_stories import FIXTURES

from service.cli import main
from service.cli.advised_file import advised

DAY = "2026-11-21"
STORY = FIXTURES / "initial-fully-met.json"


@pytest.mark.parametrize(("evaluation", "outcome"), [("on", "met"), ("off", "no_policy")])
def test_versions_for_evaluation_judge_only_where_that_is_allowed(
    evaluation: str, outcome: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDS_EVALUATION", evaluation)
    _, advice = advised(STORY.read_bytes(), DAY)
    assert [twin["outcome"] for twin in advice.twins] == [outcome]


def test_commands_say_the_same(tmp_path: Path) -> None:
    off = {"CDS_EVALUATION": "off"}
    words = [str(STORY), "--as-of", DAY]
    assessed = CliRunner().invoke(main, ["assess", *words], env=off)
    assert ": no_policy as of" in assessed.output
    packed = CliRunner().invoke(main, ["packet", *words, "--out", str(tmp_path / "out")], env=off)
    assert packed.exit_code == 2
    assert [*(tmp_path / "out").iterdir()] == []
