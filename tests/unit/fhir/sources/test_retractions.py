"""Notes that take an entry back, and notes of true entries that only sound like it."""

import pytest

from service.fhir.sources.denying_words import Denials
from service.fhir.sources.retractions import OwnName, Retractions, own_name
from service.fhir.terminology.names_in_text import PointingWords, phrases


def words(*each: str) -> Denials:
    return Denials(each, frozenset(), frozenset(), unless=("not ruled out", "not controlled"))


NOTES = Retractions(
    (("note", "text"),),
    words("chart error"),
    words("ruled out", "misdiagnosed"),
    (("scab",), ("malign",)),
    phrases(["other causes"]),
    words("changed to"),
    words("not", "no evidence of"),
)
PRURIGO = OwnName(
    [PointingWords((("prurigo",), ("nodular", "itch")), (("actinic",),), frozenset())]
)


@pytest.mark.parametrize(
    ("note", "back"),
    [
        ("Chart error", True),
        ("seen today. Ruled out by biopsy", True),
        ("prurigo ruled out", True),
        ("Prurigo: ruled out", True),
        ("scabies ruled out", False),
        ("Ruled out: scabies", False),
        ("prurigo: scabies ruled out", False),
        ("scabies and prurigo ruled out", True),
        ("other causes of prurigo ruled out", False),
        ("not ruled out", False),
        ("misdiagnosed as scabies", False),
        ("changed to scabies", True),
        ("changed to prurigo", False),
        ("psoriasis, not prurigo", True),
        ("not nodular itch", True),
        ("not treated for prurigo", False),
        ("not controlled prurigo", False),
        ("no evidence of prurigo", True),
        ("no fever, denies pain", False),
        ("", False),
    ],
)
def test_note_takes_an_entry_back_by_words_about_the_entry(note: str, back: bool) -> None:
    assert NOTES.take_back({"note": {"text": note}}, PRURIGO) is back


@pytest.mark.parametrize(
    ("note", "denied"),
    [
        ("not prurigo", True),
        ("prurigo ruled out", True),
        ("ruled out", False),
        ("chart error", False),
        ("other causes of prurigo ruled out", False),
    ],
)
def test_text_denies_only_what_it_names(note: str, denied: bool) -> None:
    assert NOTES.deny(note, PRURIGO) is denied


def test_entry_without_pointing_words_is_known_by_the_longer_words_of_its_names() -> None:
    own = own_name([], ["Biopsy of the skin"])
    assert own.words == {"biopsy", "skin"}
    assert own.is_in(["the", "skin"])
    assert not own.is_in(["the", "of"])
    assert not own.is_first_in(["skin"])
