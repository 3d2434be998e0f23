"""Tables of units, of yes and no, and of codes, from their documents."""

from typing import Any

from service.library.lookups.terminology_tables import build_answers, build_timings, build_units
from service.library.shapes import UnitsShape, ValueSetShape


def answers(name: str, kind: str, **words: list[str]) -> ValueSetShape:
    data: dict[str, Any] = {"value_set": name, "kind": kind, "says": "x", "source": {}, **words}
    return ValueSetShape.model_validate(data)


def test_unit_is_a_name_of_itself() -> None:
    units = [{"word": "mg", "codes": {"mg": 1, "g": 1000}, "texts": {"milligram": 1}}]
    shape = UnitsShape.model_validate({"source": "x", "units": units})
    (unit,) = build_units(shape).values()
    assert unit.codes == {"mg": 1, "g": 1000}
    assert unit.texts == {"mg": 1, "milligram": 1}


def test_words_for_yes_and_no_are_compared_without_case() -> None:
    sets = {
        "yes": answers("yes", "answer_yes", texts=["Positive"], plain=["Y"]),
        "no": answers("no", "answer_no", texts=["Negative"]),
        "disease": answers("disease", "condition", texts=["Eczema"]),
    }
    by_set, words, plain = build_answers(sets)
    assert by_set.keys() == {"yes", "no"}
    assert words["positive"] == by_set["yes"]
    assert words["negative"] == by_set["no"] != by_set["yes"]
    assert plain == {"y": by_set["yes"]}
    assert "eczema" not in words


def test_timings_may_be_left_out() -> None:
    assert build_timings(None) == build_timings(None)
