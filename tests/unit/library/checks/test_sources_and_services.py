"""What the program needs of units, services and payers, and names that collide."""

from typing import Any

from service.library.checks.sources_and_services import (
    UNITS_NEEDED,
    check_payers,
    check_services,
    check_units,
)
from service.library.documents.folders import Shelf
from service.library.documents.yaml import Document
from service.library.shapes import (
    PayerShape,
    ServiceShape,
    SourceShape,
    UnitsShape,
    ValueSetShape,
)

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
    return [one.what for one in check_payers(Shelf(made))]


def test_payers_share_no_name_however_it_is_written() -> None:
    first = {"payer": "a", "name": "Blue & Green"}
    assert payers(first, {"payer": "b", "name": "Blue Red"}) == []
    assert payers(first, {"payer": "b", "name": "BLUE-and-green"}) == [
        "'BLUE-and-green' names the payer 'a' too (a.yaml:1); strike it where it is wrong"
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


def services(drugs: list[str], prefetch: list[str]) -> list[str]:
    words = dict.fromkeys(("service", "title", "description"), "x")
    data = {**words, "hook": "order-sign", "drugs": drugs, "prefetch": prefetch}
    shelf = Shelf({"x": (Document("x.yaml", data), ServiceShape.model_validate(data))})
    sources: Shelf[SourceShape] = Shelf(unsound={"conditions"})
    sets = Shelf(
        {
            name: (
                Document(name),
                ValueSetShape.model_validate(
                    {"value_set": name, "kind": kind, "says": "x", "source": {}}
                ),
            )
            for name, kind in (("dupilumab", "drug"), ("tci", "therapy_class"))
        }
    )
    return [one.what for one in check_services(shelf, sources, sets)]


def test_service_names_drugs_and_sources_that_are_there() -> None:
    assert services(["dupilumab"], ["conditions"]) == []
    assert services(["dupilumb"], ["conditions"]) == [
        "'dupilumb' is not known; did you mean 'dupilumab'?"
    ]
    assert services(["tci"], ["claims"]) == ["'claims' is not known", "'tci' is no drug"]
