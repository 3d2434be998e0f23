"""The codes of a request as the shipped document has them."""

from support.cases.run import library


def test_codes_are_concepts_and_reports_go_by_type() -> None:
    codes = library().claim_codes
    assert codes is not None
    assert codes.priority.concept() == {
        "coding": [
            {"system": "http://terminology.hl7.org/CodeSystem/processpriority", "code": "normal"}
        ]
    }
    answered, other = codes.report("QuestionnaireResponse"), codes.report("Observation")
    assert (answered["coding"][0]["code"], other["coding"][0]["code"]) == ("PY", "OZ")
    assert {*codes.certification} == {"initial", "renewal"}
    assert codes.prescriber_number == ("http://hl7.org/fhir/sid/us-npi", "NPI")
