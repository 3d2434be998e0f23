"""Spellings of a code system's URI that senders use."""

WEB = ("http://", "https://")
OID = "urn:oid:"


def spellings(address: str) -> tuple[str, ...]:
    """The URI as given, then with http or https and with or without a slash at its end.

    For `urn:oid:…` also the bare OID. No two code systems differ in these spellings only.
    """
    if address.startswith(OID):
        return address, address.removeprefix(OID)
    scheme = next((prefix for prefix in WEB if address.startswith(prefix)), None)
    if scheme is None:
        return (address,)
    bare = address.removeprefix(scheme).rstrip("/")
    written_ways = (f"{prefix}{bare}{end}" for prefix in WEB for end in ("", "/"))
    return (address, *(way for way in written_ways if way != address))
