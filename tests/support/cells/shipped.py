"""What each leaf of a shipped policy can come to, and what a case may not show of it."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from support.cases.run import Case, Json, by_id, library
from support.cells.possible import NEVER, possible
from support.cells.rules import Known

from service.policy.model import Criterion, Op, Policy
from service.policy.operators import NotEncoded

PATH = "not approved before is the initial path, on which this criterion does not stand"
NO_DRUG = "phototherapy is no drug: no order of it says why it was stopped"
ITSELF = "the statement is all that is asked, and nothing else can be against it"
# What a leaf could come to by the rules of `cells.possible`, and why it never does.
IMPOSSIBLE = {
    ("common.renewal.previously_approved", "not_met"): PATH,
    ("ad.initial.trial.systemic_or_phototherapy.phototherapy.outcome", "review"): NO_DRUG,
    ("asthma.initial.phenotype.eosinophilic.type.stated", "conflict"): ITSELF,
}


def folder(policy: Policy) -> str:
    """Below which folder of tests/cases/policies the cases of a version lie."""
    return f"{policy.payer}/{policy.drug}/{policy.effective.isoformat()}/"


def criteria(policy: Policy) -> Iterator[Criterion]:
    """Every criterion of a version but those of diseases that it does not encode."""
    return (one for one in policy.criteria() if not isinstance(one.operator, NotEncoded))


@cache
def _known() -> Known:
    return Known(library())


def leaves(policy: Policy) -> dict[str, set[str]]:
    """What each leaf can come to; a leaf of `one_class` what it can with one of its classes."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for one in criteria(policy):
        if one.op is Op.LEAF:
            found[one.id] |= possible(one, _known())
    return found


@cache
def _leaves_below(file: str) -> dict[str, set[str]]:
    """The leaves of the version that the cases of a file are about."""
    (policy,) = (one for one in library().policies if file.startswith(folder(one)))
    return leaves(policy)


def shown_impossible(case: Case, said: Json) -> list[str]:
    """Each cell that the answer to a case shows although it should be impossible."""
    possible_of, wrong = _leaves_below(case.file), []
    for id_, node in by_id(said).items():
        cell = node["reason"] or node["truth"]
        if id_ in possible_of and (cell not in possible_of[id_] or (id_, cell) in IMPOSSIBLE):
            why = IMPOSSIBLE.get((id_, cell), NEVER[cell])
            wrong.append(f"{id_} is shown {cell}, though {why}")
    return wrong
