"""Samples: which entries are of a drug that a manufacturer gave for nothing; they never make a therapy."""

from service.facts.case import PatientCase
from service.fhir.elements import read
from service.fhir.hit import Hit


def is_sample(case: PatientCase, hit: Hit) -> bool:
    """A manufacturer's sample; it never makes a therapy."""
    if hit.source.sample is None:
        return False
    sets = case.knowledge.of_kind("supply").samples
    return any(
        entry.value_set in sets
        for value in read(hit.source.sample, hit.resource)
        for entry in case.record.entries_of_status(value)
    )
