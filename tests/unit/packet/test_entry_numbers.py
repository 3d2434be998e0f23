"""Entries are numbered in the order in which they are named first, with their days and sources."""

from support.packets import case_of

from service.packet.entry_numbers import EntryNumbers
from service.packet.packet_words import PacketWords


def test_entries_have_one_number_each_and_all_their_days() -> None:
    case = case_of("initial-fully-met")
    numbers = EntryNumbers(case, PacketWords(case.library.wording))
    assert numbers.of("Observation/b", "the clinical record", "2026-01-02") == 1
    assert numbers.of("Patient/fully-met", "the clinical record") == 2
    assert numbers.all([("Observation/b", "x", "2026-01-03"), ("Observation/b", "x", "")]) == (1,)
    answers = "QuestionnaireResponse/fully-met-answers-1"
    assert numbers.of(answers, "statements of the prescriber") == 3
    assert numbers.of("ClaimResponse/c", "paid claims", "2026-01-04") == 4
    shown = [(one.number, one.entry, one.day, one.source) for one in numbers.sources()]
    assert sorted(shown) == sorted(
        [
            (1, "Observation/b", "2026-01-02, 2026-01-03", "the clinical record"),
            (2, "Patient/fully-met", "no date", "the clinical record"),
            (4, "ClaimResponse/c", "2026-01-04", "Prior authorizations that payers decided"),
            (3, answers, "no date", "statements of the prescriber by Dr. Amara Okafor"),
        ]
    )
