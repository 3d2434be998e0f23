"""Pages as people use them: the demo, the page of an order, search, keyboard, accessibility."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Response, expect
from support.paths import ROOT

AXE = (ROOT / "tests/support/vendored/axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
POLICY = "/policies/bcbsms/L.5.01.513"
PAGES = ("/", "/policies", "/therapies", "/therapies/abrocitinib", "/docs/reference/cards")
MOST_BYTES = 1_000_000
TCI = "Topical calcineurin inhibitor for 42 days, ended in the last 180 days: supply shown"
HOSTILE = "<img src=x onerror='window.hit=1'><script>window.hit=1</script>[x](javascript:hit=1)"


class Tab:
    """A page with what went wrong on it, and how many bytes came from where."""

    def __init__(self, page: Page, site: str) -> None:
        self.page, self.site = page, site
        self.wrong: list[str] = []
        self.size = 0
        page.on("console", lambda message: self.wrong.append(message.text))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("response", self._count)

    def _count(self, response: Response) -> None:
        if not response.url.startswith((self.site, "data:", "blob:")):
            self.wrong.append(f"loaded {response.url}")
        self.size += int(response.headers.get("content-length", 0))

    def open(self, path: str) -> None:
        """Opens a path of the site, or a whole address, and waits until nothing more comes."""
        self.size = 0
        self.page.goto(path if path.startswith("http") else f"{self.site}{path}")
        self.page.wait_for_load_state("networkidle")

    def sign(self) -> None:
        """Signs the order of the demo and waits for the cards."""
        with self.page.expect_response("**/cds-services/*"):
            self.page.click("#sign")
        self.page.wait_for_selector(".card")

    def violations(self) -> list[Any]:
        """What axe finds, as rule and first place."""
        self.page.evaluate(AXE)
        options = json.dumps({"runOnly": RULES, "resultTypes": ["violations"]})
        found = self.page.evaluate(f"axe.run(document, {options})")
        return [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]]


@pytest.fixture(params=[(1280, "light"), (390, "dark")], ids=["wide", "narrow and dark"])
def tab(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Tab]:
    """A tab of one width and colour scheme; at its end nothing may have gone wrong."""
    width, scheme = request.param
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    shown = Tab(page, site)
    yield shown
    page.close()
    assert shown.wrong == []


@pytest.fixture
def wide(browser: Browser, site: str) -> Iterator[Tab]:
    """A wide tab; at its end nothing may have gone wrong."""
    shown = Tab(browser.new_page(viewport={"width": 1280, "height": 900}), site)
    yield shown
    shown.page.close()
    assert shown.wrong == []


def test_every_page_is_accessible_small_and_as_wide_as_the_window(tab: Tab) -> None:
    found: dict[str, Any] = {}
    # the page of a policy is large: axe takes as long for it as for all others
    narrow = tab.page.evaluate("innerWidth") < 1000
    for path in (*PAGES, POLICY) if narrow else PAGES:
        tab.open(path)
        assert tab.size < MOST_BYTES
        found[path] = tab.violations()
        assert _fits(tab), path
    for story in ("p001-initial", "renewal-worse"):
        tab.open("/")
        tab.open(f"/demo#{story}")
        tab.sign()
        found[f"/demo#{story}"] = tab.violations()
        assert _fits(tab)
        tab.open(tab.page.get_attribute(".card a", "href") or "")
        tab.page.wait_for_selector(".timeline svg")
        found[f"/orders of {story}"] = tab.violations()
        assert _fits(tab)
        assert tab.size < MOST_BYTES
    assert {path: rules for path, rules in found.items() if rules} == {}


def _fits(tab: Tab) -> bool:
    """Whether nothing reaches over the right edge of the window."""
    width: int = tab.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return width <= 0


def test_first_patient_is_understood_and_turned_in_a_few_steps(wide: Tab) -> None:
    page = wide.page
    wide.open("/")
    page.click("text=Start with one patient")
    page.wait_for_selector("#chart table")
    wide.sign()
    address = page.get_attribute(".card a", "href") or ""
    page.select_option("#fill [name=which]", label="tacrolimus 0.001 MG/MG Topical Ointment")
    page.click("#fill button")
    turned = page.wait_for_selector(".tag.turned")
    assert turned is not None
    assert turned.inner_text() == "was open"
    assert TCI in page.inner_text("li.turned")
    assert page.inner_text("#turned").startswith("1 criterion has turned")
    wide.open(address)
    page.wait_for_selector(".timeline svg")
    bars = page.locator(".timeline a.mark[aria-label*='tacrolimus']")
    assert bars.count() == 1
    assert page.locator(".timeline [aria-label='42 days asked for']").count() == 1


def test_marks_of_the_timeline_are_named_for_keyboard_and_pointer(wide: Tab) -> None:
    page = wide.page
    wide.open("/demo#p001-initial")
    wide.sign()
    wide.open(page.get_attribute(".card a", "href") or "")
    page.wait_for_selector(".timeline svg")
    mark = page.locator(".timeline a.mark").first
    mark.focus()
    assert page.inner_text(".pointed") == mark.get_attribute("aria-label")
    page.keyboard.press("Enter")
    target = page.locator(":target")
    assert target.is_visible()
    assert target.get_attribute("id", timeout=1000) == str(mark.get_attribute("href"))[1:]


def test_suggestion_changes_the_draft_and_the_answer(wide: Tab) -> None:
    page = wide.page
    wide.open("/demo#wrong-dose-weekly")
    wide.sign()
    button = page.locator(".card .actions button").first
    assert "labelled dose" in button.inner_text().lower()
    before = page.inner_text("#order")
    with page.expect_response("**/feedback") as feedback:
        button.click()
    assert feedback.value.ok
    expect(page.locator("#order")).not_to_have_text(before, use_inner_text=True)
    wide.sign()
    assert "The labelled dose is not exceeded" in page.inner_text("#tree")
    assert "was not met" in page.inner_text("#tree")


def test_dismissing_sends_the_reason(wide: Tab) -> None:
    wide.open("/demo#p001-initial")
    wide.sign()
    with wide.page.expect_request("**/feedback") as sent:
        wide.page.locator(".dismiss button").first.click()
    body = json.loads(sent.value.post_data or "")
    assert body["feedback"][0]["outcome"] == "overridden"
    assert body["feedback"][0]["overrideReason"]["reason"]["code"]
    wide.page.wait_for_selector("text=Dismissed")


def test_reset_takes_back_what_was_changed_and_a_file_can_be_loaded(
    wide: Tab, tmp_path: Path
) -> None:
    page = wide.page
    wide.open("/demo#p001-initial")
    wide.sign()
    page.fill("#value [name=value]", "8")
    page.click("#value button")
    page.wait_for_selector("text=1 changed by hand")
    with page.expect_download() as download:
        page.click("#download")
    file = tmp_path / "request.json"
    download.value.save_as(file)
    assert '"value": 8' in file.read_text(encoding="utf-8")
    page.click("#reset")
    assert "8 %" not in page.inner_text("#chart")
    page.set_input_files("#file", file)
    page.locator("#chart", has_text=": 8 ").wait_for()


def test_text_of_a_chart_is_never_mark_up(wide: Tab, tmp_path: Path) -> None:
    page = wide.page
    body = json.loads((ROOT / "fixtures/p001-claims.json").read_text(encoding="utf-8"))
    file = tmp_path / "hostile.json"
    file.write_text(json.dumps(_hostile(body)), encoding="utf-8")
    wide.open("/demo")
    page.set_input_files("#file", file)
    page.locator("#chart", has_text="onerror").wait_for()
    wide.sign()
    wide.open(page.get_attribute(".card a", "href") or "")
    page.wait_for_selector(".timeline svg, article")
    assert page.evaluate("window.hit") is None
    assert page.locator("img[src=x]").count() == 0
    assert page.locator("a[href^='javascript']").count() == 0


def _hostile(value: Any) -> Any:
    """A JSON value with mark-up in every text that people write: names, displays, instructions."""
    match value:
        case dict():
            return {
                name: HOSTILE if name in ("text", "display", "family") else _hostile(part)
                for name, part in value.items()
            }
        case list():
            return [_hostile(part) for part in value]
        case _:
            return value


def test_search_leaves_what_is_looked_for(wide: Tab) -> None:
    page = wide.page
    wide.open(POLICY)
    folded = page.evaluate("document.documentElement.scrollHeight")
    assert folded < 3000
    page.fill("#search", "body surface")
    assert page.locator("#c-ad\\.initial\\.severity\\.bsa10").is_visible()
    assert not page.locator("#c-ad\\.initial\\.age").is_visible()
    assert "found" in page.inner_text(".found")
    page.fill("#search", "")
    assert page.evaluate("document.documentElement.scrollHeight") == folded
