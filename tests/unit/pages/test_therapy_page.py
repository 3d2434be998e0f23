"""The page of a therapy: found by name, its sections, its sources."""

from dataclasses import replace

import pytest
from support.cases.run import library

from service.errors import UnknownTherapyError
from service.pages.therapy_page import Section, find_therapy, therapy_page

NAME = "abrocitinib"


def test_therapy_is_found_by_its_name() -> None:
    assert find_therapy(library(), NAME).id == NAME


@pytest.mark.parametrize(
    ("name", "says"),
    [("abrocitinb", "did you mean 'abrocitinib'?"), ("zzzzzz", "; there are ")],
)
def test_unknown_name_is_told_with_the_nearest_or_all(name: str, says: str) -> None:
    with pytest.raises(UnknownTherapyError, match="there is no therapy") as error:
        find_therapy(library(), name)
    assert says in str(error.value)


def test_page_has_only_sections_with_something_in_them() -> None:
    page = therapy_page(library(), find_therapy(library(), NAME))
    assert page.name == NAME
    assert {"about", "checks", "references"} <= {section.id for section in page.sections}
    assert all(page.sections)
    assert not Section("empty", "Empty")


def test_what_was_not_verified_is_on_the_page() -> None:
    therapy = replace(find_therapy(library(), NAME), unverified=("Never seen",), checks=())
    sections = {section.id: section for section in therapy_page(library(), therapy).sections}
    assert sections["unverified"].items == ("Never seen",)
    assert "checks" not in sections
