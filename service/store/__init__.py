"""Stores feedback, decisions (ids, hashes and times), used tokens (hashes); no patient data unless asked to.

Statements of prescribers and half-filled forms are patient data: they are kept only where the operator
turned it on.
"""

from service.store.connections import lasts
from service.store.shadow_counts import ShadowCount
from service.store.statements.kept_statements import (
    Delivery,
    DraftKey,
    KeptDraft,
    KeptStatement,
    PatientKey,
)
from service.store.statements.statement_store import StatementStore
from service.store.store import Store

__all__ = [
    "Delivery",
    "DraftKey",
    "KeptDraft",
    "KeptStatement",
    "PatientKey",
    "ShadowCount",
    "StatementStore",
    "Store",
    "lasts",
]
