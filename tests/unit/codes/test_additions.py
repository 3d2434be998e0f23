"""What official files add to a value set of drugs, and what becomes a question."""

from typing import Any

import pytest

from service.codes.additions import Additions, additions
from service.codes.ndc_directory import FdaDirectory, FdaProduct, Package
from service.library.shapes import CodeSystemsShape, ValueSetShape

NDC = "http://hl7.org/fhir/sid/ndc"
SYSTEMS = CodeSystemsShape.model_validate({"code_systems": [{"uri": NDC, "spelling": "ndc"}]})
CREAM = FdaProduct("Mometasone", ("mometasone",), "CREAM", ("TOPICAL",))


def value_set(kind: str = "therapy_class", **more: Any) -> ValueSetShape:
    line = {"code": "00001000101", "display": "Mometasone cream", "ingredient": "mometasone"}
    data = {"value_set": "steroid", "kind": kind, "says": "x", "source": {}}
    return ValueSetShape.model_validate({**data, "codes": {NDC: [line]}, **more})


def added(*packages: Package, shape: ValueSetShape | None = None) -> list[Additions]:
    directory = FdaDirectory("NDC directory", packages, {})
    sets = {"steroid": shape or value_set()}
    return list(additions(sets, SYSTEMS, None, directory))


def test_package_of_a_product_that_the_set_has_is_added_with_its_keys() -> None:
    (found,) = added(Package("00001000102", CREAM, sample=False))
    (line,) = found.lines
    assert (line.system, line.code, line.known) == (
        NDC,
        "00001000102",
        {"ingredient": "mometasone"},
    )
    assert found.asked == ()


def test_package_that_stands_there_adds_nothing() -> None:
    (found,) = added(Package("00001000101", CREAM, sample=False))
    assert (found.lines, found.asked) == ((), ())


@pytest.mark.parametrize(
    ("package", "questions"),
    [
        (Package("00001000102", CREAM, sample=True), 1),
        (Package("99999000101", CREAM._replace(substances=("zinc",)), sample=False), 0),
    ],
)
def test_sample_is_a_question_and_another_drug_is_none(package: Package, questions: int) -> None:
    (found,) = added(package)
    assert found.lines == ()
    assert len(found.asked) == questions


def test_code_that_was_left_out_by_hand_is_not_added() -> None:
    refused = value_set(left_out=[{"why": "00001000102 is a kit"}])
    (found,) = added(Package("00001000102", CREAM, sample=False), shape=refused)
    assert found.lines == ()


def test_sets_of_other_things_than_drugs_are_passed_over() -> None:
    assert added(shape=value_set("condition")) == []
