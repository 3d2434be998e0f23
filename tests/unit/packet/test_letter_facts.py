"""The head of the letter, each fact with the entry that holds it."""

from support.packets import body_of, packet, recorded_packet


def facts(letter_facts: object) -> dict[str, str]:
    """The facts by their names."""
    return {one.name: one.text for one in letter_facts}  # type: ignore[attr-defined]


def test_facts_are_those_of_the_record() -> None:
    letter = recorded_packet("initial-fully-met").letter
    known = facts(letter.facts)
    assert known["Member"] == "Delphine Marsh, born 1979-02-23"
    assert known["Member number"] == "SYNLLYMET"
    assert known["Prescriber"] == "Dr. Amara Okafor, NPI 1234567893"
    assert known["Dose"] == "600 mg once on day 1; 300 mg every 2 wk"
    assert known["Policy"].endswith("(BCBSMS L.5.01.513), version in force from 2025-10-01")
    assert "Earlier authorization" not in known
    entries = {source.number: source.entry for source in letter.sources}
    member = next(one for one in letter.facts if one.name == "Member")
    assert [entries[number] for number in member.entries] == ["Patient/fully-met"]


def test_renewal_names_the_earlier_authorization() -> None:
    letter = recorded_packet("p000-renewal-approved").letter
    assert facts(letter.facts)["Earlier authorization"] == "SYN-PA-20251205"
    assert facts(letter.facts)["Kind of request"] == "Renewal"


def test_what_the_record_does_not_name_is_said_and_long_texts_are_cut() -> None:
    body = body_of("initial-fully-met")
    body["prefetch"]["coverage"]["entry"][0]["resource"].pop("subscriberId")
    order = body["context"]["draftOrders"]["entry"][0]["resource"]
    order["dosageInstruction"][1]["text"] = "x" * 5000
    known = facts(packet(body).letter.facts)
    assert known["Member number"] == "not named in the record"
    assert len(known["Dose"]) == 400
    assert known["Dose"].endswith("…")
