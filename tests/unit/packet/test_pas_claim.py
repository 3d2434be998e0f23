"""The Claim: what the record holds is in it, and what it does not hold is said to be unknown."""

from typing import Any

from support.packets import Json, body_of, bundle_of, case_of, packet, recorded_packet

from service.packet.pas_claim import UNKNOWN, codings_of_order, left_open, profile

NDC = {"system": "http://hl7.org/fhir/sid/ndc", "code": "0024-5914-01"}


def claim(name: str | Json) -> Any:
    """The Claim of a request."""
    return bundle_of(packet(name))["entry"][0]["resource"]


def item(name: str | Json) -> Any:
    """Its item."""
    return claim(name)["item"][0]


def with_order(**changed: Any) -> Json:
    """A recorded request with a changed order."""
    body = body_of("initial-fully-met")
    body["context"]["draftOrders"]["entry"][0]["resource"].update(changed)
    return body


def extension(of: Json, name: str) -> Any:
    """An extension of PAS of an item."""
    return next((one for one in of["extension"] if one["url"].endswith(f"extension-{name}")), None)


def test_certification_type_follows_the_path() -> None:
    code = {
        name: extension(item(name), "certificationType")
        for name in ("p001-initial", "p000-renewal-approved", "approved-by-another-payer")
    }
    assert code["p001-initial"]["valueCodeableConcept"]["coding"][0]["code"] == "I"
    assert code["p000-renewal-approved"]["valueCodeableConcept"]["coding"][0]["code"] == "R"
    assert code["approved-by-another-payer"]["valueCodeableConcept"] == UNKNOWN


def test_number_of_the_earlier_authorization_is_on_the_item_of_a_renewal() -> None:
    number = extension(item("p000-renewal-approved"), "authorizationNumber")
    assert number is not None
    assert number["valueString"] == "SYN-PA-20251205"
    ended = extension(item("asthma-renewal"), "authorizationNumber")
    assert ended is not None
    assert ended["valueString"] == "SYN-PA-asthma-again"
    assert extension(item("p001-initial"), "authorizationNumber") is None


def test_product_has_a_code_that_the_guide_allows_first() -> None:
    without = item("initial-fully-met")["productOrService"]["coding"]
    assert [one["code"] for one in without] == ["88", "1876401"]
    concept = {
        "coding": [
            {"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "1876401"},
            NDC,
        ]
    }
    body = with_order(medicationCodeableConcept=concept)
    assert item(body)["productOrService"]["coding"][0]["code"] == "0024-5914-01"
    assert "Claim.item.productOrService" in left_open(claim("initial-fully-met"))
    assert "Claim.item.productOrService" not in left_open(claim(body))
    assert [one["code"] for one in codings_of_order(case_of("initial-fully-met"))] == ["1876401"]


def test_what_the_record_does_not_hold_is_unknown() -> None:
    body = body_of("initial-fully-met")
    body["prefetch"].pop("practitioner")
    body["prefetch"].pop("practitionerRoles")
    made = claim(body)
    assert made["provider"] == UNKNOWN
    assert made["item"][0]["locationCodeableConcept"] == UNKNOWN
    assert {"Claim.provider", "Claim.item.location[x]"} <= {*left_open(made)}
    assert left_open(claim("initial-fully-met"))[0] == "Claim.item.location[x]"


def test_quantity_is_sent_without_a_code_and_only_if_it_is_one() -> None:
    quantity = {
        "value": 3,
        "unit": "syringe",
        "code": "{syringe}",
        "system": "http://unitsofmeasure.org",
    }
    assert item(with_order(dispenseRequest={"quantity": quantity}))["quantity"] == {
        "value": 3,
        "unit": "syringe",
    }
    for value in (0, -1, "three"):
        body = with_order(dispenseRequest={"quantity": {"value": value}})
        assert "quantity" not in item(body)


def test_diagnoses_are_those_of_the_order_with_a_code_of_the_list() -> None:
    made = claim("initial-fully-met")
    assert [one["diagnosisCodeableConcept"]["coding"][0]["code"] for one in made["diagnosis"]] == [
        "L20.9"
    ]
    condition = body_of("initial-fully-met")["prefetch"]["conditions"]["entry"][0]["resource"]
    reference = [{"reference": f"Condition/{condition['id']}"}]
    named = claim(with_order(reasonCode=[], reasonReference=reference))
    codes = {one["code"] for one in condition["code"]["coding"] if "icd-10" in one["system"]}
    sent = {
        one["diagnosisCodeableConcept"]["coding"][0]["code"] for one in named.get("diagnosis", [])
    }
    assert sent == codes


def test_profile_names_the_published_version() -> None:
    assert profile("claim", "2.2").endswith("profile-claim|2.2.1")
    profiles = recorded_packet("p001-initial").request
    assert profiles is not None
    assert profiles.resource["meta"]["profile"][0].endswith("profile-pas-request-bundle|2.1.0")
