"""Therapies, pathways, notes and gaps: from their documents to what can be judged."""

from service.library.clinical.load_clinical import load_clinical

__all__ = ["load_clinical"]
