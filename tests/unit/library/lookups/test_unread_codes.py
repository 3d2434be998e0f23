"""What `unread.yaml` says of codes and names that no list holds."""

from typing import Any

import pytest

from service.library.documents.folders import Folder
from service.library.documents.yaml import Document
from service.library.lookups.unread_codes import check_unread, unlisted_codes
from service.library.shapes import CodeSystemsShape, UnreadShape, ValueSetShape

NDC, HCPCS = "http://hl7.org/fhir/sid/ndc", "urn:hcpcs"
SYSTEMS = CodeSystemsShape.model_validate(
    {"code_systems": [{"uri": HCPCS, "also": ["urn:hcpcs-again"]}]}
)
BIOLOGIC = ValueSetShape.model_validate(
    {
        "value_set": "biologic",
        "kind": "therapy_class",
        "says": "x",
        "source": {},
        "codes": {NDC: [{"code": "1", "display": "x", "route": "subcutaneous"}]},
        "intervals": {"a": {"days": 28, "source": "x"}, "b": {"days": 56, "source": "x"}},
    }
)
DISEASE = ValueSetShape.model_validate(
    {"value_set": "disease", "kind": "condition", "says": "x", "source": {}}
)
SETS = {"biologic": BIOLOGIC, "disease": DISEASE}
FOLDER = Folder({name: (Document(name), shape) for name, shape in SETS.items()})


def written(**given: Any) -> tuple[Document, UnreadShape]:
    data = {"source": "x", **given}
    return Document("unread.yaml", data), UnreadShape.model_validate(data)


def part(**given: Any) -> dict[str, Any]:
    return {"codes": {HCPCS: [{"starts": ["J"], "why": "x", **given}]}}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, []),
        (part(routes="subcutaneous", never="biologic"), []),
        (
            part(routes="subcutaneus"),
            ["no value set has the route 'subcutaneus'; did you mean 'subcutaneous'?"],
        ),
        (part(never="biologics"), ["no value set 'biologics'; did you mean 'biologic'?"]),
        ({"given_for": "biologics"}, ["no value set 'biologics'; did you mean 'biologic'?"]),
        ({"drugs": [NDC], "anything": [NDC]}, [f"'{NDC}' stands here twice"]),
    ],
)
def test_names_in_the_document_are_known_and_systems_stand_once(
    given: dict[str, Any], says: list[str]
) -> None:
    assert [one.what for one in check_unread(written(**given), FOLDER)] == says


def test_library_without_the_document_still_knows_its_sets_of_drugs() -> None:
    assert [*check_unread(None, FOLDER)] == []
    unlisted = unlisted_codes(None, SYSTEMS, SETS, ())
    assert unlisted.drug_sets == {"biologic"}
    assert unlisted.routes == {"biologic": {"subcutaneous"}}
    assert unlisted.interval(["biologic"]) == 56


def test_system_is_known_under_each_of_its_addresses() -> None:
    given = {**part(given=True), "given_for": "biologic", "drugs": [HCPCS]}
    unlisted = unlisted_codes(written(**given), SYSTEMS, SETS, ())
    for address in (HCPCS, "urn:hcpcs-again"):
        found = unlisted.part(address, "J1234")
        assert found is not None
        assert found.only == ("biologic",)
        assert address in unlisted.of_drugs
    assert unlisted.part("urn:other", "J1234") is None


def test_code_of_a_system_without_drugs_has_its_shape_in_any_case() -> None:
    unlisted = unlisted_codes(
        written(no_drugs=[{"systems": ["urn:lab"], "shape": "[a-z][0-9]+"}]),
        SYSTEMS,
        SETS,
        (),
    )
    assert unlisted.holds_no_drug("urn:lab", "A12")
    assert not unlisted.holds_no_drug("urn:lab", "12")
