"""The CapabilityStatement is sound and names what is served."""

from fhir.resources.R4B.capabilitystatement import CapabilityStatement

from service.questionnaires.capabilities import capability_statement


def test_statement_is_r4_and_names_questionnaires_and_value_sets() -> None:
    statement = capability_statement("sha256:0")
    CapabilityStatement.model_validate(statement)
    (rest,) = statement["rest"]
    assert [one["type"] for one in rest["resource"]] == ["Questionnaire", "ValueSet"]
