"""No criterion without cases: each is seen met, not met and unknown, or it is said why it cannot be."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain

import pytest
from cases.run import Case, all_cases, by_id, library, twin

from service.policy.criterion import Criterion, Op, walk
from service.policy.model import Policy

LIVE = "the criteria are judged only once the order or an active diagnosis names the disease"
SILENT = "a value that is not recorded never means that there is none"
REVIEW = "found or not, the answer is the reviewer's: it is never met by itself"
DIFFERS = "the record always shows the diagnosis here, so a stated no is a conflict"
PATH = "not approved before is the initial path, on which this criterion does not stand"
COUNTER = "sold without a prescription: claims never show that there was none (A24)"
STABLE = "a stable course alone is the reviewer's (A38)"
OPEN_LIST = "an open list of therapies and an undefined compliance: less is the reviewer's (A39)"
DISEASES = ("asthma.initial.diagnosis.disease", "crswnp.initial.diagnosis.disease")
DISEASES += ("copd.initial.diagnosis", "eoe.initial.diagnosis", "pn.initial.diagnosis")
DISEASES += tuple(f"{one}.renewal.diagnosis" for one in ("copd", "crswnp", "eoe", "pn"))
IMPOSSIBLE = {(one, truth): LIVE for one in DISEASES for truth in ("not_met", "unknown")}
IMPOSSIBLE |= {
    ("asthma.initial.phenotype.ocs_dependent.diagnosis", "not_met"): SILENT,
    ("asthma.initial.phenotype.ocs_dependent.supply", "met"): REVIEW,
    ("copd.initial.lama_laba.one_excluded.no_lama.lama", "not_met"): SILENT,
    ("copd.initial.lama_laba.one_excluded.no_laba.laba", "not_met"): SILENT,
    ("copd.initial.lama_laba.one_excluded.no_lama.laba", "met"): REVIEW,
    ("copd.initial.lama_laba.one_excluded.no_laba.lama", "met"): REVIEW,
    ("asthma.renewal.response.stable", "met"): STABLE,
    ("copd.renewal.response.stable", "met"): STABLE,
    ("asthma.renewal.controller.treated", "not_met"): OPEN_LIST,
    ("asthma.renewal.controller.compliant", "not_met"): OPEN_LIST,
    ("copd.renewal.maintenance.treated", "not_met"): OPEN_LIST,
    ("copd.renewal.maintenance.compliant", "not_met"): OPEN_LIST,
    ("asthma.renewal.diagnosis", "not_met"): DIFFERS,
    ("crswnp.initial.incs.failed4w.supply", "not_met"): COUNTER,
    ("eoe.initial.drug_trial.ppi8w.supply", "not_met"): COUNTER,
    ("ad.initial.diagnosis.disease", "not_met"): LIVE,
    ("ad.initial.diagnosis.disease", "unknown"): LIVE,
    ("ad.initial.trial.systemic_or_phototherapy.phototherapy.supply", "met"): REVIEW,
    ("ad.initial.trial.systemic_or_phototherapy.oral_jak.supply", "met"): REVIEW,
    ("ad.initial.baseline_symptoms.pruritus", "not_met"): SILENT,
    ("ad.initial.baseline_symptoms.signs", "not_met"): SILENT,
    ("ad.renewal.diagnosis", "not_met"): DIFFERS,
    ("common.initial.no_concurrent_immunomodulator.topical_jak", "met"): REVIEW,
    ("common.renewal.no_concurrent_immunomodulator.topical_jak", "met"): REVIEW,
    ("common.renewal.no_concurrent_immunomodulator.not_listed", "met"): REVIEW,
    ("common.renewal.previously_approved", "not_met"): PATH,
}


def _policies() -> Iterator[Policy]:
    yield from library().policies


def _asked(policy: Policy) -> Iterator[str]:
    """The ids of every leaf and of every group that a statement can settle."""
    about = policy.indications.values()
    trees = [tree for one in about if not one.not_encoded for tree in (one.initial, one.renewal)]
    for tree in chain(trees, policy.common_initial, policy.common_renewal):
        if tree is not None:
            yield from (one.id for one in walk(tree) if _is_asked(one))


def _encoded() -> Iterator[str]:
    for policy in _policies():
        yield from (id_ for id_, one in policy.indications.items() if not one.not_encoded)


def _is_asked(criterion: Criterion) -> bool:
    return criterion.op is Op.LEAF or criterion.statement is not None


def _folder(policy: Policy) -> str:
    return f"{policy.payer}/{policy.drug}/{policy.effective.isoformat()}/"


def _seen(cases: list[Case], folder: str) -> dict[str, set[str]]:
    """Truths by id; a disputed case shows nothing until it is settled."""
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for case in cases:
        if case.file.startswith(folder) and not case.disputed:
            for id_, expected in case.expect.items():
                seen[id_].add(expected.truth)
    return seen


CASES = all_cases()
WANTED = [
    pytest.param(policy, id_, truth, id=f"{_folder(policy)}{id_}: {truth}")
    for policy in _policies()
    for id_ in dict.fromkeys(_asked(policy))
    for truth in ("met", "not_met", "unknown")
]


@pytest.mark.parametrize(("policy", "id_", "truth"), WANTED)
def test_some_case_shows_it(policy: Policy, id_: str, truth: str) -> None:
    shown = truth in _seen(CASES, _folder(policy))[id_]
    if (id_, truth) in IMPOSSIBLE:
        assert not shown, f"{id_} is shown {truth}: strike it from the impossible ones"
    else:
        assert shown, f"no case of {_folder(policy)} expects {id_} to be {truth}"


@pytest.mark.parametrize("policy", list(_policies()), ids=_folder)
def test_every_version_has_cases_of_every_file(policy: Policy) -> None:
    encoded = [id_ for id_, one in policy.indications.items() if not one.not_encoded]
    wanted = {f"{_folder(policy)}{name}" for name in ("common", *encoded)}
    # One file beside each of the mappings, or a folder of the same name with a file per path.
    held = {name for case in CASES for name in _names(case.file)}
    assert wanted - held == set()


def _names(file: str) -> tuple[str, str]:
    return file.removesuffix(".yaml"), file.rpartition("/")[0]


def test_what_is_impossible_is_asked_at_all() -> None:
    asked = {id_ for policy in _policies() for id_ in _asked(policy)}
    assert {id_ for id_, _ in IMPOSSIBLE} <= asked


@pytest.mark.parametrize("path", ["initial", "renewal", "unknown"])
@pytest.mark.parametrize("indication", sorted({*_encoded()}))
def test_every_leaf_stands_exactly_once(indication: str, path: str) -> None:
    case = next(
        one
        for one in CASES
        if one.whole.get("path") == path
        and "outcome" not in one.whole
        and any(id_.startswith(f"{indication}.") for id_ in one.expect)
    )
    said = twin(case, library())
    ids = [one["id"] for one in _flat(said["criteria"])]
    policy = next(one for one in _policies() if one.id == said["policy"]["id"])
    paths = (path,) if path != "unknown" else ("initial", "renewal")
    starts = tuple(f"{about}.{one}." for about in (indication, "common") for one in paths)
    wanted = {id_ for id_ in _asked(policy) if id_.startswith(starts)}
    assert sorted(id_ for id_ in ids if id_ in wanted) == sorted(wanted)
    assert len(ids) == len(by_id(said))


def _flat(nodes: list[dict[str, object]]) -> Iterator[dict[str, object]]:
    for node in nodes:
        yield node
        children = node.get("children", [])
        yield from _flat(children if isinstance(children, list) else [])
