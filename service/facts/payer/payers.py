"""Payers, told apart by identifier or exact name, and whom they leave to others."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from service.fhir.elements import first_object, objects, same_name, text
from service.fhir.record import Record
from service.json_object import Json
from service.memo import cached_property

Pairs = frozenset[tuple[str | None, str]]
SHORTEST = 3  # letters of a word that tells payers apart
# Words that stand in the name of any payer or plan.
_OF_ANYBODY = frozenset(
    (
        *("and", "association", "benefit", "benefits", "care", "commercial", "company", "corp"),
        *("corporation", "coverage", "employer", "epo", "for", "group", "health", "healthcare"),
        *(
            "hmo",
            "inc",
            "individual",
            "insurance",
            "insured",
            "insurer",
            "llc",
            "managed",
            "medical",
        ),
        *("mutual", "network", "of", "organization", "payer", "payor", "pharmacy", "plan", "plans"),
        *("policy", "pos", "ppo", "primary", "private", "secondary", "services", "tertiary", "the"),
        *("none", "other", "unknown", "unspecified"),
    )
)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Members whom another program decides on, known by their plan or group."""

    says: str
    cite: str
    names: tuple[str, ...]
    identifiers: Pairs


@dataclass(frozen=True)
class Payer:
    """A payer, how coverages name it, and whom it leaves to others.

    `contacts` answer questions on authorizations: each a system of FHIR's ContactPoint and its value.
    """

    id: str
    name: str
    short: str
    identifiers: Pairs
    names: tuple[str, ...]
    elsewhere: tuple[Elsewhere, ...]
    network_pharmacies: Pairs
    contacts: tuple[tuple[str, str], ...] = ()
    known_as: frozenset[str] = frozenset()

    @cached_property
    def _own_words(self) -> frozenset[str]:
        """The words by which it, or a program that it leaves members to, is known."""
        names = (
            *self.names,
            self.name,
            *(name for program in self.elsewhere for name in program.names),
        )
        words = {word for name in names for word in _words(name) if len(word) >= SHORTEST}
        return frozenset(words - _OF_ANYBODY)

    def may_be(self, name: str) -> bool:
        """Whether a name has a word of this payer's, however it is put together."""
        letters = "".join(_words(name))
        return any(word in letters for word in self._own_words)

    def __post_init__(self) -> None:
        object.__setattr__(self, "known_as", frozenset(map(same_name, self.names)))


def describe(record: Record, reference: Json, holder: Json) -> tuple[set[str], Pairs]:
    """The names and identifiers of an organization, from the reference and what it points to."""
    target = record.resolve(reference, holder)
    about = [reference] if target is None else [reference, target]
    names = {
        same_name(name)
        for element in about
        for name in (text(element.get("display")), text(element.get("name")))
        if name
    }
    names |= {same_name(alias) for element in about for alias in _aliases(element)}
    identifiers = frozenset(
        (text(identifier.get("system")), value)
        for holder_ in about
        for identifier in objects(holder_.get("identifier"))
        if (value := text(identifier.get("value")))
    )
    return names, identifiers


def _aliases(organization: Json) -> list[str]:
    aliases = organization.get("alias")
    return [a for a in aliases if isinstance(a, str)] if isinstance(aliases, list) else []


def payer_named(payers: Mapping[str, Payer], names: set[str], identifiers: Pairs) -> Payer | None:
    """The payer that one of the identifiers or exact names belongs to."""
    for payer in payers.values():
        if identifiers & payer.identifiers or names & payer.known_as:
            return payer
    return None


def is_doubted(record: Record, payer: Payer, reference: Json, holder: Json) -> bool:
    """Whether what names a payer contradicts itself, or leads to what is not understood.

    Another number where one tells payers apart, or beside it a name that has no word of this payer's.
    """
    if record.leads_to_doubt(reference, holder):
        return True
    _, identifiers = describe(record, reference, holder)
    numbers = {identifier for identifier in identifiers if identifier[0] in _telling(payer)}
    if numbers and numbers.isdisjoint(payer.identifiers):
        return True
    target = record.resolve(reference, holder) or {}
    named = (_called(reference), _called(target))
    return any(names and not any(map(payer.may_be, names)) for names in named)


def _called(organization: Json) -> list[str]:
    """The names that say whose they are."""
    all_names = [
        text(organization.get("display")),
        text(organization.get("name")),
        *_aliases(organization),
    ]
    return [name for name in all_names if name and words_of_anybody(name) is None]


def words_of_anybody(name: str) -> list[str] | None:
    """The words of a name that any payer or plan may bear; None if one of them tells whose it is."""
    words = _words(name)
    return words if _OF_ANYBODY.issuperset(words) else None


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W_]{2,}", same_name(name))


def of_plan(payers: Mapping[str, Payer], names: set[str]) -> Payer | None:
    """The payer that leaves members of a plan with one of these names to another program."""
    for payer in payers.values():
        for program in payer.elsewhere:
            if any(same_name(plan) in name for plan in program.names for name in names):
                return payer
    return None


def elsewhere_of(payer: Payer, coverage: Json, names: set[str]) -> Elsewhere | None:
    """The other program that decides for members of this plan or group; None if the payer does."""
    plans = objects(coverage.get("class"))
    plan_words = names | {
        same_name(value)
        for plan_class in plans
        for value in (text(plan_class.get("name")), text(plan_class.get("value")))
        if value
    }
    if display := text(first_object(coverage.get("type")).get("text")):
        plan_words.add(same_name(display))
    for program in payer.elsewhere:
        plan_names = {same_name(name) for name in program.names}
        values = {value.lower() for _, value in program.identifiers}
        if any(name in plan for name in plan_names for plan in plan_words) or plan_words & values:
            return program
    return None


def is_payer(record: Record, payer: Payer | None, holder: Json) -> bool | None:
    """Whether the insurer of an authorization is this payer; None where what names it leaves that open.

    Another number where one tells payers apart, or names of which each has a word that tells and none is a
    word of this payer's, say that it is another.
    """
    insurer = first_object(holder.get("insurer"))
    names, identifiers = describe(record, insurer, holder)
    if payer is None or record.leads_to_doubt(insurer, holder):
        return None
    if payer_named({payer.id: payer}, names, identifiers) is not None:
        return None if is_doubted(record, payer, insurer, holder) else True
    if any(system in _telling(payer) for system, _ in identifiers):
        return False
    telling = [name for name in names if words_of_anybody(name) is None]
    return None if not telling or any(map(payer.may_be, telling)) else False


def _telling(payer: Payer) -> set[str | None]:
    """The systems whose numbers tell payers apart."""
    return {system for system, _ in payer.identifiers}


def in_network(payer: Payer | None, pharmacy: Json) -> bool | None:
    """Whether a pharmacy is in the payer's network list; None when there is no list."""
    if payer is None or not payer.network_pharmacies:
        return None
    pharmacy_numbers = {
        (text(identifier.get("system")), text(identifier.get("value")))
        for identifier in objects(pharmacy.get("identifier"))
    }
    return bool(pharmacy_numbers & payer.network_pharmacies)
