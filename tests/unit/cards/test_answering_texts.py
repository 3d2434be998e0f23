"""The texts of the page of questions are all there, and each says something."""

from support.cases.run import library

from service.cards.answering_texts import ANSWERING, ANSWERING_TEXTS


def test_every_text_says_something() -> None:
    wording = library().wording
    assert set(wording.texts[ANSWERING]) == set(ANSWERING_TEXTS)
    for name, values in ANSWERING_TEXTS.items():
        full = {value: samples[0] for value, samples in values.items()}
        assert str(wording.say(ANSWERING, name, **full)).strip()
