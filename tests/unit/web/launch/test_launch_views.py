"""A launch and its attacks: whatever does not hold is a clear page, and nothing is stored."""

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from support.launched import TWIN, Launched, recorded

PATIENT, DOCTOR = "p001", "dr-amara-okafor"


def said(page: str) -> str:
    """What a page of a problem says."""
    return page.partition('role="alert">')[2].partition("</p>")[0]


def test_launch_shows_the_patient_the_author_and_the_open_questions(at: Launched) -> None:
    answer = at.launch(PATIENT, DOCTOR)
    assert answer.status_code == 200
    assert "Jonah Pettibone, born 1990-05-01" in at.page
    assert "Dr. Amara Okafor" in at.page
    assert len(at.questions) == 3
    assert at.answers == {}
    assert PATIENT not in at.path
    assert "frame-ancestors http://ehr.test;" in answer.headers["Content-Security-Policy"] + ";"
    assert answer.headers["Cache-Control"] == "no-store"


def test_launch_by_another_name_of_this_machine_goes_on_under_the_public_one(at: Launched) -> None:
    answer = at.http.get("/launch?iss=x&launch=y", base_url="http://localhost:8080")
    assert answer.headers["Location"] == f"{at.origin}/launch?iss=x&launch=y"


@pytest.mark.parametrize("iss", ["", "https://evil.example/fhir", "{fhir}/other", "{fhir}/../x"])
def test_foreign_issuer_is_refused_and_not_called(at: Launched, iss: str) -> None:
    at.launcher.asked.clear()
    query = {"iss": iss.format(fhir=at.launcher.fhir), "launch": "x"}
    answer = at.http.get("/launch", query_string=query, base_url=at.origin)
    assert answer.status_code == 403
    assert "not listed here" in said(answer.text)
    assert "evil" not in answer.text
    assert at.launcher.asked == []


def test_state_counts_once(at: Launched) -> None:
    callback = at.begin(PATIENT, DOCTOR)
    assert at.follow(callback).status_code == 200
    again = at.follow(callback)
    assert again.status_code == 400
    assert "used before" in said(again.text)


def test_login_of_another_browser_is_refused(at: Launched) -> None:
    callback = at.begin(PATIENT, DOCTOR)
    at.http = at.http.application.test_client()
    answer = at.follow(callback)
    assert answer.status_code == 403
    assert "another browser" in said(answer.text)


def test_made_up_state_and_refusal_of_the_ehr_are_pages(at: Launched) -> None:
    answer = at.http.get("/launch/callback?state=x&code=y", base_url=at.origin)
    assert answer.status_code == 400
    callback = at.begin(PATIENT, DOCTOR).replace("code=", "error=access_denied&kode=")
    answer = at.follow(callback)
    assert (answer.status_code, "did not let you in" in said(answer.text)) == (403, True)


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"nonce": "another"}, "nonce"),
        ({"iss": "https://evil.example"}, "iss"),
        ({"aud": "another-app"}, "aud"),
        ({"exp": 1}, "exp"),
    ],
)
def test_id_token_that_does_not_hold_is_refused(
    at: Launched, claims: dict[str, object], words: str
) -> None:
    at.launcher.claims = claims
    answer = at.launch(PATIENT, DOCTOR)
    assert answer.status_code == 502
    assert words in said(answer.text)


def test_id_token_of_another_key_is_refused(at: Launched) -> None:
    at.launcher.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    answer = at.launch(PATIENT, DOCTOR)
    assert (answer.status_code, "id token that is refused" in said(answer.text)) == (502, True)


@pytest.mark.parametrize(
    "user", ["Patient/p001", "RelatedPerson/1", "https://evil.example/fhir/Practitioner/1", "x"]
)
def test_only_a_prescriber_of_this_ehr_may_answer(at: Launched, user: str) -> None:
    at.launcher.user = user
    answer = at.launch(PATIENT, DOCTOR)
    assert (answer.status_code, "prescriber" in said(answer.text)) == (403, True)


def test_context_of_another_patient_is_refused(at: Launched) -> None:
    card = at.sign(recorded() | {"fhirServer": at.launcher.fhir})
    at.launcher.app_context = card["links"][-1]["appContext"]
    at.launcher.patient = "somebody-else"
    answer = at.launch(PATIENT, DOCTOR)
    assert (answer.status_code, "another patient" in said(answer.text)) == (403, True)


def test_newest_request_of_the_user_is_found_without_a_context(at: Launched) -> None:
    body = recorded() | {"fhirServer": at.launcher.fhir}
    card = at.sign(body)
    at.launcher.asked.clear()
    at.launch(PATIENT, DOCTOR)
    # the record came with the request: only the user was asked for
    assert at.launcher.asked == [f"/v/r4/fhir/Practitioner/{DOCTOR}"]
    assert len(at.questions) == len(card["extension"][TWIN]["open"][0])


def test_order_and_record_come_from_the_ehr_where_nothing_was_signed(at: Launched) -> None:
    at.launcher.held["MedicationRequest"] = [
        one | {"status": "active"} for one in at.launcher.held["MedicationRequest"]
    ]
    at.launch(PATIENT, "another-doctor")
    assert len(at.questions) == 3
    at.launcher.held["MedicationRequest"] = []
    answer = at.launch(PATIENT, "another-doctor")
    assert (answer.status_code, "no order" in said(answer.text)) == (404, True)


def test_no_name_of_a_file_tells_whom_it_is_about(at: Launched) -> None:
    at.sign(recorded() | {"fhirServer": at.launcher.fhir})
    at.launch(PATIENT, DOCTOR)
    memory = at.http.application.extensions["runtime"].launch_memory
    names = [
        one.name for files in (memory.sessions, memory.newest) for one in files.folder.iterdir()
    ]
    assert names
    assert not any(PATIENT in name or "okafor" in name for name in names)
