"""Checks `policy.yaml`, the head of a policy version, and replaces it by defaults where it has mistakes."""

from collections.abc import Collection
from pathlib import PurePosixPath
from typing import Any

from pydantic import ValidationError

from service.library.criteria.bounds import wrong_defaults
from service.library.criteria.heading import wrong_cite
from service.library.criteria.scope import Names
from service.library.criteria.spans import wrong_spans
from service.library.documents.folders import unknown
from service.library.documents.validate import did_you_mean
from service.library.documents.yaml import Address, Document, Wrong
from service.library.policies.version_state import wrong_state
from service.library.shapes import PolicyShape, ValueSetShape

EVIDENCE = ("claim", "dispense", "outside_pharmacy", "record", "chart", "attestation")
GROUPS = ("initial", "initial.indication", "renewal", "renewal.indication", "renewal.after")


def wrong_head(head: Document, shape: PolicyShape, folder: PurePosixPath, names: Names) -> Wrong:
    """Every mistake in `policy.yaml`, with its address."""
    yield from _wrong_days(shape, folder)
    yield from wrong_state(shape)
    yield from _wrong_names(shape, names)
    yield from _wrong_evidence(shape)
    yield from wrong_spans(head.data, shape)
    yield from wrong_defaults(shape.trial)
    yield from _wrong_cites(shape)
    for name in shape.rests_on:
        if name not in shape.readings:
            yield ("rests_on",), f"no reading '{name}'{did_you_mean(name, shape.readings)}"
    for group in shape.groups:
        if group not in GROUPS:
            yield ("groups", group), f"no group '{group}'{did_you_mean(group, GROUPS)}"


def _wrong_days(shape: PolicyShape, folder: PurePosixPath) -> Wrong:
    if folder.name != shape.effective.isoformat():
        message = f"effective {shape.effective} is not the folder's name '{folder.name}'"
        yield ("effective",), message
    if shape.until is not None and shape.until < shape.effective:
        yield ("until",), "until lies before effective"
    if shape.review_by is not None and shape.review_by < shape.last_checked:
        yield ("review_by",), "review_by lies before last_checked"


def _wrong_names(shape: PolicyShape, names: Names) -> Wrong:
    if shape.payer not in names.payers and shape.payer not in names.unsound:
        yield ("payer",), unknown("payer", shape.payer, dict.fromkeys(names.payers))
    yield from _wrong_set(names, shape.drug, "drug", ("drug",))
    sound = shape.drug in names.value_sets and names.value_sets[shape.drug].kind == "drug"
    if sound and names.served and shape.drug not in names.served:
        yield ("drug",), f"no service serves '{shape.drug}'"
    for id_, about in shape.indications.items():
        if not about.conditions:
            yield ("indications", id_), "an indication has conditions"
        for name in about.conditions:
            yield from _wrong_set(names, name, "condition", ("indications", id_, "conditions"))
        yield from _without_codes(names, id_, about.conditions)


def _without_codes(names: Names, id_: str, conditions: tuple[str, ...]) -> Wrong:
    """A disease whose value sets have names but no codes would never be recognised: orders carry codes."""
    sets = [names.value_sets.get(name) for name in conditions]
    shapes = [shape for shape in sets if shape is not None and shape.kind == "condition"]
    if shapes and len(shapes) == len(sets) and not any(map(_has_code, shapes)):
        sets_named = ", ".join(f"'{name}'" for name in conditions)
        message = (
            f"{sets_named} has no code under 'codes', so that an order for '{id_}' with a code"
        )
        yield (
            ("indications", id_),
            f"{message} would be answered as a disease the policy does not name",
        )


def _has_code(shape: ValueSetShape) -> bool:
    return any(shape.codes.values())


def _wrong_set(names: Names, name: str, kind: str, address: Address) -> Wrong:
    shape = names.value_sets.get(name)
    if shape is None and name not in names.unsound:
        yield address, unknown("value set", name, names.value_sets)
    elif shape is not None and shape.kind != kind:
        yield address, f"'{name}' is of the kind {shape.kind}; {kind} is needed here"


def _wrong_evidence(shape: PolicyShape) -> Wrong:
    for name, kinds in shape.accepts.items():
        for kind in kinds:
            if kind not in EVIDENCE:
                yield ("accepts", name), f"no evidence '{kind}'{did_you_mean(kind, EVIDENCE)}"
        if not kinds:
            yield ("accepts", name), f"the evidence set '{name}' is empty"
    if shape.trial.accepts not in shape.accepts:
        yield ("trial", "accepts"), unknown("evidence set", shape.trial.accepts, shape.accepts)


def _wrong_cites(shape: PolicyShape) -> Wrong:
    cites: list[tuple[Address, str]] = [
        *((("groups", name), cite) for name, cite in shape.groups.items()),
        *((("readings", name, "cite"), reading.cite) for name, reading in shape.readings.items()),
        *(
            (("not_encoded", n, "cite"), omission.cite)
            for n, omission in enumerate(shape.not_encoded)
        ),
    ]
    lines = shape.source.get("lines")
    if lines is not None and (type(lines) is not int or lines < 1):
        yield ("source", "lines"), "lines is how many lines the source has, a whole number"
    for address, cite in cites:
        if message := wrong_cite(cite, shape.source):
            yield address, message


_UNSOUND = "(unsound)"
_SPAN = "12 months"
# Valid values for keys that `policy.yaml` leaves out or has wrong, so that its other files can be read.
_DEFAULTS: dict[str, Any] = {
    **dict.fromkeys(("policy", "payer", "title", "drug", "document", "approved_before"), _UNSOUND),
    **dict.fromkeys(("effective", "last_checked"), "2000-01-01"),
    **{key: {} for key in ("source", "accepts", "readings", "indications")},
    "approval_months": 12,
    "statements_valid": _SPAN,
    "trial": {
        "for": "1 days",
        "accepts": _UNSOUND,
        "look_back": "100 years",
        "gap": "0 days",
        **dict.fromkeys(("supply_says", "sessions_says", "outcome_says", "outcome_asks"), "{says}"),
    },
}


class AnyName(dict[str, Any]):
    """A mapping that contains every name, used when the real names could not be read."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> tuple[()]:
        return ()


def head_for(drug: str) -> PolicyShape:
    """A head for criteria that belong to no policy; their `requested_drug` is this drug."""
    return PolicyShape.model_validate({**_DEFAULTS, "drug": drug})


def head_with_defaults(
    head: Document, files: Collection[str]
) -> tuple[PolicyShape, frozenset[str]]:
    """The head with default values for its wrong or missing keys, and which keys those are.

    `files` are the names of the files of the version's folder.
    """
    written = dict(head.data) if isinstance(head.data, dict) else {}
    given = {
        **_DEFAULTS,
        **{key: written[key] for key in written if key in PolicyShape.model_fields},
    }
    unsound = {key for key in _DEFAULTS if key not in written}
    if not written:
        unsound.add("define")
    try:
        shape = PolicyShape.model_validate(given)
    except ValidationError as error:
        wrong = {str(error["loc"][0]) for error in error.errors()}
        unsound |= wrong
        kept = {key: value for key, value in given.items() if key not in wrong}
        shape = PolicyShape.model_validate({**_DEFAULTS, **kept})
    named: dict[str, Any] = {name: AnyName() for name in ("accepts", "readings") if name in unsound}
    if "indications" in unsound:
        paths = (PurePosixPath(file) for file in files if file.endswith(".yaml"))
        indications = sorted({path.stem for path in paths} - {"policy", "common"})
        about = {name: {"title": name, "conditions": name} for name in indications}
        named["indications"] = PolicyShape.model_validate(
            {**_DEFAULTS, "indications": about}
        ).indications
    return shape.model_copy(update=named), frozenset(unsound)
