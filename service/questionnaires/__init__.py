"""Questionnaires made from policies: what only the prescriber can state, as FHIR R4 resources."""
