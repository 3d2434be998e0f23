"""Answers as a yes, a no or a question."""

import pytest
from support.stated import YES, Json, read, response


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"valueString": "Yes."}, "met"),
        ({"valueString": "no"}, "not_met"),
        ({"valueString": "perhaps"}, "unknown attestation"),
        ({"valueInteger": 1}, "met"),
        ({"valueInteger": 0}, "not_met"),
        ({"valueInteger": 2}, "unknown attestation"),
        ({"valueCoding": {"system": "http://snomed.info/sct", "code": "373066001"}}, "met"),
        ({"valueCoding": {"display": "No"}}, "not_met"),
        ({"valueDate": "2026-01-01"}, "unknown attestation"),
        (None, None),
    ],
)
def test_answer_of_another_kind_is_a_plain_yes_or_no_or_a_question(
    answer: Json | None, expected: str | None
) -> None:
    assert read(response(answer)) == expected


def test_answer_deep_in_a_group_is_read_and_one_with_an_unknown_modifier_is_not() -> None:
    inner = [{"linkId": "q", "answer": [YES]}]
    assert read(response(None, item=[{"linkId": "group", "item": inner}])) == "met"
    odd = [{"linkId": "q", "answer": [YES], "modifierExtension": [{"url": "x"}]}]
    assert read(response(None, item=odd)) is None
