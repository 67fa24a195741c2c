"""The whole platform as `make run` starts it: how long until it answers, and how much memory it takes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import psycopg

from bench.guests import pss_kb
from djudge.engine.folders import data_folder
from djudge.engine.system import HOST, free_port

_PATIENCE: Final = 300.0

#: What `make setup` puts into the data folder; everything else is made by a first start.
_SET_UP: Final = ("environments", "built")

#: Not those of a pack's system, which is a Django project, too.
_SETTINGS: Final = "djudge.web.config.settings"

#: By a word of their command, in this order.
_PARTS: Final = {
    "gunicorn": "web server", "beat": "beat", "celery": "workers", "valkey": "Valkey", "postgres": "PostgreSQL"
}  # fmt: skip


def fresh_data(folder: Path) -> Path:
    """A data folder as it is after `make setup` and before the first start: hard links where that works."""
    for name in _SET_UP:
        shutil.copytree(data_folder() / name, folder / name, symlinks=True, copy_function=_linked)
    return folder


def _linked(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


@dataclass(frozen=True, slots=True)
class Launched:
    """A platform that runs: its address, its data, its process, and the seconds that its start took."""

    address: str
    data: Path
    process: psutil.Process
    seconds: float

    def wait_for_reports(self) -> None:
        """Until everything that was handed in is graded."""
        environ = next(one for one in map(_environ, self._tree()) if one.get("DJANGO_SETTINGS_MODULE") == _SETTINGS)
        unfinished = "SELECT count(*) FROM grading_submission WHERE state IN ('queued', 'running')"
        with psycopg.connect(environ["DATABASE_URL"], autocommit=True) as connection:
            deadline = time.monotonic() + _PATIENCE
            while connection.execute(unfinished).fetchone() != (0,):
                if time.monotonic() > deadline:
                    sys.exit("bench: the sample was not graded.")
                time.sleep(0.5)

    def sign_in(self) -> Mapping[str, str]:
        """How the sample team's owner signs in."""
        kept = self.data / "platform" / "secrets" / "sample-sign-ins"
        owner: Mapping[str, str] = json.loads(kept.read_text())[0]
        return owner

    def memory(self) -> dict[str, float]:
        """Megabytes (PSS: what several share counts in part) of each part, by its name."""
        found: dict[str, float] = {}
        for process in self._tree():
            with suppress(psutil.NoSuchProcess, ProcessLookupError, FileNotFoundError):
                part = _part(process)
                found[part] = found.get(part, 0) + pss_kb(process.pid) / 1024
        return {part: round(found[part], 1) for part in sorted(found)}

    def _tree(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


def _environ(process: psutil.Process) -> Mapping[str, str]:
    try:
        return process.environ()
    except psutil.Error:
        return {}


def _part(process: psutil.Process) -> str:
    """Whose it is, by its own command or by those above it: a PostgreSQL of a pack's system belongs to that."""
    above = [" ".join(one.cmdline()) for one in (process, *process.parents())]
    if "djudge.launch" in above[0]:
        return "launcher"
    for command in above:
        for word, part in _PARTS.items():
            if word in command and not (part == "PostgreSQL" and "platform" not in command):
                return part
        if "djudge.launch" in command:
            break
    return "the packs' systems"


@contextmanager
def launched(data: Path) -> Iterator[Launched]:
    """`python -m djudge.launch` over a data folder, from the command until `/readyz` says yes; stopped by Ctrl-C."""
    port = free_port()
    command = (sys.executable, "-m", "djudge.launch", "--port", str(port))
    environ = {**os.environ, "DJUDGE_DATA": str(data)}
    began = time.monotonic()
    with (data / "launch.log").open("ab") as log:
        process = subprocess.Popen(command, env=environ, stdout=log, stderr=subprocess.STDOUT)
    try:
        address = f"http://{HOST}:{port}/"
        _wait(f"{address}readyz", process)
        seconds = time.monotonic() - began
        _wait_for_word(data / "launch.log", address, process)
        yield Launched(address, data, psutil.Process(process.pid), seconds)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(URLError, OSError), urlopen(address, timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.02)
    sys.exit("bench: the platform does not start.")


def _wait_for_word(log: Path, address: str, process: subprocess.Popen[bytes]) -> None:
    """Its address is printed once the sample is there."""
    deadline = time.monotonic() + _PATIENCE
    while f"Djudge: {address}" not in log.read_text(errors="replace"):
        if process.poll() is not None or time.monotonic() > deadline:
            sys.exit("bench: the platform says no address.")
        time.sleep(0.05)
