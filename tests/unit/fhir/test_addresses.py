"""The spellings of one address of a code system."""

import pytest

from service.fhir.addresses import spellings


def test_web_address_is_spelled_with_either_scheme_and_with_or_without_a_slash() -> None:
    assert set(spellings("http://loinc.org")) == {
        "http://loinc.org",
        "http://loinc.org/",
        "https://loinc.org",
        "https://loinc.org/",
    }


def test_address_as_written_comes_first() -> None:
    assert spellings("https://loinc.org/")[0] == "https://loinc.org/"


def test_identifier_of_iso_is_spelled_with_its_bare_number_too() -> None:
    assert spellings("urn:oid:2.16.840.1") == ("urn:oid:2.16.840.1", "2.16.840.1")


@pytest.mark.parametrize("address", ["urn:uuid:1", "local", ""])
def test_any_other_address_has_one_spelling(address: str) -> None:
    assert spellings(address) == (address,)
