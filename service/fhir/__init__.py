"""Reads FHIR R4 as real systems send it: one index of a patient's record; resources are not validated."""
