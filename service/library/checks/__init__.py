"""Checks of facts, sources, services, value sets and dose tables against each other."""
