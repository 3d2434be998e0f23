"""Checks `crd.yaml`: a line for all that may be known, codes of each version, and what CRD says of them."""

from collections.abc import Iterator

from service.cards.crd.crd_document import LINES
from service.errors import Mistake
from service.library.documents.folders import unknown
from service.library.documents.validate import did_you_mean
from service.library.documents.yaml import Address, Document
from service.library.shapes import CodesShape, CrdShape, VersionShape

Wrong = Iterator[tuple[Address, str]]
# The lines where all criteria are met; those that name the number of an authorization.
MET = ("met_by_record", "met_with_statements", "authorized")
NUMBERED = ("authorized", "authorized_ahead")


def check_crd(document: Document, shape: CrdShape) -> Iterator[Mistake]:
    """The mistakes of the document, each with its line."""
    for wrong in (_versions(shape), _names(shape), _lines(shape), _joined(shape), _cards(shape)):
        for address, message in wrong:
            yield document.mistake(address, message)


def _versions(shape: CrdShape) -> Wrong:
    if shape.default not in shape.versions:
        yield ("default",), unknown("version", shape.default, shape.versions)
    known = shape.versions.values()
    weakest = shape.weakest_first
    yield from _ordered("covered", weakest.covered, {one for each in known for one in each.covered})
    needed = {one for each in known for one in each.pa_needed}
    yield from _ordered("pa-needed", weakest.pa_needed, needed)


def _ordered(key: str, ordered: tuple[str, ...], codes: set[str]) -> Wrong:
    """The codes of all versions are in the order, and no others."""
    for code in sorted(codes - set(ordered)):
        yield ("weakest_first", key), f"'{code}' is missing, a code of a version"
    for code in ordered:
        if code not in codes:
            yield ("weakest_first", key), unknown("code", code, codes)


def _names(shape: CrdShape) -> Wrong:
    for name in shape.lines:
        if name not in LINES:
            yield ("lines", name), unknown("line", name, LINES)
    for name in LINES:
        if name not in shape.lines:
            yield ("lines",), f"the line '{name}' is missing"


def _lines(shape: CrdShape) -> Wrong:
    for name, line in shape.lines.items():
        for version in line.in_version:
            if version not in shape.versions:
                address = ("lines", name, "in", version)
                yield address, unknown("version", version, shape.versions)
        for version, known in shape.versions.items():
            own = line.in_version.get(version)
            codes, place = own or line, ("in", version) if own else ()
            yield from _codes(("lines", name, *place), codes, version, known)
            yield from _rules(("lines", name, *place), name, codes, shape, version)


def _codes(address: Address, codes: CodesShape, version: str, known: VersionShape) -> Wrong:
    """Codes that a version of CRD does not know."""
    needed = () if codes.pa_needed is None else (codes.pa_needed,)
    reason = () if codes.reason is None else (codes.reason,)
    parts: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
        ("covered", (codes.covered,), known.covered),
        ("pa-needed", needed, known.pa_needed),
        ("doc-needed", codes.doc_needed, known.doc_needed),
        ("doc-purpose", codes.doc_purpose, known.doc_purpose),
        ("info-needed", codes.info_needed, known.info_needed),
        ("reason", reason, known.reasons.codes),
    )
    for key, written, listed in parts:
        for code in written:
            if code not in listed:
                message = f"CRD {version} has no code '{code}' there{did_you_mean(code, listed)}"
                yield (*address, key), f"{key}: {message}"


def _rules(address: Address, name: str, codes: CodesShape, shape: CrdShape, version: str) -> Wrong:
    """What CRD's invariants say of the parts of a line, and what we never say."""
    said = {codes.covered, codes.pa_needed, *codes.doc_needed}
    if codes.covered == shape.covered and name not in MET:
        yield (*address, "covered"), f"covered: '{shape.covered}' is for {', '.join(MET)} only"
    if (codes.pa_needed == shape.satisfied) != (name in NUMBERED):
        message = f"'{shape.satisfied}' is for {' and '.join(NUMBERED)}, and for them alone"
        yield (*address, "pa-needed"), f"pa-needed: {message}"
    if name == NUMBERED[1] and codes.covered == shape.covered:
        yield (*address, "covered"), "covered: no authorization makes a criterion met"
    if codes.covered == shape.no_pa_needed_with:
        if codes.pa_needed is not None:
            message = f"not with covered: {shape.no_pa_needed_with} (crd-ci-q2)"
            yield (*address, "pa-needed"), f"pa-needed: {message}"
    elif codes.pa_needed is None and shape.versions[version].pa_needed_always:
        yield address, f"'pa-needed' is missing: CRD {version} asks for it here (crd-ci-q2)"
    if (shape.info_needed_only_with in said) != bool(codes.info_needed):
        message = f"if and only if a code is '{shape.info_needed_only_with}' (crd-ci-q3)"
        yield (*address, "info-needed"), f"info-needed: {message}"
    if codes.questionnaire and not codes.doc_needed:
        yield (*address, "questionnaire"), "questionnaire: only with doc-needed (crd-ci-q1)"
    if codes.doc_purpose and (not codes.doc_needed or codes.pa_needed == shape.satisfied):
        message = f"only with doc-needed, and not with '{shape.satisfied}' (crd-ci-q4)"
        yield (*address, "doc-purpose"), f"doc-purpose: {message}"


def _joined(shape: CrdShape) -> Wrong:
    """Where several lines apply, no more documents may be asked for than a version allows."""
    for version, known in shape.versions.items():
        lines = [line.in_version.get(version, line) for line in shape.lines.values()]
        asked = {code for line in lines for code in line.doc_needed}
        if known.most_doc_needed is not None and len(asked) > known.most_doc_needed:
            message = f"all lines together name {', '.join(sorted(asked))} in doc-needed"
            yield ("versions", version, "most_doc_needed"), message


def _cards(shape: CrdShape) -> Wrong:
    """Topics of each version; options that can be told apart, one for each kind of answer."""
    topics = shape.cards.model_dump()
    of_cards = {option.code for option in shape.options if option.about == "cards"}
    for kind, topic in topics.items():
        for version, known in shape.versions.items():
            if topic not in known.topics.codes:
                hint = did_you_mean(topic, known.topics.codes)
                yield ("cards", kind), f"{kind}: CRD {version} has no topic '{topic}'{hint}"
        if topic not in of_cards:
            yield ("cards", kind), f"{kind}: no option about cards has the code '{topic}'"
    for kind, topic in topics.items():
        if topic not in shape.topic_displays:
            yield (
                ("cards", kind),
                f"{kind}: no line of topic_displays says what '{topic}' is called",
            )
    for topic in sorted(shape.topic_displays.keys() - set(topics.values())):
        yield ("topic_displays", topic), f"no card has the topic '{topic}'"
    for code in sorted(of_cards - set(topics.values())):
        index = next(n for n, option in enumerate(shape.options) if option.code == code)
        yield ("options", index, "code"), f"no card has the topic '{code}'"
    yield from _options(shape)


def _options(shape: CrdShape) -> Wrong:
    for key in ("code", "name", "description"):
        seen: set[str] = set()
        for index, option in enumerate(shape.options):
            value = getattr(option, key)
            if value in seen:
                yield ("options", index, key), f"{key}: another option has it too"
            seen.add(value)
    for index, option in enumerate(shape.options):
        counts = option.about == "number_of_cards"
        if (option.type == "integer") != counts:
            message = "integer is for number_of_cards, boolean for all else"
            yield ("options", index, "type"), f"type: {message}"
        if isinstance(option.default, bool) == counts:
            yield ("options", index, "default"), f"default: not of type {option.type}"
