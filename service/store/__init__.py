"""What we keep: feedback; decisions as ids, hashes and times; used tokens as hashes; never a patient."""

from service.store.store import Store

__all__ = ["Store"]
