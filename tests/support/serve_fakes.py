"""Serves the fakes over real HTTP, for tests of what only a real server shows."""

import sys
from pathlib import Path

from support.fakes import FakeAdvise, empty_library, settings

from service.app import create_app
from service.web import body as intake

if __name__ == "__main__":
    port, folder, *seconds = sys.argv[1:]
    if seconds:
        intake.SECONDS = float(seconds[0])
    # only now, because both read the seconds when they are loaded
    from service.server.gunicorn import Server, server_options

    app = create_app(settings(Path(folder)), library=empty_library(), advise=FakeAdvise())
    Server(app, server_options(f"127.0.0.1:{port}", workers=1)).run()
