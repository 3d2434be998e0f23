"""The request that a launch is about: of the card, of this user, or made anew from the EHR."""

from dataclasses import replace

import pytest
from support.launched import Launched, recorded

from service.auth.id_token import User
from service.auth.smart_authorization import Granted
from service.errors import PageError
from service.web.launch.launch_flow import Launched as Confirmed
from service.web.launch.launched_order import opened_order


def confirmed(at: Launched, context: str | None = None, **about: str) -> Confirmed:
    """A launch of the patient of the recording."""
    token = at.launcher.token("p001")
    granted = Granted(token, None, "patient/*.rs", "p001", None, context, 60)
    user = User("Practitioner", about.get("user", "dr-amara-okafor"))
    patient = about.get("patient", "p001")
    return Confirmed("local", at.launcher.fhir, granted, user, patient)


def test_request_of_the_card_is_opened(at: Launched) -> None:
    runtime = at.http.application.extensions["runtime"]
    card = at.sign(recorded() | {"fhirServer": at.launcher.fhir})
    context = next(one["appContext"] for one in card["links"] if one["type"] == "smart")
    assert opened_order(runtime, confirmed(at, context)) == runtime.kept.read(context)
    with pytest.raises(PageError, match="other_patient"):
        opened_order(runtime, confirmed(at, context, patient="p002"))


def test_context_of_another_ehr_is_refused(at: Launched) -> None:
    runtime = at.http.application.extensions["runtime"]
    card = at.sign(recorded() | {"fhirServer": "https://another.example/fhir"})
    context = next(one["appContext"] for one in card["links"] if one["type"] == "smart")
    with pytest.raises(PageError, match="other_patient"):
        opened_order(runtime, confirmed(at, context))


@pytest.mark.parametrize("several", [False, True])
def test_request_that_names_no_server_is_of_the_only_one_and_of_none_of_several(
    at: Launched, *, several: bool
) -> None:
    runtime = at.http.application.extensions["runtime"]
    body = recorded()
    body.pop("fhirServer", None)
    card = at.sign(body)
    context = next(one["appContext"] for one in card["links"] if one["type"] == "smart")
    access = runtime.library.access("local")
    bases = (*access.bases, "https://another.example/fhir") if several else access.bases
    accesses = {**runtime.library.accesses, "local": replace(access, bases=bases)}
    changed = replace(runtime, library=replace(runtime.library, accesses=accesses))
    opened = opened_order(changed, confirmed(at, context))
    assert (opened.content == runtime.kept.read(context).content) is not several


def test_request_is_made_from_the_ehr_with_the_newest_order_in_use(at: Launched) -> None:
    runtime = at.http.application.extensions["runtime"]
    (draft,) = [one for one in at.launcher.held["MedicationRequest"] if one["status"] == "draft"]
    others = [one for one in at.launcher.held["MedicationRequest"] if one is not draft]
    old, new = (
        {**draft, "id": name, "status": "active", "authoredOn": day}
        for name, day in (("old", "2026-01-01"), ("new", "2026-11-01"))
    )
    at.launcher.held["MedicationRequest"] = [*others, old, new]
    kept = opened_order(runtime, confirmed(at, user="nobody-signed-yet"))
    drafts = kept.content["context"]["draftOrders"]["entry"]
    assert [one["resource"]["id"] for one in drafts] == ["new"]
    assert kept.content["prefetch"]["claims"]["entry"]
    assert "fhirAuthorization" not in kept.content


def in_use(at: Launched, *authored: str | None) -> list[str | None]:
    """The orders on the page, by when they were written, where the EHR has only orders in use."""
    held = at.launcher.held["MedicationRequest"]
    (draft,) = [one for one in held if one["status"] == "draft"]
    orders = [
        {**draft, "id": f"o{number}", "status": "active", "authoredOn": written}
        for number, written in enumerate(authored)
    ]
    at.launcher.held["MedicationRequest"] = [*(one for one in held if one is not draft), *orders]
    runtime = at.http.application.extensions["runtime"]
    kept = opened_order(runtime, confirmed(at, user="nobody-signed-yet"))
    entries = kept.content["context"]["draftOrders"]["entry"]
    return [one["resource"].get("authoredOn") for one in entries]


EARLY, LATE = "2026-11-01T23:30:00-05:00", "2026-11-02T05:00:00Z"
NOON = "2026-11-02T12:00:00Z"


@pytest.mark.parametrize(
    ("authored", "newest"),
    [
        # as texts each of these would be in the other order
        ((LATE, "2026-11-02T05:30:00+01:00"), [LATE]),
        (("2026-11-02T04:29:00Z", EARLY), [EARLY]),
        (("2026-11-02T12:00:00.5Z", NOON), ["2026-11-02T12:00:00.5Z"]),
        (("2026-11-03", NOON), ["2026-11-03"]),
        # which is newer nobody can tell
        (("2026-11-02", NOON), ["2026-11-02", NOON]),
        (("2026-11", NOON), ["2026-11", NOON]),
        (("2026-10", NOON), [NOON]),
        ((None, NOON), [None, NOON]),
        ((NOON, "2026-11-02T13:00:00+01:00"), [NOON, "2026-11-02T13:00:00+01:00"]),
    ],
)
def test_newest_order_is_the_one_that_was_written_last(
    at: Launched, authored: tuple[str | None, ...], newest: list[str | None]
) -> None:
    assert in_use(at, *authored) == newest


def test_page_says_that_the_orders_could_not_be_read(at: Launched) -> None:
    runtime = at.http.application.extensions["runtime"]
    at.launcher.broken.add("MedicationRequest")
    with pytest.raises(PageError, match="orders_not_read"):
        opened_order(runtime, confirmed(at, user="nobody-signed-yet"))
    at.launcher.broken.clear()
    at.launcher.total = 100
    kept = opened_order(runtime, confirmed(at, user="nobody-signed-yet"))  # its draft came
    assert kept.content["context"]["draftOrders"]["entry"]
    at.launcher.held["MedicationRequest"] = [
        {**one, "status": "active"} for one in at.launcher.held["MedicationRequest"]
    ]
    with pytest.raises(PageError, match="orders_not_read"):
        opened_order(runtime, confirmed(at, user="nobody-signed-yet"))
    at.launcher.total = None
    at.launcher.held["MedicationRequest"] = []
    with pytest.raises(PageError, match="no_order"):
        opened_order(runtime, confirmed(at, user="nobody-signed-yet"))
