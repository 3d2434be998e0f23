"""One server and one headless Chromium for all tests of pages; without a Chromium they are skipped."""

import os
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from threading import Thread

import pytest
from playwright.sync_api import Browser, sync_playwright
from support.cases.run import library
from werkzeug.serving import make_server

from service.app import create_app
from service.settings import read_settings
from service.store import Store
from service.web.shared_memory import folder_in_memory

NONE = "there is no chromium here: pages are not tested in a browser (apt-get install chromium)"
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; closed after each module, as Playwright's event loop would stop `asyncio.run`."""
    path = which("chromium")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(NONE)
        pytest.skip(NONE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with the shipped documents, on the day of the recorded requests."""
    database: Path = tmp_path_factory.mktemp("browser") / "cds.db"
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    port = server.server_port
    settings = read_settings({"CDS_AS_OF": "2026-11-21", "CDS_PORT": str(port)})
    store = Store.open(f"sqlite:///{database}")
    server.app = create_app(settings, library=library(), store=store)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{port}"
    server.shutdown()
    server.server_close()
    folder = folder_in_memory(port)
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
