"""The criterion language and its three-valued truth; knows neither FHIR nor any drug."""
