"""What the documents list: hooks, types, criteria, addresses, and the words of answers."""

from support.recordings import words


def test_what_is_listed() -> None:
    assert words().is_hook("order-sign")
    assert words().is_type("Observation")
    assert not words().is_type("Okafor")
    assert words().is_criterion("ad.initial.age")
    assert not words().is_extension("https://secret.example/x")


def test_words_of_answers() -> None:
    known = words().of_answers
    assert {"ad.initial.age", "bcbsms/L.5.01.513@2025-10-01", "ad", "payer_unclear"} <= known
    assert {"ad.note.start", "topical_corticosteroid"} <= known
    assert "okafor" not in known
