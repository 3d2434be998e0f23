"""How the codes of well-known code systems are built: their shapes and check digits."""

import re

# Codes that can be distinguished from a number of a person: a concept of SNOMED CT by its partition and
# check digit.
_TELLING = {
    "http://loinc.org": re.compile(r"\d{1,5}-\d"),
    "http://snomed.info/sct": re.compile(r"\d{3,15}[01]0\d"),
    "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets": re.compile(r"[A-Z]\d{4}"),
    "http://www.ama-assn.org/go/cpt": re.compile(r"\d{4}[FTUM]"),
    "https://x12.org/codes/claim-adjustment-reason-codes": re.compile(r"[A-Z]?\d{1,3}"),
    "https://codesystem.x12.org/005010/306": re.compile(r"[A-Z]\d|[A-Z]{2}"),
    "http://hl7.org/fhir/sid/icd-10-cm": re.compile(r"[A-Z]\d[0-9AB](\.[0-9A-HJ-NP-Z]{1,4})?"),
}
# All codes of a system, also bare numbers; LA and LP are answers and parts of LOINC.
_ALL = {
    **_TELLING,
    "http://loinc.org": re.compile(r"\d{1,6}-\d|L[AP]\d{1,6}-\d"),
    "http://www.ama-assn.org/go/cpt": re.compile(r"\d{4}[\dFTUM]"),
    "https://codesystem.x12.org/005010/306": re.compile(r"[A-Z][A-Z\d]?"),
    "http://www.nlm.nih.gov/research/umls/rxnorm": re.compile(r"[1-9]\d{0,6}"),
    "http://nucc.org/provider-taxonomy": re.compile(r"\d{3}[\dA-Z]{6}X"),
}


def has_telling_shape(system: str, code: str) -> bool:
    """Whether a text can only be a code of this system, and no number or name of a person."""
    shape = _TELLING.get(system)
    return bool(shape and shape.fullmatch(code) and _is_checked(system, code))


def wrong_shape(system: str, code: str) -> str | None:
    """What is wrong with a code of a system whose codes are known by their shape; None if nothing is."""
    shape = _ALL.get(system)
    if shape is None:
        return None
    if not shape.fullmatch(code):
        return f"the code '{code}' is not built as codes of {system} are"
    if not _is_checked(system, code):
        return f"the last digit of the code '{code}' does not fit the others; it is a check digit"
    return None


_DIHEDRAL = tuple(
    tuple(int(digit) for digit in row)
    for row in [
        "0123456789",
        "1234067895",
        "2340178956",
        "3401289567",
        "4012395678",
        "5987604321",
        "6598710432",
        "7659821043",
        "8765932104",
        "9876543210",
    ]
)
_PERMUTED = tuple(
    tuple(int(digit) for digit in row)
    for row in [
        "0123456789",
        "1576283094",
        "5803796142",
        "8916043527",
        "9453126870",
        "4286573901",
        "2793806415",
        "7046913258",
    ]
)


def _is_checked(system: str, code: str) -> bool:
    """Whether the check digit of a code is right, where its system has one (Verhoeff; mod 10)."""
    if system.endswith("/sct"):
        check = 0
        for place, digit in enumerate(reversed(code)):
            check = _DIHEDRAL[check][_PERMUTED[place % 8][int(digit)]]
        return check == 0
    if system.endswith("loinc.org") and code[0] != "L":
        number, _, given = code.partition("-")
        digits = [int(digit) for digit in reversed(number)]
        doubled = sum(sum(divmod(2 * digit, 10)) for digit in digits[::2]) + sum(digits[1::2])
        return -doubled % 10 == int(given)
    return True
