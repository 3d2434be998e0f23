"""The ways in which senders write one address of a code system."""

WEB = ("http://", "https://")
OID = "urn:oid:"


def spellings(address: str) -> tuple[str, ...]:
    """The address as it stands, then with the other scheme and with or without a slash at its end.

    Of an identifier of ISO the number alone, too. No two systems differ by these alone.
    """
    if address.startswith(OID):
        return address, address.removeprefix(OID)
    scheme = next((prefix for prefix in WEB if address.startswith(prefix)), None)
    if scheme is None:
        return (address,)
    bare = address.removeprefix(scheme).rstrip("/")
    written_ways = (f"{prefix}{bare}{end}" for prefix in WEB for end in ("", "/"))
    return (address, *(way for way in written_ways if way != address))
