"""Medication supply: fills, reversals, covered days, doses a day, exposure, single administrations."""
