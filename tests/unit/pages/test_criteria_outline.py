"""Criteria as numbered lines: what they ask, from where, and who may state it."""

from support.cases.run import library

from service.library.shapes import ReadingShape
from service.pages.criteria_outline import Outline, names_in
from service.pages.glossary import Glossary
from service.policy.model import Criterion, Notice, Op
from service.policy.operators import Background, Compare, Recorded, Supply

READING = ReadingShape(used="As adults", also={"b": "As all"}, confidence="low", cite="3", why="x")


def outline() -> Outline:
    return Outline(Glossary(library().knowledge), {"who": READING})


def leaf(id_: str, **more: object) -> Criterion:
    supply = Supply(of=("ad.tci",), now=True)
    return Criterion(id_, f"says {id_}", "24", Op.LEAF, operator=supply, **more)  # type: ignore[arg-type]  # fields of a test


def test_children_are_numbered_below_their_group() -> None:
    line = outline().line(Criterion("g", "both", "1", Op.ALL, (leaf("a"), leaf("b"))), "2")
    assert [child.number for child in line.children] == ["2.1", "2.2"]
    assert (line.nest, line.lines) == ("ALL of these", "line 1")
    assert line.children[0].nest is None


def test_branches_of_a_choice_say_which_they_are() -> None:
    children = (leaf("a"), leaf("b"), leaf("c"))
    line = outline().line(Criterion("g", "one", "1", Op.CHOOSE, children), "1")
    assert [child.branch for child in line.children] == [
        "Test",
        "If the test is met",
        "If the test is not met",
    ]


def test_notes_say_what_is_asked_of_the_record_and_of_the_prescriber() -> None:
    criterion = leaf("a", asks="Is it?", statement="decides", notices=(Notice(leaf("b"), "See b"),))
    notes = dict(outline().line(criterion, "1").notes)
    assert notes["Question to the prescriber"] == "Is it?"
    assert notes["Notice"] == "See b (Shown while not met and: says b.)"
    assert {"Asks", "Evidence accepted", "Statement"} <= notes.keys()


def test_value_sets_remember_the_criteria_that_name_them() -> None:
    pages = outline()
    pages.line(Criterion("g", "both", "1", Op.ALL, (leaf("a"), leaf("b"))), "1")
    assert pages.value_sets["ad.tci"] == ["a", "b"]


def test_reading_is_shown_with_the_other_ones_and_an_unknown_one_without_words() -> None:
    reading = outline().reading("who")
    assert (reading.used, reading.others, reading.lines) == ("As adults", ("As all",), "line 3")
    assert outline().reading("what").used == ""


def test_names_are_found_anywhere_in_an_operator_and_once() -> None:
    asked = Compare(fact="x", before_first=("b",), during=(Background(of=("a", "b")),))
    assert list(names_in(asked, dict.fromkeys("ab"))) == ["b", "a"]
    assert list(names_in(Recorded(fact=("c",)), dict.fromkeys("ab"))) == []
