"""Who logged in becomes the author of statements, by name where the EHR tells it."""

from support.launched import Launched

PATIENT, DOCTOR = "p001", "dr-amara-okafor"


def test_absolute_user_of_this_ehr_and_a_role_are_the_practitioner(at: Launched) -> None:
    at.launcher.user = f"{at.launcher.fhir}/Practitioner/{DOCTOR}"
    at.launch(PATIENT, DOCTOR)
    assert "Dr. Amara Okafor" in at.page
    role = {"resourceType": "PractitionerRole", "id": "r1"}
    at.launcher.held.setdefault("PractitionerRole", []).append(
        {**role, "practitioner": {"reference": f"Practitioner/{DOCTOR}"}}
    )
    at.launcher.user = "PractitionerRole/r1"
    at.launch(PATIENT, DOCTOR)
    assert "Dr. Amara Okafor" in at.page


def test_author_whom_the_ehr_does_not_show_is_named_by_the_reference(at: Launched) -> None:
    at.launch(PATIENT, "another-doctor")
    assert "Practitioner/another-doctor" in at.page
