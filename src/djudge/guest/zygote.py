"""The parent of all guests: it has imported what they need, with no settings, and forks a supervisor for
each.

It runs one thread, so that a fork copies all there is. Its random state, its hash seed and its clock zone
are the same for every guest.
"""

from __future__ import annotations

import array
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
from types import ModuleType
from typing import Final, NoReturn

from djudge.guest import jail, root, seccomp, supervisor

_MESSAGE: Final = 64 * 1024
_DESCRIPTORS: Final = 3


def main(control: int) -> NoReturn:
    """Serve spawn orders from the control socket until it closes."""
    channel = socket.socket(fileno=control)
    told = json.loads(channel.recv(_MESSAGE))
    _neutralise_path(told["environment"])
    left = _preload(told["preload"])
    seccomp.compiled()
    root.interpreter()
    jail.prepare()
    threads = len(os.listdir("/proc/self/task"))
    channel.send(json.dumps({"ready": True, "threads": threads, "left": left}).encode())
    gc.collect()
    gc.freeze()
    _serve(channel)
    os._exit(0)


def _neutralise_path(environment: str) -> None:
    """From here on only the standard library and the pack's environment can be imported."""
    sys.path[:] = [entry for entry in sys.path if entry not in ("", _own_folder())] + [environment]
    sys.modules["__main__"] = ModuleType("__main__")
    sys.argv = ["manage.py"]


def _own_folder() -> str:
    return os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def _preload(names: list[str]) -> list[str]:
    """Import what can be imported without settings; the names of the rest, which each guest imports itself."""
    left = []
    for name in names:
        try:
            importlib.import_module(name)
        except Exception:
            left.append(name)
    return left


def _serve(channel: socket.socket) -> None:
    woken, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    poll = select.poll()
    poll.register(woken, select.POLLIN)
    poll.register(channel, select.POLLIN)
    while True:
        events = dict(poll.poll())
        if woken in events:
            os.read(woken, 4096)
            _reap()
        if channel.fileno() in events and not _spawn(channel):
            return


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _spawn(channel: socket.socket) -> bool:
    descriptors = array.array("i")
    message, ancillary, _, _ = channel.recvmsg(16, socket.CMSG_SPACE(_DESCRIPTORS * descriptors.itemsize))
    if not message:
        return False
    for level, kind, content in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            descriptors.frombytes(content)
    if os.fork() == 0:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.close(channel.detach())
        supervisor.supervise(*descriptors)
    for descriptor in descriptors:
        os.close(descriptor)
    return True
