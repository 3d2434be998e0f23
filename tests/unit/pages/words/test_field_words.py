"""How the field of an operator is put into words."""

import pytest
from support.cases.run import library

from service.pages.glossary import Glossary
from service.pages.words.field_words import (
    FieldWords,
    OperatorWords,
    Place,
    by_value,
    dependent_words,
    nesting,
    phrase,
    sentence_of,
    several,
    subject,
)
from service.policy.amount import Span
from service.policy.model import Op
from service.policy.operators import Compare, Operator, Recorded, Supply

GLOSSARY = Glossary(library().knowledge)


@pytest.mark.parametrize(
    ("words", "value", "expected"),
    [
        (phrase("not older than {}"), Span(months=24), "not older than 2 years"),
        (phrase("not older than {}"), None, None),
        (phrase("only {}"), (), None),
        (by_value({True: "yes"}), True, "yes"),
        (by_value({True: "yes"}), False, None),
        (several("any of {}"), ("a", "b"), "any of “a” or “b”"),
        (several("any of {}"), ("a",), "a"),
        (several("any of {}"), (), None),
    ],
)
def test_value_has_its_words_and_a_left_out_one_none(
    words: FieldWords, value: object, expected: str | None
) -> None:
    assert words.words(value, GLOSSARY) == expected


def test_sentence_is_the_subject_then_the_tests_and_evidence_stands_apart() -> None:
    fields = {
        "pick": by_value({"any": "some one value is enough"}),
        "fact": subject(lambda name, _: str(name).upper()),
        "within": phrase("not older than {}"),
        "accepts": FieldWords(lambda kinds, _: ", ".join(kinds), place=Place.PROOF),
    }
    asked = Compare(fact="bsa", pick="any", within=Span(days=90), accepts=("claim",))
    expected = OperatorWords("BSA: some one value is enough; not older than 90 days", "claim")
    assert sentence_of(fields, asked, GLOSSARY) == expected
    assert sentence_of(fields, Compare(fact="bsa"), GLOSSARY) == OperatorWords("BSA", None)


@pytest.mark.parametrize(
    ("operator", "depends"),
    [
        (Compare(fact="x", pick="baseline_if_treated"), True),
        (Compare(fact="x"), False),
        (Supply(of=("x",), now=True), False),
        (Recorded(fact=("x",), pick="baseline_if_treated"), True),
    ],
)
def test_meaning_of_an_age_limit_depends_on_the_value_that_is_picked(
    operator: Operator, *, depends: bool
) -> None:
    assert ("within" in dependent_words(operator)) is depends


def test_group_says_how_many_it_needs() -> None:
    assert nesting(Op.AT_LEAST, 2) == "AT LEAST 2 of these"
    assert nesting(Op.ALL, None) == "ALL of these"
