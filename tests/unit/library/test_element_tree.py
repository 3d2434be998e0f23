"""The element tree of FHIR R4: where a path leads, and what was meant where it leads nowhere."""

from typing import Any

import pytest

from service.library.element_tree import (
    RESOURCE_TYPES,
    element_meanings,
    element_tree,
    follow,
    modified_paths,
    paths_of,
)
from service.library.shapes import SourceShape


@pytest.mark.parametrize(
    ("type_", "steps", "expected"),
    [
        ("Observation", (), "Observation"),
        ("Observation", ("code",), "CodeableConcept"),
        ("Observation", ("code", "coding", "code"), "text"),
        ("Patient", ("_birthDate", "extension"), "Extension"),
        ("Patient", ("resourceType",), "text"),
        ("Observation", ("contained", "anything", "at", "all"), "Resource"),
    ],
)
def test_path_leads_to_the_type_at_its_end(
    type_: str, steps: tuple[str, ...], expected: str
) -> None:
    assert follow(type_, steps) == expected


@pytest.mark.parametrize(
    ("type_", "steps", "says"),
    [
        (
            "Observation",
            ("cod",),
            "R4 knows no 'cod' in Observation; did you mean 'code'?",
        ),
        (
            "Observation",
            ("code", "zzzzz"),
            "R4 knows no 'zzzzz' in Observation.code",
        ),
        (
            "Condition",
            ("abatement[x]",),
            (
                "R4 knows no 'abatement[x]' in Condition; R4 writes 'abatementAge' or "
                "'abatementDateTime' or 'abatementPeriod' or 'abatementRange' …"
            ),
        ),
    ],
)
def test_step_that_r4_does_not_know_is_told_with_a_hint(
    type_: str, steps: tuple[str, ...], says: str
) -> None:
    assert str(follow(type_, steps)) == says


def test_every_type_with_meanings_is_a_resource_in_the_tree() -> None:
    assert element_meanings().keys() <= RESOURCE_TYPES
    assert element_meanings().keys() <= element_tree().keys()


def source(**given: Any) -> SourceShape:
    words = dict.fromkeys(("source", "says", "search"), "x")
    return SourceShape.model_validate(
        {**words, "type": "ExplanationOfBenefit", "kind": "claim", "holds": "claims", **given}
    )


def test_paths_of_a_source_are_those_that_begin_with_a_dollar() -> None:
    shape = source(subject="$.patient", concepts=["$.item[*].productOrService"])
    assert [*paths_of(shape)] == [("patient",), ("item", "productOrService")]
    assert [*paths_of(shape, "subject")] == [("item", "productOrService")]


def test_modifier_extensions_of_a_part_are_apart_from_those_of_the_whole() -> None:
    shape = source(each="$.item", concepts=["$.productOrService"], subject="$.patient")
    whole, part = modified_paths(shape)
    assert ("modifierExtension",) in whole
    assert part == (("modifierExtension",),)
    assert modified_paths(source(subject="$.patient"))[1] == ()
