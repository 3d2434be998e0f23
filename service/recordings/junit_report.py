"""A replay as a JUnit file, which CI servers show."""

from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from service.recordings.recording_replay import Replayed


def write_junit(file: Path, replayed: Sequence[Replayed]) -> None:
    """Writes one test case for each recording."""
    failed = sum(bool(one.lines) for one in replayed)
    errors = sum(one.error is not None for one in replayed)
    counts = {"tests": str(len(replayed)), "failures": str(failed), "errors": str(errors)}
    suite = Element("testsuite", {"name": "dupilumab-cds replay", **counts})
    for one in replayed:
        case = SubElement(suite, "testcase", {"classname": "replay", "name": one.name})
        if one.error is not None:
            SubElement(case, "error", {"message": one.error})
        elif one.lines:
            SubElement(case, "failure", {"message": one.lines[0]}).text = "\n".join(one.lines)
    indent(suite)
    ElementTree(suite).write(file, encoding="utf-8", xml_declaration=True)
