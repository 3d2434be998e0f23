"""A PostgreSQL server of the tests' own: Debian's programs, a socket in a temporary folder, no network."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from pwd import getpwnam
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

import psycopg

PROGRAMS = "/usr/lib/postgresql/*/bin"
MISSING = f"no PostgreSQL server in {PROGRAMS} (Debian: apt-get install postgresql)"
# Quick for tests; `synchronous_commit` is what an operator may have set, and the store must not rely on.
CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{folder}'
fsync = off
synchronous_commit = off
shared_buffers = 16MB
max_connections = 100
wal_writer_delay = 10s
logging_collector = off
log_min_messages = fatal
"""


def programs() -> Path | None:
    """The folder of initdb and postgres of the newest version here, or None."""
    found = [one.parent for one in Path("/").glob(f"{PROGRAMS[1:]}/postgres")]
    return max(found, key=lambda one: int(one.parent.name), default=None)


class Postgres:
    """A server that runs until it is stopped; it can be killed and started again on the same data."""

    def __init__(self, folder: Path) -> None:
        self._programs = folder
        self._folder = Path(tempfile.mkdtemp(prefix="cds-postgres-"))
        self._data = self._folder / "data"
        self._url = f"postgresql://cds@/postgres?host={self._folder}"
        # initdb and postgres refuse to run as root
        self._user = _unprivileged()
        if "user" in self._user:
            shutil.chown(self._folder, self._user["user"])
        self._run("initdb", "--no-sync", "--auth=trust", "--username=cds", "--encoding=UTF8")
        with (self._data / "postgresql.conf").open("a", encoding="utf-8") as configuration:
            configuration.write(CONFIGURATION.format(folder=self._folder))
        self.start()

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        command: list[str | Path] = [self._programs / "postgres", "-D", self._data]
        self._process = subprocess.Popen(  # noqa: S603 - Debian's program
            command, cwd=self._folder, **self._user
        )
        until = monotonic() + 60
        while True:
            try:
                self.execute("select 1")
            except psycopg.OperationalError:
                if monotonic() > until or self._process.poll() is not None:
                    raise
                sleep(0.02)
            else:
                return

    def kill(self) -> None:
        """Kills the server and all its processes at once, as when its machine ends."""
        # stopped first, so that none starts another or ends in order
        self.suspend()
        for process in self._processes():
            os.kill(process, signal.SIGKILL)
        self._process.wait(30)

    def suspend(self) -> None:
        """Lets the server and its processes do nothing; their connections stay open."""
        for process in self._processes():
            os.kill(process, signal.SIGSTOP)

    def resume(self) -> None:
        """Lets them go on."""
        for process in reversed(self._processes()):
            os.kill(process, signal.SIGCONT)

    def stop(self) -> None:
        """Ends the server and removes its data."""
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def fresh(self) -> str:
        """What CDS_DATABASE_URL says for a new and empty schema; a new database would take 0.3 s more."""
        name = f"t{uuid4().hex}"
        self.execute(f"create schema {name}")
        return f"{self._url}&options=-csearch_path%3D{name}"

    def execute(self, statement: str) -> None:
        """Executes a statement."""
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(statement.encode())

    def _processes(self) -> list[int]:
        """The server, then its children."""
        server = self._process.pid
        children = Path(f"/proc/{server}/task/{server}/children").read_text(encoding="ascii")
        return [server, *map(int, children.split())]

    def _run(self, program: str, *options: str) -> None:
        command: list[str | Path] = [self._programs / program, "-D", self._data, *options]
        subprocess.run(  # noqa: S603 - Debian's program
            command, check=True, stdout=subprocess.DEVNULL, cwd=self._folder, **self._user
        )


def _unprivileged() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise LookupError("neither a user postgres nor nobody")
