"""Serves the fakes over real HTTP, for tests of what only a real server shows."""

import sys
from pathlib import Path

from fakes import FakeAdvise, FakeLibrary, settings

from service.app import create_app
from service.cli.serve import Server, server_options

if __name__ == "__main__":
    port, folder = sys.argv[1:]
    app = create_app(settings(Path(folder)), library=FakeLibrary(), advise=FakeAdvise())
    Server(app, server_options(f"127.0.0.1:{port}", workers=1)).run()
