"""Processes of the platform, on the tests' servers and in the tests' database, for tests that kill them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.request import urlopen

from celery import current_app
from django.db import connection

from djudge.launch.stack import Stack
from djudge.launch.supervisor import Part
from tests.web.settings import PLACE

REPOSITORY: Final = Path(__file__).resolve().parents[2]
PATIENCE: Final = 40.0
_STATIC: Final = str(PLACE.root / "collected")
_KEPT: Final = ("PATH", "HOME", "LANG", "SECRET_KEY", "BROKER_URL", "CACHE_URL", "FILES", "STATIC_ROOT")


@dataclass(frozen=True, slots=True)
class Point:
    """Where a kill comes: in which process (`in_`), at which moment of which function, and who is killed.

    `attempts` is how often the submission was tried when its report is there.
    """

    name: str
    in_: str
    function: str
    when: str
    attempts: int
    whom: str = "group"
    call: int = 1

    def told(self, once: Path) -> dict[str, str]:
        """As `tests.web.stopping` reads it."""
        names = {"AT": self.function, "WHEN": self.when, "CALL": str(self.call), "WHOM": self.whom, "ONCE": str(once)}
        return {f"STOP_{name}": value for name, value in names.items()}


def environ(more: Mapping[str, str]) -> dict[str, str]:
    """What a process is told: the tests' servers and database; settings are the platform's own, unlike the tests'."""
    return {
        **{name: os.environ[name] for name in _KEPT if name in os.environ},
        "DJANGO_SETTINGS_MODULE": "djudge.web.config.settings",
        "DATABASE_URL": os.environ["DATABASE_URL"].replace("@/djudge?", f"@/{connection.settings_dict['NAME']}?"),
        "PYTHONPATH": str(REPOSITORY),
        **more,
    }


@contextmanager
def worker(queue: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker with one process, as `make run` starts it; killed at the end, if it still lives."""
    words = ("worker", "-Q", queue, "-c", "1", "-n", f"{queue}@%h", "--loglevel", "WARNING")
    quiet = ("--without-gossip", "--without-mingle")
    with running([sys.executable, "-m", "celery", "-A", "tests.web.stopping", *words, *quiet], environ(more)) as it:
        yield it


@contextmanager
def web(**more: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A web server, as `make run` starts it, and its address; killed at the end, if it still lives."""
    part, address = web_part(more)
    command = ["tests.web.stopping" if word == "djudge.web.config.wsgi" else word for word in part.command]
    with running(command, part.environ) as it:
        wait_for(lambda: answers(address))
        yield it, address


def web_part(more: Mapping[str, str]) -> tuple[Part, str]:
    """The platform's web server as its supervisor starts it, on our servers; and its address."""
    stack = Stack(lambda line: None, port=0)
    stack.place, stack.environ = PLACE, environ({"STATIC_ROOT": _STATIC, **more})
    return stack._web(), stack.address


def collect_static_files() -> None:
    """As the platform does it before its web server starts. About two seconds."""
    command = [sys.executable, "-m", "djudge.web.config.manage", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(command, env=environ({"STATIC_ROOT": _STATIC}), cwd=REPOSITORY, check=True, timeout=PATIENCE)


def answers(address: str) -> bool:
    """Whether a web server answers there."""
    with suppress(OSError), urlopen(f"{address}livez", timeout=2) as answer:
        return bool(answer.status == 200)
    return False


@contextmanager
def running(command: Sequence[str], told: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process with a group of its own; what it prints is kept in a log beside the servers' data."""
    with (PLACE.folder("log") / "processes.log").open("ab") as log:
        process = subprocess.Popen(
            command, env=dict(told), cwd=REPOSITORY, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def hand_out_again() -> None:
    """What no worker acknowledged: the broker does it by itself after two hours, here it does it at once."""
    with current_app.connection_for_write() as broker:
        channel = broker.default_channel
        channel.visibility_timeout = 0
        channel.qos.restore_visible(num=100)


def wait_for(condition: Callable[[], object]) -> None:
    """Until something is so; a failure when it does not become so."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)
