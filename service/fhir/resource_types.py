"""The resource types and the status that are named in several places."""

CONDITION = "Condition"
RESPONSE = "QuestionnaireResponse"
PRACTITIONER, ROLE = "Practitioner", "PractitionerRole"
PRESCRIBERS = (PRACTITIONER, ROLE)
# The status of what never was so, of every resource type that has a status.
ENTERED_IN_ERROR = "entered-in-error"
