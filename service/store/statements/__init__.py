"""Statements of prescribers and half-filled forms: what is kept of them, and the store that keeps them."""
