"""New ids for cards, assessments and requests."""

from random import getrandbits
from uuid import UUID


def fresh_uuid() -> str:
    """A UUID of version 4: unique, not secret, and without a call into the kernel for each.

    The generator is seeded by the system, anew in every worker.
    """
    return str(UUID(int=getrandbits(128), version=4))
