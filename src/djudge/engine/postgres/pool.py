"""Clones that wait for the next guests, and the process beside the judge that makes and drops them.

A clone takes 20 ms and a drop 8, and neither needs anybody to wait for it: the keeper does both while guests work.
"""

from __future__ import annotations

import os
import secrets
import select
import signal
import socket
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

from djudge.engine.errors import InfrastructureError
from djudge.engine.forking import signals_held
from djudge.engine.postgres.databases import Database
from djudge.engine.postgres.keeper import keep_clones, prepared_clone
from djudge.engine.postgres.templates import Template

#: Two are always at hand where guests come one after another; a race asks for no more databases than one.
WAITING: Final = 2

_ANSWER_SECONDS: Final = 15.0
_MESSAGE: Final = 4096


class ClonePool:
    """Clones of one template. A context manager; `take` one for each guest and `discard` it.

    The keeper is a fork, so start it while the process has one thread. A forked child may take and discard too. When
    the keeper is gone (its server has died), clones are made and dropped at once, here: slower, and with the right
    error. `prepare` is done to every clone before anybody gets it.
    """

    def __init__(
        self, template: Template, *, size: int = WAITING, prepare: Callable[[Database], None] | None = None
    ) -> None:
        self.template = template
        self._size = size
        self._prepare = prepare
        self._keeper = 0
        self._socket: socket.socket | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Fork the keeper; it begins to clone at once."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with signals_held():
            self._keeper = os.fork()
            if self._keeper == 0:
                keep_clones(theirs, self.template, self._size, self._prepare)
        theirs.close()
        self._socket = ours

    def stop(self) -> None:
        """End the keeper. What it had cloned goes with the server. Safe to call twice."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
            os.kill(self._keeper, signal.SIGKILL)
            os.waitpid(self._keeper, 0)

    def take(self) -> Database:
        """A fresh clone that nobody else has: 1 ms where one waits, else 20."""
        name = self._ask("take")
        if name is not None:
            return Database(self.template.cluster, name)
        return prepared_clone(self.template, self._prepare)

    def discard(self, database: Database) -> None:
        """Have it dropped with its sessions and roles, soon."""
        if not self._tell(f"drop {database.name}"):
            database.drop()

    def reclaim(self) -> None:
        """Have everything dropped that was taken, also by a process that was killed. Between two runs.

        Raises InfrastructureError when something can't be dropped.
        """
        answer = self._ask("reclaim")
        if answer not in ("done", None):
            raise InfrastructureError(f"A database of an earlier run can't be dropped: {answer}", kind="leftovers")

    def _ask(self, what: str) -> str | None:
        """The keeper's answer, None when it gives none. Answers that a killed process did not fetch are passed over."""
        ticket = secrets.token_hex(8)
        if not self._tell(f"{what} {ticket}"):
            return None
        while (message := self._receive()) is not None:
            found, _, answer = message.partition(" ")
            if found == ticket:
                return answer
        return None

    def _tell(self, message: str) -> bool:
        if self._socket is None:
            return False
        try:
            self._socket.send(message.encode())
        except OSError:
            return False
        return True

    def _receive(self) -> str | None:
        assert self._socket is not None
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        if not poll.poll(_ANSWER_SECONDS * 1000):
            return None
        try:
            return self._socket.recv(_MESSAGE).decode() or None
        except OSError:
            return None
