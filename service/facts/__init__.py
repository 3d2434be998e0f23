"""Findings: how each operator of the criterion language is answered from a patient's record."""
