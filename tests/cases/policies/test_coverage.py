"""No criterion without cases: each cell that it can come to is expected by a case.

The cells of a leaf are met, not met and each reason of an unknown; what it can come to is derived.
That no case shows what is impossible is checked where the cases are judged, in test_cases.py.
"""

from collections import defaultdict
from collections.abc import Iterator

import pytest
from support.cases.run import Case, all_cases, by_id, library, twin
from support.cells.possible import CELLS, NEVER
from support.cells.shipped import IMPOSSIBLE, criteria, folder, leaves
from support.cells.table import Row, Table

from service.policy.model import Criterion, Op, Policy


def _policies() -> Iterator[Policy]:
    yield from library().policies


def _asked(policy: Policy) -> Iterator[str]:
    """The ids of every leaf and of every group that a statement can settle."""
    return (one.id for one in criteria(policy) if _is_asked(one))


def _encoded() -> Iterator[str]:
    for policy in _policies():
        yield from (id_ for id_, one in policy.indications.items() if not one.not_encoded)


def _is_asked(criterion: Criterion) -> bool:
    return criterion.op is Op.LEAF or criterion.statement is not None


def _expected(policy: Policy) -> dict[str, set[str]]:
    """Cells by id; a disputed case shows nothing until it is settled."""
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for case in _cases(policy):
        for id_, one in case.expect.items():
            seen[id_] |= {one.truth, one.reason or one.truth}
    return seen


def _cases(policy: Policy) -> Iterator[Case]:
    return (one for one in CASES if one.file.startswith(folder(policy)) and not one.disputed)


CASES = all_cases()


@pytest.mark.parametrize("policy", list(_policies()), ids=folder)
def test_every_cell_is_expected_by_a_case(policy: Policy, cells_table: Table) -> None:
    seen, missing = _expected(policy), []
    for id_, cells in leaves(policy).items():
        wanted = {cell for cell in cells if (id_, cell) not in IMPOSSIBLE}
        missing += [f"{id_}: {cell}" for cell in CELLS if cell in wanted - seen[id_]]
        row = Row(1, len(wanted & seen[id_]), len(wanted), len(CELLS) - len(wanted))
        cells_table.add(f"{folder(policy)}{id_.partition('.')[0]}", row)
    assert not missing, "no case expects\n" + "\n".join(missing)


@pytest.mark.parametrize("policy", list(_policies()), ids=folder)
def test_a_group_that_a_statement_settles_is_seen_in_every_truth(policy: Policy) -> None:
    seen = _expected(policy)
    groups = [one for one in criteria(policy) if one.op is not Op.LEAF and one.statement]
    wanted = {"met", "not_met", "unknown"}
    missing = [f"{one.id}: {truth}" for one in groups for truth in wanted - seen[one.id]]
    assert not missing, "no case expects\n" + "\n".join(missing)


def test_every_cell_says_why_it_may_be_impossible() -> None:
    assert set(NEVER) == set(CELLS)


@pytest.mark.parametrize("policy", list(_policies()), ids=folder)
def test_every_version_has_cases_of_every_file(policy: Policy) -> None:
    encoded = [id_ for id_, one in policy.indications.items() if not one.not_encoded]
    files = {case.file for case in _cases(policy)}
    for name in ("common", *encoded):
        starts = tuple(f"{folder(policy)}{name}{end}" for end in (".yaml", "/"))
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
