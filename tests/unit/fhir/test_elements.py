"""JSON of any shape: what is read of it, and that nothing of it hurts."""

from typing import Any

import pytest

from service.fhir.elements import (
    address_spellings,
    codes,
    codings,
    compile_path,
    first_object,
    is_absent,
    is_said_absent,
    is_unsaid,
    items,
    literal_reference,
    names,
    objects,
    points_to,
    read,
    read_first,
    reference_parts,
    same_name,
    server_of,
    spellings,
    text,
    type_and_id,
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


SERVER = "https://ehr.example.org/fhir/r4"
PARTS = {
    "Patient/p1": ("Patient", "p1"),
    "Patient/p1/_history/3": ("Patient", "p1"),
    f"{SERVER}/Patient/p1": ("Patient", "p1"),
    f"{SERVER}/Patient/p1/_history/3": ("Patient", "p1"),
    "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0": (None, "0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"),
    "urn:oid:1.2.3": (None, "1.2.3"),
    "p1": (None, "p1"),
    "Patient/p1/": ("Patient", "p1"),
}


@pytest.mark.parametrize(("written", "expected"), PARTS.items(), ids=PARTS)
def test_a_reference_has_a_type_and_an_id(written: str, expected: tuple[str | None, str]) -> None:
    assert reference_parts(written) == expected


def test_only_an_absolute_reference_names_a_server() -> None:
    assert server_of(f"{SERVER}/Patient/p1/_history/3") == SERVER
    assert server_of("Patient/p1") is None
    assert server_of("urn:uuid:0c3151bd") is None


OURS = ["Patient/p1", f"{SERVER}/Patient/p1", "Patient/p1/_history/2", "urn:uuid:p1", "p1"]
NOT_OURS = [
    "Patient/p2",
    "Patient/P1",
    "Group/p1",
    "https://other.example.org/fhir/Patient/p1",
    f"{SERVER}x/Patient/p1",
    "Patient/p1x",
    "#p1",
    "",
    None,
    5,
    {"display": "p1"},
    ["Patient/p1"],
]


@pytest.mark.conforms("HAB-14")
@pytest.mark.parametrize("reference", OURS)
def test_the_patient_of_the_request_is_known_in_every_form(reference: str) -> None:
    assert points_to({"reference": reference}, "Patient", "p1", SERVER)
    assert points_to(reference, "Patient", "p1", f"{SERVER}/")


@pytest.mark.parametrize("reference", NOT_OURS, ids=repr)
def test_somebody_else_is_not_the_patient(reference: object) -> None:
    assert not points_to({"reference": reference}, "Patient", "p1", SERVER)
    assert not points_to(reference, "Patient", "p1", SERVER)


def test_without_a_server_an_absolute_reference_is_taken_by_its_id() -> None:
    assert points_to("https://other.example.org/fhir/Patient/p1", "Patient", "p1", None)


def test_a_literal_reference_is_text_with_something_in_it() -> None:
    assert literal_reference({"reference": " Patient/p1 "}) == "Patient/p1"
    assert literal_reference({"reference": ""}) is None
    assert literal_reference({"identifier": {"value": "x"}}) is None


def test_a_resource_without_type_or_id_has_no_key() -> None:
    assert type_and_id({"resourceType": "Patient", "id": "p1"}) == "Patient/p1"
    assert type_and_id({"resourceType": "Patient"}) is None
    assert type_and_id({"id": 5, "resourceType": "Patient"}) is None


COMPILED = {
    "$": (),
    "$.code": ("code",),
    "code": ("code",),
    "$.item[*].productOrService": ("item", "productOrService"),
    "$.a.b.c": ("a", "b", "c"),
    "$.a[*]": ("a",),
}
REFUSED = ["$.a[0]", "$..a", "$.a[1:2]", "$.a[?(@.b==1)]", "$.[", "", "$.a.`parent`"]


@pytest.mark.parametrize(("written", "steps"), COMPILED.items(), ids=COMPILED)
def test_a_path_is_its_field_names(written: str, steps: tuple[str, ...]) -> None:
    assert compile_path(written) == steps


@pytest.mark.parametrize("written", REFUSED)
def test_a_path_that_says_more_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"JSONPath|field names"):
        compile_path(written)


FOUND: dict[str, tuple[Any, list[Any]]] = {
    "a list": ({"item": [{"code": 1}, {"code": 2}]}, [1, 2]),
    "one thing for a list": ({"item": {"code": 1}}, [1]),
    "a list of lists of codes": ({"item": [{"code": [1, 2]}, {"code": 3}]}, [1, 2, 3]),
    "nulls": ({"item": [None, {"code": None}, {"code": 0}]}, [0]),
    "another shape": ({"item": "x"}, []),
    "nothing": ({}, []),
    "no object": ([5], []),
    "null": (None, []),
}


@pytest.mark.parametrize(("value", "expected"), FOUND.values(), ids=FOUND)
def test_all_that_stands_at_a_path_is_read(value: Any, expected: list[Any]) -> None:
    assert read(("item", "code"), value) == expected


def test_first_path_with_a_value_is_read() -> None:
    paths = (("a",), ("b",))
    assert read_first(paths, {"b": 1}, {"a": 2}) == 2
    assert read_first(paths, {"b": 1}) == 1
    assert read_first(paths, {}) is None
