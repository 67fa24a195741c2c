"""The platform's PostgreSQL: its data are kept, unlike those of the exam servers, and everything is synced.

Reached by its Unix socket alone, with a password; where we are root it runs as a user of its own.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from djudge.engine.errors import InfrastructureError, OperatorFault
from djudge.engine.postgres.binaries import Binaries, find_binaries
from djudge.engine.postgres.copying import copy_tree
from djudge.engine.postgres.launching import Launch, launch
from djudge.engine.postgres.private_mounts import Identity
from djudge.engine.postgres.ready import made_by_initdb
from djudge.launch.place import Place, platform_user

DATABASE: Final = "djudge"

_START_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 30.0

#: For a small installation on one machine; a larger one has a server of its own.
_SETTINGS: Final = """\
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 60
shared_buffers = 64MB
log_destination = stderr
logging_collector = off
log_min_messages = warning
log_checkpoints = off
timezone = 'UTC'
"""
_INITDB: Final = (
    "--username=postgres",
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C.UTF-8",
    "--data-checksums",
)
_ACCESS: Final = "local all all scram-sha-256\n"


class PlatformPostgres:
    """The server, from its start to its orderly end. A context manager. The first start makes it (2 s).

    Raises OperatorFault where its folder is of another version, or can't be used.
    """

    def __init__(self, place: Place, name: str = "postgres") -> None:
        self._place = place
        self._binaries: Binaries = find_binaries()
        self._identity: Identity | None = platform_user()
        self._password = place.secret("postgres")
        self._data = place.root / name
        self._sockets = place.sockets / name
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The database's address, for `DATABASE_URL`."""
        return f"postgres://postgres:{quote(self._password)}@/{DATABASE}?host={quote(str(self._sockets), safe='/')}"

    def start(self) -> None:
        """Make it where it is not there yet, start it, and wait until it answers."""
        if not (self._data / "PG_VERSION").exists():
            self._make()
        self._require_version()
        self._launch()
        self._wait()
        self._make_database()

    def stop(self) -> None:
        """An orderly shutdown: sessions are ended, everything is written."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()
        self.process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _make(self) -> None:
        """Into a draft beside it, so that a start that was cut off leaves nothing half made."""
        draft = self._data.with_name(f".{self._data.name}-draft")
        shutil.rmtree(draft, ignore_errors=True)
        with made_by_initdb(self._binaries, self._password, _INITDB) as work:
            copy_tree(work / "data", draft, self._identity)
        os.sync()
        draft.rename(self._data)

    def _launch(self) -> None:
        self._sockets.mkdir(exist_ok=True)
        self._give(self._sockets)
        for name, content in (("postgresql.conf", _SETTINGS.format(sockets=self._sockets)), ("pg_hba.conf", _ACCESS)):
            (self._data / name).write_text(content)
            self._give(self._data / name)
        log = self._place.folder("log") / "postgres.log"
        how = Launch(
            program=(self._binaries.program("postgres"), "-D", str(self._data)),
            identity=self._identity,
            needed=(*self._binaries.roots, self._data, self._sockets),
            folder=self._data,
        )
        with log.open("ab") as output:
            self.process = launch(how, output)

    def _give(self, *places: Path) -> None:
        if self._identity:
            for place in places:
                os.chown(place, self._identity.uid, self._identity.gid)

    def _require_version(self) -> None:
        made_by = (self._data / "PG_VERSION").read_text().strip()
        if made_by != str(self._binaries.major):
            raise OperatorFault(
                f"The platform's data were made by PostgreSQL {made_by}; here is {self._binaries.major}.",
                "Dump them with the old version and load them, or start anew with `make reset`.",
            )

    def _wait(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                break
            with suppress(psycopg.OperationalError):
                self._connect().close()
                return
            time.sleep(0.02)
        raise InfrastructureError(
            "The platform's PostgreSQL does not start.",
            f"Its log says why: {self._place.root / 'log' / 'postgres.log'}.",
            kind="server_not_started",
        )

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host=str(self._sockets), user="postgres", password=self._password, dbname="postgres", autocommit=True
        )

    def _make_database(self) -> None:
        with self._connect() as connection:
            if not connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
                connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))
