"""No criterion without cases: each cell that it can come to is expected by a case.

The cells of a leaf are met, not met and each reason of an unknown; what it can come to is derived.
"""

from collections import defaultdict
from collections.abc import Iterator

import pytest
from support.cases.run import Case, all_cases, by_id, library, twin
from support.cells.possible import CELLS, NEVER, possible
from support.cells.rules import Known
from support.cells.table import Row, Table

from service.policy.criterion import Criterion, Op, walk
from service.policy.model import Policy

PATH = "not approved before is the initial path, on which this criterion does not stand"
NO_DRUG = "phototherapy is no drug: no order of it says why it was stopped"
ITSELF = "the statement is all that is asked, and nothing else can be against it"
# What a leaf could come to by the rules of `cells.possible`, and why it never does.
IMPOSSIBLE = {
    ("common.renewal.previously_approved", "not_met"): PATH,
    ("ad.initial.trial.systemic_or_phototherapy.phototherapy.outcome", "review"): NO_DRUG,
    ("asthma.initial.phenotype.eosinophilic.type.stated", "conflict"): ITSELF,
}


def _policies() -> Iterator[Policy]:
    yield from library().policies


def _criteria(policy: Policy) -> Iterator[Criterion]:
    """Every criterion of a version; those of `one_class` come once for each class."""
    trees = [*policy.common_initial, *policy.common_renewal]
    for one in policy.indications.values():
        trees += [tree for tree in (one.initial, one.renewal) if tree and not one.not_encoded]
    for tree in trees:
        yield from walk(tree)


def _asked(policy: Policy) -> Iterator[str]:
    """The ids of every leaf and of every group that a statement can settle."""
    return (one.id for one in _criteria(policy) if _is_asked(one))


def _leaves(policy: Policy) -> dict[str, set[str]]:
    """What each leaf can come to; a leaf of `one_class` what it can with one of its classes."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for one in _criteria(policy):
        if one.op is Op.LEAF:
            found[one.id] |= possible(one, KNOWN)
    return found


def _encoded() -> Iterator[str]:
    for policy in _policies():
        yield from (id_ for id_, one in policy.indications.items() if not one.not_encoded)


def _is_asked(criterion: Criterion) -> bool:
    return criterion.op is Op.LEAF or criterion.statement is not None


def _folder(policy: Policy) -> str:
    return f"{policy.payer}/{policy.drug}/{policy.effective.isoformat()}/"


def _expected(policy: Policy) -> dict[str, set[str]]:
    """Cells by id; a disputed case shows nothing until it is settled."""
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for case in _cases(policy):
        for id_, one in case.expect.items():
            seen[id_] |= {one.truth, one.reason or one.truth}
    return seen


def _cases(policy: Policy) -> Iterator[Case]:
    return (one for one in CASES if one.file.startswith(_folder(policy)) and not one.disputed)


KNOWN = Known(library())
CASES = all_cases()


@pytest.mark.parametrize("policy", list(_policies()), ids=_folder)
def test_every_cell_is_expected_by_a_case(policy: Policy, cells_table: Table) -> None:
    seen, missing = _expected(policy), []
    for id_, cells in _leaves(policy).items():
        wanted = {cell for cell in cells if (id_, cell) not in IMPOSSIBLE}
        missing += [f"{id_}: {cell}" for cell in CELLS if cell in wanted - seen[id_]]
        row = Row(1, len(wanted & seen[id_]), len(wanted), len(CELLS) - len(wanted))
        cells_table.add(f"{_folder(policy)}{id_.partition('.')[0]}", row)
    assert not missing, "no case expects\n" + "\n".join(missing)


@pytest.mark.parametrize("policy", list(_policies()), ids=_folder)
def test_no_case_shows_what_is_impossible(policy: Policy) -> None:
    leaves, wrong = _leaves(policy), []
    for case in _cases(policy):
        for id_, node in by_id(twin(case, library())).items():
            cell = node["reason"] or node["truth"]
            if id_ in leaves and (cell not in leaves[id_] or (id_, cell) in IMPOSSIBLE):
                why = IMPOSSIBLE.get((id_, cell), NEVER[cell])
                wrong.append(f"{id_} is shown {cell}, though {why}: {case.says}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("policy", list(_policies()), ids=_folder)
def test_a_group_that_a_statement_settles_is_seen_in_every_truth(policy: Policy) -> None:
    seen = _expected(policy)
    groups = [one for one in _criteria(policy) if one.op is not Op.LEAF and one.statement]
    wanted = {"met", "not_met", "unknown"}
    missing = [f"{one.id}: {truth}" for one in groups for truth in wanted - seen[one.id]]
    assert not missing, "no case expects\n" + "\n".join(missing)


def test_every_cell_says_why_it_may_be_impossible() -> None:
    assert set(NEVER) == set(CELLS)


@pytest.mark.parametrize("policy", list(_policies()), ids=_folder)
def test_every_version_has_cases_of_every_file(policy: Policy) -> None:
    encoded = [id_ for id_, one in policy.indications.items() if not one.not_encoded]
    files = {case.file for case in _cases(policy)}
    for name in ("common", *encoded):
        starts = tuple(f"{_folder(policy)}{name}{end}" for end in (".yaml", "/"))
        assert any(file.startswith(starts) for file in files), name


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
