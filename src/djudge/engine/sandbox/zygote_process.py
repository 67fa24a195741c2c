"""The judge's end of a zygote: start it, hand it orders, end it."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

import djudge
from djudge.engine.errors import InfrastructureError, OperatorFault, SandboxUnavailable
from djudge.engine.sandbox.channel import receive_what_is_left
from djudge.engine.sandbox.cures import cure_for
from djudge.guest.launcher import INTERPRETER_FLAGS
from djudge.guest.order import JailPlan
from djudge.guest.root import ENVIRONMENT

_START_SECONDS: Final = 60.0
_END_SECONDS: Final = 5.0
_MESSAGE: Final = 64 * 1024
_SAID: Final = 4000


class ZygoteDiedError(Exception):
    """Nobody takes orders any more."""


class Zygote:
    """One zygote with its keeper. It dies with the thread that started it, and all its guests with it."""

    def __init__(self, process: subprocess.Popen[bytes], control: socket.socket, said: int) -> None:
        self._process = process
        self._control = control
        self._said = said

    @classmethod
    def start(cls, environment: Path, preload: Sequence[str], *, isolated: bool, standing: int) -> Self:
        """Start one and wait until it has imported everything (about half a second)."""
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        said = os.memfd_create("zygote", os.MFD_CLOEXEC)
        with theirs:
            process = subprocess.Popen(
                _command(theirs.fileno(), environment, isolated=isolated),
                env=_environ(isolated=isolated, environment=environment),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                pass_fds=(theirs.fileno(),),
                cwd="/",
                start_new_session=True,
            )
        zygote = cls(process, control, said)
        try:
            zygote._greet(ENVIRONMENT if isolated else str(environment), preload, standing)
        except BaseException:
            zygote.close()
            raise
        return zygote

    def spawn(self, plan: JailPlan, descriptors: Sequence[int]) -> None:
        """Hand over one order for a jail of this plan: three ends (guest, supervisor, doors) and the packed order."""
        try:
            socket.send_fds(self._control, [plan.to_json().encode()], descriptors)
        except OSError as error:
            raise ZygoteDiedError from error

    def is_alive(self) -> bool:
        """Whether it still takes orders. Asked of the socket: in a process that we forked, it is nobody's child."""
        poll = select.poll()
        poll.register(self._control, 0)
        return not poll.poll(0)

    def close(self) -> None:
        """End it with everything below it; they are gone when this returns."""
        self._control.close()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
        if self._said >= 0:
            os.close(self._said)
            self._said = -1

    def _greet(self, environment: str, preload: Sequence[str], standing: int) -> None:
        greeting = {"environment": environment, "preload": list(preload), "standing": standing}
        with suppress(OSError):  # it may have refused before it listened; what it said is read next
            self._control.send(json.dumps(greeting).encode())
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        answer = b""
        if poll.poll(_START_SECONDS * 1000):
            answer = receive_what_is_left(self._control, _MESSAGE)
        if not answer:
            raise InfrastructureError(
                f"The zygote did not start. {self._last_words()}", "Run `djudge doctor`.", kind="zygote_died"
            )
        told = json.loads(answer)
        if "layer" in told:
            layer = told["layer"]
            raise SandboxUnavailable(layer, f"The layer {layer} can't be built here ({told['what']}).", cure_for(layer))
        if told["threads"] != 1:
            raise OperatorFault("A preloaded module starts threads.", "Remove it from `preload` of the pack.")

    def _last_words(self) -> str:
        return os.pread(self._said, _SAID, 0).decode("utf-8", "replace").strip()


def _command(control: int, environment: Path, *, isolated: bool) -> list[str]:
    source = str(Path(djudge.__file__).resolve().parent.parent)
    if isolated:
        call = f"from djudge.guest.launcher import main; main({control}, {str(environment)!r})"
    else:
        call = f"from djudge.guest.zygote import main; main({control})"
    return [
        str(_interpreter()),
        *INTERPRETER_FLAGS,
        "-c",
        f"import sys; sys.path.insert(0, {source!r}); {call}",
    ]


def _interpreter() -> Path:
    """The interpreter itself and not the link to it in a virtual environment, whose folder a guest never sees."""
    return Path(sys.executable).resolve()


def _environ(*, isolated: bool, environment: Path) -> dict[str, str]:
    """A clean one: nothing of the judge's own environment reaches a guest."""
    zones = (environment / "tzdata").is_dir()
    fixed = {
        "PYTHONHASHSEED": "0",
        "TZ": "UTC",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "PATH": "/usr/bin:/bin",
    }
    return fixed | ({"PYTHONTZPATH": ""} if isolated and zones else {})
