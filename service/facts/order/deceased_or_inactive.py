"""What keeps an order from being met whatever the policy says: a patient who died, a record not in use."""

from datetime import date

from service.fhir.elements import is_unsaid, objects
from service.fhir.record import Record
from service.fhir.sources.entries_not_understood import MEANINGLESS
from service.fhir.sources.source import Source
from service.fhir.values.days import parse_day
from service.json_object import Json

DECEASED, INACTIVE, REPLACED = "patient_deceased", "patient_inactive", "patient_replaced"
# Values of `deceasedBoolean` that do not mean a death; any other one, as 'yes' or 'Y', does.
NOT_DIED = frozenset(
    {"", "false", "no", "n", "f", "0", "alive", "living", "unknown", "unk", "null"}
)
NOT_UNDERSTOOD = "order_not_understood"


def why_withheld(record: Record, order: Json, orders: Source, day: date) -> str | None:
    """Why nothing can be met for this patient or this order, as the key of the card's text; else None."""
    patients = (record.resources.get("Patient", ()), record.not_understood.get("Patient", ()))
    for patient in (resource for some in patients for resource in some):
        if reason := _of_patient(record, patient, day.toordinal()):
            return reason
    return NOT_UNDERSTOOD if orders.doubts.of(order, order) in MEANINGLESS else None


def _of_patient(record: Record, patient: Json, today: int) -> str | None:
    if _is_deceased(record, patient, today):
        return DECEASED
    if any(link.get("type") == "replaced-by" for link in objects(patient.get("link"))):
        return REPLACED
    return INACTIVE if _is(patient.get("active"), "false") else None


def _is_deceased(record: Record, patient: Json, today: int) -> bool:
    """Whether the patient has died by that day; a death after it is not known yet."""
    deceased = patient.get("deceasedBoolean")
    if isinstance(deceased, bool | str | int) and str(deceased).strip().lower() not in NOT_DIED:
        return True
    written = patient.get("deceasedDateTime")
    when = parse_day(written, record.calendar.zone)
    if when is None:
        return bool(written) or is_unsaid(patient, "deceasedDateTime")
    return when.first <= today


def _is(value: object, word: str) -> bool:
    """Whether a value is this boolean, or the text for it that some senders write."""
    return isinstance(value, bool | str) and str(value).lower() == word
