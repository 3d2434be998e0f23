"""What we keep: feedback, and decisions as ids, hashes and times; never a patient, never evidence."""

from service.store.store import Store

__all__ = ["Store"]
