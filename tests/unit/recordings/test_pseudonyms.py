"""Ids and offsets of a secret."""

from itertools import islice

from service.recordings.pseudonyms import Pseudonyms


def test_the_same_secret_gives_the_same() -> None:
    one, same, other = Pseudonyms(b"a"), Pseudonyms(b"a"), Pseudonyms(b"b")
    assert one.id_("p1") == same.id_("p1") != other.id_("p1")
    assert one.uuid("x") != one.uuid("y")
    assert "Okafor" not in one.text("Okafor") + one.code("s", "Okafor")


def test_offsets_leave_the_week() -> None:
    offsets = [*islice(Pseudonyms(b"a").offsets("p1"), 200)]
    assert offsets == [*islice(Pseudonyms(b"a").offsets("p1"), 200)]
    assert min(map(abs, offsets)) >= 8
    assert min(offsets) < 0 < max(offsets)
