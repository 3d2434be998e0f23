"""Which coverage counts, and what is said of the others."""

from dataclasses import replace
from typing import Any

import pytest
from support.asking import ACT, BCBSMS, answered, bundle, changed, library, order, twin

Json = dict[str, Any]
AETNA = {"display": "Aetna"}
ENDED = {"start": "2020-01-01", "end": "2023-12-31"}


def coverage(id_: str, payor: Json | list[Json], **more: Any) -> Json:
    """An active coverage of the patient."""
    return {
        "resourceType": "Coverage",
        "id": id_,
        "status": "active",
        "beneficiary": {"reference": "Patient/elm"},
        "payor": payor if isinstance(payor, list) else [payor],
        **more,
    }


def typed(system: str | None, code: str, **more: Any) -> Json:
    """A type of one code."""
    return {"coding": [{"code": code, **({"system": system} if system else {}), **more}]}


def insured(*coverages: Json, names: str | None = None) -> Json:
    """A request that meets all, with these coverages in place of its own."""

    def change(body: Json) -> None:
        body["prefetch"]["coverage"] = bundle(coverages)
        order(body).pop("insurance", None)
        if names:
            order(body)["insurance"] = [{"reference": f"Coverage/{names}"}]

    return changed(change)


def uses(found: Json) -> dict[str, str]:
    """What each coverage has to do with the answer."""
    return {one["payer"]: one["use"] for one in found.get("coverages", [])}


PAYING = {
    "no type": {},
    "a drug policy": {"type": typed(ACT, "DRUGPOL")},
    "a PPO of two systems": {
        "type": {
            "coding": [
                {"system": "https://nahdo.org/sopt", "code": "512"},
                {"system": ACT, "code": "PPO"},
            ]
        }
    },
    "health and dental in one plan": {
        "type": {"coding": [{"system": ACT, "code": "DENTAL"}, {"system": ACT, "code": "HIP"}]}
    },
    "words for all of it": {"type": {"text": "Medical, dental and vision"}},
    "a type that nobody knows": {"type": typed("https://example.org/plans", "GOLD")},
    "an employer that is a dentist": {
        "class": [{"type": typed(None, "group"), "value": "7", "name": "Smile Dental Group"}]
    },
}


@pytest.mark.parametrize("more", PAYING.values(), ids=PAYING.keys())
def test_a_plan_that_may_pay_for_drugs_decides(more: Json) -> None:
    found = twin(insured(coverage("c1", BCBSMS, **more)))
    assert (found["outcome"], found.get("coverages")) == ("met", None)


NOT_PAYING = {
    "a vision policy": {"type": typed(ACT, "VISPOL")},
    # pays for prescriptions of these diseases, not of ours
    "a mental health policy": {"type": typed(ACT, "MENTPOL")},
    "a policy of workers' compensation": {"type": typed(ACT, "WCBPOL")},
    "a policy for one disease": {"type": typed(ACT, "DISEASE")},
    "workers' compensation in words": {"type": {"text": "Workers' Compensation"}},
    "a dental policy beside a local code": {
        "type": {
            "coding": [
                {"system": ACT, "code": "DENTAL"},
                {"system": "https://example.org/plans", "code": "D7"},
            ]
        }
    },
    "a code without a system": {"type": typed(None, "DENTAL")},
    "dental by the payer typology": {"type": typed("https://nahdo.org/sopt", "561")},
    "its OID": {"type": typed("urn:oid:2.16.840.1.113883.3.221.5", "614")},
    "vision by an X12 service type": {
        "type": typed("https://codesystem.x12.org/005010/1365", "AL")
    },
    "words": {"type": {"text": "DENTAL PLAN"}},
    "a display beside a local code": {
        "type": typed("https://example.org/plans", "V", display="Vision plan")
    },
    "the name of the plan": {
        "class": [{"type": typed(None, "plan"), "value": "7", "name": "Blue Dental Plus"}]
    },
    "a life insurance": {"type": typed(ACT, "TLIFE")},
}


@pytest.mark.parametrize("more", NOT_PAYING.values(), ids=NOT_PAYING.keys())
def test_a_plan_that_pays_for_no_drugs_is_no_payer_of_them(more: Json) -> None:
    body = insured(coverage("c1", BCBSMS, **more))
    found = twin(body)
    assert (found["outcome"], found["reason"]) == ("no_policy", "payer_not_supplied")
    assert list(uses(found).values()) == ["no_drugs"]
    card, *_ = answered(body).cards
    assert "pays for no drugs" in card["detail"]
    assert "could not be read" not in card["summary"]


@pytest.mark.parametrize("more", NOT_PAYING.values(), ids=NOT_PAYING.keys())
def test_plan_without_drugs_is_passed_over_for_one_with_drugs(more: Json) -> None:
    found = twin(insured(coverage("c0", AETNA, **more), coverage("c1", BCBSMS)))
    assert (found["outcome"], uses(found)["Aetna"]) == ("met", "no_drugs")
    other = twin(insured(coverage("c0", BCBSMS, **more), coverage("c1", AETNA)))
    assert (other["outcome"], other["reason"]) == ("no_policy", None)


def test_the_primary_payer_decides_wherever_it_stands() -> None:
    first, second = coverage("c1", AETNA, order=1), coverage("c2", BCBSMS, order=2)
    for body in (insured(first, second), insured(second, first)):
        found = twin(body)
        assert (found["outcome"], found["policy"]) == ("no_policy", None)
        assert uses(found)[BCBSMS["display"]] == "second"
        assert "Second payer: Blue Cross" in answered(body).cards[0]["detail"]


def test_a_second_payer_is_named() -> None:
    body = insured(coverage("c1", AETNA, order=2), coverage("c2", BCBSMS, order=1))
    assert (twin(body)["outcome"], uses(twin(body))["Aetna"]) == ("met", "second")
    assert "Second payer: Aetna." in answered(body).cards[0]["detail"]


def test_coverage_without_a_rank_comes_before_the_second() -> None:
    found = twin(insured(coverage("c1", AETNA, order=2), coverage("c2", BCBSMS)))
    assert (found["outcome"], uses(found)["Aetna"]) == ("met", "second")


def test_other_active_payer_without_a_rank_is_named() -> None:
    body = insured(coverage("c1", AETNA), coverage("c2", BCBSMS))
    assert uses(twin(body)) == {"Aetna": "beside", BCBSMS["display"]: "decides"}
    assert "which payer comes first is not stated" in answered(body).cards[0]["detail"]


def test_two_known_payers_without_a_rank_are_a_question() -> None:
    ours = library().payers["bcbsms"]
    other = replace(ours, id="aetna", names=("Aetna",), identifiers=frozenset())
    documents = replace(library(), payers={**library().payers, "aetna": other})
    body = insured(coverage("c1", AETNA), coverage("c2", BCBSMS))
    found = twin(body, documents)
    assert (found["outcome"], found["awaits"], found["policy"]) == ("unknown", ["order"], None)
    assert "which payer comes first" in answered(body, documents).cards[0]["summary"]
    named = insured(coverage("c1", AETNA), coverage("c2", BCBSMS), names="c2")
    assert twin(named, documents)["outcome"] == "met"


LAPSED: dict[str, Json] = {
    "ended": {"period": ENDED},
    "ended in a month": {"period": {"start": "2020", "end": "2026-10"}},
    "cancelled": {"status": "cancelled"},
    "draft": {"status": "draft"},
}


@pytest.mark.parametrize("more", LAPSED.values(), ids=LAPSED.keys())
def test_an_active_one_decides_though_the_order_names_a_lapsed_one(more: Json) -> None:
    body = insured(coverage("old", AETNA, **more), coverage("c1", BCBSMS), names="old")
    assert twin(body)["outcome"] == "met"
    assert "Not used: the coverage by Aetna" in answered(body).cards[0]["detail"]


@pytest.mark.parametrize("more", LAPSED.values(), ids=LAPSED.keys())
def test_a_lapsed_one_alone_is_not_one_that_could_not_be_read(more: Json) -> None:
    body = insured(coverage("old", BCBSMS, **more))
    card, *_ = answered(body).cards
    assert twin(body)["outcome"] == "no_policy"
    assert "could not be read" not in card["summary"]
    assert "Not used: the coverage by Blue Cross" in card["detail"]


def test_a_lapsed_one_that_nobody_names_is_no_line_on_the_card() -> None:
    body = insured(coverage("old", AETNA, period=ENDED), coverage("c1", BCBSMS))
    assert "Aetna" not in answered(body).cards[0]["detail"]
    assert uses(twin(body))["Aetna"] == "ended"


def test_the_order_names_one_of_several_active_ones() -> None:
    first, second = coverage("c1", BCBSMS), coverage("c2", AETNA)
    assert twin(insured(first, second, names="c2"))["outcome"] == "no_policy"
    assert twin(insured(second, first, names="c1"))["outcome"] == "met"


def test_a_coverage_that_the_order_names_and_that_did_not_come_is_told() -> None:
    body = insured(coverage("c1", BCBSMS), names="c9")
    assert uses(twin(body)) == {BCBSMS["display"]: "decides", "Coverage/c9": "not_sent"}
    assert "which did not come" in answered(body).cards[0]["detail"]


def test_somebody_elses_coverage_is_not_ours() -> None:
    theirs = {**coverage("c1", BCBSMS), "beneficiary": {"reference": "Patient/other"}}
    assert twin(insured(theirs))["outcome"] == "no_policy"
    as_dependent = coverage(
        "c2",
        BCBSMS,
        subscriber={"reference": "Patient/other"},
        relationship=typed(None, "child"),
    )
    assert twin(insured(as_dependent))["outcome"] == "met"


PAYORS: dict[str, Json] = {
    "by identifier with a bare OID": {
        "payor": [{"identifier": {"system": "2.16.840.1.113883.6.300", "value": "60111"}}]
    },
    "by identifier on the reference": {
        "payor": [{"identifier": {"system": "urn:oid:2.16.840.1.113883.6.300", "value": "60111"}}]
    },
    "as a contained organization": {
        "contained": [{"resourceType": "Organization", "id": "o", "name": "BCBS of Mississippi"}],
        "payor": [{"reference": "#o"}],
    },
    "as one of two": {"payor": [AETNA, BCBSMS]},
    "after nothing that can be read": {"payor": [None, {}, BCBSMS]},
}


@pytest.mark.parametrize("more", PAYORS.values(), ids=PAYORS.keys())
def test_the_payer_is_found(more: Json) -> None:
    assert twin(insured({**coverage("c1", BCBSMS), **more}))["outcome"] == "met"


SELF_PAY: dict[str, Json] = {
    "the patient": {"payor": [{"reference": "Patient/elm"}]},
    "a relative": {"payor": [{"reference": "RelatedPerson/r1", "display": "Mother"}]},
    "in words": {"payor": [{"display": "SELF PAY"}]},
    "by type": {
        "type": typed("http://terminology.hl7.org/CodeSystem/coverage-selfpay", "pay"),
        "payor": [{"display": "Rowan Ashby"}],
    },
}


@pytest.mark.parametrize("more", SELF_PAY.values(), ids=SELF_PAY.keys())
def test_patient_who_pays_alone_has_no_insurer(more: Json) -> None:
    alone = {**coverage("c1", BCBSMS), **more}
    found = twin(insured(alone))
    assert (found["outcome"], list(uses(found).values())) == ("no_policy", ["self_pay"])
    assert twin(insured(alone, coverage("c2", BCBSMS)))["outcome"] == "met"


def test_a_coverage_that_nobody_understands_leaves_no_room_for_the_default_payer() -> None:
    client = replace(library().client("local"), default_payer="bcbsms")
    documents = replace(library(), clients={"local": client})
    assert twin(insured(), documents)["outcome"] == "met"
    odd = coverage("c1", AETNA, modifierExtension=[{"url": "https://example.org/not"}])
    assert twin(insured(odd), documents)["outcome"] == "no_policy"


@pytest.mark.parametrize(
    "more",
    [
        {"type": "dental", "payor": "x", "class": {"type": 3, "name": ["x"]}},
        {"type": [{"coding": {"code": 7}}], "payor": {"display": 3}, "order": "first"},
        {"type": {"coding": [None, "x", {"code": "DENTAL", "system": 3}]}, "period": "2026"},
        {"status": ["active"], "payor": [[BCBSMS]], "class": [None], "order": -1},
    ],
)
def test_malformed_coverage_is_no_error(more: Json) -> None:
    assert twin(insured({**coverage("c1", BCBSMS), **more}))["outcome"]


def without_status(one: Json) -> Json:
    return {key: value for key, value in one.items() if key != "status"}


STATUSES: dict[str, tuple[Any, str | None]] = {
    "active": ("active", "met"),
    "in capitals, with a blank": ("Active ", "met"),
    "as a concept": ({"coding": [{"code": "active"}]}, "met"),
    "null": (None, None),
    "a word that nobody knows": ("current-ish", None),
    "a number": (1, None),
    "both": (["active", "cancelled"], None),
    "draft": ("draft", None),
    "cancelled": ("cancelled", None),
    "inactive": ("inactive", None),
}


@pytest.mark.parametrize(("status", "outcome"), STATUSES.values(), ids=STATUSES)
def test_only_a_status_that_is_known_to_be_active_pays(status: Any, outcome: str | None) -> None:
    found = twin(insured(coverage("c", BCBSMS, status=status)))
    assert found["outcome"] == (outcome or "no_policy"), found


def test_a_coverage_without_a_status_is_a_question_where_it_decides() -> None:
    alone = twin(insured(without_status(coverage("c", BCBSMS))))
    assert (alone["outcome"], alone["reason"]) == ("no_policy", "payer_not_supplied")
    assert [*uses(alone).values()] == ["not_read"]
    # nothing hangs on it beside an active one of the same payer, or behind an active one
    both = twin(insured(coverage("c", BCBSMS), without_status(coverage("d", BCBSMS))))
    assert both["outcome"] == "met"
    behind = without_status(coverage("d", AETNA, order=2))
    assert twin(insured(coverage("c", BCBSMS, order=1), behind))["outcome"] == "met"
    before = without_status(coverage("d", AETNA, order=1))
    assert twin(insured(coverage("c", BCBSMS, order=2), before))["outcome"] != "met"
    # one that is surely over stays out
    over = coverage("d", AETNA, order=1, status="inactive")
    assert twin(insured(coverage("c", BCBSMS, order=2), over))["outcome"] == "met"
