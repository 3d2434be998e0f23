"""Every questionnaire opens in LHC-Forms, and the response that LHC-Forms makes counts."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from support.paths import ROOT
from support.questionnaires import DAY, FORMS, counted, form, items

from service.questionnaires.form import Form

LFORMS = ROOT / "tests/support/vendored/lforms"
SCRIPTS = ("zone.min.js", "lhc-forms.js", "lformsFHIR.min.js")
EMPTY = "<!doctype html><html lang=en><title>form</title><body><div id=form></div></body></html>"
ADD = "form => LForms.Util.addFormToPage(form, 'form')"
RESPONSE = "() => LForms.Util.getFormFHIRData('QuestionnaireResponse', 'R4')"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A page with LHC-Forms on it, without any server."""
    page = browser.new_page()
    page.route("**/*", lambda route: route.fulfill(body=EMPTY, content_type="text/html"))
    page.goto("http://127.0.0.1/")
    for name in SCRIPTS:
        page.add_script_tag(content=(LFORMS / name).read_text(encoding="utf-8"))
    yield page
    page.close()


def shown(page: Page, link_id: str) -> bool:
    return page.locator(f'[id^="item-{link_id}/"]').count() > 0


def answer(page: Page, link_id: str, word: str) -> None:
    page.locator(f'label[id^="{link_id}/"][id$="|{word}"]').click()
    page.wait_for_timeout(50)


@pytest.mark.parametrize("of", FORMS, ids=lambda of: of.id)
def test_questionnaire_opens_with_every_question(page: Page, of: Form) -> None:
    questionnaire = of.questionnaire()
    page.evaluate(ADD, questionnaire)
    page.wait_for_selector(f'[id^="item-{questionnaire["item"][-1]["linkId"]}/"]')
    hidden = {item["linkId"] for item in items(questionnaire) if not shown(page, item["linkId"])}
    # an unanswered question hides nothing: only what belongs to a yes waits for it
    assert all(":" in id_ for id_ in hidden)


def test_answers_hide_what_is_settled_and_count(page: Page) -> None:
    page.evaluate(ADD, form().questionnaire())
    trial = "ad.initial.trial.tcs_and_tci"
    page.wait_for_selector(f'[id^="item-{trial}/"]')
    assert shown(page, "ad.initial.severity.palms_soles")
    answer(page, "ad.initial.severity.bsa10", "true")
    assert not shown(page, "ad.initial.severity.palms_soles")
    answer(page, "ad.initial.severity.bsa10", "false")
    assert shown(page, "ad.initial.severity.palms_soles")
    answer(page, "ad.initial.severity.bsa10", "true")
    field = page.locator('input[id^="ad.initial.severity.bsa10:value/"]')
    field.fill("8")
    field.press("Tab")
    answer(page, trial, "true")
    assert shown(page, f"{trial}:trial")
    choose(page, f"{trial}:drug", "tacrolimus")
    choose(page, f"{trial}:why", "Medication stopped - ineffective")
    made = {**page.evaluate(RESPONSE), **SENT}
    found = counted(form(), made)
    assert {id_: str(found[id_].truth) for id_ in ("ad.initial.severity.bsa10", trial)} == {
        "ad.initial.severity.bsa10": "unknown",  # 8 % are not the 10 % that the yes is about
        trial: "met",
    }
    choose(page, f"{trial}:why", "Medication stopped - side effect")
    assert counted(form(), {**page.evaluate(RESPONSE), **SENT})[trial].truth == "unknown"


# what the EHR adds to a response: whose it is, from whom, and when
SENT = {
    "id": "lhc",
    "subject": {"reference": "Patient/p1"},
    "author": {"reference": "Practitioner/d1"},
    "authored": DAY.isoformat(),
}


def choose(page: Page, link_id: str, words: str) -> None:
    """Types an answer into a list and takes it."""
    field = page.locator(f'input[id^="{link_id}/"]')
    field.fill("")
    field.press_sequentially(words)
    page.wait_for_timeout(200)  # the list is narrowed a moment after the last letter
    field.press("ArrowDown")
    field.press("Enter")
    field.press("Tab")
    for _ in range(50):  # the form takes over a choice a moment after it was made
        page.wait_for_timeout(100)
        if words in json.dumps(page.evaluate(RESPONSE)):
            return
    pytest.fail(f"the form did not take over {words!r}")
