"""A suggested change keeps what of the draft it does not concern, and nothing that it makes false."""

from typing import Any

import pytest
from support.cases.request import client, request
from support.cases.run import library
from support.visits import DAY, order_in

from service.advise import advise
from service.cds.request import AsOf, parse_hook_request
from service.clinical.orders.kept_parts import with_kept_parts

Json = dict[str, Any]
TOO_HIGH: Json = {"order": {"dose": "301 mg"}}  # loading dose and maintenance
ALONE: Json = {"order": {"dose": "301 mg", "loading": None}}
NARRATIVE = {"status": "generated", "div": "<div>301 mg</div>"}
RENDERED = {
    "url": "http://hl7.org/fhir/5.0/StructureDefinition/extension-"
    "MedicationRequest.renderedDosageInstruction",
    "valueMarkdown": "301 mg",
}
OTHER = {"url": "https://ehr.example/x", "valueString": "x"}


def suggested(given: Json, change: Json, of_dose: Json | None = None) -> Json:
    """The draft as the first suggestion changes it; `change` and `of_dose` stand in the draft."""
    body = request(given, DAY)
    draft = order_in(body)
    draft.update(change)
    for instruction in draft["dosageInstruction"]:
        instruction.update(of_dose or {})
    hook = parse_hook_request(body, frozenset(["order-sign"]))
    advice = advise(library(), hook, client(given, DAY), AsOf("day", DAY))
    for card in advice.shown_cards:
        for one in card.card.get("suggestions", ()):
            if one["actions"][0]["type"] == "update":
                changed: Json = one["actions"][0]["resource"]
                return changed
    raise AssertionError("no draft is changed")


@pytest.mark.parametrize("given", [TOO_HIGH, ALONE])
def test_what_the_dose_does_not_concern_stays(given: Json) -> None:
    kept: Json = {
        "site": {"text": "thigh"},
        "method": {"text": "inject"},
        "route": {"text": "subcutaneous"},
        "extension": [OTHER],
        "patientInstruction": "Let it warm up before use.",
        "additionalInstruction": [{"text": "Rotate the site"}],
    }
    about_dose: Json = {
        "text": "301 mg",
        "_text": {"extension": [OTHER]},
        "maxDosePerPeriod": {"numerator": {"value": 999, "unit": "mg"}},
        "asNeededBoolean": False,
    }
    changed = suggested(given, {}, kept | about_dose)
    assert changed["dosageInstruction"]
    for instruction in changed["dosageInstruction"]:
        assert {name: instruction.get(name) for name in kept} == kept
        assert "301" not in str(instruction)
        assert not {*about_dose} - {"text"} & {*instruction}


def test_words_of_the_old_dose_do_not_stay() -> None:
    words = {
        "patientInstruction": "Inject one pen every week",
        "additionalInstruction": [{"text": "301 mg weekly"}, {"text": "Keep cool"}],
    }
    for instruction in suggested(ALONE, {}, words)["dosageInstruction"]:
        assert "patientInstruction" not in instruction
        assert instruction["additionalInstruction"] == [{"text": "Keep cool"}]


def test_narrative_and_rendered_dose_do_not_stay_beside_another_dose() -> None:
    draft = {"text": NARRATIVE, "extension": [RENDERED, OTHER], "note": [{"text": "call first"}]}
    changed = suggested(ALONE, draft)
    assert "text" not in changed
    assert changed["extension"] == [OTHER]
    assert changed["note"] == [{"text": "call first"}]
    assert "extension" not in suggested(ALONE, {"extension": [RENDERED]})


@pytest.mark.parametrize(("status", "stays"), [("generated", False), ("additional", True)])
def test_narrative_that_was_made_of_elements_does_not_stay_beside_a_new_reason(
    status: str, stays: bool
) -> None:
    text = {**NARRATIVE, "status": status}
    changed = suggested({"order": {"reason": None}}, {"text": text})
    assert changed["reasonCode"]
    assert ("text" in changed) is stays


WEEKLY = {"repeat": {"frequency": 1, "period": 1, "periodUnit": "wk"}}
NEW: Json = {"timing": {"repeat": {"frequency": 1, "period": 14, "periodUnit": "d"}}}


@pytest.mark.parametrize(
    ("bounds", "stay"),
    [
        ({"boundsPeriod": {"start": "2026-11-21", "end": "2027-05-21"}}, True),
        ({"boundsDuration": {"value": 6, "code": "mo"}}, True),
        ({"boundsDuration": {"value": 13, "code": "d"}}, False),
    ],
)
def test_how_long_it_goes_on_stays_unless_it_ends_before_a_second_dose(
    bounds: Json, stay: bool
) -> None:
    drafted = [{"timing": {"repeat": {**WEEKLY["repeat"], **bounds}}}]
    (new,) = with_kept_parts([NEW], drafted, library().knowledge.timings)
    assert new["timing"]["repeat"] == {**NEW["timing"]["repeat"], **(bounds if stay else {})}


def test_id_of_an_instruction_stays_only_if_it_names_one() -> None:
    timings = library().knowledge.timings
    assert with_kept_parts([NEW], [{"id": "a"}], timings)[0]["id"] == "a"
    assert "id" not in with_kept_parts([NEW], [{"id": "a"}, {"id": "a"}], timings)[0]
    assert with_kept_parts([NEW], [], timings) == [NEW]
