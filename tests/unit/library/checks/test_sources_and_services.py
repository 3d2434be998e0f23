"""What the program needs of units, services and payers, and names that collide."""

from dataclasses import replace
from typing import Any

import pytest
from support.policies import indication, policy, question
from support.written_operators import written

from service.library.checks.sources_and_services import (
    UNITS_NEEDED,
    asked_of,
    check_needs,
    check_payers,
    check_services,
    check_units,
)
from service.library.documents.folders import Folder
from service.library.documents.yaml import Document
from service.library.shapes import (
    FactShape,
    PayerShape,
    ServiceShape,
    SourceShape,
    UnitsShape,
    ValueSetShape,
)
from service.policy.operators import ApprovedBefore, Compare, NotEncoded, Operator, Recorded, Supply

UNITS = [{"word": word} for word in UNITS_NEEDED]


def units(*more: dict[str, Any], words: list[dict[str, Any]] = UNITS) -> list[str]:
    shape = UnitsShape.model_validate({"source": "x", "units": [*words, *more]})
    return [one.what for one in check_units(shape)]


def test_units_are_all_there_once_with_factors_above_nothing() -> None:
    assert units({"word": "kg", "codes": {"g": 0.001}}) == []
    assert units({"word": "mg"}) == ["the unit 'mg' stands twice"]
    assert units(words=UNITS[1:]) == ["the unit 'mg' is missing; doses are counted in it"]
    assert units({"word": "kg", "codes": {"g": 0}}, {"word": "lb", "texts": {"st": -1}}) == [
        "the factor of 'g' to 'kg' is above 0",
        "the factor of 'st' to 'lb' is above 0",
    ]


def payers(*shapes: dict[str, Any]) -> list[str]:
    made = {}
    for given in shapes:
        data = {"source": "x", "short": given["name"], **given}
        file = f"{given['payer']}.yaml"
        made[given["payer"]] = (Document(file, data), PayerShape.model_validate(data))
    return [one.what for one in check_payers(Folder(made))]


def test_payers_share_no_name_however_it_is_written() -> None:
    first = {"payer": "a", "name": "Blue & Green"}
    assert payers(first, {"payer": "b", "name": "Blue Red"}) == []
    assert payers(first, {"payer": "b", "name": "BLUE-and-green"}) == [
        "'BLUE-and-green' names the payer 'a' too (a.yaml:1); strike it where it is wrong"
    ]
    assert payers(first, {"payer": "b", "name": "Blué & Grèen"}) == [
        "'Blué & Grèen' names the payer 'a' too (a.yaml:1); strike it where it is wrong"
    ]


def test_identifier_is_shared_only_in_one_system() -> None:
    def named(payer: str, system: str) -> dict[str, Any]:
        return {
            "payer": payer,
            "name": payer,
            "identifiers": [{"system": system, "value": "00570"}],
        }

    assert payers(named("one", "urn:a"), named("two", "urn:b")) == []
    assert payers(named("one", "urn:a"), named("two", "URN:A/")) == [
        "the identifier '00570' names the payer 'one' too (one.yaml:1); strike it where it is wrong"
    ]
    assert len(payers(named("one", "urn:oid:1.2"), named("two", "1.2"))) == 1


def services(drugs: list[str], prefetch: list[str]) -> list[str]:
    words = dict.fromkeys(("service", "title", "description"), "x")
    data = {**words, "hook": "order-sign", "drugs": drugs, "prefetch": prefetch}
    folder = Folder({"x": (Document("x.yaml", data), ServiceShape.model_validate(data))})
    sources: Folder[SourceShape] = Folder(unsound={"conditions"})
    sets = Folder(
        {
            name: (
                Document(name),
                ValueSetShape.model_validate(
                    {"value_set": name, "kind": kind, "says": "x", "source": {}, "codes": codes}
                ),
            )
            for name, kind, codes in (
                ("dupilumab", "drug", {"http://x": [{"code": "1", "display": "x"}]}),
                ("tci", "therapy_class", {}),
                ("in words", "drug", {}),
            )
        }
    )
    return [one.what for one in check_services(folder, sources, sets)]


def test_service_names_drugs_and_sources_that_are_there() -> None:
    assert services(["dupilumab"], ["conditions"]) == []
    assert services(["dupilumb"], ["conditions"]) == [
        "'dupilumb' is not known; did you mean 'dupilumab'?"
    ]
    assert services(["in words"], []) == [
        "'in words' has no codes under 'codes': no order could be read as one for it"
    ]
    assert services(["tci"], ["claims"]) == ["'claims' is not known", "'tci' is no drug"]


BSA = written(Compare, {"fact": "ad.bsa", "at_least": "10 % BSA"})


@pytest.mark.parametrize(
    ("operator", "names", "kinds"),
    [
        (BSA, ("ad.bsa",), ()),
        (replace(BSA, pick="baseline_if_treated"), ("ad.bsa",), ("supply",)),
        (Recorded(fact=("a", "b")), ("a", "b"), ()),
        (Supply(of=("ad.tci",)), (), ("supply",)),
        (ApprovedBefore(), (), ("approval",)),
        (NotEncoded(why="x"), (), ()),
    ],
)
def test_operator_names_facts_or_uses_those_of_a_kind(
    operator: Operator, names: tuple[str, ...], kinds: tuple[str, ...]
) -> None:
    assert asked_of(operator) == (names, kinds)


def folder(shape: Any, key: str, *all_given: dict[str, Any]) -> Folder[Any]:
    return Folder(
        {
            given[key]: (Document(f"{given[key]}.yaml", given), shape.model_validate(given))
            for given in all_given
        }
    )


def source(name: str, type_: str) -> dict[str, Any]:
    return {
        "source": name,
        "says": name,
        "type": type_,
        "kind": "record",
        "holds": "record",
        "search": "x",
    }


SOURCES: Folder[SourceShape] = folder(
    SourceShape, "source", source("patient", "Patient"), source("labs", "Observation")
)
FACTS: Folder[FactShape] = folder(
    FactShape,
    "fact",
    {
        **dict.fromkeys(("says", "label", "supply"), "x"),
        "fact": "ad.bsa",
        "kind": "quantity",
        "way": "data",
        "sources": [{"source": "labs", "nothing_found": "unknown", "why": "x"}],
    },
)
POLICY = policy(indication("ad", initial=question("ad.initial.bsa", BSA)))


def told(*prefetch: str, drug: str = "drug") -> list[str]:
    words = dict.fromkeys(("service", "title", "description"), "x")
    given = {**words, "hook": "order-sign", "drugs": [drug], "prefetch": list(prefetch)}
    services: Folder[ServiceShape] = folder(ServiceShape, "service", given)
    return [one.what for one in check_needs(services, [POLICY], FACTS, SOURCES)]


def test_service_that_prefetches_all_that_its_policies_need_is_right() -> None:
    assert told("patient", "labs") == []


def test_key_that_a_criterion_needs_is_missed() -> None:
    assert told("patient") == [
        "'labs' is missing: 'ad.initial.bsa' of payer/P-1 is looked for there"
    ]


def test_key_that_every_order_needs_is_missed() -> None:
    assert told("labs") == [
        "'patient' is missing: what every order of payer/P-1 is looked for there"
    ]


def test_service_for_another_drug_needs_nothing_of_the_policy() -> None:
    assert told(drug="other") == []
