"""What a session may write to the EHR, and whose statements it makes."""

import pytest

from service.web.launch.sessions import AnsweringSession, Author, Ehr
from service.web.launch.statements_to_store import may_create


def session(scope: str | None) -> AnsweringSession:
    ehr = None if scope is None else Ehr("https://e", "t", scope, 0.0)
    return AnsweringSession("i", "h", "c", "local", "p", Author(), "r", ehr)


@pytest.mark.parametrize(
    ("scope", "may"),
    [
        ("patient/QuestionnaireResponse.c", True),
        ("patient/QuestionnaireResponse.cud openid", True),
        ("user/*.cruds", True),
        ("patient/*.write", True),
        ("patient/*.*", True),
        ("patient/*.rs", False),
        ("patient/*.read", False),
        ("patient/Observation.c", False),
        ("launch openid fhirUser", False),
        (None, False),
    ],
)
def test_statement_is_written_to_the_ehr_only_where_it_granted_that(
    scope: str | None, may: bool
) -> None:
    assert may_create(session(scope)) is may
