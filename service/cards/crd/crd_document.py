"""How assessments are said in Da Vinci CRD, as `mappings/crd.yaml` states it: versions, lines, options."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from service.facts.payer.coverage_reading import Use
from service.policy.truth import Reason

About = Literal["coverage_information", "authorization", "cards", "number_of_cards"]
Contact = Literal["ContactPoint", "ContactDetail"]
CARDS = ("criteria", "corrections", "tests", "policy", "alternatives", "considerations")
AUTHORIZED = ("authorized", "authorized_ahead", "authorized_unnumbered", "authorized_unsaid")
JUDGED = ("met_by_record", "met_with_statements", "not_met")
SHORT = (
    *("not_addressed", "elsewhere", "no_policy", "other_payer", "payer_not_supplied"),
    *("payer_unclear", "order_unclear", "unknown_indication", "unmapped_indication"),
    "either_indication",
    *("patient_deceased", "patient_inactive", "patient_replaced", "order_not_understood"),
)
# Every line that the document must have: one for each thing that may be known of an order or a coverage.
LINES = (
    *JUDGED,
    *(f"unknown_{reason}" for reason in Reason),
    *("unknown_order", "unknown_time"),
    *AUTHORIZED,
    *SHORT,
    *(f"coverage_{use}" for use in get_args(Use) if use != "decides"),
)


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of one line in one version, by the names of the parts of the extension.

    `reason` is the code of the reason, None if its text says all; `form`: our questionnaires are named.
    """

    covered: str
    pa_needed: str | None = None
    doc_needed: tuple[str, ...] = ()
    doc_purpose: tuple[str, ...] = ()
    info_needed: tuple[str, ...] = ()
    reason: str | None = None
    form: bool = False


@dataclass(frozen=True, slots=True)
class CodeList:
    """Codes of one system."""

    system: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CrdTopic:
    """What a kind of card is about: a code of the list of topics, and what it is called."""

    code: str
    display: str


@dataclass(frozen=True, slots=True)
class CrdVersion:
    """One version of CRD: its lines, and how it differs from the others.

    `associated_keys` are the extensions of a card that name its order, as a text or as a Reference.
    `refuses_other_payers`: a call without a coverage of a known payer is refused.
    """

    name: str
    lines: Mapping[str, Codes]
    reasons: CodeList
    topics: CodeList
    contact: Contact
    associated_keys: tuple[str, ...]
    associated_as_text: bool
    expiry_date: bool = False
    refuses_other_payers: bool = False


@dataclass(frozen=True, slots=True)
class CrdOption:
    """One option of the configuration, as discovery shows it; `about` is what it has to do with."""

    code: str
    type: Literal["boolean", "integer"]
    name: str
    description: str
    default: bool | int
    about: About


@dataclass(frozen=True, slots=True)
class CrdDocument:
    """The whole document; `url` is that of the extension, `default` the version if none is asked for.

    `weakest_covered` and `weakest_pa_needed` put codes in order: of several lines the first one is sent.
    `left_out_at` names parts that are not sent at a hook.
    """

    url: str
    default: str
    versions: Mapping[str, CrdVersion]
    weakest_covered: tuple[str, ...]
    weakest_pa_needed: tuple[str, ...]
    info_needed_only_with: str
    satisfied: str
    left_out_at: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cards: Mapping[str, CrdTopic] = field(default_factory=dict)
    options: tuple[CrdOption, ...] = ()

    def joined(self, codes: tuple[Codes, ...]) -> Codes:
        """The codes where several lines apply: the weakest answer, and all that is needed."""
        covered = min((each.covered for each in codes), key=self.weakest_covered.index)
        needed = [each.pa_needed for each in codes if each.pa_needed is not None]
        return Codes(
            covered,
            min(needed, key=self.weakest_pa_needed.index) if needed else None,
            _each_once(each.doc_needed for each in codes),
            _each_once(each.doc_purpose for each in codes),
            _each_once(each.info_needed for each in codes),
            form=any(each.form for each in codes),
        )


def _each_once(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for codes in lists for code in codes))
