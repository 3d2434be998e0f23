"""New ids for cards, assessments and requests; ids that follow from what they stand for."""

from hashlib import sha256
from random import getrandbits

VERSION_4 = 0x4000_8000_0000_0000_0000
VERSION_8 = 0x8000_8000_0000_0000_0000  # a version for ids made in one's own way (RFC 9562)
RANDOM = ~(0xF000_C000_0000_0000_0000)


def fresh_uuid() -> str:
    """A version 4 UUID: unique, not secret. It needs no system call, unlike `uuid4`.

    The generator is seeded by the system again in every worker.
    """
    return _written(getrandbits(128) & RANDOM | VERSION_4)


def derived_uuid(content: bytes) -> str:
    """The version 8 UUID of some content: always the same for the same bytes."""
    return _written(int.from_bytes(sha256(content).digest()[:16]) & RANDOM | VERSION_8)


def _written(number: int) -> str:
    digits = f"{number:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
