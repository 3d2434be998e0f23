"""A claim that was denied, replaced, taken back or is empty is no fill; what stays open is a question."""

from typing import Any

import pytest
from support.claims import (
    ADALIMUMAB,
    CLOBETASOL,
    DUPILUMAB,
    METFORMIN,
    NO_OTHER,
    RXNORM,
    TRIAL,
    Json,
    claim,
    concept,
    dispense,
    node,
    recorded,
    related,
    to,
    truth,
    twin,
)

DAY, LATER = "2026-08-05", "2026-08-12"
OINTMENT = {"system": RXNORM, "code": "861448"}
BRAND = {"system": RXNORM, "code": "861503"}
SESSIONS = "ad.initial.trial.systemic_or_phototherapy.phototherapy.supply"
BURSTS = "asthma.initial.uncontrolled.two_bursts"
DENIED = {"payment": {"type": concept({"code": "denied"})}}


def amounts(**of: float) -> list[Json]:
    """Adjudications of these categories."""
    return [
        {"category": concept({"code": name}), "amount": {"value": value}}
        for name, value in of.items()
    ]


def info(category: str, code: str) -> list[Json]:
    """One entry of supporting information."""
    return [
        {"sequence": 2, "category": concept({"code": category}), "code": concept({"code": code})}
    ]


NAMED = [{"system": "urn:x", "value": "7"}]
BLUE_BUTTON = "https://bluebutton.cms.gov/resources/variables"


@pytest.mark.parametrize(
    "more",
    [
        DENIED,
        {"payment": {"type": {"text": "Denied"}}},
        {"disposition": "Denied"},
        {"outcome": "error"},
        {"status": "cancelled"},
        {"item": {"adjudication": [{"category": concept({"code": "rejectreason"})}]}},
        {
            "extension": [
                {"url": f"{BLUE_BUTTON}/carr_clm_pmt_dnl_cd", "valueCoding": {"code": "0"}}
            ]
        },
    ],
)
def test_a_denied_claim_is_no_fill(more: Json) -> None:
    assert truth(twin([claim("a", DAY, 30, **more)]), TRIAL) == "not_met"
    assert truth(twin([claim("a", "2026-11-06", 28, ADALIMUMAB, **more)]), NO_OTHER) == "met"


@pytest.mark.parametrize(
    "more",
    [
        {"payment": {"type": concept({"code": "partiallypaid"})}},
        {
            "adjudication": [
                {
                    "category": concept({"code": "benefitpaymentstatus"}),
                    "reason": concept({"code": "other"}),
                }
            ]
        },
        {"item": {"adjudication": amounts(benefit=40, discount=-12, memberliability=-3)}},
        {"payment": {"amount": {"value": -5}}, "total": amounts(submitted=40)},
        {"supportingInfo": info(f"{BLUE_BUTTON}/adjstmt_dltn_cd", "A")},
        {
            "extension": [
                {"url": f"{BLUE_BUTTON}/carr_clm_pmt_dnl_cd", "valueCoding": {"code": "1"}}
            ]
        },
    ],
)
def test_active_paid_claim_is_a_fill(more: Json) -> None:
    assert truth(twin([claim("a", DAY, 30, **more)]), TRIAL) == "met"


@pytest.mark.parametrize(
    ("days", "more"),
    [
        (30, {"item": {"quantity": {"value": 0}}}),
        (30, {"payment": {"amount": {"value": -5}}}),
        (
            30,
            {"item": {"adjudication": amounts(benefit=40)}, "payment": {"amount": {"value": -40}}},
        ),
        (30, {"status": "revoked"}),
        (30, {"disposition": "Settled; the waiver of the copay was denied"}),
        (30, {"related": related("replacedby", claim=to("gone"))}),
    ],
)
def test_a_claim_that_contradicts_itself_is_a_question(days: int, more: Json) -> None:
    assert truth(twin([claim("a", DAY, days, **more)]), TRIAL) == "unknown"
    assert truth(twin([claim("a", "2026-11-06", 28, ADALIMUMAB, **more)]), NO_OTHER) == "unknown"


def test_of_a_claim_paid_in_part_the_line_that_was_denied_is_asked_for() -> None:
    more: Any = {"payment": {"type": concept({"code": "partiallypaid"})}}
    one = claim("a", DAY, 30, **more)
    one["item"].append({**one["item"][0], "productOrService": concept(METFORMIN)})
    assert truth(twin([one]), TRIAL) == "unknown"
    one["item"][1]["adjudication"] = [{"category": concept({"code": "denialreason"})}]
    assert truth(twin([one]), TRIAL) == "met"


@pytest.mark.parametrize(
    "back",
    [
        claim("b", DAY, -30),
        claim("b", LATER, -30),
        claim("b", DAY, 30, item={"quantity": {"value": -60}}),
        claim("b", DAY, 30, item={"net": {"value": -40}}),
        claim("b", DAY, 30, total=amounts(drugcost=-40)),
        claim("b", LATER, -30, related=related("prior", claim=to("a"))),
        claim("b", DAY, 30, supportingInfo=info("typeofbill", "0138")),
        claim("b", DAY, 30, supportingInfo=info(f"{BLUE_BUTTON}/adjstmt_dltn_cd", "D")),
        claim("b", DAY, 30, supportingInfo=info(f"{BLUE_BUTTON}/clm_freq_cd", "8")),
    ],
)
def test_a_reversal_takes_its_claim_back_and_no_other(back: Json) -> None:
    one = claim("a", DAY, 30)
    assert truth(twin([one, back]), TRIAL) == "not_met"
    assert truth(twin([claim("june", "2026-06-05", 30), one, back]), TRIAL) == "met"
    assert (
        truth(twin([claim("june", "2026-06-05", 30), one, back, {**back, "id": "c"}]), TRIAL)
        != "not_met"
    )


def test_a_reversal_that_fits_no_claim_leaves_the_one_before_it_open() -> None:
    assert truth(twin([claim("a", DAY, 30), claim("b", LATER, -14)]), TRIAL) == "unknown"
    gone = related("prior", claim=to("gone"))
    assert (
        truth(twin([claim("a", DAY, 30), claim("b", LATER, -30, related=gone)]), TRIAL) == "unknown"
    )


def test_the_reversal_of_a_denied_claim_takes_no_other_back() -> None:
    claims = [claim("june", "2026-06-05", 30), claim("a", DAY, 30, **DENIED), claim("b", DAY, -30)]
    assert truth(twin(claims), TRIAL) == "met"


@pytest.mark.parametrize("days", [7, 30])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"related": related("replacedby", claim=to("b"))}, {}),
        ({}, {"related": related("prior", claim=to("a"))}),
        ({}, {"related": related("replaces", claim={"reference": "Claim/a"})}),
        ({"identifier": NAMED}, {"related": related("prior", reference=NAMED[0])}),
        ({"identifier": NAMED}, {"related": related("prior", reference={"value": "7"})}),
        (
            {"claim": {"reference": "Claim/1"}},
            {"related": related("prior", claim={"reference": "Claim/1"})},
        ),
        (
            {"related": related("replacedby", claim=to("b"))},
            {"related": related("prior", claim=to("a"))},
        ),
    ],
)
def test_of_an_adjusted_claim_the_successor_counts_once(old: Json, new: Json, days: int) -> None:
    claims = [claim("a", DAY, 37 - days, **old), claim("b", DAY, days, **new)]
    expected = "met" if days == 30 else "not_met"
    assert truth(twin(claims), TRIAL) == expected
    assert truth(twin(claims[::-1]), TRIAL) == expected


def test_of_a_chain_the_newest_counts() -> None:
    claims = [
        claim("a", DAY, 30, related=related("replacedby", claim=to("b"))),
        claim("b", DAY, 60, related=related("replacedby", claim=to("c"))),
        claim("c", DAY, 7),
    ]
    assert node(twin(claims), TRIAL)["miss"] == "7 of 28 days"
    assert truth(twin(claims[:2]), TRIAL) == "unknown"


@pytest.mark.parametrize(
    "successor",
    [
        claim("b", DAY, 30, **DENIED),
        claim("b", DAY, 30, status="cancelled"),
        claim("b", DAY, 30, related=related("replacedby", claim=to("a")), status="cancelled"),
    ],
)
def test_a_successor_that_does_not_stand_leaves_the_older_claim_open(successor: Json) -> None:
    old = claim("a", DAY, 30, related=related("replacedby", claim=to("b")))
    assert truth(twin([old, successor]), TRIAL) == "unknown"


def test_claims_that_replace_each_other_are_open() -> None:
    claims = [
        claim(a, DAY, 30, related=related("replacedby", claim=to(b))) for a, b in ("ab", "ba")
    ]
    assert truth(twin(claims), TRIAL) == "unknown"


def test_a_claim_replaced_by_one_for_another_drug_is_no_fill() -> None:
    old = claim("a", DAY, 30, related=related("replacedby", claim=to("b")))
    assert truth(twin([old, claim("b", DAY, 30, METFORMIN)]), TRIAL) == "not_met"


@pytest.mark.parametrize("relationship", ["prior", "associated"])
def test_a_refill_that_names_the_fill_before_it_still_counts(relationship: str) -> None:
    claims = [
        claim("a", "2026-07-05", 14),
        claim("b", "2026-08-05", 28, related=related(relationship, claim=to("a"))),
    ]
    assert truth(twin(claims), TRIAL) == "met"


def test_two_that_are_related_in_an_unknown_way_are_open() -> None:
    claims = [claim("a", DAY, 30), claim("b", DAY, 7, related=related(None, claim=to("a")))]
    assert truth(twin(claims), TRIAL) == "unknown"


def test_a_claim_sent_under_two_ids_counts_once() -> None:
    claims = [claim(id_, DAY, 14, identifier=NAMED) for id_ in "ab"]
    assert node(twin(claims), TRIAL)["truth"] == "not_met"
    assert truth(twin([claim(id_, DAY, 14) for id_ in "ab"]), TRIAL) == "unknown"
    refills = [claim(day, day, 14, identifier=NAMED) for day in ("2026-08-05", "2026-08-19")]
    assert truth(twin(refills), TRIAL) == "met", (
        "a prescription's number is that of its refills too"
    )


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, "met"),
        ({"quantity": {"value": 0}}, "unknown"),
        ({"status": "unknown"}, "unknown"),
        ({"statusReasonCodeableConcept": concept({"code": "frr01"})}, "unknown"),
        ({"status": "entered-in-error"}, "not_met"),
        ({"status": "declined"}, "not_met"),
    ],
)
def test_reversal_of_a_dispense_is_read(more: Json, expected: str) -> None:
    assert truth(twin([], [dispense("d", DAY, 30, **more)]), TRIAL) == expected


def test_a_dispense_confirms_a_claim_that_is_open() -> None:
    empty = claim("a", DAY, 30, item={"quantity": {"value": 0}})
    assert truth(twin([empty], [dispense("d", DAY, 30)]), TRIAL) == "met"


@pytest.mark.parametrize(
    ("first", "second", "day", "expected"),
    [
        (CLOBETASOL, OINTMENT, DAY, "unknown"),
        (CLOBETASOL, OINTMENT, "2026-08-10", "unknown"),
        (CLOBETASOL, OINTMENT, "2026-08-19", "met"),
        (CLOBETASOL, BRAND, "2026-08-10", "met"),
        (CLOBETASOL, CLOBETASOL, "2026-08-10", "met"),
    ],
)
def test_two_products_run_together_and_refills_of_one_are_carried(
    first: Json, second: Json, day: str, expected: str
) -> None:
    found = node(twin([claim("a", DAY, 14, first), claim("b", day, 14, second)]), TRIAL)
    assert found["truth"] == expected
    assert bool(found.get("notes")) is (expected == "unknown")


def test_two_products_in_hand_may_be_used_up_one_after_the_other() -> None:
    other = {"system": RXNORM, "code": "1921240"}
    claims = [claim("a", "2026-10-20", 28, ADALIMUMAB), claim("b", "2026-10-20", 28, other)]
    assert truth(twin(claims), NO_OTHER) == "unknown"
    assert truth(twin(claims[:1]), NO_OTHER) == "met"


@pytest.mark.parametrize(
    ("claims", "path"),
    [
        ([claim("a", "2026-03-01", 28, DUPILUMAB)], "unknown"),
        ([claim("a", "2026-03-01", 28, DUPILUMAB, **DENIED)], "initial"),
        (
            [claim("a", "2026-03-01", 28, DUPILUMAB), claim("b", "2026-03-01", -28, DUPILUMAB)],
            "initial",
        ),
        ([claim("a", "2026-03-01", 28, DUPILUMAB, item={"quantity": {"value": 0}})], "unknown"),
    ],
)
def test_reversed_claim_is_no_sign_of_earlier_treatment(claims: list[Json], path: str) -> None:
    assert twin(claims)["path"] == path


def session(day: int, **more: Any) -> Json:
    """A session of phototherapy on a doctor's claim."""
    light = {"system": "http://www.ama-assn.org/go/cpt", "code": "96910"}
    month, of = divmod(day, 28)
    one = claim(f"s{day}", f"2026-{8 + month:02}-{of + 1:02}", None, light, **more)
    return {**one, "type": concept({"code": "professional"})}


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ({}, "unknown"),
        (DENIED, "not_met"),
        ({"related": related("replacedby", claim=to("gone"))}, "unknown"),
        ({"item": {"quantity": {"value": -1}}}, "not_met"),
    ],
)
def test_reversal_of_a_session_is_read(last: Json, expected: str) -> None:
    days = [session(day) for day in range(0, 77, 7)]
    found = node(twin([*days, session(98, **last)]), SESSIONS)
    assert found["truth"] == expected


def test_reversal_of_a_steroid_course_is_read() -> None:
    base = "guard-burst-days-minus-5"
    held = recorded(base, "claims")
    first, second = (one for one in held if "prednisone" in str(one) and "-5" not in str(one))
    others = [one for one in held if "prednisone" not in str(one)]

    def bursts(*courses: Json) -> str | None:
        return truth(twin([*others, *courses], base=base), BURSTS)

    assert bursts(first, second) == "met"
    assert bursts(first, {**second, **DENIED}) == "not_met"
    assert (
        bursts(first, {**second, "related": related("replacedby", claim=to("gone"))}) == "unknown"
    )
    successor = {**second, "id": "new", "related": related("prior", claim=to(second["id"]))}
    assert bursts(first, second, successor) == "met"
    assert bursts(second, successor) == "not_met"
