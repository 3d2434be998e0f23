"""Texts that a recording may hold: names of the documents, amounts, doses and drugs."""

import re
from collections.abc import Iterator

from service.fhir.terminology.names_in_text import occur, split
from service.library import Library
from service.memo import cached_property
from service.recordings.safe.amounts import Amounts
from service.recordings.safe.plain_texts import MARKS, TOKEN, plain_text

_AMOUNT = re.compile(r"(<=|>=|<|>)?\s*\d{1,4}(\.\d{1,4})?\s*(?P<unit>\S.{0,19})?")
_RANGE = re.compile(r"\(?\d{1,3}\s?(?:-|to)\s?\d{1,3}\)?")


class KnownTexts:
    """The texts of one library."""

    def __init__(self, library: Library) -> None:
        self._library = library

    @cached_property
    def all_texts(self) -> frozenset[str]:
        """Names and displays that stand in the documents, each as a whole."""
        return frozenset(plain_text(text) for text in self._texts())

    def _texts(self) -> Iterator[str]:
        library = self._library
        terminology, knowledge = library.terminology, library.knowledge
        yield from terminology.by_name
        for table in (terminology.by_code, terminology.by_prefix):
            yield from (entry.display for entries in table.values() for entry in entries)
        yield from knowledge.words
        yield from knowledge.plain_words
        for payer in library.payers.values():
            yield from (payer.name, *payer.names)
        for fact in knowledge.facts.values():
            yield from fact.grades.values()
            yield from fact.says_so
            yield from (name for scale in fact.scales.values() for name in scale.names)
            for words in (
                fact.denied_words,
                fact.pending_words,
                fact.open_words,
                fact.approved_words,
            ):
                yield from words
        for unit in knowledge.units.values():
            yield from (unit.word, *unit.texts, *unit.codes)
        yield from ("yes", "no", "true", "false")

    @cached_property
    def _dosing(self) -> frozenset[str]:
        """Single words of doses: units, and the names of the drugs that are judged."""
        units = (text for unit in self._library.knowledge.units.values() for text in unit.texts)
        drugs = (name for names in self._library.drug_names.values() for name in names)
        words = (word for text in (*units, *drugs) for word in TOKEN.findall(text.lower()))
        return frozenset((*words, *_DOSING))

    def is_text(self, written: str) -> bool:
        """Whether a text is known as a whole, is an amount of a known unit, or a dose in plain words."""
        plain = plain_text(written)
        if plain in self.all_texts:
            return True
        if not self.amounts.are_all(plain):
            return False
        amount = _AMOUNT.fullmatch(plain)
        if amount is not None and (amount["unit"] is None or amount["unit"] in self.all_texts):
            return True
        without_range = _RANGE.sub("", plain).strip()
        return self._is_dose(plain) or (without_range != plain and without_range in self.all_texts)

    def _is_dose(self, plain: str) -> bool:
        tokens = TOKEN.findall(plain)
        return bool(tokens) and all(
            token in MARKS
            or token in self._dosing
            or (token[0].isdigit() and len(token) <= len("1000"))
            for token in tokens
        )

    @cached_property
    def amounts(self) -> Amounts:
        """Numbers with these units are amounts."""
        units = self._library.knowledge.units.values()
        words = (text for unit in units for text in (unit.word, *unit.texts, *unit.codes))
        return Amounts(plain_text(word) for word in words if word)

    def has(self, written: str) -> bool:
        """Whether a text stands in the documents as a whole."""
        return plain_text(written) in self.all_texts

    def is_payer_name(self, written: str) -> bool:
        """Whether this is the name of a payer of the documents."""
        payers = self._library.payers.values()
        return any(
            plain_text(name) == plain_text(written)
            for one in payers
            for name in (one.name, *one.names)
        )

    def is_drug(self, written: str) -> bool:
        """Whether a text names drugs of the directory, with their strengths and forms, and nothing else."""
        lists = self._library.terminology.lists
        words = split(written)
        if not self.amounts.are_all(plain_text(written)):
            return False
        if lists is None or not (
            occur(words, lists.names.others) or occur(words, lists.names.ours)
        ):
            return False
        return all(
            word in self._drug_words
            or word in self._dosing
            or (word[0].isdigit() and len(word) <= len("10000"))
            for word in words
        )

    @cached_property
    def _drug_words(self) -> frozenset[str]:
        """Single words of the names of drugs: of the directory, and of the products of the value sets."""
        terminology = self._library.terminology
        displays = (
            entry.display
            for entries in terminology.by_code.values()
            for entry in entries
            if entry.attributes.get("ingredient")
        )
        words = {word for display in displays for word in split(display)}
        if terminology.lists is not None:
            for names in (terminology.lists.names.others, terminology.lists.names.ours):
                words |= {word for phrase in _all_phrases(names) for word in phrase}
        return frozenset(words)


_DOSING = frozenset(
    [
        "inject",
        "take",
        "use",
        "apply",
        "inhale",
        "give",
        "every",
        "each",
        "day",
        "days",
        "week",
        "weeks",
        "month",
        "months",
        "hour",
        "hours",
        "other",
        "daily",
        "weekly",
        "monthly",
        "once",
        "twice",
        "then",
        "followed",
        "by",
        "for",
        "of",
        "the",
        "a",
        "an",
        "and",
        "at",
        "as",
        "to",
        "in",
        "on",
        "first",
        "dose",
        "doses",
        "loading",
        "starting",
        "initial",
        "maintenance",
        "single",
        "subcutaneously",
        "subcutaneous",
        "subcutaneous",
        "injection",
        "syringe",
        "syringes",
        "pen",
        "pens",
        "under",
        "skin",
        "mouth",
        "oral",
        "puff",
        "puffs",
        "two",
        "one",
        "three",
        "four",
        "times",
        "needed",
        "directed",
        "mg",
        "ml",
        "mcg",
        "g",
        "kg",
        "qd",
        "bid",
        "tid",
        "qid",
        "q2w",
        "q4w",
        "qw",
        "prn",
        "po",
        "sc",
        "x",
    ]
)


def _all_phrases(value: object) -> Iterator[tuple[str, ...]]:
    """Every phrase of a table of phrases by their first words."""
    if isinstance(value, str):
        yield (value,)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield (str(key),)
            yield from _all_phrases(one)
    elif isinstance(value, tuple | list | set | frozenset):
        for one in value:
            yield from _all_phrases(one)
