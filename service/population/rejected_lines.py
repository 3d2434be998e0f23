"""Why a line of the input is rejected, for which patient it may have been, and where it stands."""

import gzip
import json
import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from hashlib import md5
from pathlib import Path

from service.cds.strict_json import parse_body
from service.errors import RequestError
from service.fhir.elements import literal_reference, objects, reference_parts
from service.json_object import Json

LONGEST_LINE = 8 * 1024 * 1024
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
SUBJECTS = ("subject", "patient", "beneficiary")
PATIENT_ID = r"[A-Za-z0-9._\-]{1,128}"
_PATIENT = re.compile(rf"Patient/({PATIENT_ID})")
# By a urn a line may name anything; what these elements name is a patient.
_URN = re.compile(
    rf'"(?:{"|".join(SUBJECTS)})"\s*:\s*\{{[^{{}}]*?"reference"\s*:\s*"urn:uuid:({PATIENT_ID})"'
)
_ID = re.compile(rf'"id"\s*:\s*"({PATIENT_ID})"')
_TYPE = re.compile(r'"resourceType"\s*:\s*"([A-Za-z]{1,64})"')
OUTCOME = "OperationOutcome"
SEVERITIES = ("fatal", "error", "warning", "information", "success")
_ISSUE_CODE = re.compile(r"[a-z-]{1,32}")
IDENTITY = frozenset(("resourceType", "id", "reference", *SUBJECTS))


@dataclass(frozen=True, slots=True)
class Rejected:
    """One line that could not be used: where it stands and why; never what it holds."""

    file: str
    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Damage:
    """That a line for this patient was rejected; `type` is None where it could not be read."""

    patient: str
    type: str | None


def why_rejected(line: bytes, of_patients: AbstractSet[str]) -> str | None:
    """Why a line is no resource that can be assigned; None if it is one, or is not read at all."""
    if len(line) > LONGEST_LINE:
        return f"the line is longer than {LONGEST_LINE // 1024 // 1024} MB"
    try:
        resource = parse_body(line)
    except RequestError as error:
        return _about_line(error)
    if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
        return "it is JSON, but no FHIR resource: it has no resourceType"
    if resource["resourceType"] == OUTCOME:
        return _reported(resource)
    if resource["resourceType"] in of_patients:
        return None if patient_of(resource) else _why_nobody(resource)
    return None


def _reported(outcome: Json) -> str:
    """What the export says of itself: its worst issue by severity and code, never its words."""
    issues = objects(outcome.get("issue"))
    worst = [(each, one) for each in SEVERITIES for one in issues if one.get("severity") == each]
    if not worst:
        return "the export reports an issue without a severity"
    severity, issue = worst[0]
    code = issue.get("code")
    known = isinstance(code, str) and _ISSUE_CODE.fullmatch(code)
    return (
        f"the export reports: {severity} ({code})" if known else f"the export reports: {severity}"
    )


def why_unassigned(line: bytes) -> str:
    """Why a sound line was given to no patient."""
    if _says_twice(line):
        return "what it is or whose it is stands in it twice"
    return "it cannot be assigned to a patient"


def _says_twice(line: bytes) -> bool:
    """Whether an object in a line has an element twice that says what or whose the line is."""
    twice = False

    def looked_at(pairs: list[tuple[str, object]]) -> None:
        nonlocal twice
        names = [name for name, _ in pairs if name in IDENTITY]
        twice = twice or len(names) != len(set(names))

    json.loads(line, object_pairs_hook=looked_at)
    return twice


def _about_line(error: RequestError) -> str:
    place = error.diagnostics.removeprefix("the body is ").replace("line 1 column", "column")
    return f"the line is {place}"


def patient_of(resource: Json) -> str | None:
    """The id of the patient that a resource is about; None if it names none by a reference."""
    if resource["resourceType"] == "Patient":
        id_ = resource.get("id")
        return id_ if isinstance(id_, str) and re.fullmatch(PATIENT_ID, id_) else None
    for name in SUBJECTS:
        if (reference := literal_reference(resource.get(name))) is not None:
            type_, id_ = reference_parts(reference)
            known = type_ == "Patient" or reference.startswith("urn:uuid:")
            return id_ if known and re.fullmatch(PATIENT_ID, id_) else None
    return None


def _why_nobody(resource: Json) -> str:
    if resource["resourceType"] == "Patient":
        return "the Patient has no id"
    named = any(literal_reference(resource.get(name)) for name in SUBJECTS)
    return "its subject is no patient" if named else "it names no patient by a reference"


def damages_by(line: bytes, of_patients: AbstractSet[str]) -> Iterator[Damage]:
    """For which patients a rejected line may have been, read from what is left of it: all that it names.

    Several types may stand in it, as of contained resources: each may be the one that is not whole.
    """
    text = line.decode("utf-8", "replace")
    types = dict.fromkeys(_TYPE.findall(text))
    if OUTCOME in types and not _is_severe(text):
        return
    named = dict.fromkeys((*_PATIENT.findall(text), *_URN.findall(text)))
    if "Patient" in types:
        named |= dict.fromkeys(_ID.findall(text))
    read = [type_ for type_ in types if type_ in of_patients]
    if types and not read and OUTCOME not in types:
        return
    for patient in named:
        yield from (Damage(patient, type_) for type_ in (read or [None]))


def _is_severe(text: str) -> bool:
    """Whether an outcome may mean that something was not exported."""
    said = re.findall(r'"severity"\s*:\s*"([a-z]+)"', text)
    return not said or not {*said} <= {"information", "success"}


def lines_of(path: Path, *, zipped: bool = False) -> Iterator[bytes]:
    """The lines of a file, each without its end."""
    with gzip.open(path, "rb") if zipped else path.open("rb") as file:
        for line in file:
            yield line.rstrip(b"\r\n").removeprefix(BYTE_ORDER_MARK)


def hash_of(line: bytes) -> str:
    """The hash by which DuckDB and we know the same line."""
    return md5(line, usedforsecurity=False).hexdigest()
