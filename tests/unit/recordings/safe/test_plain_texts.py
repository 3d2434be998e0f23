"""One spelling of a text, and the words that people bear as names."""

from service.recordings.safe.plain_texts import ALSO_NAMES, SURNAMES, TOKEN, plain_text


def test_one_spelling() -> None:
    assert plain_text("  Atopic\n DERMATITIS ") == "atopic dermatitis"
    assert TOKEN.findall("300 mg/2 ml") == ["300", "mg", "/", "2", "ml"]


def test_names_are_in_that_spelling() -> None:
    assert all(plain_text(name) == name for name in ALSO_NAMES | SURNAMES)
