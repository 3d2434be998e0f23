"""What keeps an order from being met whatever the policy says: a patient who died, a record not in use."""

from datetime import date

from service.fhir.elements import is_unsaid, objects
from service.fhir.record import Record
from service.fhir.sources.doubts import MEANINGLESS
from service.fhir.sources.source import Source
from service.fhir.values.days import parse_day
from service.json_object import Json

DECEASED, INACTIVE, REPLACED = "patient_deceased", "patient_inactive", "patient_replaced"
# Whatever else stands in place of a truth says that the patient died, as 'yes' or 'Y'.
NOT_DIED = frozenset(
    {"", "false", "no", "n", "f", "0", "alive", "living", "unknown", "unk", "null"}
)
NOT_UNDERSTOOD = "order_not_understood"


def held(record: Record, order: Json, orders: Source, day: date) -> str | None:
    """Why nothing is met for this patient or by this order; the name of what the card says."""
    patients = (record.resources.get("Patient", ()), record.not_understood.get("Patient", ()))
    for patient in (one for some in patients for one in some):
        if said := _of_patient(record, patient, day.toordinal()):
            return said
    return NOT_UNDERSTOOD if orders.doubts.of(order, order) in MEANINGLESS else None


def _of_patient(record: Record, patient: Json, today: int) -> str | None:
    if _is_deceased(record, patient, today):
        return DECEASED
    if any(one.get("type") == "replaced-by" for one in objects(patient.get("link"))):
        return REPLACED
    return INACTIVE if _is(patient.get("active"), "false") else None


def _is_deceased(record: Record, patient: Json, today: int) -> bool:
    """Whether the patient has died by that day; a death after it is not known yet."""
    said = patient.get("deceasedBoolean")
    if isinstance(said, bool | str | int) and str(said).strip().lower() not in NOT_DIED:
        return True
    written = patient.get("deceasedDateTime")
    when = parse_day(written, record.calendar.zone)
    if when is None:
        return bool(written) or is_unsaid(patient, "deceasedDateTime")
    return when.first <= today


def _is(value: object, word: str) -> bool:
    """A truth, or the word for it, which some senders write."""
    return isinstance(value, bool | str) and str(value).lower() == word
