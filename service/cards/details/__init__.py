"""The details of the coverage and the alternatives card, made of whole lines within a bound."""
