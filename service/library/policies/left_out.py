"""Criteria that a policy has and its documents do not: for the reviewer."""

from service.library.shapes import AddressedShape
from service.policy.criterion import Criterion, Op
from service.policy.operators import NotEncoded


def left_out(id_: str, about: AddressedShape) -> tuple[Criterion, Criterion]:
    """Leaves that stand for the criteria of an indication that we have not encoded."""
    says = f"The payer's criteria for {about.title} (reviewer needed)"
    operator = NotEncoded(why=about.not_encoded or "")
    short = f"criteria for {about.title}"
    initial, renewal = (
        Criterion(f"{id_}.{phase}", says, "", Op.LEAF, operator=operator, short=short)
        for phase in ("initial", "renewal")
    )
    return initial, renewal
