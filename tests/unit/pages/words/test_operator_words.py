"""An operator in words: its sentence, and the evidence that it accepts."""

import pytest
from support.cases.run import library
from support.written_operators import written

from service.pages.glossary import Glossary
from service.pages.words.operator_words import FACT_KINDS, WORDS, operator_words, words_of_fields
from service.policy import operators
from service.policy.amount import Span
from service.policy.operators import Compare, CurrentFor, Operator, Supply

GLOSSARY = Glossary(library().knowledge)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (
            written(Compare, {"fact": "ad.bsa", "at_least": "10 % BSA", "within": "90 days"}),
            "at least 10 % BSA; not older than 90 days",
        ),
        (
            Supply(
                of=("ad.tci",), current_for=CurrentFor(at_least=Span(days=90), gap=Span(days=7))
            ),
            "covered today and for at least 90 days; a gap of up to 7 days does not end it",
        ),
        (Supply(of=("ad.tci",), now=True), "covered today"),
    ],
)
def test_test_of_an_operator_is_said_field_by_field(asked: Operator, says: str) -> None:
    assert says in operator_words(asked, GLOSSARY).sentence


def test_evidence_stands_beside_the_sentence() -> None:
    asked = Supply(of=("ad.tci",), now=True, accepts=("claim",))
    assert operator_words(asked, GLOSSARY).proof == "paid claims"
    assert operator_words(written(Compare, {"fact": "ad.bsa"}), GLOSSARY).proof is None


def test_field_without_words_of_its_own_is_shown_as_it_is_written() -> None:
    class Slept(Operator):
        pass

    slept = Slept()
    assert words_of_fields(slept) == {}
    assert "now" in words_of_fields(Supply(of=("ad.tci",), now=True))


def test_words_are_of_operators_that_there_are() -> None:
    for name in (*WORDS, *FACT_KINDS):
        assert issubclass(getattr(operators, name), Operator)
