"""Words for the names and values of a policy."""

import pytest
from support.cases.run import library

from service.pages.glossary import Glossary, approval_words, evidence_words, lines_of, plain
from service.policy.amount import Amount, Span


@pytest.mark.parametrize(
    ("cite", "words"),
    [("", ""), ("24", "line 24"), ("37-39", "lines 37-39"), ("1, 2", "lines 1, 2")],
)
def test_citation_of_one_line_is_in_the_singular(cite: str, words: str) -> None:
    assert lines_of(cite) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Span(months=216), "18 years"),
        (Span(months=24), "2 years"),
        (Span(months=12), "12 months"),
        (Span(months=30), "30 months"),
        (Span(days=1), "1 day"),
        (Amount(value=10, unit="% BSA"), "10 % BSA"),
        (3.0, "3"),
        (0.5, "0.5"),
        (2, "2"),
    ],
)
def test_whole_years_from_two_on_and_numbers_are_written_plainly(value: object, words: str) -> None:
    assert plain(value) == words


@pytest.mark.parametrize(
    ("months", "words"),
    [(12, "12 months"), ((12, 12), "12 months"), ((6, 12), "first 6, later 12 months")],
)
def test_approval_of_two_lengths_names_both(months: object, words: str) -> None:
    assert approval_words(months) == words


def test_kind_of_evidence_without_words_is_shown_as_it_is() -> None:
    assert evidence_words(["claim", "rumour"]) == "paid claims, rumour"
    assert evidence_words([]) == ""


def test_name_without_words_is_shown_as_it_is() -> None:
    glossary = Glossary(library().knowledge)
    assert glossary.title("no.set") == glossary.short("no.set") == "no.set"
    assert glossary.label("no.fact") == "no.fact"
    assert glossary.source("no_source") == "no_source"
    assert glossary.fact("no.fact") is None


def test_shipped_names_have_words_and_the_bound_class_is_called_the_class() -> None:
    glossary = Glossary(library().knowledge, bound="ad.tci")
    assert glossary.short("ad.tci") == "the class"
    assert glossary.title("ad.tci") != "ad.tci"
    assert glossary.label("ad.bsa") == library().knowledge.facts["ad.bsa"].label
    assert glossary.labels(["ad.bsa", "no.fact"]) == f"{glossary.label('ad.bsa')} or no.fact"


def test_several_sets_stand_in_quotes_and_one_alone_does_not() -> None:
    glossary = Glossary(library().knowledge)
    assert glossary.shorts(["no.a"]) == "no.a"
    assert glossary.shorts(["no.a", "no.b"], "and") == "“no.a” and “no.b”"
