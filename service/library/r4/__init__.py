"""The element tree of FHIR R4."""
