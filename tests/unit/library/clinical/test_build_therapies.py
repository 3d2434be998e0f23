"""A therapy from its document: what it orders must be the drug that it is."""

from typing import Any

import pytest
from support.criterion_reader import messages, reader

from service.library.clinical.build_therapies import build_therapy
from service.library.clinical.clinical_reader import ClinicalReader, Problems
from service.library.documents.yaml import Document
from service.library.shapes.clinical_shapes import TherapyShape

CODE = {"system": "http://x", "code": "0", "display": "Mometasone cream"}
THERAPY = {
    "therapy": "mometasone",
    "name": "mometasone",
    "class": "a steroid",
    "kind": "drug",
    "taken": {"value_set": "steroid", "ingredients": ["mometasone"]},
    "references": {"L1": {"title": "The label", "short": "Label"}},
    "indications": {},
}
USE = {"label": "approved", "population": "adults", "cite": "L1"}


def built(**more: Any) -> tuple[Any, list[str]]:
    base = reader()
    shape = TherapyShape.model_validate({**THERAPY, **more})
    problems = Problems(base.mistakes, [])
    document = Document("mometasone.yaml")
    read_with = ClinicalReader(document, "ad", "drug", shape.references, base.names, problems)
    return build_therapy(read_with, shape), messages(base)


def ordering(**order: Any) -> dict[str, Any]:
    code = {**CODE, **order}
    dose = {"id": "ad.daily", "says": "Daily", "cite": "L1", "order": {"code": code}}
    return {"indications": {"ad": {**USE, "doses": [dose]}}}


def test_sources_of_a_therapy_are_shown_by_their_short_titles() -> None:
    warning = {"says": "Thin skin", "cite": "L1"}
    therapy, wrong = built(boxed_warning=warning, checks=[{"id": "a", "says": "x", "cite": "L1"}])
    assert wrong == []
    assert (therapy.boxed_warning, therapy.boxed_cite) == ("Thin skin", "Label")
    assert [check.cite for check in therapy.checks] == ["Label"]
    assert therapy.taken.ingredients == {"mometasone"}


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (ordering(), None),
        (ordering(code="9"), "the code '9' of http://x does not stand in 'steroid'"),
        (
            ordering(code="1"),
            "the code '1' is fluticasone in 'steroid'; this therapy is mometasone",
        ),
        (
            {"kind": "advice", **ordering()},
            "an advice orders nothing; 'kind' is drug or procedure",
        ),
        (
            {"taken": None},
            "'taken' is missing: the value set and ingredients by which a record tells this drug",
        ),
        (
            {"checks": [{"id": "a", "says": "x", "cite": "L1"}] * 2},
            "the check 'a' stands twice",
        ),
        (
            {"boxed_warning": {"says": "Thin skin", "cite": "L2"}},
            "no reference 'L2' here; did you mean 'L1'?",
        ),
    ],
)
def test_order_of_another_drug_is_a_mistake(more: dict[str, Any], message: str | None) -> None:
    assert built(**more)[1] == ([message] if message else [])
