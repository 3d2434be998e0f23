"""What a recorded hook request of a file is answered, by the same settings as the server has."""

from service.advise import Advice, advise
from service.app import clock
from service.cds.request import parse_hook_request
from service.cds.strict_json import parse_body
from service.library.library import Library
from service.library.stored_library import library_by
from service.settings import read_as_of, read_settings
from service.web.http.caller import LOCAL


def advised(raw: bytes, day: str | None) -> tuple[Library, Advice]:
    """The advice on the orders of a request, and the library that gave it; `day` as `--as-of` has it."""
    settings = read_settings()
    as_of = clock(read_as_of(day, "--as-of") if day else settings.as_of)
    library = library_by(settings)
    hooks = frozenset(service.hook for service in library.services)
    request = parse_hook_request(parse_body(raw), hooks)
    return library, advise(library, request, library.client(LOCAL), as_of())
