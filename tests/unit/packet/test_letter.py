"""The letter: each sentence names its entry of the record."""

import pytest
from support.packets import JUDGED, body_of, case_of, packet, recorded_packet

from service.packet.letter import letter_of


@pytest.mark.parametrize("name", JUDGED[2::3])
def test_each_sentence_names_an_entry_that_the_assessment_cites(name: str) -> None:
    letter = recorded_packet(name).letter
    shows, states = letter.sections[:2]
    assert all(sentence.entries for sentence in (*shows.sentences, *states.sentences))
    known = {source.number for source in letter.sources}
    sentences = [one for section in letter.sections for one in section.sentences]
    parts = [*letter.facts, *sentences]
    assert {number for row in letter.rows for number in row.entries} <= known
    assert {number for part in parts for number in part.entries} <= known
    assert [source.number for source in letter.sources] == [*range(1, len(known) + 1)]
    assert all(source.day and source.source for source in letter.sources)


def test_met_case_says_so_and_has_nothing_open() -> None:
    letter = recorded_packet("initial-fully-met").letter
    assert letter.outcome == "met"
    assert letter.result.startswith("Every criterion of this policy is met")
    shows, states, still_open = letter.sections
    assert still_open.sentences == ()
    assert any("14 % BSA (2026-11-10)" in one.text for one in shows.sentences)
    assert all(one.text.startswith("Dr. Amara Okafor, 2026-11-20: ") for one in states.sentences)
    assert letter.title == "Request for prior authorization: dupilumab for atopic dermatitis"


def test_open_and_failed_criteria_are_named() -> None:
    unknown = recorded_packet("p001-initial").letter
    assert unknown.outcome == "unknown"
    assert unknown.sections[2].heading == "What is open"
    count = len(unknown.sections[2].sentences)
    assert unknown.result.startswith(f"{count} points are open.")
    failed = recorded_packet("renewal-worse").letter
    assert failed.sections[2].heading == "What is not met; one of these is enough"
    assert failed.result.startswith("None of 3 criteria is met, and one of them would be enough.")
    assert any("worse than" in one.text for one in failed.sections[2].sentences)
    assert any("EASI: 24 (2026-11-10)" in one.text for one in failed.sections[2].sentences)
    single = recorded_packet("adalimumab-claims").letter
    assert single.sections[2].heading == "What is not met"
    assert single.result.startswith("1 criterion is not met.")
    path = recorded_packet("p000-renewal").letter
    assert path.result.startswith("It is open whether this is a first request or a renewal.")


def test_statement_whose_author_is_not_named_says_so() -> None:
    body = body_of("initial-fully-met")
    body["prefetch"]["answers"]["entry"][0]["resource"].pop("author")
    states = packet(body).letter.sections[1]
    assert all(one.text.startswith("Author not named, ") for one in states.sentences)


def test_letter_is_the_same_for_the_same_case() -> None:
    assert letter_of(case_of("asthma-fully-met")) == letter_of(case_of("asthma-fully-met"))


@pytest.mark.parametrize("name", JUDGED[::6])
def test_letter_lists_the_entries_that_the_request_contains(name: str) -> None:
    listed = {source.entry for source in recorded_packet(name).letter.sources}
    assert {proof.reference for proof in case_of(name).cited()} <= listed
