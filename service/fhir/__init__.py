"""Reading FHIR R4 as real systems send it: one index of a patient's record, nothing validated whole."""
