"""Entries that are no R4 are found."""

from support.packets import bundle_of, recorded_packet

from service.packet.r4_validity import invalid_entries, is_valid


def test_recorded_entries_are_r4_and_an_incomplete_one_is_none() -> None:
    bundle = bundle_of(recorded_packet("initial-fully-met"))
    assert invalid_entries(bundle) == []
    encounter = {"resourceType": "Encounter", "status": "finished"}
    assert invalid_entries({"entry": [{"resource": encounter}]}) == ["Encounter"]
    assert not is_valid({"resourceType": "Nonsense"})
    assert not is_valid({"resourceType": "../x"})
