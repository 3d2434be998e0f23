"""The patient from whom each boundary differs: coherent in age, weight and dose."""

from datetime import date

import pytest
from support.boundary import POLICY, scene

from service.boundary.boundary_patient import fits_age, fits_weight, judging_day, typical_weight


def test_an_adult_has_the_dose_of_an_adult() -> None:
    given = scene("ad", "initial").patient()
    assert (given["order"]["loading"], given["order"]["dose"]) == ("600 mg", "300 mg")
    assert scene("ad", "renewal").patient()["order"]["loading"] is None


@pytest.mark.parametrize("months", [6, 14, 70, 71, 72, 143, 144, 215, 216])
def test_a_weight_suits_the_band_of_the_dose(months: int) -> None:
    of = scene("ad", "initial")
    band = of.band(months)
    assert band is not None
    assert fits_age(band, months)
    assert fits_weight(band, of.weight(months, band))


def test_weights_grow() -> None:
    weights = [typical_weight(months) for months in range(0, 300, 6)]
    assert weights == sorted(weights)


def test_the_day_is_one_of_the_version() -> None:
    assert POLICY.in_force(judging_day(POLICY))
    assert scene("ad", "initial").ago(20) == "2026-09-30"
    assert scene("ad", "initial", date(2026, 11, 20)).ago(0) == "2026-11-20"
