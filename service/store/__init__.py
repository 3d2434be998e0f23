"""Stores feedback, decisions (ids, hashes and times) and used tokens (hashes); never patient data."""

from service.store.connections import lasts
from service.store.shadow_counts import ShadowCount
from service.store.store import Store

__all__ = ["ShadowCount", "Store", "lasts"]
