"""Entry points of the platform's own processes in which one exact point kills: `app` is what a worker runs,
`application` what a web server does. Nothing of it is in the product: a named function is wrapped from here.

The environment says where. `STOP_AT` is a function (`package.module.function`), `STOP_WHEN` a moment of it,
`STOP_CALL` the number of the call, `STOP_WHOM` who gets the SIGKILL. `STOP_ONCE` is a file that is made before: whoever
finds it there kills nobody any more, and where it is missing at the end the point was never reached.
"""

from __future__ import annotations

import functools
import os
import pkgutil
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import django
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from djudge.web.config.celery import app
from djudge.web.config.wsgi import application

__all__ = ["app", "application"]

BEFORE: Final = "before"
BEFORE_COMMIT: Final = "before its commit"
COMMITTED: Final = "after its commit"
AFTER: Final = "after"


def stop_at(function: str, when: str, call: int, kill: Callable[[], None]) -> None:
    """Wrap the function, so that the kill comes at this moment of its `call`-th call."""
    place, _, name = function.rpartition(".")
    owner = pkgutil.resolve_name(place)
    real = getattr(owner, name)
    calls = iter(range(1, 1_000_000))

    @functools.wraps(real)
    def stopping(*arguments: Any, **more: Any) -> Any:
        if next(calls) != call:
            return real(*arguments, **more)
        if when == BEFORE:
            kill()
        with _commits_watched(when, kill):
            result = real(*arguments, **more)
        if when == AFTER:
            kill()
        return result

    setattr(owner, name, stopping)


@contextmanager
def _commits_watched(when: str, kill: Callable[[], None]) -> Iterator[None]:
    """Inside, a transaction's commit is a point. What is to be done on commit comes after it."""
    real = BaseDatabaseWrapper._commit

    def commit(self: BaseDatabaseWrapper) -> None:
        if when == BEFORE_COMMIT:
            kill()
        real(self)
        if when == COMMITTED:
            kill()

    BaseDatabaseWrapper._commit = commit
    try:
        yield
    finally:
        BaseDatabaseWrapper._commit = real


def _group() -> None:
    """This process and those that it works with: all of a worker, all of a web server."""
    os.killpg(0, signal.SIGKILL)


def _alone() -> None:
    """This process: of a worker the one that does the job, as the kernel does it that is out of memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def _child() -> None:
    """The process that this one started last: the judge's."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    os.kill(int(children[-1]), signal.SIGKILL)


def _database(server: int) -> None:
    """PostgreSQL's first process; our session ends with it, after a moment."""
    session = connection.connection.info.backend_pid
    os.kill(server, signal.SIGKILL)
    end = time.monotonic() + 10
    while Path(f"/proc/{session}").exists() and time.monotonic() < end:
        time.sleep(0.01)


_WHOM: Final[Mapping[str, Callable[[], None]]] = {"group": _group, "alone": _alone, "child": _child}


def _kill_once(whom: str, once: Path) -> None:
    try:
        once.touch(exist_ok=False)
    except FileExistsError:
        return
    _WHOM[whom]() if whom in _WHOM else _database(int(whom))


def _arm(told: Mapping[str, str]) -> None:
    kill = functools.partial(_kill_once, told["STOP_WHOM"], Path(told["STOP_ONCE"]))
    stop_at(told["STOP_AT"], told["STOP_WHEN"], int(told["STOP_CALL"]), kill)


if "STOP_AT" in os.environ:
    django.setup()
    _arm(os.environ)
