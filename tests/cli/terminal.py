"""A terminal of our own: a command runs in it as a person would run it, and Ctrl-C is typed, not sent.

What is left of a command afterwards is looked for among all processes that were ever seen below it, and in a folder
that takes the place of shared memory and /tmp for it.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Self

import psutil

DJUDGE: Final = (sys.executable, "-m", "djudge.engine.cli.main")
SHOWCASE: Final = (sys.executable, "-m", "djudge.engine.cli.showcase")
CTRL_C: Final = b"\x03"

_CONTROL: Final = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\r")
_COLUMNS: Final = 120


class Terminal:
    """One command in the foreground of a terminal. A context manager that kills what is left of it."""

    def __init__(self, argv: Sequence[str], environ: Mapping[str, str]) -> None:
        self.text = ""
        self._seen: dict[int, psutil.Process] = {}
        self._master, own = pty.openpty()
        fcntl.ioctl(own, termios.TIOCSWINSZ, struct.pack("HHHH", 40, _COLUMNS, 0, 0))
        self.process = subprocess.Popen(
            argv, env={**environ, "TERM": "xterm-256color"}, stdin=own, stdout=own, stderr=own,
            start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0), cwd="/",
        )  # fmt: skip
        os.close(own)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self._master)

    def read_until(self, pattern: str, seconds: float = 90) -> str:
        """What was printed up to the pattern, without colours."""
        deadline = time.monotonic() + seconds
        while not re.search(pattern, self.text):
            assert time.monotonic() < deadline, f"never printed {pattern!r}:\n{self.text}"
            assert self._read(0.05), f"ended before it printed {pattern!r}:\n{self.text}"
        return self.text

    def press(self, keys: bytes) -> None:
        """Type on the keyboard."""
        os.write(self._master, keys)

    def wait(self, seconds: float = 30) -> int:
        """The exit status, with all that was still printed in `text`."""
        deadline = time.monotonic() + seconds
        while self._read(0.02):
            assert time.monotonic() < deadline, f"did not end:\n{self.text}"
        return self.process.wait(seconds)

    def left(self, seconds: float = 3) -> list[str]:
        """The command lines of processes that outlived the command, of all that were ever seen below it."""
        psutil.wait_procs([*self._seen.values()], timeout=seconds)
        return [" ".join(told) for told in map(_told, self._seen.values()) if told]

    def look(self) -> list[psutil.Process]:
        """The processes below the command now; they are remembered."""
        with suppress(psutil.NoSuchProcess):
            for process in psutil.Process(self.process.pid).children(recursive=True):
                self._seen[process.pid] = process
        return [process for process in self._seen.values() if process.is_running()]

    def _read(self, seconds: float) -> bool:
        """Whether it may still print."""
        self.look()
        if not select.select([self._master], [], [], seconds)[0]:
            return self.process.poll() is None
        try:
            piece = os.read(self._master, 65536)
        except OSError:
            return False
        self.text += _CONTROL.sub("", piece.decode("utf-8", "replace"))
        return bool(piece)


def _told(process: psutil.Process) -> list[str]:
    """The command line of a process that runs, None of one that is gone or waits to be reaped."""
    with suppress(psutil.NoSuchProcess):
        if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            return process.cmdline() or [process.name()]
    return []


@contextmanager
def private_places(data: Path, owner: int | None = None) -> Iterator[dict[str, str]]:
    """An environment in which a command has scratch folders of its own, to see what it leaves there.

    `data` is its data folder. The names are short, because a Unix socket's address is.
    """
    folder = Path(tempfile.mkdtemp(prefix="cli-", dir="/tmp"))
    try:
        environ = {**os.environ, "DJUDGE_DATA": str(data), "COLUMNS": str(_COLUMNS)}
        for name, variable in (("scratch", "DJUDGE_SCRATCH"), ("tmp", "TMPDIR")):
            place = folder / name
            place.mkdir()
            place.chmod(0o777)
            environ[variable] = str(place)
        folder.chmod(0o755)
        if owner is not None:
            os.chown(folder, owner, owner)
        yield environ
    finally:
        shutil.rmtree(folder)


def files_left(environ: Mapping[str, str]) -> list[str]:
    """What a command left in its scratch folders."""
    return [
        str(path) for variable in ("DJUDGE_SCRATCH", "TMPDIR") for path in sorted(Path(environ[variable]).iterdir())
    ]
