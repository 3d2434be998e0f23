"""Entries that do not say which drug or substance they are about, as real senders write them."""

import copy
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache, partial
from typing import Any

import orjson
import pytest
from support.paths import ROOT

from service.advise import advise
from service.cds.request import AsOf, parse_hook_request
from service.cds.strict_json import parse_body
from service.library import load_library
from service.library.library import Library

Json = dict[str, Any]
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
NDC = "http://hl7.org/fhir/sid/ndc"
CPT = "http://www.ama-assn.org/go/cpt"
SNOMED = "http://snomed.info/sct"
LOCAL = "https://ehr.example/drugs"
OTHERS = "common.initial.no_concurrent_immunomodulator"
ALLERGY = "common.initial.no_contraindication"
DAY = date(2026, 11, 20)


@cache
def library() -> Library:
    """The shipped documents with claims that are held."""
    return load_library(ROOT, ROOT / "fixtures/clients/claims_held.yaml")


def request() -> Json:
    """A request that meets all; that no other immunomodulator is in use is not stated, but shown."""
    found: Json = orjson.loads((ROOT / "fixtures/initial-fully-met.json").read_bytes())
    for entry in found["prefetch"]["answers"]["entry"]:
        items = entry["resource"]["item"]
        entry["resource"]["item"] = [one for one in items if one["linkId"] != OTHERS]
    return found


def answered(body: Json, documents: Library | None = None) -> Any:
    """The advice to a request."""
    known = documents or library()
    hooks = frozenset({"order-sign"})
    parsed = parse_hook_request(parse_body(orjson.dumps(body)), hooks)
    return advise(known, parsed, known.client("local"), AsOf("day", DAY))


def nodes(criteria: list[Json]) -> Iterator[Json]:
    for one in criteria:
        yield one
        yield from nodes(one.get("children", []))


def truth(body: Json, id_: str) -> tuple[str, str | None]:
    """What a criterion comes to and why."""
    found = {one["id"]: one for one in nodes(answered(body).twins[0]["criteria"])}
    return found[id_]["truth"], found[id_].get("reason")


def added(key: str, *resources: Json) -> Json:
    """The request with more under a key."""
    body = request()
    patient = {"reference": f"Patient/{body['context']['patientId']}"}
    name = (
        "patient"
        if resources[0]["resourceType"] in ("AllergyIntolerance", "ExplanationOfBenefit")
        else "subject"
    )
    bundle = body["prefetch"].get(key) or {"resourceType": "Bundle", "type": "searchset"}
    entries = [
        *(bundle.get("entry") or []),
        *({"resource": {**one, name: patient}} for one in resources),
    ]
    body["prefetch"][key] = {**bundle, "entry": entries, "total": len(entries)}
    return body


def order(id_: str = "x", **said: Any) -> Json:
    """An active order of the chart."""
    return {
        "resourceType": "MedicationRequest",
        "id": id_,
        "status": "active",
        "intent": "order",
        "authoredOn": "2026-10-01",
        **said,
    }


def of(*coded: tuple[str, str, str | None], text: str | None = None) -> Json:
    """A concept."""
    codings = [{"system": s, "code": c, **({"display": d} if d else {})} for s, c, d in coded]
    return {**({"coding": codings} if codings else {}), **({"text": text} if text else {})}


def claim(
    product: Json | None, *, kind: str = "pharmacy", on: str = "2026-10-25", **line: Any
) -> Json:
    """A paid claim of one line."""
    item = {
        "sequence": 1,
        "servicedDate": on,
        **({"productOrService": product} if product else {}),
        **line,
    }
    type_ = {
        "coding": [{"system": "http://terminology.hl7.org/CodeSystem/claim-type", "code": kind}]
    }
    supply = {
        "sequence": 1,
        "category": {"coding": [{"code": "dayssupply"}]},
        "valueQuantity": {"value": 30},
    }
    return {
        "resourceType": "ExplanationOfBenefit",
        "id": "x",
        "status": "active",
        "use": "claim",
        "outcome": "complete",
        "type": type_,
        "item": [item],
        **({"supportingInfo": [supply]} if kind == "pharmacy" else {}),
    }


def medication(**said: Any) -> Json:
    """An order whose contained Medication says so."""
    return order(
        contained=[{"resourceType": "Medication", "id": "m", **said}],
        medicationReference={"reference": "#m"},
    )


def test_unchanged_request_is_met() -> None:
    assert answered(request()).twins[0]["outcome"] == "met"


UNREADABLE: Mapping[str, Callable[[], Json]] = {
    "ATC": lambda: added(
        "medications",
        order(medicationCodeableConcept=of(("http://www.whocc.no/atc", "L04AC05", None))),
    ),
    "UNII": lambda: added(
        "medications",
        order(medicationCodeableConcept=of(("http://fdasis.nlm.nih.gov", "FU77B4U5Z0", None))),
    ),
    "a SNOMED CT drug": lambda: added(
        "medications", order(medicationCodeableConcept=of((SNOMED, "1234567890", None)))
    ),
    "words that say nothing": lambda: added(
        "medications", order(medicationCodeableConcept=of(text="Home medication 12"))
    ),
    "a class of drugs": lambda: added(
        "medications", order(medicationCodeableConcept=of(text="biologic injection"))
    ),
    "a name that ends as new biologics do": lambda: added(
        "medications",
        order(medicationCodeableConcept=of((RXNORM, "9999990", "zorvimab 100 MG Injection"))),
    ),
    "no concept at all": lambda: added("medications", order()),
    "data absent": lambda: added(
        "medications",
        order(
            medicationCodeableConcept=of(
                ("http://terminology.hl7.org/CodeSystem/data-absent-reason", "unknown", "Unknown")
            )
        ),
    ),
    "a reference that leads nowhere": lambda: added(
        "medications", order(medicationReference={"reference": "Medication/gone"})
    ),
    "a Medication without anything": lambda: added("medications", medication()),
    "an ingredient that is not known": lambda: added(
        "medications", medication(ingredient=[{"itemCodeableConcept": of((LOCAL, "I7", None))}])
    ),
    "a chart list": lambda: added(
        "medicationStatements",
        {
            "resourceType": "MedicationStatement",
            "id": "x",
            "status": "active",
            "medicationCodeableConcept": of((LOCAL, "D1", None)),
        },
    ),
    "a dispense": lambda: added(
        "dispenses",
        {
            "resourceType": "MedicationDispense",
            "id": "x",
            "status": "completed",
            "whenHandedOver": "2026-11-01",
            "medicationCodeableConcept": of((LOCAL, "D1", None)),
        },
    ),
    "an NDC of no directory": lambda: added("claims", claim(of((NDC, "99999-9999-99", None)))),
    "a newer billing code": lambda: added(
        "claims", claim(of((HCPCS, "J2999", None)), kind="professional")
    ),
    "an unclassified biologic with its usual name": lambda: added(
        "claims", claim(of((HCPCS, "J3590", "Unclassified biologics")), kind="professional")
    ),
    "an unclassified drug, coded in two ways": lambda: added(
        "claims",
        claim(of((HCPCS, "J3490", None), (LOCAL, "INJ", "Injection")), kind="professional"),
    ),
    "an unclassified drug, whatever its display": lambda: added(
        "claims", claim(of((HCPCS, "J3590", "Metformin")), kind="professional")
    ),
    "an outpatient drug without a code, whatever its display": lambda: added(
        "claims", claim(of((HCPCS, "C9399", "Insulin"), text="Insulin"), kind="institutional")
    ),
    "a claim of a pharmacy, its type in words": lambda: added(
        "claims", {**claim(of((LOCAL, "D1", None))), "type": {"text": "Pharmacy"}}
    ),
    "a claim of a pharmacy, its type in capitals": lambda: added(
        "claims", claim(of((NDC, "99999-9999-99", None)), kind="PHARMACY")
    ),
    "an event of Medicare part D": lambda: added(
        "claims", claim(of((NDC, "99999-9999-99", "Acme pen")), kind="PDE")
    ),
    "the pharmacy of a hospital": lambda: added(
        "claims",
        claim(
            None,
            kind="institutional",
            revenue=of(("https://www.nubc.org/CodeSystem/RevenueCodes", "0636", None)),
        ),
    ),
    "a compound of what is not known": lambda: added(
        "claims",
        claim(
            of(
                (
                    "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBCompoundLiteral",
                    "compound",
                    "compound",
                )
            ),
            detail=[{"sequence": 1, "productOrService": of((NDC, "99999-9999-99", None))}],
        ),
    ),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_cannot_be_read_may_be_another_immunomodulator(case: str) -> None:
    body = UNREADABLE[case]()
    assert truth(body, OTHERS) == ("unknown", "unmapped")
    advice = answered(body)
    assert sum(one.get("unread", 0) for one in advice.twins[0]["data"]) == 1
    assert "1 entry could not be read" in advice.cards[0]["detail"]


OTHER: Mapping[str, Callable[[], Json]] = {
    "another drug by RxNorm and name": lambda: added(
        "medications",
        order(medicationCodeableConcept=of((RXNORM, "9999991", "Clopidogrel 75 MG Oral Tablet"))),
    ),
    "a brand of another drug": lambda: added(
        "medications", order(medicationCodeableConcept=of(text="Lasix 40 mg tablet"))
    ),
    "a combination": lambda: added(
        "medications",
        order(medicationCodeableConcept=of(text="amoxicillin-clavulanate 875-125 mg")),
    ),
    "an inhaler of another drug": lambda: added(
        "medications",
        order(
            medicationCodeableConcept=of(
                (RXNORM, "9999992", "albuterol 0.09 MG/ACTUAT Metered Dose Inhaler")
            )
        ),
    ),
    "the name at the reference": lambda: added(
        "medications",
        order(medicationReference={"reference": "Medication/gone", "display": "Metformin 500 MG"}),
    ),
    "an ingredient": lambda: added(
        "medications", medication(ingredient=[{"itemCodeableConcept": of(text="amlodipine")}])
    ),
    "a list that says none": lambda: added(
        "medicationStatements",
        {
            "resourceType": "MedicationStatement",
            "id": "x",
            "status": "active",
            "medicationCodeableConcept": of((SNOMED, "787481004", None)),
        },
    ),
    "an NDC of metformin": lambda: added("claims", claim(of((NDC, "23155-0102-01", None)))),
    "an office visit": lambda: added(
        "claims", claim(of((CPT, "99213", None)), kind="professional")
    ),
    "a newer service": lambda: added(
        "claims", claim(of((HCPCS, "G2211", None)), kind="professional")
    ),
    "a vaccine": lambda: added(
        "claims", claim(of(("http://hl7.org/fhir/sid/cvx", "140", None)), kind="professional")
    ),
    "a service by its name": lambda: added(
        "claims",
        claim(of((SNOMED, "185345009", "Encounter for symptom (procedure)")), kind="professional"),
    ),
    "a line of the laboratory": lambda: added(
        "claims",
        claim(
            None,
            kind="institutional",
            revenue=of(("https://www.nubc.org/CodeSystem/RevenueCodes", "0300", None)),
        ),
    ),
    "a dentist's line": lambda: added("claims", claim(None, kind="oral")),
    "an unclassified drug whose NDC tells it": lambda: added(
        "claims",
        claim(
            of((HCPCS, "J3490", None)),
            kind="professional",
            detail=[{"sequence": 1, "productOrService": of((NDC, "23155-0102-01", None))}],
        ),
    ),
    "an unclassified drug whose text tells it": lambda: added(
        "claims",
        claim(
            of((HCPCS, "J3490", "Unclassified drugs"), text="ondansetron 4 mg"), kind="professional"
        ),
    ),
    **{
        f"a name in the list of the chart: {name}": partial(
            added, "medications", order(medicationCodeableConcept={"text": name})
        )
        for name in (
            "hydroxychloroquine",
            "Enalapril 10 mg",
            "Tums",
            "insulin syringes",
            "Proventil",
        )
    },
    "an order that was stopped": lambda: added(
        "medications",
        order(
            medicationCodeableConcept=of((LOCAL, "D1", None)),
            status="stopped",
            authoredOn="2024-05-01",
        ),
    ),
    "an order entered in error": lambda: added("medications", order(status="entered-in-error")),
    "a fill of three years ago": lambda: added(
        "claims", claim(of((LOCAL, "D1", None)), on="2023-10-25")
    ),
}


@pytest.mark.parametrize("case", OTHER)
def test_entry_of_another_thing_or_of_the_past_is_no_question(case: str) -> None:
    body = OTHER[case]()
    assert truth(body, OTHERS) == ("met", None)
    assert answered(body).twins[0]["outcome"] == "met"


OURS: Mapping[str, Callable[[], Json]] = {
    "words beside a code of no list": lambda: added(
        "medications", order(medicationCodeableConcept=of((LOCAL, "D1", "Adalimumab 40 mg")))
    ),
    "a coded ingredient": lambda: added(
        "medications",
        medication(ingredient=[{"itemCodeableConcept": of((RXNORM, "327361", None))}]),
    ),
    "an ingredient that is contained": lambda: added(
        "medications",
        order(
            contained=[
                {
                    "resourceType": "Medication",
                    "id": "m",
                    "ingredient": [{"itemReference": {"reference": "#s"}}],
                },
                {"resourceType": "Substance", "id": "s", "code": of(text="adalimumab")},
            ],
            medicationReference={"reference": "#m"},
        ),
    ),
    "the name at the reference": lambda: added(
        "medications",
        order(medicationReference={"reference": "Medication/gone", "display": "Humira pen"}),
    ),
    "a biosimilar's suffix": lambda: added(
        "medications", order(medicationCodeableConcept=of((LOCAL, "D1", "adalimumab-zzzz")))
    ),
    "the drug beside an unclassified code": lambda: added(
        "claims",
        claim(
            of((HCPCS, "J3590", None)),
            kind="professional",
            detail=[{"sequence": 1, "productOrService": of(text="tezepelumab")}],
        ),
    ),
}


@pytest.mark.parametrize(
    ("key", "entry"),
    [
        ("medications", order(medicationCodeableConcept={"text": "Ocrevus"})),
        ("medications", order(medicationCodeableConcept={"text": "siponimod 2 mg tablet"})),
        ("claims", claim(of((NDC, "25682-0001-01", None)))),
        ("claims", claim(of((HCPCS, "J0202", None)), kind="professional")),
    ],
)
def test_what_suppresses_immunity_in_a_class_the_policy_does_not_name_is_asked_about(
    key: str, entry: Json
) -> None:
    found, reason = truth(added(key, entry), OTHERS)
    assert (found, reason != "unmapped") == ("unknown", True)


@pytest.mark.parametrize("case", OURS)
def test_a_name_or_an_ingredient_points_at_its_class(case: str) -> None:
    body = OURS[case]()
    found = truth(body, OTHERS)
    assert found[0] != "met"
    assert found[1] != "unmapped"


def allergy(**said: Any) -> Json:
    """The request with one more allergy."""
    status = {"coding": [{"code": "active"}]}, {"coding": [{"code": "confirmed"}]}
    given = {
        "resourceType": "AllergyIntolerance",
        "id": "x",
        "clinicalStatus": status[0],
        "verificationStatus": status[1],
    }
    return added("allergies", {**given, **said})


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"code": of((LOCAL, "A7", None))},
        {"code": of(("urn:oid:2.16.840.1.113883.4.9", "0000000000", None))},
        {"code": of((RXNORM, "9999990", None))},
        {"code": of((SNOMED, "419199007", "Allergy to substance (finding)"))},
        {"code": of(text="Drug allergy, see note")},
        {"code": of(text="monoclonal antibody")},
        {"code": of((SNOMED, "1631000175102", "Not on File"))},
        {"reaction": [{"manifestation": [of(text="rash")]}]},
        {
            "code": of((LOCAL, "A7", None)),
            "verificationStatus": {"coding": [{"code": "unconfirmed"}]},
        },
    ],
    ids=str,
)
def test_unreadable_allergy_is_unknown(said: Json) -> None:
    assert truth(allergy(**said), ALLERGY) == ("unknown", "unmapped")


def test_an_allergy_to_the_drug_by_its_unii_rules_it_out() -> None:
    dupilumab = of(("urn:oid:2.16.840.1.113883.4.9", "420K487FSG", None))
    assert truth(allergy(code=dupilumab), ALLERGY)[0] == "not_met"


@pytest.mark.parametrize(
    "said",
    [
        {"code": of(text="Penicillin")},
        {"code": of((LOCAL, "A7", "Peanut"))},
        {"code": of((SNOMED, "111088007", "Latex (substance)"))},
        {"code": of((SNOMED, "716186003", None))},
        {"code": of((SNOMED, "409137002", "No known history of drug allergy"))},
        {"code": of((LOCAL, "NKA", None), text="No Known Allergies")},
        {
            "code": of(
                (
                    "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips",
                    "no-known-allergies",
                    None,
                )
            )
        },
        {"code": of((LOCAL, "A7", None)), "reaction": [{"substance": of(text="Amoxicillin")}]},
        {"code": of((LOCAL, "A7", None)), "clinicalStatus": {"coding": [{"code": "resolved"}]}},
        {"code": of((LOCAL, "A7", None)), "verificationStatus": {"coding": [{"code": "refuted"}]}},
    ],
    ids=str,
)
def test_allergy_to_another_substance_or_no_allergy_is_no_question(said: Json) -> None:
    assert truth(allergy(**said), ALLERGY) == ("met", None)


def test_several_unreadable_entries_are_one_line_on_the_card() -> None:
    body = added(
        "medications",
        *(order(f"u{n}", medicationCodeableConcept=of((LOCAL, f"D{n}", None))) for n in range(7)),
    )
    detail = answered(body).cards[0]["detail"]
    assert detail.count("could not be read: ") == 1
    assert "7 entries could not be read: MedicationRequest/u" in detail
    assert "and 4 more" in detail


def test_another_draft_that_cannot_be_read_is_asked_about() -> None:
    body = request()
    patient = {"reference": f"Patient/{body['context']['patientId']}"}
    draft = {
        **order("d2", medicationCodeableConcept=of((LOCAL, "D1", None)), subject=patient),
        "status": "draft",
    }
    body["context"]["draftOrders"]["entry"].append({"resource": draft})
    assert truth(body, OTHERS) == ("unknown", "unmapped")


@pytest.mark.parametrize(
    "drug",
    [
        {
            "contained": [
                {
                    "resourceType": "Medication",
                    "id": "m",
                    "ingredient": [{"itemCodeableConcept": of((RXNORM, "1876376", None))}],
                }
            ],
            "medicationReference": {"reference": "#m"},
        },
        {
            "contained": [
                {
                    "resourceType": "Medication",
                    "id": "m",
                    "ingredient": [{"itemCodeableConcept": of(text="dupilumab")}],
                }
            ],
            "medicationReference": {"reference": "#m"},
        },
        {"medicationCodeableConcept": of(text="dupi\u200blumab 300 mg")},
        {"medicationCodeableConcept": of(text="dupilumab\u200b300\u00a0mg")},
        {"medicationCodeableConcept": of(text="\uff24upixent pen")},
        {"medicationCodeableConcept": of(text="dupi\u00adlumab")},
        {"medicationCodeableConcept": of((LOCAL, "D9", "Dupixent"))},
        {
            "medicationReference": {
                "reference": "Medication/gone",
                "display": "Dupilumab\u00a0300 mg",
            }
        },
    ],
    ids=ascii,
)
def test_a_draft_named_in_another_way_gets_a_card(drug: Json) -> None:
    body = request()
    (entry,) = [
        one
        for one in body["context"]["draftOrders"]["entry"]
        if one["resource"]["resourceType"] == "MedicationRequest"
    ]
    for name in ("medicationCodeableConcept", "medicationReference"):
        entry["resource"].pop(name, None)
    entry["resource"] |= drug
    assert answered(body).cards


def test_answer_remembered_for_another_patient_is_not_given_to_one_with_an_unreadable_entry() -> (
    None
):
    documents = load_library(ROOT, ROOT / "fixtures/clients/claims_held.yaml")
    bare = request()
    for key in ("claims", "medications", "medicationStatements", "dispenses", "allergies"):
        bare["prefetch"][key] = {"resourceType": "Bundle", "type": "searchset", "total": 0}
    before = orjson.dumps(_without_id(answered(bare, documents).twins[0]))
    for key in ("medications", "allergies"):
        changed = copy.deepcopy(bare)
        body = UNREADABLE["ATC"]() if key == "medications" else allergy()
        changed["prefetch"][key] = body["prefetch"][key]
        fresh = orjson.dumps(_without_id(answered(changed).twins[0]))
        assert orjson.dumps(_without_id(answered(changed, documents).twins[0])) == fresh != before
        assert orjson.dumps(_without_id(answered(bare, documents).twins[0])) == before


def _without_id(twin: Json) -> Json:
    return {key: value for key, value in twin.items() if key != "id"}


@pytest.mark.parametrize(
    "shape",
    [
        [],
        "x",
        3,
        {"coding": "x"},
        {"coding": [3, None, {"code": []}]},
        {"coding": [{"system": {}, "code": 1}], "text": []},
    ],
    ids=str,
)
def test_malformed_entry_is_no_error(shape: Any) -> None:
    answered(added("medications", order(medicationCodeableConcept=shape)))
    answered(added("medications", medication(ingredient=shape)))
    answered(added("medications", order(medicationReference=shape)))
    answered(added("claims", claim(shape)))
    answered(added("claims", claim(None, detail=shape)))
    answered(allergy(code=shape, reaction=shape))
