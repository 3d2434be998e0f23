"""A document about therapies: it asks the record only, and cites its own references."""

from typing import Any

import pytest
from support.criterion_reader import reader

from service.errors import Mistake
from service.library.clinical.clinical_reader import (
    ONLY_RECORD,
    ClinicalReader,
    Problems,
    coding,
)
from service.library.documents.yaml import Document
from service.library.shapes.clinical_shapes import CodingShape, ReferenceShape

REFERENCES = {
    "G1": ReferenceShape(title="A long guideline", short="Guideline"),
    "L1": ReferenceShape(title="The label"),
}


def clinical() -> tuple[ClinicalReader, list[Mistake], list[Mistake]]:
    mistakes: list[Mistake] = []
    slips: list[Mistake] = []
    names = reader().names
    document = Document("therapy.yaml")
    problems = Problems(mistakes, slips)
    return ClinicalReader(document, "ad", "drug", REFERENCES, names, problems), mistakes, slips


def criterion(**raw: Any) -> tuple[bool, list[str]]:
    read_with, mistakes, _ = clinical()
    read = read_with.criterion({"id": "ad.a", "says": "x", "cite": "G1", **raw}, ("when",))
    return read is not None, [mistake.what for mistake in mistakes]


@pytest.mark.parametrize(
    ("raw", "wrong"),
    [
        ({"recorded": "disease"}, []),
        ({"recorded": "disease", "cite": "G1, L1"}, []),
        ({"recorded": "disease", "cite": "G2"}, ["no reference 'G2' here; did you mean 'G1'?"]),
        ({"statement": True, "asks": "Is it?"}, [ONLY_RECORD]),
        (
            {"fact": "easi", "at_least": "0 points"},
            ["0 points lets every value pass of 'easi', which goes from 0 to 72 points"],
        ),
    ],
)
def test_criterion_asks_the_record_and_cites_a_reference(
    raw: dict[str, Any], wrong: list[str]
) -> None:
    assert criterion(**raw) == (True, wrong)


def test_number_that_is_not_asked_is_a_slip_and_no_mistake() -> None:
    read_with, mistakes, slips = clinical()
    raw = {"id": "ad.a", "says": "EASI of 21 points", "cite": "G1", "fact": "easi"}
    read_with.criterion({**raw, "at_least": "16 points"}, ("when",))
    assert (len(mistakes), len(slips)) == (0, 1)


def test_citation_is_shown_by_its_short_title() -> None:
    read_with, mistakes, _ = clinical()
    assert read_with.cited("G1, L1", ()) == read_with.named("G1, L1") == "Guideline; The label"
    assert read_with.cited("G3", ("doses", 0)) == ""
    assert [mistake.what for mistake in mistakes] == ["no reference 'G3' here; did you mean 'G1'?"]


def test_id_may_stand_once() -> None:
    read_with, mistakes, _ = clinical()
    for _ in range(2):
        assert read_with.claim("ad.x", ()) == "ad.x"
    assert len(mistakes) == 1


def test_code_of_an_order_is_optional() -> None:
    assert coding(None) is None
    made = coding(CodingShape(system="http://x", code="1", display="One"))
    assert made is not None
    assert (made.system, made.code, made.display) == ("http://x", "1", "One")
