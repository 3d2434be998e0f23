"""Resources of a request, found by reference."""

from support.packets import body_of, case_of


def test_patient_s_own_and_parties_are_found_at_their_server_alone() -> None:
    supplied = case_of("initial-fully-met").supplied
    assert supplied.get("Patient/fully-met") is not None
    assert supplied.get("Observation/of-nobody") is None
    order = case_of("initial-fully-met").order
    own = "https://ehr.example.org/fhir/Practitioner/dr-amara-okafor"
    assert supplied.find({"reference": own}, order) is not None
    assert supplied.find({"reference": own.replace("ehr", "other")}, order) is None
    assert supplied.find({"reference": "urn:uuid:of-nothing"}, order) is None
    assert supplied.find({"display": "nobody"}, order) is None


def test_entries_of_another_patient_are_not_among_them() -> None:
    body = body_of("initial-fully-met")
    first = body["prefetch"]["observations"]["entry"][0]["resource"]
    first["subject"] = {"reference": "Patient/another"}
    assert case_of(body).supplied.get(f"Observation/{first['id']}") is None
