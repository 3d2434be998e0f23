"""The parties of a case, as the record names them."""

from support.packets import body_of, case_of

from service.fhir.values.human_name import name_of
from service.packet.case_to_send import diagnosis_of, key_of


def test_parties_are_those_of_the_request() -> None:
    case = case_of("initial-fully-met")
    assert case.patient["id"] == "fully-met"
    assert case.coverage["id"] == "fully-met-coverage"
    assert case.insurer is not None
    assert case.insurer["id"] == "org-bcbsms"
    assert case.prescriber is not None
    assert name_of(case.prescriber) == "Dr. Amara Okafor"
    assert case.prescriber_role is not None
    assert case.payer_name == "Blue Cross & Blue Shield of Mississippi"
    assert diagnosis_of(case.order) == ["Atopic dermatitis"]


def test_coverage_of_another_payer_or_that_has_ended_is_not_the_one_that_decides() -> None:
    body = body_of("initial-fully-met")
    coverage = body["prefetch"]["coverage"]["entry"][0]["resource"]
    other = {**coverage, "id": "second", "order": 2, "payor": [{"display": "Aetna"}]}
    body["prefetch"]["coverage"]["entry"].append({"resource": other})
    assert case_of(body).coverage["id"] == coverage["id"]


def test_prescriber_who_orders_by_a_role_is_its_practitioner() -> None:
    body = body_of("initial-fully-met")
    order = body["context"]["draftOrders"]["entry"][0]["resource"]
    order["requester"] = {"reference": "PractitionerRole/dr-amara-okafor-role"}
    case = case_of(body)
    assert case.prescriber is not None
    assert case.prescriber["id"] == "dr-amara-okafor"
    assert case.prescriber_role is not None
    body["prefetch"].pop("practitioner")
    body["prefetch"].pop("practitionerRoles")
    assert case_of(body).prescriber is None
    assert case_of(body).prescriber_role is None


def test_evidence_is_cited_once_and_statements_have_an_author() -> None:
    case = case_of("initial-fully-met")
    cited = case.cited()
    assert len(cited) == len(set(cited))
    statement = next(one for one in cited if one.kind == "attestation")
    assert case.author_of(statement.reference or "") == "Dr. Amara Okafor"
    assert case.author_of("QuestionnaireResponse/none") == ""


def test_key_of_a_resource() -> None:
    assert key_of({"resourceType": "Patient", "id": "p"}) == "Patient/p"
    assert key_of({"resourceType": "Patient"}) == "Patient"
