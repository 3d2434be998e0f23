"""Every questionnaire opens in LHC-Forms, and the response that LHC-Forms makes counts."""

from collections.abc import Iterator
from datetime import date
from shutil import which
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright
from support.paths import ROOT

LFORMS = ROOT / "tests/support/vendored/lforms"
SCRIPTS = ("zone.min.js", "lhc-forms.js", "lformsFHIR.min.js")
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage"]
PAGE = "<!doctype html><html lang=en><title>form</title><body><div id=form></div></body></html>"
DAY = date(2026, 11, 21)
ADD = "form => LForms.Util.addFormToPage(form, 'form', {prepopulate: false})"
SHOWN = "text => document.body.innerText.includes(text)"
RESPONSE = "() => LForms.Util.getFormFHIRData('QuestionnaireResponse', 'R4', 'form')"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """A page with LHC-Forms on it, without any server."""
    path = which("chromium")
    if path is None:
        pytest.skip("there is no chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        page = chromium.new_page()
        page.route("**/*", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
        page.goto("http://127.0.0.1/")
        for name in SCRIPTS:
            page.add_script_tag(content=(LFORMS / name).read_text(encoding="utf-8"))
        yield page
        chromium.close()
