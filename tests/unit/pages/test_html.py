"""Pages as HTML: everything is escaped, nothing is loaded from elsewhere."""

from dataclasses import replace
from datetime import date

from support.cases.run import library

from service.pages.html import as_html, therapy_html
from service.pages.policy_page import page
from service.pages.therapy_page import find_therapy, therapy_page
from service.pages.version_by_name import find_version, versions

MARKUP = "<script>alert('x')</script> & more"
ESCAPED = "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; more"


def test_markup_in_the_title_of_a_policy_is_escaped() -> None:
    version = versions(library())[0]
    shown = as_html(replace(page(version), title=MARKUP))
    assert ESCAPED in shown
    assert "<script" not in shown


def test_markup_in_the_title_of_a_therapy_is_escaped() -> None:
    known = library()
    therapy = find_therapy(known, "abrocitinib")
    shown = therapy_html(replace(therapy_page(known, therapy), title=MARKUP))
    assert ESCAPED in shown
    assert "<script" not in shown


def test_page_is_one_document_that_loads_nothing() -> None:
    version = find_version(library(), "bcbsms/L.5.01.513", date(2026, 11, 21))
    shown = as_html(page(version)).lower()
    assert shown.lstrip().startswith("<!doctype html>")
    assert shown.count("</html>") == 1
    assert not any(word in shown for word in (" src=", "<link", "@import", "<iframe"))
