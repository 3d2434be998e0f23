"""Every boundary of a policy as a case: each leaf of each disease and path, with what must come out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.boundary.boundary_patient import Scene, Variant, judging_day
from service.boundary.codes_of_sets import CodesOfSets
from service.boundary.leaf_dose import dose_trend, regimen
from service.boundary.leaf_episodes import episodes, fewer
from service.boundary.leaf_records import (
    approved_before,
    network_pharmacy,
    not_encoded,
    recorded,
    specialty,
)
from service.boundary.leaf_supply import supply
from service.boundary.leaf_therapies import (
    at_most_one_of,
    excluded,
    exposed_for,
    sessions,
    stopped,
    trial_outcome,
)
from service.boundary.leaf_trend import trend
from service.boundary.leaf_values import compare
from service.boundary.silent_sources import stated, statement
from service.cases.case_files import Expected, WrittenCase
from service.cases.case_words import CaseWords
from service.library import Library
from service.policy import operators as op
from service.policy.model import Criterion, Policy, leaves
from service.policy.operators import Operator
from service.policy.truth import Truth

MAKERS: Mapping[type[Operator], Callable[[Scene, Criterion, Any], Iterator[Variant]]] = {
    op.ApprovedBefore: approved_before,
    op.AtMostOneOf: at_most_one_of,
    op.Compare: compare,
    op.DoseTrend: dose_trend,
    op.Episodes: episodes,
    op.Excluded: excluded,
    op.ExposedFor: exposed_for,
    op.Fewer: fewer,
    op.NetworkPharmacy: network_pharmacy,
    op.NotEncoded: not_encoded,
    op.Recorded: recorded,
    op.Regimen: regimen,
    op.Sessions: sessions,
    op.Specialty: specialty,
    op.Statement: statement,
    op.Stopped: stopped,
    op.Supply: supply,
    op.TrialOutcome: trial_outcome,
    op.Trend: trend,
}


@dataclass(frozen=True)
class BoundaryCase:
    """One patient on one side of one boundary, and what must come out of it."""

    name: str
    indication: str
    path: str
    criterion: str
    truth: str
    reason: str | None
    why: str
    case: WrittenCase


def boundary_cases(
    library: Library, policy: Policy, today: date | None = None
) -> tuple[list[BoundaryCase], CaseWords]:
    """The cases of every boundary of a policy, in the order of its documents, and their words."""
    codes = CodesOfSets(library)
    day = today or judging_day(policy)
    if label := library.knowledge.labels.get(policy.drug):
        codes.call("weight", library.knowledge.facts[label.asked.weight].value_sets[0])
    cases = []
    for indication in policy.indications.values():
        if indication.not_encoded:
            continue
        for path in ("initial", "renewal"):
            scene = Scene(library, codes, policy, indication, path, day)
            cases += [_case(scene, n, v) for n, v in enumerate(_variants(scene), 1)]
    return cases, codes.words({})


def _variants(scene: Scene) -> Iterator[Variant]:
    for tree in scene.trees():
        for leaf in leaves(tree):
            yield from _of_leaf(scene, leaf)


def _of_leaf(scene: Scene, leaf: Criterion) -> Iterator[Variant]:
    if leaf.operator is None:
        return
    made = list(MAKERS[type(leaf.operator)](scene, leaf, leaf.operator))
    yield from made
    met = next((one.given for one in made if one.truth is Truth.MET), None)
    silent = scene.patient()
    if isinstance(
        leaf.operator, op.ApprovedBefore
    ):  # of a patient on the drug it is the path itself
        silent |= {"claims": scene.on_drug(), "approvals": [], "authorizations_held": "no"}
    yield from stated(scene, leaf, silent, met)


def _case(scene: Scene, number: int, variant: Variant) -> BoundaryCase:
    reason = str(variant.reason) if variant.reason else None
    truth = str(variant.truth)
    name = f"{scene.indication.id}-{scene.path}-{number:04}"
    cell = reason or truth
    says = f"{name} {variant.criterion} is {cell}: {variant.why}"
    expect = {variant.criterion: Expected(truth, reason)}
    whole = dict(variant.expect)
    case = WrittenCase(name, says, scene.today, variant.given, expect, whole, None)
    return BoundaryCase(
        name, scene.indication.id, scene.path, variant.criterion, truth, reason, variant.why, case
    )
