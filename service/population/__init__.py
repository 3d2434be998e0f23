"""Judges every patient of a membership: FHIR Bulk Data in, one assessment a patient out."""
