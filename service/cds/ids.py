"""New ids for cards, assessments and requests."""

from random import getrandbits

VERSION_4 = 0x4000_8000_0000_0000_0000
RANDOM = ~(0xF000_C000_0000_0000_0000)


def fresh_uuid() -> str:
    """A version 4 UUID: unique, not secret. It needs no system call, unlike `uuid4`.

    The generator is seeded by the system again in every worker.
    """
    digits = f"{getrandbits(128) & RANDOM | VERSION_4:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
