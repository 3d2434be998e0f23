"""The plugin in a suite of an integrator's own."""

from pathlib import Path

import pytest
from support.recordings import recorded

from service.recordings.pytest_plugin import REPLAY

pytest_plugins = ["pytester"]
SUITE = "def test_recordings(cds_replay):\n    assert len(cds_replay('recordings/')) == 1\n"


@pytest.fixture
def suite(pytester: pytest.Pytester, request: pytest.FixtureRequest) -> list[str]:
    """A folder with one recording and one test; the arguments that load the plugin."""
    folder = Path(pytester.path) / "recordings"
    recorded(folder, "crswnp-fully-met")
    pytester.makepyfile(SUITE)
    installed = request.config.pluginmanager.hasplugin("dupilumab_cds")
    return [] if installed else ["-p", "service.recordings.pytest_plugin"]


def test_equal_answers_pass_and_others_fail(pytester: pytest.Pytester, suite: list[str]) -> None:
    arguments = ["-p", "no:cacheprovider", "-p", "no:xdist", *suite]
    pytester.runpytest_inprocess(*arguments).assert_outcomes(passed=1)
    (file,) = (Path(pytester.path) / "recordings").glob("*.json")
    file.write_text(file.read_text().replace('"outcome": "met"', '"outcome": "not_met"'))
    failed = pytester.runpytest_inprocess(*arguments)
    failed.assert_outcomes(failed=1)
    failed.stdout.fnmatch_lines(["*outcome: not_met → met*"])
    pytester.runpytest_inprocess(*arguments, "--cds-accept").assert_outcomes(passed=1)
    assert '"outcome": "met"' in file.read_text()
    assert REPLAY.endswith("replay_in_pytest")
