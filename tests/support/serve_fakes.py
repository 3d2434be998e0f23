"""Serves the fakes over real HTTP, for tests of what only a real server shows."""

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from support.fakes import FakeAdvice, FakeAdvise, empty_library, settings

from service.app import create_app
from service.server import connection, whole_requests
from service.server.gunicorn import Server, server_options

CPU_SECONDS = 0.5
LARGE = "x" * 8_000_000


class OddAdvise(FakeAdvise):
    """Does, for some patients, what real advice does only by mistake or with a heavy request."""

    def __call__(self, library: Any, request: Any, client: Any, as_of: Any) -> FakeAdvice:
        """The usual card, and for a patient `process` the process that made it."""
        match request.patient_id:
            case "endless":
                while True:
                    request.share.check()
            case "slow":
                while request.share.used < CPU_SECONDS / 5:
                    request.share.check()
            case "ends":
                os._exit(1)
            case "bug":
                raise ZeroDivisionError
        advice = super().__call__(library, request, client, as_of)
        if request.patient_id == "large":
            return replace(advice, cards=[{**card, "detail": LARGE} for card in advice.cards])
        if request.patient_id in {"process", "slow"}:
            cards = [{**card, "summary": str(os.getpid())} for card in advice.cards]
            return replace(advice, cards=cards)
        return advice


if __name__ == "__main__":
    port, folder, *seconds = sys.argv[1:]
    if seconds:
        connection.HEAD_SECONDS = whole_requests.BODY_SECONDS = float(seconds[0])
        connection.ANSWER_SECONDS = 2 * float(seconds[0])
    given = settings(Path(folder), cpu_seconds=CPU_SECONDS)
    given = replace(given, database_url=os.environ.get("CDS_DATABASE_URL") or given.database_url)
    app = create_app(given, library=empty_library(), advise=OddAdvise())
    Server(app, server_options(f"127.0.0.1:{port}", workers=1)).run()
