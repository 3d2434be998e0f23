"""What the engine answers to a case, and where that is not what the case expects."""

from collections.abc import Iterator

from service.advise import advise
from service.cases.case_files import Expected, WrittenCase
from service.cases.case_words import CaseContext, CaseWords
from service.cases.given import client, request, stated
from service.cds.request import AsOf, parse_hook_request
from service.errors import CaseError
from service.json_object import Json
from service.library import Library
from service.policy.model import Policy


def twin(case: WrittenCase, known: Library, words: CaseWords) -> Json:
    """The assessment of the case's order; a CaseError if the answer has none, or several."""
    at = CaseContext(case.as_of, words)
    hook = parse_hook_request(request(case.given, at), frozenset(["order-sign"]))
    twins = advise(known, hook, client(case.given, at), AsOf("day", case.as_of)).twins
    if len(twins) != 1:
        raise CaseError(f"{case.file}: {case.says}: {len(twins)} assessments for one order")
    return dict(twins[0])


def by_id(twin_: Json) -> dict[str, Json]:
    """Every criterion of the tree by its id."""
    return {one["id"]: one for one in _nodes(twin_["criteria"])}


def _nodes(nodes: list[Json]) -> Iterator[Json]:
    for node in nodes:
        yield node
        yield from _nodes(node.get("children", []))


def differences(case: WrittenCase, said: Json) -> list[str]:
    """Where an assessment is not what the case expects, one line each."""
    nodes = by_id(said)
    lines = [
        f"{key}: expected {value}, got {said[key]}"
        for key, value in case.whole.items()
        if said[key] != value
    ]
    for id_, expected in case.expect.items():
        if id_ not in nodes:
            lines.append(f"{id_}: not in the answer (path {said['path']})")
        elif line := _differs(expected, nodes[id_]):
            lines.append(f"{id_}: {line}")
    return lines


def _differs(expected: Expected, node: Json) -> str | None:
    got = [node["truth"], node["reason"], node["miss"]]
    notes = " ".join(node.get("notes", []))
    if node["truth"] != expected.truth or expected.reason not in (None, node["reason"]):
        return f"expected {expected.truth} {expected.reason or ''}, got {got}"
    if expected.miss and expected.miss not in (node["miss"] or ""):
        return f"expected the miss '{expected.miss}', got {got}"
    if expected.note and expected.note not in notes:
        return f"expected the note '{expected.note}', got '{notes}'"
    if expected.no_note and expected.no_note in notes:
        return f"expected no note '{expected.no_note}', got '{notes}'"
    return None


def check_stated(case: WrittenCase, known: Library, words: CaseWords) -> None:
    """Refuses a case that names no version of the library, or states something of no criterion of it."""
    if "policy" in case.given:
        _of_version(case, known, case.given["policy"])
    for version, id_ in stated(case.given, CaseContext(case.as_of, words)):
        policies = _of_version(case, known, version)
        if id_ not in {asked.id for one in policies for asked in one.criteria()}:
            raise CaseError(f"{case.file}: {case.says}: '{id_}' is no criterion of {version}")


def _of_version(case: WrittenCase, known: Library, version: str) -> list[Policy]:
    """The policies of a version that a case names; one that is not there is refused."""
    policies = [one for one in known.policies if f"{one.id}@{one.effective}" == version]
    if not policies:
        raise CaseError(f"{case.file}: {case.says}: no policy '{version}'")
    return policies
