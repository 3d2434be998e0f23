"""A reader of criteria with a few facts and value sets, for tests of the language."""

from collections.abc import Mapping
from typing import Any

from service.errors import Mistake
from service.library.criteria.scope import CriterionReader, Definition, Names
from service.library.documents.yaml import Document
from service.library.policies.policy_head import head_for
from service.library.shapes import FactShape, RegimenShape, ValueSetShape

EVIDENCE = {"claims": ("claim", "dispense")}


def fact(name: str, kind: str, **more: Any) -> FactShape:
    """A fact document with the keys that every fact has."""
    words = dict.fromkeys(("says", "label", "supply"), "x")
    return FactShape.model_validate({**words, "fact": name, "kind": kind, "way": "data", **more})


def value_set(name: str, kind: str, *ingredients: str) -> ValueSetShape:
    """A value set with a code for each ingredient."""
    codes = [
        {"code": str(number), "display": ingredient, "ingredient": ingredient}
        for number, ingredient in enumerate(ingredients)
    ]
    data = {"value_set": name, "kind": kind, "says": f"{name} says", "source": {}}
    return ValueSetShape.model_validate({**data, "codes": {"http://x": codes}})


FACTS = {
    "easi": fact("easi", "quantity", unit="points", range=[0, 72]),
    "disease": fact("disease", "diagnosis"),
    "flares": fact("flares", "episodes"),
    "age": fact("age", "age"),
}
SETS = {
    "steroid": value_set("steroid", "therapy_class", "mometasone", "fluticasone"),
    "tci": value_set("tci", "therapy_class", "tacrolimus"),
    "drug": value_set("drug", "drug", "drug"),
    "dermatologist": value_set("dermatologist", "specialty"),
    "reason.allergy": value_set("reason.allergy", "reason"),
}


def reader(
    *,
    dosed: frozenset[str] = frozenset(),
    regimens: Mapping[str, RegimenShape] | None = None,
    definitions: Mapping[str, Definition] | None = None,
) -> CriterionReader:
    """Reads criteria of the file `ad` of a policy for `drug`; its mistakes begin empty."""
    nothing: frozenset[str] = frozenset()
    names = Names(FACTS, SETS, regimens or {}, nothing, nothing, nothing, dosed)
    mistakes: list[Mistake] = []
    head = head_for("drug").model_copy(update={"accepts": EVIDENCE})
    return CriterionReader(
        Document("ad.yaml"), "ad", head, names, mistakes, definitions=definitions or {}
    )


def messages(read_with: CriterionReader) -> list[str]:
    """What was wrong, without its place."""
    return [mistake.what for mistake in read_with.mistakes]
