"""The process that clones and drops databases while guests work. Its parent is the judge, and it ends with it."""

from __future__ import annotations

import os
import select
import signal
import socket
import traceback
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Final, NoReturn

import psycopg
from psycopg import sql

from djudge.engine.errors import DjudgeError
from djudge.engine.forking import HELD, die_with_parent
from djudge.engine.postgres.databases import Database, drop_leftovers
from djudge.engine.postgres.templates import Template

_MESSAGE: Final = 4096

#: How long nothing was asked before the next thing is done. A guest that has just got its database has its first
#: milliseconds to itself; where another clone waits, it has all of its time.
_QUIET_MS: Final = 15
_LEISURE_MS: Final = 250

type Prepare = Callable[[Database], None]


def keep_clones(requests: socket.socket, template: Template, size: int, prepare: Prepare | None) -> NoReturn:
    """Serve requests until the socket closes or the server fails; called right after the fork.

    Errors have no place to go from here: the judge finds the socket closed, clones by itself and meets them there.
    """
    try:
        _settle({requests.fileno(), template.cluster.watched})
        with suppress(DjudgeError, psycopg.Error, OSError):
            Keeper(requests, template, size, prepare).serve()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def prepared_clone(template: Template, prepare: Prepare | None) -> Database:
    """A clone, as nobody has seen it; roles that `prepare` made are gone again."""
    database = template.clone()
    if prepare is not None:
        prepare(database)
        database.close_logins()
    return database


class Keeper:
    """What waits, what is to be dropped, and what the judge has."""

    def __init__(self, requests: socket.socket, template: Template, size: int, prepare: Prepare | None) -> None:
        self._requests = requests
        self._template = template
        self._cluster = template.cluster
        self._size = size
        self._prepare = prepare
        self._waiting: deque[Database] = deque()
        self._dropping: deque[Database] = deque()

    def serve(self) -> None:
        """Requests first, then what was given back, then clones for later."""
        while True:
            if self._is_asked(self._patience):
                if not self._answer():
                    return
            elif self._dropping:
                self._dropping.popleft().drop()
            else:
                self._waiting.append(self._put_by(self._clone()))

    @property
    def _patience(self) -> int | None:
        """Milliseconds until there is something to be done unasked; None where there is nothing."""
        if self._dropping or not self._waiting:
            return _QUIET_MS
        return _LEISURE_MS if len(self._waiting) < self._size else None

    def _is_asked(self, milliseconds: int | None) -> bool:
        poll = select.poll()
        poll.register(self._requests, select.POLLIN)
        return bool(poll.poll(milliseconds))

    def _answer(self) -> bool:
        what, _, about = self._requests.recv(_MESSAGE).decode().partition(" ")
        if what == "take":
            self._requests.send(f"{about} {self._hand_out().name}".encode())
        elif what == "drop":
            self._dropping.append(Database(self._cluster, about))
        elif what == "reclaim":
            self._requests.send(f"{about} {self._reclaim()}".encode())
        return bool(what)

    def _hand_out(self) -> Database:
        if not self._waiting:
            return self._clone()
        database = self._waiting.popleft()
        self._allow_connections(database, allow=True)
        return database

    def _clone(self) -> Database:
        return prepared_clone(self._template, self._prepare)

    def _put_by(self, database: Database) -> Database:
        """Closed while it waits: nobody connects to it, and nobody takes it for a run's."""
        self._allow_connections(database, allow=False)
        return database

    def _allow_connections(self, database: Database, *, allow: bool) -> None:
        statement = sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS {}")
        with self._cluster.guarded():
            self._cluster.admin.execute(statement.format(sql.Identifier(database.name), sql.Literal(allow)))

    def _reclaim(self) -> str:
        self._dropping.clear()
        try:
            drop_leftovers(self._cluster, besides=[database.name for database in self._waiting])
        except (DjudgeError, psycopg.Error) as error:
            return str(error)[:1000]
        return "done"


def _settle(kept: set[int]) -> None:
    """Out of the judge's process group, so that Ctrl-C is the judge's; and none of its files held open."""
    os.setsid()
    die_with_parent()
    for number in HELD:
        signal.signal(number, signal.SIG_IGN)
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2 and int(name) not in kept:
            with suppress(OSError):
                os.close(int(name))
