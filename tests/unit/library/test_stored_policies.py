"""Policies that are built when they are asked for first."""

from datetime import date

from support.policies import policy

from service.library.stored_policies import (
    PolicyHead,
    StoredPolicies,
    encoded,
    heads_of,
    versions_of,
)

FIRST = policy(effective=date(2025, 1, 1))
SECOND = policy(effective=date(2026, 1, 1))


def test_policy_is_built_once_and_as_it_was() -> None:
    known = StoredPolicies(heads_of([FIRST, SECOND]), [encoded(FIRST), encoded(SECOND)])
    assert len(known) == 2
    assert known[1] is known[1]
    assert known[-1] is known[1]
    assert [one.effective for one in known] == [FIRST.effective, SECOND.effective]
    assert known[0:1] == [known[0]]
    assert known[0].indications.keys() == FIRST.indications.keys()


def test_only_policies_of_the_payer_and_drug_are_found() -> None:
    known = StoredPolicies(heads_of([FIRST, SECOND]), [encoded(FIRST), encoded(SECOND)])
    for policies in (known, (FIRST, SECOND)):
        found = versions_of(policies, FIRST.payer, FIRST.drug)
        assert [one.effective for one in found] == [FIRST.effective, SECOND.effective]
        assert not list(versions_of(policies, FIRST.payer, "another"))
        assert not list(versions_of(policies, "another", FIRST.drug))


def test_policy_of_another_payer_is_not_built() -> None:
    heads, data = heads_of([FIRST]), [encoded(FIRST)]
    known = StoredPolicies([*heads, PolicyHead("another", FIRST.drug)], [*data, b"cannot be built"])
    (found,) = known.of(FIRST.payer, FIRST.drug)
    assert found is known[0]
