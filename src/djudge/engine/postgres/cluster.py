"""A throw-away PostgreSQL server: a copy of a ready data folder, alone on a Unix socket, gone with us."""

from __future__ import annotations

import ctypes
import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import psycopg
from psycopg import sql

from djudge.engine.errors import DjudgeError, InfrastructureError, OperatorFault
from djudge.engine.postgres.binaries import Binaries
from djudge.engine.postgres.connections import ADMIN_OPTIONS, Connection, open_connection
from djudge.engine.postgres.launching import Launch, launch, require_identity
from djudge.engine.postgres.passwords import random_password, scram_verifier
from djudge.engine.postgres.private_mounts import Identity
from djudge.engine.postgres.ready import ReadyFolders
from djudge.engine.postgres.settings import ACCESS, settings_text

#: Private memory of one server process: a sort or a value beyond it is an error of that statement, and no
#: more.
DATA_BYTES: Final = 384 * 1024 * 1024

_START_SECONDS: Final = 30
_STOP_SECONDS: Final = 20

#: A Unix socket's address holds 107 bytes.
_SOCKET_PATH_BYTES: Final = 107

#: With less the server can't write another segment of its log, and stops.
_NO_SPACE_BYTES: Final = 16 * 1024 * 1024

_IPC_RMID: Final = 0
_libc = ctypes.CDLL(None, use_errno=True)


class Cluster:
    """One server, one slot, one run at a time. Use as a context manager; `stop` leaves nothing behind.

    `folder` is ours alone and open for passing through (0711). `identity` is the user that the server runs as
    when we are root, shared with no guest; an ordinary user passes None. Start it in the process that shall
    own it; a forked child may use it (each process opens its own connections), and only the owner stops it.
    """

    def __init__(self, *, folder: Path, binaries: Binaries, identity: Identity | None = None) -> None:
        require_identity(identity)
        self.binaries = binaries
        self.identity = identity
        self.socket_folder = folder / "socket"
        self.log_file = folder / "log" / "witness.json"
        self._folder = folder
        self._data = folder / "data"
        self._ready = ReadyFolders(binaries)
        self._password = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._watch: int | None = None
        self._owner = 0
        self._lasting: dict[tuple[int, str], Connection] = {}

    def __enter__(self) -> Self:
        if self._process is None:
            self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, ready: str | None = None) -> None:
        """Copy a ready data folder and start on it: 60 ms, and initdb (1 s) once on a machine.

        `ready` names a cluster that `keep` stored: this one then starts with its templates. Where none is
        stored, it starts empty. Raises OperatorFault (no room, a path too long) and InfrastructureError.
        """
        self._check_socket_path()
        try:
            self._start(ready)
        except InfrastructureError:
            if ready is None:
                raise
            # What was stored can be broken (a machine that lost power while storing): build it anew.
            self._ready.forget(ready)
            self._start(None)

    def stop(self) -> None:
        """Stop at once and remove everything. Safe to call twice; nothing happens in a forked child."""
        if self._owner not in (0, os.getpid()):
            return
        self._close_lasting()
        self._end(signal.SIGQUIT)
        for folder in (self._data, self.socket_folder, self._folder / "log"):
            shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):
            (self._folder / "server.out").unlink()

    def keep(self, ready: str) -> None:
        """Store this cluster with its templates under `ready`, for `start` in later processes.

        Stops and restarts it: 0.2 s and a copy. No run's database may exist, and no connection is open
        afterwards.
        """
        self._close_lasting()
        if self._end(signal.SIGINT) != 0:
            raise InfrastructureError("The exam PostgreSQL did not stop cleanly.", kind="server_died")
        self._ready.keep(ready, self._data, self._password)
        self._launch()

    def alive(self) -> bool:
        """Whether the server runs; right in a forked child, too."""
        return not self._gone_within(0)

    @property
    def watched(self) -> int:
        """The descriptor by which `alive` knows; a forked child that closes what it does not need keeps it."""
        if self._watch is None:
            raise InfrastructureError("The exam PostgreSQL was not started.", kind="server_not_started")
        return self._watch

    def require_alive(self) -> None:
        """Raise InfrastructureError when the server is gone."""
        if not self.alive():
            raise self._death()

    def require_answering(self) -> None:
        """Raise InfrastructureError when the server is gone, or about to go because a session crashed; 0.3 ms."""
        self.require_alive()
        with self.guarded():
            self.admin.execute("SELECT 1")

    def connect_admin(self, database: str = "postgres") -> Connection:
        """A new superuser connection, for catalogs and counters only once candidate code has run; 3 ms.

        It never touches a candidate's tables: a trigger on them would run as superuser.
        """
        with self.guarded():
            return self.connect(user="postgres", password=self._password, database=database, options=ADMIN_OPTIONS)

    def connect(self, *, user: str, password: str, database: str, options: str) -> Connection:
        """A connection of any role. Raises psycopg.Error."""
        return open_connection(
            socket_folder=self.socket_folder,
            user=user,
            password=password,
            database=database,
            options=options,
            major=self.binaries.major,
        )

    @property
    def admin(self) -> Connection:
        """This process' lasting superuser connection to the database `postgres`."""
        return self.lasting(ADMIN_OPTIONS)

    def lasting(self, options: str) -> Connection:
        """This process' lasting superuser connection with these options, opened when first asked for.

        What a parent opened stays the parent's: a forked child opens its own.
        """
        connection = self._lasting.get((os.getpid(), options))
        if connection is None or connection.closed:
            with self.guarded():
                connection = self.connect(
                    user="postgres", password=self._password, database="postgres", options=options
                )
            self._lasting[os.getpid(), options] = connection
        return connection

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Turn errors of the judge's own statements into InfrastructureError, naming a dead server or a full disk."""
        try:
            yield
        except psycopg.errors.DiskFull as error:
            raise InfrastructureError("The disk of the exam databases is full.", kind="disk_full") from error
        except psycopg.Error as error:
            if isinstance(error, psycopg.OperationalError) and self._gone_within(500):
                raise self._death() from error
            raise InfrastructureError(f"The exam PostgreSQL refused: {error}", kind="server_refused") from error

    def _start(self, ready: str | None) -> None:
        try:
            self._password = self._ready.copy(ready, self._data, self.identity)
            self._launch()
            self._renew_password()
        except BaseException:
            self.stop()
            raise

    def _check_socket_path(self) -> None:
        length = len(os.fsencode(self.socket_folder / ".s.PGSQL.5432"))
        if length > _SOCKET_PATH_BYTES:
            raise OperatorFault(
                f"The path of the database socket would take {length} bytes; {_SOCKET_PATH_BYTES} are possible.",
                "Set DJUDGE_SCRATCH to a shorter path.",
            )

    def _launch(self) -> None:
        self._owner = os.getpid()
        log = self._folder / "log"
        for folder, mode in ((self.socket_folder, 0o711), (log, 0o700)):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            folder.chmod(mode)
            self._give(folder)
        text = settings_text(major=self.binaries.major, socket_folder=self.socket_folder, log_folder=log)
        for name, content in (("postgresql.conf", text), ("pg_hba.conf", ACCESS), ("pg_ident.conf", "")):
            (self._data / name).write_text(content)
        how = Launch(
            program=(self.binaries.program("postgres"), "-D", str(self._data)),
            identity=self.identity,
            needed=(*self.binaries.roots, self._data, self.socket_folder, log),
            folder=self._data,
            data_bytes=DATA_BYTES,
        )
        with (self._folder / "server.out").open("wb") as output:
            self._process = launch(how, output)
        self._watch = os.pidfd_open(self._process.pid)
        self._wait_until_ready()
        # It names our folders, and where we are an ordinary user, guests have the user that owns it.
        (self.socket_folder / ".s.PGSQL.5432.lock").chmod(0)

    def _give(self, folder: Path) -> None:
        if self.identity:
            os.chown(folder, self.identity.uid, self.identity.gid)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if not self.alive():
                raise self._death()
            with suppress(OSError, IndexError):
                if (self._data / "postmaster.pid").read_text().splitlines()[7].strip() == "ready":
                    return
            time.sleep(0.001)
        raise InfrastructureError("The exam PostgreSQL did not become ready.", kind="server_not_started")

    def _renew_password(self) -> None:
        fresh = random_password()
        statement = sql.SQL("ALTER ROLE postgres PASSWORD {}").format(sql.Literal(scram_verifier(fresh)))
        with self.guarded(), self.connect_admin() as connection:
            connection.execute(statement)
        self._password = fresh

    def _close_lasting(self) -> None:
        for (process, _), connection in self._lasting.items():
            if process == os.getpid():
                with suppress(psycopg.Error):
                    connection.close()

    def _end(self, how: signal.Signals) -> int | None:
        if self._process is None or self._owner != os.getpid():
            return None
        segment = self._shared_memory()
        with suppress(ProcessLookupError):
            self._process.send_signal(how)
        try:
            status = self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait()
        if segment is not None and (self._data / "postmaster.pid").exists():
            _libc.shmctl(segment, _IPC_RMID, None)
        if self._watch is not None:
            os.close(self._watch)
        self._process, self._watch = None, None
        return status

    def _shared_memory(self) -> int | None:
        """The id of the interlock segment, which a killed server leaves behind."""
        with suppress(OSError, IndexError, ValueError):
            return int((self._data / "postmaster.pid").read_text().splitlines()[6].split()[1])
        return None

    def _gone_within(self, milliseconds: int) -> bool:
        if self._watch is None:
            return True
        watched = select.poll()
        watched.register(self._watch, select.POLLIN)
        return bool(watched.poll(milliseconds))

    def _death(self) -> DjudgeError:
        disk = os.statvfs(self._folder)
        if disk.f_bavail * disk.f_frsize < _NO_SPACE_BYTES:
            return InfrastructureError("The exam PostgreSQL ran out of disk.", "Free some space.", kind="disk_full")
        return InfrastructureError("The exam PostgreSQL has died.", kind="server_died")
