"""Mistakes in `crd.yaml`: each is found with its line and what would be right."""

import re
from pathlib import Path

import pytest
from support.changed_documents import changed, shipped

from service.errors import Mistake
from service.library.checks.crd_lines import check_crd
from service.library.documents.folders import Documents, read_optional
from service.library.load import check_documents
from service.library.shapes import CrdShape

FILE = "mappings/crd.yaml"


def mistakes(documents: Documents) -> list[Mistake]:
    found: list[Mistake] = []
    read = read_optional(documents, "crd.yaml", CrdShape, found)
    return [*found, *(check_crd(*read) if read else ())]


def test_shipped_document_is_sound() -> None:
    assert mistakes(shipped()) == []


WRONG = {
    "no code": (
        "    covered: not-covered\n",
        "    covered: uncovered\n",
        "has no code 'uncovered'",
    ),
    "near code": ("covered: not-covered", "covered: not-coverd", "did you mean 'not-covered'?"),
    "code of another version": (
        "    covered: conditional\n",
        "    covered: indeterminate\n",
        "CRD 2.0 has no code 'indeterminate'",
    ),
    "covered where unsure": (
        "    covered: conditional\n",
        "    covered: covered\n",
        "'covered' is for met_by_record, met_with_statements, authorized only",
    ),
    "satisfied without a number": (
        "    pa-needed: auth-needed\n",
        "    pa-needed: satisfied\n",
        "'satisfied' is for authorized and authorized_ahead",
    ),
    "unknown line": ("  elsewhere:\n", "  elsewher:\n", "did you mean 'elsewhere'?"),
    "missing line": ("  elsewhere:\n", "  elsewher:\n", "the line 'elsewhere' is missing"),
    "no reason": ('    why: "Nothing', '    wy: "Nothing', "did you mean 'why'?"),
    "unknown version": ('default: "2.0"', 'default: "2.3"', "no version '2.3'"),
    "version of a line": (
        '      "2.2": {covered: not-covered, reason: no-active-coverage}',
        '      "2.3": {covered: not-covered, reason: no-active-coverage}',
        "no version '2.3'",
    ),
    "reason of no version": (
        "    reason: detail-code\n",
        "    reason: detail\n",
        "no code 'detail'",
    ),
    "conditional without info": ("    info-needed: [OTH]\n", "", "crd-ci-q3"),
    "needed though not covered": (
        "    covered: not-covered\n",
        "    covered: not-covered\n    pa-needed: no-auth\n",
        "crd-ci-q2",
    ),
    "needed is missing": (
        "    covered: covered\n    pa-needed: auth-needed\n",
        "    covered: covered\n",
        "CRD 2.0 asks for it here",
    ),
    "form without documents": (
        "    covered: not-covered\n",
        "    covered: not-covered\n    questionnaire: true\n",
        "crd-ci-q1",
    ),
    "purpose without documents": (
        "    covered: not-covered\n",
        "    covered: not-covered\n    doc-purpose: [withpa]\n",
        "crd-ci-q4",
    ),
    "too many kinds of documents": (
        "doc-needed: [clinical]",
        "doc-needed: [admin]",
        "all lines together name admin, clinical",
    ),
    "code without a place": (
        "  covered: [indeterminate, conditional",
        "  covered: [conditional",
        "'indeterminate' is missing",
    ),
    "topic of no version": (
        "  tests: clinical-reminder",
        "  tests: reminder",
        "has no topic 'reminder'",
    ),
    "topic without a display": (
        "  off-guideline: Off Guideline\n",
        "",
        "no line of topic_displays says what 'off-guideline' is called",
    ),
    "display of no topic": (
        "  off-guideline: Off Guideline\n",
        "  off-guideline: Off Guideline\n  limits: Limits\n",
        "no card has the topic 'limits'",
    ),
    "topic without an option": (
        "  tests: clinical-reminder",
        "  tests: limits",
        "no option about cards has the code 'limits'",
    ),
    "option without a card": (
        "  tests: clinical-reminder",
        "  tests: guideline",
        "no card has the topic 'clinical-reminder'",
    ),
    "same name": ("    name: Other therapies", "    name: Most cards", "another option has it too"),
    "type": ("    type: integer", "    type: boolean", "integer is for number_of_cards"),
    "default": ("    default: 5", "    default: true", "not of type integer"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_mistake_is_found_with_its_line(kind: str, tmp_path: Path) -> None:
    old, new, message = WRONG[kind]
    found = mistakes(changed(tmp_path, FILE, old, new))
    said = [one.what for one in found]
    assert any(message in one for one in said), said
    assert all(one.file == FILE and one.line > 0 for one in found)


def test_service_of_crd_needs_the_document() -> None:
    read = {name: one for name, one in shipped().read.items() if name != FILE}
    documents = Documents(shipped().content, read, shipped().files, shipped().folders)
    said = [str(one) for one in check_documents(documents, None).mistakes]
    assert len(said) == 2
    assert all(re.search(r"dupilumab-crd-order-\w+\.yaml:3: .*crd\.yaml", one) for one in said)
