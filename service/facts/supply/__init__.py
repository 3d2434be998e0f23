"""Medication supply: covered days, exposure, what is taken now, single administrations."""
