"""National Drug Codes: which eleven digits a written code may mean."""

import pytest

from service.fhir.terminology.ndc import readings


@pytest.mark.parametrize(
    "written",
    [
        "00024-5914-01",
        "0024-5914-01",
        "00024591401",
        "N400024591401",
        "N4 00024591401 ML2",
        "NDC: 0024-5914-01",
        "000024-5914-01",
        "000024591401",
        " 0024 5914 01 ",
        "0024-5914-*1",
    ],
)
def test_code_is_known_in_each_spelling(written: str) -> None:
    assert "00024591401" in readings(written)


def test_ten_bare_digits_may_be_filled_up_in_three_places() -> None:
    assert set(readings("0024591401")) == {"00024591401", "00245091401", "00245914001"}


def test_code_of_parts_is_filled_up_in_the_short_part_alone() -> None:
    assert readings("12345-678-90") == ("12345067890",)
    assert readings("12345-6789-0") == ("12345678900",)


@pytest.mark.parametrize(
    "written", ["", "abc", "1234567", "1234567890123", "1-2-3-4", "12a45678901"]
)
def test_what_is_no_code_has_no_reading(written: str) -> None:
    assert readings(written) == ()
