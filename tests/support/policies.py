"""Small policies made by hand, for tests of the engine."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from service.policy.amount import Span
from service.policy.model import Criterion, Indication, Months, Op, Policy
from service.policy.operators import ApprovedBefore, Operator

APPROVED = Criterion(
    "common.renewal.approved", "Approved before", "L1", Op.LEAF, operator=ApprovedBefore()
)


def question(id_: str, operator: Operator) -> Criterion:
    """A leaf with a name of its own."""
    return Criterion(id_, id_, "L1", Op.LEAF, operator=operator)


def indication(id_: str, **fields: Any) -> Indication:
    """One disease of a policy; without criteria unless they are given."""
    return Indication(id_, id_.upper(), (f"{id_}.condition",), **fields)


def policy(*indications: Indication, **fields: Any) -> Policy:
    """A policy for one drug; with no disease given, for one disease without criteria."""
    known: Mapping[str, Indication] = {one.id: one for one in indications or (indication("ad"),)}
    made = Policy(
        id="payer/P-1",
        payer="payer",
        title="A policy",
        drug="drug",
        effective=date(2026, 1, 1),
        until=None,
        url=None,
        document="P-1.txt",
        approval_months=Months(6, 12),
        indications=known,
        common_initial=(),
        common_renewal=(APPROVED,),
        approved_before=APPROVED.id,
        statements_valid=Span(days=90),
    )
    return replace(made, **fields)
