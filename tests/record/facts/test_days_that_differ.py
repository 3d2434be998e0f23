"""Days' supply that says a dose, two records that differ, and dates by the month."""

import copy
from typing import Any

import pytest
from support.claims import (
    ADALIMUMAB,
    METFORMIN,
    NO_OTHER,
    RXNORM,
    TRIAL,
    Json,
    answer,
    claim,
    dispense,
    fixture,
    node,
    recorded,
    related,
    to,
    truth,
    twin,
)

from service.facts.fills.fill import Fill
from service.facts.supply.covered_days import Placements, sure_timeline
from service.fhir.values.days import DayRange

HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
BARICITINIB = {"system": RXNORM, "code": "2047232", "display": "baricitinib"}
BASE = "guard-payment-type-paid"


def billed(code: str, day: str, days: int | None = 1) -> Json:
    """A claim of a doctor's office for an injection."""
    return claim(
        "billed",
        day,
        days,
        {"system": HCPCS, "code": code},
        type={"coding": [{"code": "professional"}]},
    )


def beside(*more: Json, dispenses: tuple[Json, ...] = ()) -> Json:
    return twin([*recorded(BASE, "claims"), *more], dispenses)


@pytest.mark.parametrize("days", [1, None])
@pytest.mark.parametrize("code", ["J0129", "J0717", "J2182", "J3380", "J1602"])
def test_one_day_of_an_injected_drug_is_a_dose(code: str, days: int | None) -> None:
    assert truth(beside(billed(code, "2026-10-16", days)), NO_OTHER) == "unknown"


def test_one_day_of_an_injected_drug_on_a_dispense_is_a_dose() -> None:
    one = dispense("d", "2026-10-30", 1, ADALIMUMAB)
    assert truth(beside(dispenses=(one,)), NO_OTHER) == "unknown"


@pytest.mark.parametrize(
    "one",
    [
        billed("J0129", "2026-03-02"),  # too long ago for any dose of it
        claim("c", "2026-10-16", 14, ADALIMUMAB),  # more days are days
        claim("c", "2026-11-10", 1, BARICITINIB),  # a tablet of one day is gone
        claim("c", "2026-11-10", 1, METFORMIN),
    ],
)
def test_injected_drug_given_long_ago_is_not_in_use(one: Json) -> None:
    assert truth(beside(one), NO_OTHER) == "met"


def test_one_day_supply_surely_covers_one_day() -> None:
    assert truth(beside(billed("J0129", "2026-11-21")), NO_OTHER) == "not_met"


CREAM = "2026-08-05"


def course(days: int, others: int | None, **more: Any) -> str | None:
    """The trial of the steroid by claims of one day and a dispense of the same."""
    tacrolimus = [one for one in recorded(BASE, "claims") if "acrolimus" in str(one)]
    given = [dispense("d", CREAM, others)] if others else []
    return truth(twin([*tacrolimus, *more.get("also", ()), claim("c", CREAM, days)], given), TRIAL)


@pytest.mark.parametrize(
    ("days", "others", "expected"),
    [
        (30, 30, "met"),
        (30, None, "met"),
        (30, 45, "met"),
        (30, 10, "unknown"),
        (10, 30, "unknown"),
        (10, 12, "not_met"),
    ],
)
def test_two_records_of_one_hand_over_must_agree_where_it_matters(
    days: int, others: int | None, expected: str
) -> None:
    assert course(days, others) == expected


def test_replacing_record_of_a_hand_over_must_agree_where_it_matters() -> None:
    tacrolimus = [one for one in recorded(BASE, "claims") if "acrolimus" in str(one)]
    old = claim("old", CREAM, 30)
    new = claim("new", CREAM, 5, related=related("prior", claim=to("old")))
    given = dispense("d", CREAM, 30)
    assert truth(twin([*tacrolimus, old, new], [given]), TRIAL) == "unknown"
    assert truth(twin([*tacrolimus, old, new]), TRIAL) == "not_met"


ADHERENT = "asthma.initial.ics.not_on_drug.adherent"


def inhaled(*days: str) -> str | None:
    """Whether 30 days from each of these days are 90 of the last 120."""
    body = fixture("asthma-fully-met")
    claims = [one["resource"] for one in body["prefetch"]["claims"]["entry"]]
    steroid = next(one for one in claims if "luticasone" in str(one))
    others = [one for one in claims if "luticasone" not in str(one)]
    made = []
    for at, day in enumerate(days):
        one = copy.deepcopy(steroid)
        one |= {"id": f"m{at}", "billablePeriod": {"start": day, "end": day}, "created": day}
        one["item"][0]["servicedDate"] = day
        made.append(one)
    return truth(answer(body, "claims_held", claims=[*others, *made]), ADHERENT)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        # the first before the window, the others near its end: too few days
        (("2026-07", "2026-08", "2026-09", "2026-10"), "unknown"),
        (("2026-07", "2026-09", "2026-10", "2026-10-30"), "unknown"),
        (("2026-07-28", "2026-08", "2026-09-10", "2026-10-12"), "met"),
        (("2026-02", "2026-03"), "not_met"),
    ],
)
def test_months_are_tried_in_every_order(days: tuple[str, ...], expected: str) -> None:
    assert inhaled(*days) == expected


def test_fills_of_partial_dates_are_parted_once_at_each_date() -> None:
    def fill(first: int, last: int) -> Fill:
        return Fill(DayRange(first, last), 30, "x")

    fills = [[fill(1, 31), fill(32, 62), fill(63, 92), fill(100, 100)]]
    found = {tuple(one.start.first for one in each[0]) for each in Placements(fills)}
    assert found == {
        (1, 32, 63, 100),
        (31, 62, 92, 100),
        (1, 62, 92, 100),
        (31, 32, 63, 100),
        (1, 32, 92, 100),
        (31, 62, 63, 100),
    }
    assert min(sure_timeline(each[0], 120).days(1, 92) for each in Placements(fills)) < 92


def test_many_partial_dates_cost_no_more_than_some() -> None:
    fills = [[Fill(DayRange(n, n + 20), 5, "x") for n in range(0, 40_000, 25)]]
    assert len(list(Placements(fills))) < 200


def test_nothing_changes_where_all_days_are_exact() -> None:
    fills = [[Fill(DayRange(4, 4), 5, "x")]]
    assert [*Placements(fills)] == [fills]
    assert node(twin(recorded(BASE, "claims")), TRIAL)["truth"] == "met"
