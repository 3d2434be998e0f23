"""Words beside an order's figures that ask for more, name another route, or stand in its notes."""

import pytest
from record.facts.test_orders_as_written import BIWEEKLY, MET, UNKNOWN, judged, sig

SIGS_THAT_DIFFER = [
    "300 mg tiw",
    "inject biw",
    "1 pen wkly",
    "give at 7-day intervals",
    "interval of 7 days",
    "26 doses per 26 weeks",
    "52 injections per year",
    "days 1, 8, 15 and 22",
    "Inject on day 1 and day 8",
    "2x wk",
    "300 mg x 2 every 2 weeks",
    "2 x 300 mg every 2 weeks",
    "Inject a double dose",
    "One pen every 2 weeks plus an extra dose for flares",
    "may increase to every week when it flares",
    "Infuse over 1 hour",
    "300 mg IV every 2 weeks",
    "inject intramuscularly",
    "einmal wöchentlich",
    "toutes les semaines",
]
SIGS_THAT_AGREE = [
    "26 doses per year",
    "14-day interval",
    "300 mg every 2 weeks x 12 weeks",
    "1 x 300 mg every 2 weeks",
    "days 1, 15 and 29",
    "Do not double the dose if one is missed",
    "Never inject an extra dose",
    "For subcutaneous use only, not for IV use",
    "Inject 300 mg every 2 weeks for nasal polyps. Continue nasal spray and oral medicines as needed.",
    "Use acetaminophen as needed for injection site pain",
    "Day 1 and 300 mg every 2 weeks after",
    "toutes les deux semaines",
]
NOTES_THAT_DIFFER = [
    "Give weekly",
    "Weekly dosing requested",
    "Patient to take 2 pens each time",
    "Increase to 600 mg q2w",
    "Off-label interval",
    "needs 4 pens per month",
    "Dupixent every 7 days please",
    "Administer IV",
]
NOTES_THAT_AGREE = [
    "Prior auth needed. Please send to specialty pharmacy.",
    "Dispense 2 pens per 28 days. Sharps container.",
    "Failed methotrexate 15 mg weekly",
    "Continue methotrexate 15 mg weekly",
    "Was on 300 mg weekly elsewhere",
    "Received the loading dose of 600 mg in clinic",
    "Maintenance: 1 pen q2w",
    "Call the patient daily until delivered",
    "Do not increase the dose",
    "",
]


@pytest.mark.parametrize("words", SIGS_THAT_DIFFER)
def test_words_of_a_sig_that_ask_for_more_or_another_route_are_a_question(words: str) -> None:
    for place in ("text", "patientInstruction"):
        found = judged("polyps", [sig(BIWEEKLY, **{place: words})])
        assert found["truth"] == UNKNOWN, (place, found)


@pytest.mark.parametrize("words", SIGS_THAT_AGREE)
def test_words_of_a_sig_that_forbid_or_agree_change_nothing(words: str) -> None:
    found = judged("polyps", [sig(BIWEEKLY, text=words)])
    assert found["truth"] == MET, found


@pytest.mark.parametrize("words", NOTES_THAT_DIFFER)
def test_a_note_that_asks_for_more_than_the_figures_is_a_question(words: str) -> None:
    found = judged("polyps", [sig(BIWEEKLY)], note=[{"text": words}])
    assert found["truth"] == UNKNOWN, found


@pytest.mark.parametrize("words", NOTES_THAT_AGREE)
def test_a_note_about_something_else_changes_nothing(words: str) -> None:
    found = judged("polyps", [sig(BIWEEKLY)], note=[{"text": words}])
    assert found["truth"] == MET, found


def test_malformed_note_is_no_error() -> None:
    for note in ("Give weekly", [None, 5, {"text": ["x"]}], {"text": 3}):
        assert judged("polyps", [sig(BIWEEKLY)], note=note)["truth"] == MET
