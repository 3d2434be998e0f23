"""The tokens that a search of a source may hold, and what a wrong one is told."""

import pytest

from service.library.checks.prefetch_templates import TOKENS, check_templates
from service.library.documents.folders import Folder
from service.library.documents.yaml import Document
from service.library.shapes import SourceShape

FIRST_LEVEL = f"only the first level of 'context' counts: {', '.join(TOKENS[:3])}"
UNSEEN = "a search has no spaces, and nothing that cannot be seen; write %20 for a space"
NO_TYPE = "a search begins with a resource type, as in 'Condition?' or 'Patient/'"
UNPAIRED = "a brace has no partner; a token is written like '{{context.patientId}}'"


def told(search: str, otherwise: str | None = None) -> list[str]:
    data = {"source": "x", "says": "x", "type": "Patient", "kind": "record", "holds": "record"}
    given = {**data, "search": search, "search_otherwise": otherwise}
    shape = SourceShape.model_validate(given)
    return [one.what for one in check_templates(Folder({"x": (Document("x.yaml", given), shape)}))]


@pytest.mark.conforms("DISC-07", "DISC-08")
@pytest.mark.parametrize("token", TOKENS)
def test_a_token_of_cds_hooks_is_sound(token: str) -> None:
    assert told(f"Patient/{{{{{token}}}}}", f"Patient?_id={{{{{token}}}}}&_count=1") == []


def test_a_template_without_token_or_with_our_own_codes_is_sound() -> None:
    assert told("Patient?code={observation_codes}&patient={{context.patientId}}") == []
    assert told("Patient?active=true") == []


@pytest.mark.parametrize(
    ("search", "says"),
    [
        (
            "Patient/{{context.patientid}}",
            "CDS Hooks has no prefetch token '{{context.patientid}}'; did you mean 'context.patientId'?",
        ),
        (
            "Patient/{{userPractionerId}}",
            "CDS Hooks has no prefetch token '{{userPractionerId}}'; did you mean 'userPractitionerId'?",
        ),
        (
            "Patient/{{context.draftOrders.id}}",
            f"CDS Hooks has no prefetch token '{{{{context.draftOrders.id}}}}'; {FIRST_LEVEL}",
        ),
        (
            "Patient/{{ context.patientId }}",
            "a token has no spaces in it; did you mean '{{context.patientId}}'?",
        ),
        (
            "Patient?date=ge{{today()}}",
            "CDS Hooks 2.0 has no expressions in prefetch tokens, such as '{{today()}}'",
        ),
        (
            "Patient/{{%patient.id}}",
            "CDS Hooks 2.0 has no expressions in prefetch tokens, such as '{{%patient.id}}'",
        ),
        ("Patient/{{}}", "CDS Hooks has no prefetch token '{{}}'"),
        (
            "Patient/{{context.draftOrders}}",
            "CDS Hooks has no prefetch token '{{context.draftOrders}}'; did you mean 'context.patientId'?",
        ),
        ("Patient/{{context.patientId", UNPAIRED),
        ("Patient/{{context.patientId}", UNPAIRED),
        ("Patient/{context.patientId}", UNPAIRED),
        ("Patient/context.patientId}}", UNPAIRED),
        (
            "Patient?_id=%7B%7bcontext.patientId%7D%7d",
            "an EHR sees no token in %7B and %7D; write '{{context.patientId}}'",
        ),
        ("Patient?name=a b", UNSEEN),
        ("Patient?name=a\u200b", UNSEEN),
        ("patient/{{context.patientId}}", NO_TYPE),
        ("../Patient/{{context.patientId}}", NO_TYPE),
        ("https://a.example/Patient/{{context.patientId}}", NO_TYPE),
    ],
)
def test_what_no_ehr_can_fill_in_is_told(search: str, says: str) -> None:
    assert told(search) == [says]
    assert told("Patient/{{context.patientId}}", search) == [says]
