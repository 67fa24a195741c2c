"""The parent of all guests: it has imported what they need, with no settings, and forks a supervisor for
each; two of them ahead of time, with a jail that stands ready.

It runs one thread, so that a fork copies all there is. Its random state, its hash seed and its clock zone
are the same for every guest.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Final, NoReturn

from djudge.guest import jail, kernel, root, seccomp, supervisor
from djudge.guest.order import JailPlan
from djudge.guest.standing import STANDING

ZYGOTE: Final = "zygote"
_MESSAGE: Final = 64 * 1024
_DESCRIPTORS: Final = 4
#: How long nothing was asked before another jail is raised, by how many stand: a guest that has just been let go has
#: its first milliseconds to itself, and a guest that may be the last one all of its time.
_QUIET_MS: Final = (15, 250)


def main(control: int) -> NoReturn:
    """Serve spawn orders from the control socket until it closes."""
    kernel.call_oneself(ZYGOTE)
    channel = socket.socket(fileno=control)
    told = json.loads(channel.recv(_MESSAGE))
    _neutralise_path(told["environment"])
    left = _preload(told["preload"])
    for with_tcp in (False, True):
        seccomp.compiled(with_tcp)
    root.interpreter()
    jail.prepare()
    threads = len(os.listdir("/proc/self/task"))
    channel.send(json.dumps({"ready": True, "threads": threads, "left": left}).encode())
    gc.collect()
    gc.freeze()
    _serve(channel, told["standing"])
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


def _serve(channel: socket.socket, standing: int) -> None:
    woken, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    poll = select.poll()
    poll.register(woken, select.POLLIN)
    poll.register(channel, select.POLLIN)
    row = Row(channel, standing)
    while True:
        events = dict(poll.poll(row.patience))
        if not events:
            row.fill()
        if woken in events:
            os.read(woken, 4096)
            _reap()
        if channel.fileno() in events and not _spawn(channel, row):
            return


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _spawn(channel: socket.socket, row: Row) -> bool:
    message, descriptors, _, _ = socket.recv_fds(channel, _MESSAGE, _DESCRIPTORS)
    if not message:
        return False
    row.give(JailPlan.from_json(message), descriptors)
    for descriptor in descriptors:
        os.close(descriptor)
    return True


class Row:
    """The jails that stand ready, all of one plan: that of the last guest, because the next one is mostly alike.

    Each is two sleeping processes that share nearly all with the zygote.
    """

    def __init__(self, channel: socket.socket, standing: int) -> None:
        self._channel = channel
        self._standing = standing
        self._plan: JailPlan | None = None
        self._waiting: list[socket.socket] = []

    @property
    def patience(self) -> int | None:
        """Milliseconds until one more jail should be raised; None where enough stand."""
        if self._plan is None or not self._plan.isolated or len(self._waiting) >= self._standing:
            return None
        return _QUIET_MS[min(len(self._waiting), 1)]

    def fill(self) -> None:
        """Raise one more for the next guest, while this one works."""
        if self._plan is not None:
            self._waiting.append(self._raise(self._plan))

    def give(self, plan: JailPlan, descriptors: Sequence[int]) -> None:
        """Pass an order to the first jail of this plan, or to one that is raised now."""
        if plan != self._plan:
            self._release()
            self._plan = plan
        while self._waiting:
            if _passed(self._waiting.pop(0), descriptors):
                return
        _passed(self._raise(plan), descriptors)

    def _release(self) -> None:
        """The ones that wait for nothing now end by themselves."""
        for orders in self._waiting:
            orders.close()
        self._waiting.clear()

    def _raise(self, plan: JailPlan) -> socket.socket:
        orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        kernel.call_oneself(STANDING)  # so that it never goes by another name
        if os.fork() == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for unneeded in (self._channel, orders, *self._waiting):
                os.close(unneeded.detach())
            supervisor.supervise(plan, theirs)
        kernel.call_oneself(ZYGOTE)
        theirs.close()
        return orders


def _passed(orders: socket.socket, descriptors: Sequence[int]) -> bool:
    """Whether a supervisor took the order; one that was killed while it waited does not."""
    with orders:
        try:
            socket.send_fds(orders, [b"order"], descriptors)
        except OSError:
            return False
    return True
