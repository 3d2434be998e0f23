"""A replay as JUnit XML."""

from pathlib import Path
from xml.etree.ElementTree import parse

from service.recordings.junit_report import write_junit
from service.recordings.recording_replay import Replayed


def test_failures_and_errors_are_counted(tmp_path: Path) -> None:
    each = [Replayed("a"), Replayed("b", ("x: 1 → 2",)), Replayed("c", error="broken")]
    write_junit(tmp_path / "r.xml", each)
    suite = parse(tmp_path / "r.xml").getroot()  # noqa: S314 - our own file
    assert {name: suite.get(name) for name in ("tests", "failures", "errors")} == {
        "tests": "3",
        "failures": "1",
        "errors": "1",
    }
