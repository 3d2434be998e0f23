"""A FHIR-native CDS Hooks service that judges a drug order against its payer's policy."""

__version__ = "0.2.0"
