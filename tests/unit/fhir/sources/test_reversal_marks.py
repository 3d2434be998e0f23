"""Codes and words by which a resource takes an earlier one back."""

from typing import Any

import pytest

from service.fhir.sources.coded_entries import CodedEntries
from service.fhir.sources.reversal_marks import MarkingWords, ReversalCodes

Json = dict[str, Any]
KINDS = CodedEntries(("related",), ("category",), frozenset({"kind"}), ("code",))


def said_kind(code: str, category: str = "kind") -> Json:
    return {
        "related": [
            {"category": {"coding": [{"code": category}]}, "code": {"coding": [{"code": code}]}}
        ]
    }


@pytest.mark.parametrize(
    ("resource", "said"),
    [
        (said_kind("void"), True),
        (said_kind("0138"), True),
        (said_kind("0131"), False),
        (said_kind("void", "other"), False),
        ({}, False),
        ({"related": "void"}, False),
    ],
)
def test_reversal_is_a_listed_code_or_ending_in_its_category(resource: Json, said: bool) -> None:
    assert ReversalCodes(KINDS, frozenset({"void"}), ("8",)).is_said(resource) is said


def test_without_endings_only_whole_codes_reverse() -> None:
    assert not ReversalCodes(KINDS, frozenset({"void"}), ()).is_said(said_kind("0138"))


@pytest.mark.parametrize(
    ("resource", "said"),
    [
        ({"disposition": "Claim REVERSED by payer"}, True),
        ({"disposition": "irreversed"}, False),
        ({"note": [{"text": "paid"}, {"text": "taken back on request"}]}, True),
        ({"note": [{"text": "taken"}, {"text": "back"}]}, False),
        ({"outcome": {"coding": [{"code": "reversed"}]}}, False),
        ({}, False),
    ],
)
def test_words_reverse_as_whole_words_at_the_listed_paths(resource: Json, said: bool) -> None:
    words = MarkingWords((("disposition",), ("note", "text")), ("reversed", "taken back"))
    assert words.is_said(resource) is said


def test_code_of_a_concept_is_read_as_a_word_too() -> None:
    words = MarkingWords((("outcome",),), ("reversed",))
    assert words.is_said({"outcome": {"coding": [{"code": "reversed"}]}})
