"""Stores feedback, decisions (ids, hashes and times), used tokens (hashes); no patient data unless asked to.

Statements of prescribers, half-filled forms, and requests for pages of orders are patient data: they are
kept only where the operator turned it on.
"""

from service.store.database.connections import lasts
from service.store.request_store import RequestStore
from service.store.shadow_counts import ShadowCount
from service.store.statements.statement_rows import (
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
    "RequestStore",
    "ShadowCount",
    "StatementStore",
    "Store",
    "lasts",
]
