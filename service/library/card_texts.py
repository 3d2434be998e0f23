"""Loads the texts of cards: checks that all exist and use only values that their card gives."""

from collections.abc import Collection, Iterator, Mapping
from string import Formatter
from typing import Any, get_args

from jinja2 import TemplateSyntaxError
from pydantic import Field, StrictStr

from service.cards.alternatives_card import REASONS
from service.cards.answering_texts import ANSWERING, ANSWERING_TEXTS
from service.cards.card import TESTS
from service.cards.crd.crd_document import LINES
from service.cards.details.alternatives_detail import CARD as ALTERNATIVES
from service.cards.misses import KINDS
from service.cards.packet_texts import PACKET, PACKET_TEXTS
from service.cards.story_texts import STORY, STORY_TEXTS
from service.cards.wording import REMARKS, Text, Wording, compile_text, wording_of
from service.errors import Mistake
from service.facts.authorizations.decisions_on_drug import Ruling
from service.facts.payer.coverage_reading import Use
from service.fhir.sources.entries_not_understood import SET_ASIDE
from service.fhir.supplied.bundle import UNCLEAR
from service.library.documents.folders import CARDS, Documents
from service.library.documents.validate import did_you_mean, validate
from service.library.documents.yaml import Document
from service.library.shapes import Shape
from service.memo import per_arguments
from service.policy.truth import Reason, Truth, Way

OVERRIDES = "https://dupilumab-cds.github.io/fhir/CodeSystem/override-reason"
Samples = Mapping[str, tuple[Any, Any]]
# The values of each text for a trial rendering: one with all parts filled, and an empty one.
_NAMES: Samples = dict.fromkeys(("payer", "payer_name", "drug"), ("x", ""))
_JUDGED: Samples = {**_NAMES, "indication": ("x", ""), "items": ("x", "")}
_RUNNING: Samples = {**_JUDGED, "until": ("2027-08-31", "")}
_AHEAD: Samples = {**_RUNNING, "begins": ("2026-11-26", "")}
_DECIDED: Samples = {
    **_NAMES,
    **dict.fromkeys(("decided", "number", "begins", "until", "ended", "called"), ("x", "")),
}
_REPAIR: Samples = {**_NAMES, **dict.fromkeys(("regimen", "device", "title"), ("x", ""))}
REPAIRS = (
    *(
        "repair_label",
        "repair_device",
        "repair_device_in_short",
        "repair_in_short",
        "repair_description",
    ),
    *("both_label", "both_in_short", "both_description"),
)
# The blocks of the coverage card that have a heading of their own.
BLOCKS = (
    *(
        "not_met",
        "not_met_choice",
        "usual",
        "also",
        "or_found",
        "or",
        "near",
        "met",
        "met_by_record",
        "missing",
        "unused",
        "chart",
        "dose",
        "against",
    ),
)
_DOSE: Samples = {
    **_NAMES,
    **dict.fromkeys(
        (
            *("ordered", "label", "goes_on", "shown", "disease", "general", "until", "renewal"),
            *("beside", "reviewed", "single", "first", "allowed", "chosen"),
            "alone",
        ),
        ("x", ""),
    ),
}
_DEVICE: Samples = {**_NAMES, **dict.fromkeys(("device", "from_age", "age", "instead"), ("x", ""))}
_STRENGTH: Samples = {
    **_NAMES,
    **dict.fromkeys(("dose", "strength", "device", "parts", "count", "instead"), ("x", "")),
}
_REASON: Samples = {**_NAMES, "title": ("x", "")}
_COUNT: Samples = {"count": ("2", "1")}
_SAID_SHORT: Samples = {**_NAMES, "titles": ("x", "")}
_COVERAGE: Samples = {**_NAMES, "called": ("x", "")}
SHORT_ANSWERS = (
    "unknown_indication",
    "unmapped_indication",
    "either_indication",
    "payer_unclear",
    "no_drug_coverage",
    "not_addressed",
    "no_policy",
    "payer_not_supplied",
    "order_unclear",
    "patient_deceased",
    "patient_inactive",
    "patient_replaced",
    "order_not_understood",
)
ASIDE = (*SET_ASIDE, UNCLEAR)
_ORDERED: Samples = {**_NAMES, **dict.fromkeys(("therapy", "dose", "usual"), ("x", ""))}
_CITED: Samples = dict.fromkeys(("document", "effective"), ("x", ""))
_SAID: Samples = {**_NAMES, **_CITED, **dict.fromkeys(("items", "until"), ("x", ""))}
_FORM: Samples = dict.fromkeys(("payer", "policy", "document", "effective", "path"), ("x", ""))
GIVEN: Mapping[str, Mapping[str, Samples]] = {
    "coverage": {
        **dict.fromkeys(("met", "not_met", "unknown"), _JUDGED),
        **dict.fromkeys(("met_running", "not_met_running", "unknown_running"), _RUNNING),
        **dict.fromkeys(("met_ahead", "not_met_ahead", "unknown_ahead"), _AHEAD),
        "running": {**_NAMES, **dict.fromkeys(("until", "number"), ("x", ""))},
        **{f"decided_{ruling}": _DECIDED for ruling in get_args(Ruling)},
        "met_for": {**_NAMES, **dict.fromkeys(("indication", "others"), ("x", ""))},
        **dict.fromkeys((*SHORT_ANSWERS, "elsewhere"), _SAID_SHORT),
        **dict.fromkeys(("source", "source_none"), _NAMES),
        **{f"{name}_detail": _SAID_SHORT for name in SHORT_ANSWERS},
        **{f"coverage_{use}": _COVERAGE for use in get_args(Use) if use != "decides"},
        "more": {"first": ("x", ""), "count": (2, 0)},
        "unread": {"count": (2, 1), "items": ("x", ""), "more": (2, 0)},
        "aside": {"source": ("x", ""), "count": ("2", ""), "why": ("x", "")},
        **{f"aside_{why}": {} for why in ASIDE},
        **dict.fromkeys(REPAIRS, _REPAIR),
        **{f"do_{way}": _COUNT for way in Way},
        **{key: {} for key in ("do_first", "do_correct_dose", "do_otherwise")},
        **{f"do_wait_{then}": {"day": ("x", "")} for then in ("met", "open")},
        **{f"if_{path}_{truth}": _COUNT for path in ("renewal", "initial") for truth in Truth},
        **{f"{block}_heading": _COUNT for block in BLOCKS},
        **dict.fromkeys(("and_more", "left_out", "left_out_page"), _COUNT),
        **dict.fromkeys(("met_count", "met_by_record_count", "only_count", "either_way"), _COUNT),
        **{key: {} for key in ("nothing_to_do", "path_first", "salts", "months")},
        "do_answer": {"question": ("x", "")},
        **dict.fromkeys(
            ("stated", "stated_alone"), dict.fromkeys(("author", "day", "until"), ("x", ""))
        ),
        "order": {"order": ("x", "")},
        "disease": {"disease": ("x", ""), **_COUNT},
        "do_name_disease": {"diseases": ("x", "")},
        "way": dict.fromkeys(("says", "shown"), ("x", "")),
        **dict.fromkeys(("dose_below", "dose_mixed"), _DOSE),
        **{f"dose_loading_{of}": _DOSE for of in ("start", "restart", "asked", "continued")},
        "dose_other": {**_NAMES, **dict.fromkeys(("disease", "label"), ("x", ""))},
        **{f"dose_{of}": {**_NAMES, "miss": ("x", "")} for of in ("above", "open")},
        **dict.fromkeys(("dose_device", "dose_device_asked"), _DEVICE),
        "dose_strength": _STRENGTH,
        **dict.fromkeys(("add_reason", "reason_description"), _REASON),
        **{
            of: dict.fromkeys(("document", "effective"), ("x", ""))
            for of in ("policy", "policy_alone")
        },
        "policy_met": {**dict.fromkeys(("document", "effective"), ("x", "")), "months": ("12", "")},
        **{str(reason): {} for reason in Reason},
    },
    "alternatives": {
        "summary": {"says": ("x", ""), "items": ("x", "")},
        "more": {"first": ("x", ""), "rest": ("x", "")},
        "and_more": {"items": ("x", ""), "count": ("2", "")},
        "option": dict.fromkeys(("name", "flag"), ("x", "")),
        "check_first": {"checks": ("x", ""), "more": ("2", "")},
        **dict.fromkeys(("also_heading", "only_after_heading", "not_proposed_heading"), _COUNT),
        **dict.fromkeys(("and_more_lines", "left_out"), _COUNT),
        **{key: {} for key in ("boxed", "foot")},
        **{key: {} for key in (*REASONS, "source", "off_label", "not_approved")},
        **dict.fromkeys(("covered_met", "covered_not_met", "covered_unknown"), _NAMES),
        **dict.fromkeys(
            (
                *("replace_label", "replace_in_few", "replace_in_short"),
                *("add_label", "add_in_few", "add_in_short"),
                *("delete_description", "create_description"),
            ),
            _ORDERED,
        ),
        "tests_label": {"names": ("x", "")},
        "test_description": {"says": ("x", "")},
    },
    "considerations": {
        "summary": {**_NAMES, "first": ("x", "")},
        "more": {"first": ("x", ""), "count": ("2", "")},
        "source": _NAMES,
        "and_more": _COUNT,
        "foot": {},
    },
    "questionnaires": {
        "title": {**_FORM, "indication": ("x", "")},
        **{name: {**_FORM, "cite": ("27", "27-28")} for name in ("cited", "lines")},
        **dict.fromkeys(
            (
                *("description", "trial", "drug", "started", "ended", "why", "reasons"),
                *("value", "measured"),
            ),
            _FORM,
        ),
    },
    TESTS: {"summary": _COUNT, "detail": {}},
    "crd": {
        "action": _NAMES,
        **{f"says_{line}": _SAID for line in LINES},
        "order": {"order": ("x", "")},
        **{f"{kind}_summary": {**_NAMES, **_COUNT} for kind in ("corrections", "tests")},
        **{f"{kind}_detail": {} for kind in ("corrections", "tests")},
        "policy_summary": {**_NAMES, **_CITED},
        **dict.fromkeys(("policy_detail", "policy_link"), _CITED),
        "page_link": {},
    },
    STORY: STORY_TEXTS,
    PACKET: PACKET_TEXTS,
    ANSWERING: ANSWERING_TEXTS,
    REMARKS: KINDS,
}


class CardShape(Shape):
    """`cards/<card>.yaml`."""

    card: str
    texts: dict[str, StrictStr]
    overrides: dict[str, StrictStr] = Field(default_factory=dict)


def load_cards(documents: Documents, mistakes: list[Mistake]) -> Wording:
    """The wording of every card; each text is rendered once with made-up values."""
    cards: dict[str, Mapping[str, Text]] = {}
    overrides: dict[str, tuple[Mapping[str, str], ...]] = {}
    files = {f"{card}.yaml" for card in GIVEN}
    mistakes += [
        Mistake(f"{CARDS}/{name}", 1, "no card has this file")
        for name in documents.files_in(CARDS)
        if name not in files and not name.startswith(".")
    ]
    for card in GIVEN:
        document = documents.read.get(f"{CARDS}/{card}.yaml")
        if document is None:
            mistakes.append(Mistake(f"{CARDS}/{card}.yaml", 1, "this file is missing"))
            continue
        cards[card], overrides[card], wrong = _card(document, card)
        mistakes += wrong
    override_reasons = {card: reasons for card, reasons in overrides.items() if reasons}
    if mistakes:
        return wording_of({}, override_reasons)
    return _wording(tuple(cards.items()), tuple(override_reasons.items()))


@per_arguments(most=16)
def _wording(
    cards: tuple[tuple[str, Mapping[str, Text]], ...],
    overrides: tuple[tuple[str, tuple[Mapping[str, str], ...]], ...],
) -> Wording:
    return wording_of(dict(cards), dict(overrides))


@per_arguments(most=32)
def _card(
    document: Document, card: str
) -> tuple[dict[str, Text], tuple[Mapping[str, str], ...], tuple[Mistake, ...]]:
    """The texts of a card, the reasons to override it, and the mistakes in them."""
    mistakes = list(document.mistakes)
    shape = validate(document, CardShape, mistakes)
    if shape is None:
        return {}, (), tuple(mistakes)
    texts = _texts(document, shape, GIVEN[card], mistakes)
    if shape.overrides and card == REMARKS:
        mistakes.append(document.mistake(("overrides",), "this is no card to set aside"))
    return texts, tuple(_overrides(shape)), tuple(mistakes)


def _overrides(shape: CardShape) -> Iterator[Mapping[str, str]]:
    for code, display in shape.overrides.items():
        yield {"system": OVERRIDES, "code": code, "display": display}


def _texts(
    document: Document,
    shape: CardShape,
    given: Mapping[str, Samples],
    mistakes: list[Mistake],
) -> dict[str, Text]:
    mistakes += _named(document, shape, given)
    found = {}
    for name, text in shape.texts.items():
        address = ("texts", name)
        try:
            compiled = compile_text(text, shape.card)
        except TemplateSyntaxError as error:
            line = document.line_in_text(address, error.lineno)
            mistakes.append(Mistake(document.file, line, f"{name}: {error.message}"))
            continue
        if name in given and (wrong := _asks_too_much(compiled, given[name])):
            line = document.line_in_text(address, _line_of(text, wrong))
            mistakes.append(Mistake(document.file, line, f"{name}: {wrong}"))
        elif shape.card == ALTERNATIVES and (wrong := _asks_in_braces(text, REASONS.get(name))):
            mistakes.append(document.mistake(address, f"{name}: {wrong}"))
        found[name] = compiled
    return found


def _asks_in_braces(text: str, given: Collection[str] | None) -> str | None:
    """The message on a value in single braces that the reason does not give; None if all are given."""
    if given is None:
        return None
    try:
        names = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError as error:
        return f"cannot be read: {error}"
    unknown = next((name for name in names if name not in given), None)
    return None if unknown is None else f"no value '{unknown}' here{did_you_mean(unknown, given)}"


def _line_of(text: str, wrong: str) -> int:
    """The line of a text that contains the name quoted in a message; 1 if none does."""
    word = wrong.split("'")[1] if "'" in wrong else ""
    return next((n for n, line in enumerate(text.splitlines(), 1) if word in line), 1)


def _named(document: Document, shape: CardShape, given: Mapping[str, Samples]) -> list[Mistake]:
    """Mistakes for texts that no card uses, and for missing texts that are not just misspelled."""
    if shape.card not in document.file:
        return [document.mistake(("card",), f"'{shape.card}' is not the file's name")]
    missing = [name for name in given if name not in shape.texts]
    mistakes = []
    for name in shape.texts:
        if name not in given:
            hint = did_you_mean(name, missing)
            missing = [text for text in missing if f"'{text}'" not in hint]
            mistakes.append(document.mistake(("texts", name), f"no card has a text '{name}'{hint}"))
    return mistakes + [
        document.mistake(("texts",), f"the text '{text}' is missing") for text in missing
    ]


def _asks_too_much(text: Text, given: Samples) -> str | None:
    """The message on a variable that the card does not give or a failed rendering; None if all is well."""
    if text.template is None:
        return None
    for name in sorted(text.variables - given.keys()):
        return f"no variable '{name}' here{did_you_mean(name, given)}"
    try:
        for index in (0, 1):
            text.template.render({name: pair[index] for name, pair in given.items()})
    except Exception as error:  # noqa: BLE001 - a template may fail in any way; the reader is told
        return f"cannot be rendered: {error}"
    return None
