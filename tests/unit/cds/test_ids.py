"""Fresh ids are UUIDs of version 4, derived ones of version 8."""

from uuid import RFC_4122, UUID

from service.cds.ids import derived_uuid, fresh_uuid


def test_fresh_id_is_a_uuid_of_version_4() -> None:
    for _ in range(200):
        found = UUID(fresh_uuid())
        assert (found.version, found.variant) == (4, RFC_4122)


def test_fresh_ids_differ() -> None:
    assert len({fresh_uuid() for _ in range(1000)}) == 1000


def test_derived_id_is_a_uuid_of_version_8_and_follows_from_its_content() -> None:
    found = UUID(derived_uuid(b"case"))
    assert (found.version, found.variant) == (8, RFC_4122)
    assert derived_uuid(b"case") == str(found) != derived_uuid(b"other")
