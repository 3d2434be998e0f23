"""Judges requests in the caller's own process, without a server: the Python call of `dupilumab_cds`."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal, Self

import orjson

from service.advise.advice import Advice, advise
from service.cards.assessment_json import as_sent
from service.cds.request import AsOf, as_of_now, parse_hook_request
from service.cds.strict_json import parse_body
from service.errors import RequestError
from service.json_object import Json
from service.library.library import Library
from service.library.load import load_library
from service.memo import per_arguments
from service.settings import documents_folder, shipped_documents

CLIENT = "local"
Request = bytes | str | Json


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The answer to one request; `advice` is what it is written from."""

    advice: Advice

    @property
    def body(self) -> bytes:
        """The JSON that the service would answer; it has no links to pages of a server."""
        return orjson.dumps({"cards": as_sent(self.advice.cards)})

    @property
    def cards(self) -> list[Json]:
        """The cards, as a caller over HTTP reads them."""
        return _as_read(as_sent(self.advice.cards))

    @property
    def assessments(self) -> list[Json]:
        """One assessment for each order that was judged (docs/reference/answers.md), with every member.

        Over HTTP members that are null or empty are left out.
        """
        return _as_read(self.advice.twins)


def _as_read(written: list[Json]) -> list[Json]:
    """The values that a reader of their JSON has: lists and texts, and none that we hold ourselves."""
    read: list[Json] = orjson.loads(orjson.dumps(written))
    return read


@dataclass(frozen=True, slots=True)
class Rules:
    """The documents, read and checked; any number of threads may share them, and forked processes too."""

    library: Library

    @classmethod
    def load(
        cls,
        content: Path | str | None = None,
        clients: Path | str | None = None,
        *,
        evaluation: bool = True,
    ) -> Self:
        """The rules of a folder with `mappings/` and `cards/`; without one, of the installed package.

        They are read once in a process. `clients` is the path of a clients file; `evaluation` says, as
        CDS_EVALUATION does for the service, whether versions for evaluation judge. Raises DocumentsError
        with every mistake, SettingsError if the folder holds no documents.
        """
        folder = (
            shipped_documents() if content is None else documents_folder(Path(content).resolve())
        )
        library = _library(folder, None if clients is None else Path(clients).resolve())
        return cls(library.with_evaluation(evaluation))

    @property
    def content(self) -> str:
        """The hash of all documents, the clients file and the version, as each assessment has it."""
        return self.library.content

    def evaluate(
        self,
        request: Request,
        *,
        as_of: Literal["today", "order"] | date = "today",
        client: str = CLIENT,
    ) -> Evaluation:
        """The answer to a CDS Hooks request by the day `as_of` (`order`: the order's own day).

        No FHIR server is called and nothing is stored. Raises RequestError for what the service would
        refuse with a 4xx status.
        """
        hook_request = parse_hook_request(parse_body(_as_bytes(request)), self.library.hooks)
        day = AsOf("day", as_of) if isinstance(as_of, date) else as_of_now(as_of)
        pageless = replace(self.library.client(client), pages=False)
        return Evaluation(advise(self.library, hook_request, pageless, day))


def evaluate(
    request: Request,
    *,
    as_of: Literal["today", "order"] | date = "today",
    client: str = CLIENT,
    rules: Rules | None = None,
) -> Evaluation:
    """The answer to a CDS Hooks request by the rules of the installed package, or by other `rules`."""
    return (rules or Rules.load()).evaluate(request, as_of=as_of, client=client)


@per_arguments(most=4)
def _library(content: Path, clients: Path | None) -> Library:
    library = load_library(content, clients)
    library.prepare()
    return library


def _as_bytes(request: Request) -> bytes:
    """The request as its bytes over HTTP, so that both are read by the same strict rules."""
    match request:
        case bytes():
            return request
        case str():
            return request.encode("utf-8", "surrogatepass")
    try:
        return orjson.dumps(request)
    except TypeError as error:
        raise RequestError(
            400, "structure", f"the request holds what JSON cannot: {error}"
        ) from None
