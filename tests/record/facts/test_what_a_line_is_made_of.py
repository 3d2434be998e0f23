"""The products that stand in the details of a claim's line, whatever code the line itself has."""

import pytest
from support.claims import NO_OTHER, TRIAL, Json, claim, concept, fixture, node, truth, twin
from support.claims import answer as answered

DAY = "2026-10-28"
CPT = "http://www.ama-assn.org/go/cpt"
HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
NDC = "http://hl7.org/fhir/sid/ndc"
REVENUE = "https://www.nubc.org/CodeSystem/RevenueCodes"
INFUSION = {"system": CPT, "code": "96365"}
HYDRATION = {"system": CPT, "code": "96360"}
RITUXIMAB = {"system": HCPCS, "code": "J9312"}
TOCILIZUMAB = {"system": NDC, "code": "50242-135-01"}
ETANERCEPT = {"system": NDC, "code": "58406-445-04"}
METFORMIN = {"system": NDC, "code": "00093-1048-01"}
LOCAL = {"system": "urn:x:products", "code": "77"}


def parts(*codings: Json) -> list[Json]:
    """Details with these products."""
    return [
        {"sequence": n, "productOrService": concept(one)} for n, one in enumerate(codings, start=1)
    ]


def others(product: Json, detail: list[Json], kind: str = "professional") -> Json:
    """The answer to a request that meets all but for a claim with such a line."""
    body = fixture("initial-fully-met")
    for one in body["prefetch"]["answers"]["entry"]:
        items = one["resource"]["item"]
        one["resource"]["item"] = [item for item in items if item["linkId"] != NO_OTHER]
    claims = [one["resource"] for one in body["prefetch"]["claims"]["entry"]]
    line = claim(
        "line", DAY, None, product, type=concept({"code": kind}), item={"detail": detail}
    ) | {"patient": {"reference": f"Patient/{body['context']['patientId']}"}}
    return answered(body, "claims_held", claims=[*claims, line])


@pytest.mark.parametrize("kind", ["professional", "institutional"])
@pytest.mark.parametrize(
    "product",
    [
        INFUSION,
        {"system": HCPCS, "code": "G0498"},
        {"system": HCPCS, "code": "J0696"},  # ceftriaxone: the line names another drug
        {"system": "urn:x:charges", "code": "1", "display": "Infusion, first hour"},
        {"system": "http://snomed.info/sct", "code": "76601001", "display": "Injection"},
        {"system": CPT, "code": "96910"},  # a service that a list of ours holds
    ],
)
def test_a_product_beside_a_service_is_read(product: Json, kind: str) -> None:
    found = others(product, parts(TOCILIZUMAB), kind)
    assert truth(found, NO_OTHER) == "unknown"


@pytest.mark.parametrize("coding", [ETANERCEPT, {"display": "Enbrel SureClick"}, LOCAL])
def test_a_product_in_a_detail_of_a_detail_is_read(coding: Json) -> None:
    inner = [
        {"sequence": 1, "productOrService": concept({"code": "x"}), "subDetail": parts(coding)}
    ]
    assert truth(others(INFUSION, inner), NO_OTHER) == "unknown"


def test_a_product_that_nobody_can_read_is_a_question_beside_a_service() -> None:
    found = others(INFUSION, parts(LOCAL))
    assert (node(found, NO_OTHER)["truth"], node(found, NO_OTHER)["reason"]) == (
        "unknown",
        "unmapped",
    )


@pytest.mark.parametrize(
    ("product", "detail"),
    [
        (INFUSION, parts(METFORMIN)),
        (HYDRATION, []),
        (HYDRATION, [{"sequence": 1, "revenue": concept({"system": REVENUE, "code": "0260"})}]),
        (HYDRATION, parts({"system": CPT, "code": "96361"}, {"system": HCPCS, "code": "A4222"})),
        (METFORMIN, parts(LOCAL)),  # one product under two codes
        ({"system": HCPCS, "code": "J3490"}, parts(METFORMIN)),
        (HYDRATION, [None, 3, "x", {"productOrService": [None, {"coding": None}]}]),
    ],
)
def test_details_of_other_items_are_no_question(product: Json, detail: list[Json]) -> None:
    assert truth(others(product, detail), NO_OTHER) == "met"


def test_a_compound_of_a_named_drug_holds_what_its_details_name_too() -> None:
    found = others(METFORMIN, parts(METFORMIN, ETANERCEPT), kind="pharmacy")
    assert truth(found, NO_OTHER) == "unknown"
    assert truth(others(METFORMIN, parts(METFORMIN, LOCAL), kind="pharmacy"), NO_OTHER) == "unknown"


def test_a_named_drug_stays_what_it_is_beside_its_own_product_code() -> None:
    ointment = {"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "861448"}
    line = claim("a", "2026-08-05", 28, ointment, item={"detail": parts(LOCAL)})
    assert truth(twin([line]), TRIAL) == "met"
    assert truth(others(RITUXIMAB, parts(LOCAL)), NO_OTHER) == truth(
        others(RITUXIMAB, []), NO_OTHER
    )


@pytest.mark.parametrize("kind", ["pharmacy", "Pharmacy", "PHARMACY"])
def test_an_unread_line_of_a_pharmacy_is_asked_about_however_its_type_is_spelled(kind: str) -> None:
    found = others(LOCAL, [], kind=kind)
    assert node(found, NO_OTHER).get("reason") == "unmapped"
