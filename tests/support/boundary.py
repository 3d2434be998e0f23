"""Boundary patients of the shipped policy: one leaf at a time, and what the engine answers."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any

from support.cases.run import library

from service.advise import Advice, advise
from service.boundary.boundary_cases import MAKERS
from service.boundary.boundary_patient import Scene, Variant, judging_day
from service.boundary.codes_of_sets import CodesOfSets
from service.cases.case_files import Expected, WrittenCase
from service.cases.case_words import CaseContext
from service.cases.given import client, request
from service.cases.judged_cases import differences, twin
from service.cds.request import AsOf, parse_hook_request
from service.policy.model import Criterion, leaves

POLICY = library().policies[0]
HOOKS = frozenset({"order-sign"})
Json = dict[str, Any]


@cache
def codes() -> CodesOfSets:
    """The codes of the shipped value sets, with a word for the weight."""
    made = CodesOfSets(library())
    made.call("weight", "lab.body_weight")
    return made


def scene(indication: str, path: str, today: date | None = None) -> Scene:
    """The patients of one disease and path."""
    day = today or judging_day(POLICY)
    return Scene(library(), codes(), POLICY, POLICY.indications[indication], path, day)  # type: ignore[arg-type]


def leaf(of: Scene, id_: str) -> Criterion:
    """A criterion without parts."""
    return next(one for tree in of.trees() for one in leaves(tree) if one.id == id_)


def variants(indication: str, path: str, id_: str) -> tuple[Scene, list[Variant]]:
    """The patients of one leaf."""
    of = scene(indication, path)
    asked = leaf(of, id_)
    assert asked.operator is not None
    return of, list(MAKERS[type(asked.operator)](of, asked, asked.operator))


def wrong(of: Scene, variant: Variant) -> list[str]:
    """Where the engine's answer is not what was announced."""
    expect = {
        variant.criterion: Expected(str(variant.truth), variant.reason and str(variant.reason))
    }
    given: dict[str, Any] = variant.given
    case = WrittenCase("generated", variant.why, of.today, given, expect, {}, None)
    return differences(case, twin(case, library(), codes().words({})))


def all_announced(indication: str, path: str, id_: str) -> set[str]:
    """The cells of a leaf, each judged as announced."""
    of, made = variants(indication, path, id_)
    assert [line for one in made for line in wrong(of, one)] == []
    return {str(one.reason or one.truth) for one in made}


def answered(indication: str, path: str, ids: Sequence[str]) -> Iterator[tuple[Json, Advice]]:
    """Request and answer of each patient of these leaves."""
    for id_ in ids:
        of, made = variants(indication, path, id_)
        for one in made:
            at = CaseContext(of.today, codes().words({}))
            sent = request(one.given, at)
            hook, as_of = parse_hook_request(sent, HOOKS), AsOf("day", of.today)
            yield sent, advise(library(), hook, client(one.given, at), as_of)
