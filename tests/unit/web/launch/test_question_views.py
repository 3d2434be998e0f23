"""The page of questions: answers one by one, saved, made statements; and what others try with it."""

import json

import pytest
from support.launched import TWIN, Launched, recorded

PATIENT, DOCTOR = "p001", "dr-amara-okafor"


def test_statements_make_the_next_order_met(at: Launched) -> None:
    body = recorded() | {"fhirServer": at.launcher.fhir}
    at.sign(body)
    at.launch(PATIENT, DOCTOR)
    asked = at.answer_all("yes")
    assert len(asked) == 3
    assert at.outcome == "met"
    assert at.kept(PATIENT) == ()  # an answer is no statement yet
    at.send(do="state")
    assert "They count until 2027-11-21" in at.page
    (kept,) = at.kept(PATIENT)
    assert (kept.author, kept.author_name) == (f"Practitioner/{DOCTOR}", "Dr. Amara Okafor")
    assert (str(kept.day), str(kept.expires)) == ("2026-11-21", "2027-11-21")
    assert kept.content.startswith("sha256:")
    shown = {one["question"]: one["evidence"] for one in kept.shown}
    assert shown["ad.initial.trial.tcs_and_tci"][0]["date"] == "2026-09-15"
    twin = at.sign(body)["extension"][TWIN]
    assert twin["outcome"] == "met"


def test_form_that_is_sent_twice_is_kept_once(at: Launched) -> None:
    at.launch(PATIENT, DOCTOR)
    at.answer_all("yes")
    at.send(do="state")
    at.send(do="state")
    assert len(at.kept(PATIENT)) == 1


def test_no_never_ends_in_met_and_says_what_is_left(at: Launched) -> None:
    at.launch(PATIENT, DOCTOR)
    at.answer_all("no")
    assert at.outcome == "not_met"


def test_answer_is_taken_back_and_changed(at: Launched) -> None:
    at.launch(PATIENT, DOCTOR)
    first = at.questions[0]
    at.send(**{first: "yes"})
    assert at.answers == {first: "yes"}
    at.send(**{first: "no"})
    assert at.answers[first] == "no"
    at.send(take_back=first)
    assert at.answers == {}
    assert len(at.questions) == 3


def test_statement_is_not_taken_back_as_an_answer_is(at: Launched) -> None:
    body = recorded() | {"fhirServer": at.launcher.fhir}
    at.launch(PATIENT, DOCTOR)
    first = at.questions[0]
    at.answer_all("yes")
    assert f'name="take_back" value="{first}"' in at.page
    at.send(do="state")
    assert 'name="take_back"' not in at.page
    answer = at.send(take_back=first)
    assert answer.status_code == 409
    assert "it counts" in answer.text
    at.get()
    assert (at.answers[first], at.outcome) == ("yes", "met")
    assert at.sign(body)["extension"][TWIN]["outcome"] == "met"


def test_statement_of_an_earlier_session_is_listed_and_withdrawn(at: Launched) -> None:
    body = recorded() | {"fhirServer": at.launcher.fhir}
    at.launch(PATIENT, DOCTOR)
    asked = at.answer_all("yes")
    at.send(do="state")
    at.http = at.http.application.test_client()
    at.launch(PATIENT, DOCTOR)
    (kept,) = at.kept(PATIENT)
    assert "Made on 2026-11-21." in at.page
    assert "It counts until 2027-11-21 at most." in at.page
    answer = at.send(withdraw=kept.id)
    assert "It does not count any more. The EHR still has it." in answer.text
    assert (at.outcome, sorted(at.questions), at.answers) == ("unknown", sorted(asked), {})
    assert kept.id not in at.page
    # the copy that was written to the EHR does not count either
    assert len(at.launcher.created) == 1
    body["prefetch"]["answers"] = {
        "resourceType": "Bundle",
        "entry": [{"resource": one} for one in at.launcher.created],
    }
    body["context"]["userId"] = "Practitioner/somebody-else"
    assert at.sign(body)["extension"][TWIN]["outcome"] == "unknown"
    at.launch(PATIENT, DOCTOR)
    assert "Your statements" not in at.page


def test_statement_of_this_session_is_withdrawn_with_its_answers_and_made_again(
    at: Launched,
) -> None:
    at.launch(PATIENT, DOCTOR)
    asked = at.answer_all("yes")
    at.send(do="state")
    (kept,) = at.kept(PATIENT)
    at.send(withdraw=kept.id, **dict.fromkeys(asked, "yes"))
    assert (at.outcome, at.answers) == ("unknown", {})
    at.answer_all("yes")
    at.send(do="state")
    assert at.outcome == "met"
    assert [one.is_withdrawn for one in at.kept(PATIENT)] == [True, False]


def test_statement_that_waits_for_the_ehr_is_not_written_after_it_was_withdrawn(
    at: Launched,
) -> None:
    at.launcher.refusing = 503
    at.launch(PATIENT, DOCTOR)
    at.answer_all("yes")
    at.send(do="state")
    (kept,) = at.kept(PATIENT)
    answer = at.send(withdraw=kept.id)
    assert "The EHR still has it" not in answer.text
    at.launcher.refusing = None
    at.launch(PATIENT, DOCTOR)
    assert at.launcher.created == []


@pytest.mark.parametrize("whose", ["colleague", "patient", "nobody", "csrf"])
def test_only_the_author_withdraws_a_statement(at: Launched, whose: str) -> None:
    at.launch(PATIENT, DOCTOR)
    at.answer_all("yes")
    at.send(do="state")
    (kept,) = at.kept(PATIENT)
    sent = {"withdraw": kept.id}
    if whose == "colleague":
        at.launcher.held["Practitioner"].append({"resourceType": "Practitioner", "id": "other"})
        at.launch(PATIENT, "other")
        assert kept.id not in at.page
    elif whose == "patient":
        at.launcher.hold(recorded("p000-renewal"))
        at.launch(at.launcher.held["Patient"][0]["id"], DOCTOR)
        assert kept.id not in at.page
    elif whose == "nobody":
        sent = {"withdraw": "x"}
    else:
        sent["csrf"] = "x"
    assert at.send(**sent).status_code in (403, 404)
    assert [one.is_withdrawn for one in at.kept(PATIENT)] == [False]
    at.launcher.hold(recorded())  # whose statements are deleted after the test


def test_open_page_no_longer_counts_a_statement_that_was_deleted(at: Launched) -> None:
    at.launch(PATIENT, DOCTOR)
    at.answer_all("yes")
    at.send(do="state")
    at.http = at.http.application.test_client()
    at.launch(PATIENT, DOCTOR)
    assert (at.outcome, at.questions) == ("met", [])
    assert at.store.statements is not None
    at.store.statements.delete(at.patient(PATIENT))
    at.get()
    assert at.outcome == "unknown"
    assert len(at.questions) == 3


def test_statements_that_were_made_leave_no_half_filled_form(at: Launched) -> None:
    at.launch(PATIENT, DOCTOR)
    first = at.questions[0]
    at.answer_all("yes")
    at.send(do="state")
    at.send(do="state")
    kept = at.store.statements
    assert kept is not None
    forms = [*kept.drafts_of(at.patient(PATIENT), f"Practitioner/{DOCTOR}")]
    at.send(**{first: "no"})
    assert forms == []
    assert kept.drafts_of(at.patient(PATIENT), f"Practitioner/{DOCTOR}")


def test_answer_that_is_changed_and_changed_back_is_stated_each_time(at: Launched) -> None:
    at.launch(PATIENT, DOCTOR)
    first = at.questions[0]
    at.answer_all("yes")
    for number, value in enumerate(("yes", "no", "yes"), 1):
        at.send(do="state", **{first: value})
        assert "They count until" in at.page
        assert len(at.kept(PATIENT)) == number


def test_answers_of_two_windows_are_both_kept(at: Launched) -> None:
    at.launch(PATIENT, DOCTOR)
    page, (first, second, *_) = at.page, at.questions
    at.send(**{first: "yes"})
    at.page = page  # another window, opened before
    at.send(**{second: "yes"})
    assert at.answers == {first: "yes", second: "yes"}


def test_window_does_not_undo_what_another_one_changed(at: Launched) -> None:
    at.launch(PATIENT, DOCTOR)
    first, second, *_ = at.questions
    at.send(**{first: "yes"})
    page = at.page
    at.send(**{first: "no"})
    at.page = page
    answer = at.send(**{first: "yes", second: "yes"})
    assert "changed in another window" in answer.text
    assert at.answers == {first: "no", second: "yes"}
    at.send(**{first: "yes", second: "yes"})  # now it is the user's will
    assert at.answers[first] == "yes"


def test_statements_are_made_of_no_answer_that_the_window_does_not_show(at: Launched) -> None:
    at.launch(PATIENT, DOCTOR)
    first, second, *_ = at.questions
    page = at.page
    at.send(**{first: "no"})
    at.page = page
    answer = at.send(do="state", **{second: "yes"})
    assert "No statement was made" in answer.text
    assert at.kept(PATIENT) == ()
    assert at.answers == {first: "no", second: "yes"}
    at.send(do="state", **at.answers)
    assert len(at.kept(PATIENT)) == 1


def test_number_of_a_page_that_is_none_is_the_oldest(at: Launched) -> None:
    at.launch(PATIENT, DOCTOR)
    first = at.questions[0]
    for odd in ("", "-1", "9" * 5000, "x"):
        at.send(**{first: "yes"})
        answer = at.send(version=odd, **{first: "no"})
        assert "changed in another window" in answer.text
        assert at.answers == {first: "yes"}


def test_half_filled_form_is_there_again_after_another_launch(at: Launched) -> None:
    at.launch(PATIENT, DOCTOR)
    first = at.questions[0]
    at.send(**{first: "yes"})
    at.send(do="leave")
    assert at.get().status_code == 403
    at.http = at.http.application.test_client()
    at.launch(PATIENT, DOCTOR)
    assert at.answers == {first: "yes"}
    at.launcher.held["Practitioner"].append({"resourceType": "Practitioner", "id": "other"})
    at.launch(PATIENT, "other")
    assert at.answers == {}  # a form belongs to its user


def test_script_gets_the_part_that_changes(at: Launched) -> None:
    at.launch(PATIENT, DOCTOR)
    token = at.page.partition('name="csrf" value="')[2].partition('"')[0]
    sent = {"csrf": token, at.questions[0]: "yes"}
    answer = at.http.post(at.path, data=sent, base_url=at.origin, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith("<form")
    assert 'hx-swap-oob="true"' in answer.text


@pytest.mark.parametrize("csrf", ["", "x" * 32, "ä"])
def test_form_without_the_token_of_the_page_stores_nothing(at: Launched, csrf: str) -> None:
    at.launch(PATIENT, DOCTOR)
    answer = at.send(csrf=csrf, do="state", **{at.questions[0]: "yes"})
    assert answer.status_code == 403
    assert at.kept(PATIENT) == ()
    at.get()
    assert at.answers == {}


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_form_of_another_site_stores_nothing(at: Launched, headers: dict[str, str]) -> None:
    at.launch(PATIENT, DOCTOR)
    token = at.page.partition('name="csrf" value="')[2].partition('"')[0]
    sent = {"csrf": token, "do": "state", at.questions[0]: "yes"}
    answer = at.http.post(at.path, data=sent, base_url=at.origin, headers=headers)
    assert answer.status_code == 403
    assert at.kept(PATIENT) == ()


def test_address_alone_shows_nothing(at: Launched) -> None:
    at.launch(PATIENT, DOCTOR)
    at.http = at.http.application.test_client()
    answer = at.get()
    assert answer.status_code == 403
    assert "Pettibone" not in answer.text
    for path in ("/statements/" + "x" * 32, "/statements/..", "/statements/%00"):
        assert at.http.get(path, base_url=at.origin).status_code in (403, 404)


def test_cookie_of_one_patient_opens_no_other(at: Launched) -> None:
    at.launch(PATIENT, DOCTOR)
    first = at.path
    at.launch(PATIENT, DOCTOR)
    assert at.path != first
    cookie = at.http.get_cookie("cds-answering", "127.0.0.1", at.path)
    assert cookie is not None
    assert cookie.http_only
    other = at.http.application.test_client()
    other.set_cookie("cds-answering", cookie.value, domain="127.0.0.1", path=first)
    assert other.get(first, base_url=at.origin).status_code == 403


def test_session_ends_after_half_an_hour_without_use(at: Launched) -> None:
    at.launch(PATIENT, DOCTOR)
    files = at.http.application.extensions["runtime"].launch_memory.sessions
    before, files.now = files.now, lambda: before() + 30 * 60 + 5
    try:
        answer = at.send(do="state", **{at.questions[0]: "yes"})
    finally:
        files.now = before
    assert answer.status_code == 403
    assert "Nothing was stored" in answer.text
    assert at.kept(PATIENT) == ()


@pytest.mark.parametrize(
    ("data", "kind"),
    [(b"{}", "application/json"), (b"a=\xff%ff", "application/x-www-form-urlencoded")],
)
def test_anything_but_a_form_is_refused(at: Launched, data: bytes, kind: str) -> None:
    at.launch(PATIENT, DOCTOR)
    answer = at.http.post(at.path, data=data, content_type=kind, base_url=at.origin)
    assert answer.status_code in (400, 403, 415)


def test_script_that_comes_too_late_loads_the_page_that_says_so(at: Launched) -> None:
    at.launch(PATIENT, DOCTOR)
    answer = at.http.post(
        f"{at.path}x", data={"csrf": "x"}, base_url=at.origin, headers={"HX-Request": "true"}
    )
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (403, "true")


def test_answer_that_the_page_no_longer_shows_is_not_stated(at: Launched) -> None:
    body = recorded("p000-renewal")
    at.launcher.hold(body)
    patient, doctor = body["context"]["patientId"], body["context"]["userId"].split("/")[1]
    at.sign(body | {"fhirServer": at.launcher.fhir})
    at.launch(patient, doctor)
    (path,) = at.questions
    at.send(**{path: "yes"})
    renewal = next(one for one in at.questions if one != path)
    at.send(**{renewal: "yes"})
    at.send(**{path: "no"})
    assert renewal not in at.questions
    assert at.questions[0] == path
    at.send(do="state")
    (kept,) = at.kept(patient)
    assert path in json.dumps(kept.response)
    assert renewal not in json.dumps(kept.response)


def test_only_questions_of_the_page_are_answered(at: Launched) -> None:
    at.launch(PATIENT, DOCTOR)
    at.send(**{"ad.initial.age": "yes", "made.up": "yes", at.questions[0]: "perhaps"})
    assert at.answers == {}


def test_details_of_a_trial_are_kept_and_unreadable_ones_said(at: Launched) -> None:
    at.launch(PATIENT, DOCTOR)
    trial = "ad.initial.trial.tcs_and_tci"
    at.send(**{trial: "yes"})
    assert f'name="{trial}:drug#0"' in at.page
    answer = at.send(**{trial: "yes", f"{trial}:started#0": "last spring"})
    assert "cannot be read" in answer.text
    at.get()
    at.send(**{trial: "yes", f"{trial}:started#0": "2026-07-15"})
    assert 'value="2026-07-15"' in at.page
    assert f'name="{trial}:drug#1"' in at.page  # one more row
    # an end before the start makes the yes a question again
    days = {f"{trial}:started#0": "2026-07-15", f"{trial}:ended#0": "2026-07-01"}
    at.send(**{trial: "yes", **days})
    at.answer_all("yes")
    assert at.outcome == "unknown"
