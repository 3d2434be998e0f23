"""JSON of any shape: what is read of it, and that nothing of it hurts."""

from typing import Any

import pytest

from service.fhir.elements import (
    address_spellings,
    codes,
    codings,
    first_object,
    is_absent,
    is_said_absent,
    is_unsaid,
    items,
    names,
    objects,
    same_name,
    spellings,
    text,
)

ODD: list[Any] = [None, 0, True, "x", [], [None], [[{}]], {}, {"coding": 5}, {"coding": [None, 5]}]


@pytest.mark.parametrize(
    ("sent", "listed"), [(None, []), ([], []), ("x", ["x"]), (["x"], ["x"]), (0, [0])]
)
def test_one_thing_is_a_list_of_one(sent: object, listed: list[object]) -> None:
    assert items(sent) == listed


@pytest.mark.parametrize(
    ("sent", "found"),
    [(None, []), ("x", []), ({"a": 1}, [{"a": 1}]), ([{"a": 1}, "x", None], [{"a": 1}])],
)
def test_only_objects_are_kept(sent: object, found: list[object]) -> None:
    assert objects(sent) == found
    assert first_object(sent) == (found[0] if found else {})


@pytest.mark.parametrize(
    ("sent", "said"),
    [(" x ", "x"), ("", None), ("  ", None), (None, None), (5, None), (["x"], None)],
)
def test_text_is_a_string_with_something_in_it(sent: object, said: str | None) -> None:
    assert text(sent) == said


CONCEPT = {
    "coding": [{"system": "s", "code": "c", "display": "d"}, {"code": " e "}, "no coding"],
    "text": "t",
}


def test_concept_has_the_codings_codes_and_names_in_it() -> None:
    assert list(codings(CONCEPT)) == [("s", "c", "d"), (None, "e", None)]
    assert codes(CONCEPT) == {"c", "e"}
    assert names(CONCEPT) == ["t", "d"]


def test_bare_coding_and_bare_code_are_read_as_concepts() -> None:
    assert list(codings({"system": "s", "code": "c"})) == [("s", "c", None)]
    assert list(codings("active")) == [(None, "active", None)]
    assert codes(["active", {"coding": [{"code": "final"}]}]) == {"active", "final"}


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_odd_shape_is_no_error(odd: Any) -> None:
    list(codings(odd))
    assert isinstance(codes(odd), set)
    assert isinstance(names(odd), list)
    assert not is_absent(odd)


@pytest.mark.parametrize(
    "system",
    [
        "http://terminology.hl7.org/CodeSystem/data-absent-reason",
        "https://terminology.hl7.org/CodeSystem/data-absent-reason/",
        "http://terminology.hl7.org/CodeSystem/v3-NullFlavor",
    ],
)
def test_concept_coded_as_not_there_is_absent(system: str) -> None:
    assert is_absent({"coding": [{"system": system, "code": "unknown"}]})


def reason(code: str) -> dict[str, object]:
    return {
        "extension": [
            {
                "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
                "valueCode": code,
            }
        ]
    }


@pytest.mark.parametrize(
    ("holder", "unsaid"),
    [
        ({"_birthDate": reason("masked")}, True),
        ({"birthDate": None, "_birthDate": reason("masked")}, True),
        ({"birthDate": "2020", "_birthDate": reason("masked")}, False),
        ({"_birthDate": reason("not-applicable")}, False),
        ({"_birthDate": {}}, False),
        ({}, False),
    ],
)
def test_element_with_a_reason_in_place_of_its_value_is_unsaid(
    holder: dict[str, Any], unsaid: bool
) -> None:
    assert is_unsaid(holder, "birthDate") is unsaid


def test_reason_for_absence_is_seen_beside_a_value_too() -> None:
    assert is_said_absent({"value": 5, "_value": reason("error")}, "value")
    assert not is_said_absent({"value": 5, "_value": {"extension": [{"url": "other"}]}}, "value")
    assert not is_said_absent({"value": 5}, "value")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("  Dupilumab\t300  MG ", "dupilumab 300 mg"),
        ("Dupixent®", "dupixent"),
        ("e\u0301czema", "éczema"),
        ("dupi\u200blumab", "dupilumab"),
    ],
)
def test_names_that_look_alike_are_the_same(one: str, other: str) -> None:
    assert same_name(one) == same_name(other)


def test_unseen_sign_is_read_as_nothing_and_as_a_space() -> None:
    assert spellings("a\u200bb") == ("ab", "a b")
    assert spellings("ab") == ("ab",)


def test_web_address_is_spelled_with_either_scheme_and_with_or_without_a_slash() -> None:
    assert set(address_spellings("http://loinc.org")) == {
        "http://loinc.org",
        "http://loinc.org/",
        "https://loinc.org",
        "https://loinc.org/",
    }


def test_address_as_written_comes_first() -> None:
    assert address_spellings("https://loinc.org/")[0] == "https://loinc.org/"


def test_identifier_of_iso_is_spelled_with_its_bare_number_too() -> None:
    assert address_spellings("urn:oid:2.16.840.1") == ("urn:oid:2.16.840.1", "2.16.840.1")


@pytest.mark.parametrize("address", ["urn:uuid:1", "local", ""])
def test_any_other_address_has_one_spelling(address: str) -> None:
    assert address_spellings(address) == (address,)
