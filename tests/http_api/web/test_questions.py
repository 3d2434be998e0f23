"""Every recorded order that awaits statements only is brought to met through the page of questions."""

from collections.abc import Iterator
from typing import Any

import pytest
from support.launched import TWIN, Launched, launched, recorded
from support.paths import ROOT
from support.smart_launcher import SmartLauncher, smart_launcher

NAMES = sorted(path.stem for path in (ROOT / "fixtures").glob("*.json"))
# Answered with no: a path, several ways, one question.
REFUSED = ("p000-renewal", "asthma-eosinophils-140", "p001-initial")
# Made statements, and signed once more; another test does it for each way of a launch.
STATED = ("p000-renewal", "copd-before-bronchodilator", "new-member-pharmacy-record")


@pytest.fixture(scope="module")
def launcher() -> Iterator[SmartLauncher]:
    with smart_launcher() as one:
        yield one


@pytest.fixture(scope="module")
def at(launcher: SmartLauncher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launched]:
    with launched(launcher, tmp_path_factory.mktemp("questions")) as one:
        yield one


def opened(at: Launched, name: str) -> dict[str, Any]:
    """The page of a recorded order in an empty browser; the twin of its card."""
    body = recorded(name)
    at.launcher.hold(body)
    for patient in at.patients:
        assert at.store.statements is not None
        at.store.statements.delete(patient)
    at.http = at.http.application.test_client()
    card = at.sign(body | {"fhirServer": at.launcher.fhir})
    twin: dict[str, Any] = card.get("extension", {}).get(TWIN, {})
    if "attestation" in twin.get("awaits", []):
        context = body["context"]
        answer = at.launch(context["patientId"], context["userId"].split("/")[-1])
        assert answer.status_code == 200, answer.text
    return twin


def answered(at: Launched, value: str) -> list[str]:
    """Answers what is open, all at once, until nothing is; says what was asked."""
    asked: list[str] = []
    while left := [one for one in at.questions if one not in at.answers]:
        asked += left
        at.send(**dict.fromkeys(left, value))
        assert len(asked) < 40
    return asked


def test_the_smallest_open_set_is_asked_and_makes_the_order_met(at: Launched) -> None:
    wrong, seen = {}, 0
    for name in NAMES:
        if recorded(name)["hook"] != "order-sign":
            continue
        twin = opened(at, name)
        if twin.get("awaits") != ["attestation"]:
            continue
        asked = answered(at, "yes")
        if (len(asked), at.outcome) != (len(twin["open"][0]), "met"):
            wrong[name] = (len(asked), at.outcome)
        if name in STATED:
            at.send(do="state")
            signed = at.sign(recorded(name) | {"fhirServer": at.launcher.fhir})
            assert signed["extension"][TWIN]["outcome"] == "met", name
        seen += 1
    assert wrong == {}
    assert seen > 20


@pytest.mark.parametrize("name", REFUSED)
def test_no_never_ends_in_met(at: Launched, name: str) -> None:
    opened(at, name)
    while left := [one for one in at.questions if one not in at.answers]:
        at.send(**{left[0]: "no"})
        assert at.outcome != "met"
    assert at.outcome == "not_met"
