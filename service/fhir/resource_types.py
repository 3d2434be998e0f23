"""The resource types that are named in several places: what states, and who prescribes."""

RESPONSE = "QuestionnaireResponse"
PRACTITIONER, ROLE = "Practitioner", "PractitionerRole"
PRESCRIBERS = (PRACTITIONER, ROLE)
