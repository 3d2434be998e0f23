"""No element that names a person is among those that are kept."""

from service.recordings.safe.safe_elements import DAYS, LISTED_CODES, PLAIN, STRUCTURES, TEXTS

NEVER = {"address", "telecom", "photo", "contact", "family", "given", "line", "city", "postalCode"}
NEVER |= {"data", "div", "link_", "communication", "maritalStatus", "authorString", "signature"}


def test_none_names_a_person() -> None:
    assert not NEVER & {*DAYS, *LISTED_CODES, *PLAIN, *STRUCTURES, *TEXTS}


def test_each_element_is_of_one_kind_or_may_be_a_concept() -> None:
    assert not DAYS & (TEXTS | STRUCTURES | PLAIN)
    assert not TEXTS & (STRUCTURES | PLAIN | LISTED_CODES)
