"""Codes of several lines that hold at once."""

from support.cases.run import library

from service.cards.crd.crd_document import LINES, Codes, CrdDocument


def document() -> CrdDocument:
    found = library().crd
    assert found is not None
    return found


def test_weakest_answer_wins_and_what_is_needed_is_joined() -> None:
    asked = Codes("conditional", "auth-needed", ("clinical",), ("withpa",), ("OTH",), form=True)
    trouble = Codes("indeterminate", "auth-needed", reason="technical")
    joined = Codes("indeterminate", "auth-needed", ("clinical",), ("withpa",), ("OTH",), form=True)
    assert document().joined((asked, trouble, asked)) == joined


def test_nothing_is_needed_where_no_line_needs_it() -> None:
    none = Codes("not-covered")
    assert document().joined((none, none)) == none


def test_every_version_has_every_line() -> None:
    assert {tuple(sorted(one.lines)) for one in document().versions.values()} == {
        tuple(sorted(LINES))
    }
