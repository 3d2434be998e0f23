"""What nobody can read of a coverage, a payer or a prescriber is a question; what is sure stays sure."""

from typing import Any

import pytest
from record.payers.test_coverages import AETNA, coverage, insured, uses
from record.payers.test_specialists import SPECIALIST, coded, ordered_by
from support.asking import NUCC, answered, bundle, changed, order, truths, twin

Json = dict[str, Any]
NAIC = "urn:oid:2.16.840.1.113883.6.300"
OURS = "Blue Cross & Blue Shield of Mississippi"
BCBSMS = {"display": OURS}
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"


def unsaid(why: str) -> Json:
    return {"extension": [{"url": ABSENT, "valueCode": why}]}


PERIODS: dict[str, tuple[Any, bool]] = {
    "an end in American writing": ({"start": "2019-05-01", "end": "6/30/2025"}, False),
    "an end in words": ({"end": "until further notice"}, False),
    "an end that is not known": ({"start": "2019-05-01", "_end": unsaid("unknown")}, False),
    "a start in words": ({"start": "next enrollment"}, False),
    "no period at all": ("2019-2025", False),
    "an end that does not apply": ({"start": "2019", "_end": unsaid("not-applicable")}, True),
    "an end with a note beside it": (
        {"end": "2027-01-31", "_end": {"extension": [{"url": "urn:x", "valueString": "renewed"}]}},
        True,
    ),
    "no end": ({"start": "2019-05-01"}, True),
    "this year": ({"start": "2019", "end": "2026"}, True),
    "an empty one": ({}, True),
}


@pytest.mark.parametrize(("period", "counts"), PERIODS.values(), ids=PERIODS)
def test_a_coverage_counts_while_it_surely_holds(period: Any, counts: bool) -> None:
    found = twin(insured(coverage("c1", BCBSMS, period=period)))
    assert found["outcome"] == ("met" if counts else "no_policy")
    assert uses(found) == ({} if counts else {OURS: "not_read"})


def test_an_unread_period_that_is_over_by_its_other_end_is_over() -> None:
    over = coverage("c2", AETNA, order=1, period={"start": "?", "end": "2024-06-30"})
    found = twin(insured(coverage("c1", BCBSMS, order=2), over))
    assert found["outcome"] == "met"
    assert uses(found)["Aetna"] == "ended"


def test_a_first_coverage_that_may_be_over_leaves_open_who_decides() -> None:
    first = coverage("c2", AETNA, order=1, period={"end": "June"})
    found = twin(insured(coverage("c1", BCBSMS, order=2), first))
    assert (found["outcome"], found["reason"]) == ("no_policy", "payer_not_supplied")
    assert uses(found)["Aetna"] == "not_read"


def test_a_second_coverage_that_may_be_over_changes_nothing() -> None:
    second = coverage("c2", AETNA, order=2, period={"end": "June"})
    assert twin(insured(coverage("c1", BCBSMS, order=1), second))["outcome"] == "met"


def test_the_card_says_that_it_could_not_be_read() -> None:
    card, *_ = answered(insured(coverage("c1", BCBSMS, period={"end": "June"}))).cards
    assert "could not be read" in card["detail"]


def payer(reference: Json | None = None, **organization: Any) -> Json:
    """A request whose coverage refers to an organization of its own bundle."""
    payor = {"reference": "Organization/o1", **(reference or {})}
    of = {"resourceType": "Organization", "id": "o1", **organization}

    def change(body: Json) -> None:
        body["prefetch"]["coverage"] = bundle([coverage("c1", payor), of])
        order(body).pop("insurance", None)

    return changed(change)


def number(value: str, system: str = NAIC) -> list[Json]:
    return [{"system": system, "value": value}]


CONTRADICTED: dict[str, Json] = {
    "the number of another": payer(name="BCBSMS", identifier=number("22667")),
    "another's name on the coverage": payer({"display": "Humana Gold Plus"}, name="BCBSMS"),
    "another's name, our number": payer(name="Cigna Health and Life", identifier=number("60111")),
    "our name on another's number": payer({"display": "BCBSMS", "identifier": number("95885")[0]}),
    "an extension that may say anything": payer(
        BCBSMS, name="BCBSMS", modifierExtension=[{"url": "urn:not-this-one"}]
    ),
}


@pytest.mark.parametrize("body", CONTRADICTED.values(), ids=CONTRADICTED)
def test_a_payer_that_contradicts_itself_is_not_known(body: Json) -> None:
    assert twin(body)["reason"] == "payer_not_supplied"


AGREEING: dict[str, Json] = {
    "a short name beside the whole": payer({"display": "BC/BS of MS"}, name=OURS),
    "the name of a product": payer({"display": "Blue Primary PPO"}, name=OURS),
    "words that name nobody": payer({"display": "Primary insurance"}, name=OURS),
    "a member number of another system": payer(
        name=OURS, identifier=[*number("60111"), *number("640", "https://example.org/payers")]
    ),
    "two numbers of which one is ours": payer(identifier=[*number("60111"), *number("12345")]),
    "an unknown alias": payer(name=OURS, alias=["Magnolia"]),
}


@pytest.mark.parametrize("body", AGREEING.values(), ids=AGREEING)
def test_a_payer_in_other_words_stays_known(body: Json) -> None:
    assert twin(body)["outcome"] == "met"


DERMATOLOGY = coded("207N00000X", NUCC)


@pytest.mark.parametrize("period", [{"end": "31 Dec 2025"}, {"_end": unsaid("masked")}])
def test_a_role_counts_while_it_surely_lasts(period: Json) -> None:
    found = truths(twin(ordered_by({"specialty": DERMATOLOGY, "period": period})))
    assert found[SPECIALIST] == "unknown"


@pytest.mark.parametrize("period", [{"end": "31 Dec 2025"}, {"start": "2010"}])
def test_a_qualification_counts_while_it_is_surely_held(period: Json) -> None:
    held = [{"code": {"text": "Dermatology"}, "period": period}]
    found = truths(twin(ordered_by(qualification=held)))
    assert found[SPECIALIST] == ("met" if "start" in period else "unknown")


@pytest.mark.parametrize(
    ("active", "truth"), [(False, "unknown"), ("false", "unknown"), (True, "met"), (None, "met")]
)
def test_inactive_practitioner_has_no_specialty(active: object, truth: str) -> None:
    asked = ordered_by({"specialty": DERMATOLOGY, "active": True}, active=active)
    assert truths(twin(asked))[SPECIALIST] == truth


def test_inactive_role_named_by_the_order_has_no_specialty() -> None:
    asked = ordered_by({"specialty": DERMATOLOGY}, active=False)
    order(asked)["requester"] = {"reference": "PractitionerRole/r0"}
    assert truths(twin(asked))[SPECIALIST] == "unknown"
