"""Days, time zones, quantities and timings as FHIR writes them."""
