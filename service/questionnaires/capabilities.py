"""The CapabilityStatement: what the FHIR interface serves."""

from service import __version__
from service.json_object import Json
from service.questionnaires.form import SDC

PACKAGE_OPERATION = "http://hl7.org/fhir/us/davinci-dtr/OperationDefinition/questionnaire-package"

POPULATE_OPERATION = "http://hl7.org/fhir/uv/sdc/OperationDefinition/Questionnaire-populate"


def capability_statement(content: str) -> Json:
    """The statement for a running service; `content` is the hash of its documents."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "experimental": True,
        "date": "2026-11-30",
        "kind": "instance",
        "software": {"name": "dupilumab-cds", "version": __version__},
        "implementation": {"description": f"Questionnaires made from the documents {content}"},
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "rest": [
            {
                "mode": "server",
                "documentation": "Holds no patient's data; what is served is made from documents.",
                "resource": [
                    {
                        "type": "Questionnaire",
                        "supportedProfile": [SDC],
                        "interaction": [{"code": "read"}, {"code": "search-type"}],
                        "searchParam": [
                            {"name": "url", "type": "uri"},
                            {"name": "version", "type": "token"},
                        ],
                        "operation": [
                            {"name": "questionnaire-package", "definition": PACKAGE_OPERATION},
                            {"name": "populate", "definition": POPULATE_OPERATION},
                        ],
                    },
                    {"type": "ValueSet", "interaction": [{"code": "read"}]},
                ],
            }
        ],
    }
