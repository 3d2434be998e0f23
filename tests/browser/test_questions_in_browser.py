"""The page of questions as a prescriber uses it: from the card by a SMART launch to an order that is met."""

import json
from collections.abc import Iterator
from threading import Thread
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect
from support.launched import TWIN, Launched, launched
from support.paths import ROOT
from support.smart_launcher import SmartLauncher, smart_launcher
from werkzeug.serving import make_server

AXE = (ROOT / "tests/support/vendored/axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
HOLDS = "{record: true, claims: 2015-01-01}"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def ehr() -> Iterator[SmartLauncher]:
    with smart_launcher() as launcher:
        yield launcher


@pytest.fixture(scope="module")
def served(ehr: SmartLauncher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launched]:
    """The service on a port of its own, which lists the launcher."""
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    folder, port = tmp_path_factory.mktemp("questions"), server.server_port
    with launched(ehr, folder, port=port, holds=HOLDS) as service:
        server.app = service.http.application
        Thread(target=server.serve_forever, daemon=True).start()
        yield service
        server.shutdown()
        server.server_close()


def recorded(name: str, ehr: SmartLauncher) -> Json:
    """A recorded request of the EHR whose FHIR server has its data."""
    body: Json = json.loads((ROOT / f"fixtures/{name}.json").read_text(encoding="utf-8"))
    ehr.hold(body)
    ehr.app_context = None
    return body | {"fhirServer": ehr.fhir}


def link_of(card: Json) -> Json:
    """The SMART link of a card."""
    return next(link for link in card["links"] if link["type"] == "smart")


def address(ehr: SmartLauncher, card: Json, body: Json) -> str:
    """Where the EHR sends the browser when the link of a card is used."""
    context = body["context"]
    launch = ehr.launch(context["patientId"], context["userId"].split("/")[1])
    return f"{link_of(card)['url']}?{urlencode({'iss': ehr.fhir, 'launch': launch})}"


def violations(page: Page) -> list[Any]:
    """What axe finds, as rule and first place."""
    page.evaluate(AXE)
    options = json.dumps({"runOnly": RULES, "resultTypes": ["violations"]})
    found = page.evaluate(f"axe.run(document, {options})")
    return [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]]


def test_card_leads_to_questions_whose_answers_make_the_order_met(
    browser: Browser, ehr: SmartLauncher, served: Launched
) -> None:
    body = recorded("p001-claims", ehr)
    card = served.sign(body)
    assert card["extension"][TWIN]["outcome"] == "unknown"
    assert link_of(card)["appContext"] not in json.dumps(body)
    ehr.app_context = link_of(card)["appContext"]
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text))
    loads: list[str] = []
    page.on("load", lambda _: loads.append(page.url))
    page.goto(address(ehr, card, body))
    expect(page.locator("dd").first).to_contain_text("Jonah Pettibone, born 1990-05-01")
    expect(page.locator("dd").nth(1)).to_have_text("Dr. Amara Okafor")
    asked = page.locator("fieldset").count()
    assert asked == len(card["extension"][TWIN]["open"][0])
    assert page.locator("input[type=radio]:checked").count() == 0
    expect(page.locator(".evidence").first).to_contain_text("2026-09-15")
    assert violations(page) == []
    before = len(loads)
    for number in range(asked):
        # by keyboard: the space key takes the choice that has the focus
        page.locator("fieldset").nth(number).locator("input").first.focus()
        with page.expect_response("**/statements/*"):
            page.keyboard.press("Space")
        expect(page.locator(".answered")).to_have_count(number + 1)
        assert page.evaluate("document.activeElement.id") == f"q1-{number + 1}-yes"
    expect(page.locator("#now strong")).to_have_text("met")
    assert len(loads) == before  # htmx answered without a reload
    assert violations(page) == []
    page.click("text=Make these statements")
    expect(page.locator(".made")).to_contain_text("They count until 2027-11-21")
    assert violations(page) == []
    page.close()
    assert wrong == []
    signed = served.sign(body)
    assert signed["extension"][TWIN]["outcome"] == "met"
    assert "Okafor" in json.dumps(signed["extension"][TWIN])


def test_page_works_without_script_on_a_narrow_screen_and_keeps_a_half_filled_form(
    browser: Browser, ehr: SmartLauncher, served: Launched
) -> None:
    body = recorded("p000-renewal", ehr)
    card = served.sign(body)
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 390, "height": 800}, color_scheme="dark"
    )
    page = context.new_page()
    # the EHR hands over no appContext: the newest request of this patient and user is found
    page.goto(address(ehr, card, body))
    expect(page.locator("fieldset")).to_have_count(1)
    expect(page.locator(".left")).to_contain_text("One question comes first")
    page.check("#q1-1-yes")
    page.locator("noscript button").click()
    count = page.locator("fieldset").count()
    assert count == len(card["extension"][TWIN]["open"][0])
    page.check("#q1-2-yes")
    page.locator("noscript button").click()
    expect(page.locator(".answered")).to_have_count(2)
    page.click("text=Leave")
    expect(page.locator("main")).to_contain_text("You can close this window")
    page.goto(address(ehr, card, body))
    expect(page.locator(".answered")).to_have_count(2)
    page.click("text=Make these statements")
    page.goto(address(ehr, card, body))
    expect(page.locator(".own")).to_have_count(1)
    context.close()
    wide = browser.new_page(viewport={"width": 390, "height": 800}, color_scheme="dark")
    wide.goto(address(ehr, card, body))
    assert violations(wide) == []
    assert wide.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    wide.set_viewport_size({"width": 1280, "height": 800})
    assert violations(wide) == []
    wide.click("text=Withdraw this statement")
    expect(wide.locator(".made")).to_contain_text("It does not count any more")
    expect(wide.locator(".own")).to_have_count(0)
    expect(wide.locator(".answered")).to_have_count(0)
    assert violations(wide) == []
    wide.close()


def test_questions_of_the_demo_are_answered_without_a_login(
    browser: Browser, served: Launched, ehr: SmartLauncher
) -> None:
    body = recorded("methotrexate-failed", ehr)
    page = browser.new_page()
    page.goto(f"{served.origin}/demo#methotrexate-failed")
    with page.expect_response("**/cds-services/*"):
        page.click("#sign")
    page.goto(page.get_attribute(".card a:has-text('Why')", "href") or "")
    page.click("text=Answer the open questions here")
    expect(page.locator(".notice").first).to_contain_text("Nobody has logged in")
    for number in range(page.locator("fieldset").count()):
        with page.expect_response("**/statements/*"):
            page.check(f"#q1-{number + 1}-yes")
    expect(page.locator("#now strong")).to_have_text("met")
    assert page.locator("text=Make these statements").count() == 0
    page.close()
    assert served.sign(body)["extension"][TWIN]["outcome"] == "unknown"
