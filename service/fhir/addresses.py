"""The ways in which senders write one address of a code system."""

WEB = ("http://", "https://")
OID = "urn:oid:"


def spellings(address: str) -> tuple[str, ...]:
    """The address as it stands, then with the other scheme and with or without a slash at its end.

    Of an identifier of ISO the number alone, too. No two systems differ by these alone.
    """
    if address.startswith(OID):
        return address, address.removeprefix(OID)
    scheme = next((one for one in WEB if address.startswith(one)), None)
    if scheme is None:
        return (address,)
    bare = address.removeprefix(scheme).rstrip("/")
    found = (f"{one}{bare}{end}" for one in WEB for end in ("", "/"))
    return (address, *(one for one in found if one != address))
