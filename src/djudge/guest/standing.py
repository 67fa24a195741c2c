"""A jail that stands ready: namespaces, process 1 and its root, before anybody has asked for a guest.

Raising one takes 8 ms, and nothing of it depends on the candidate. Process 1 is a fork of the zygote that runs our own
code alone, and waits for its tree; what it becomes then is the guest.
"""

from __future__ import annotations

import os
import signal
import socket
from dataclasses import dataclass
from typing import Final, NoReturn

from djudge.guest import jail, kernel, loopback
from djudge.guest.launcher import MACHINE
from djudge.guest.order import JailPlan, read
from djudge.guest.runner import run_guest

#: How its processes are called until they are a guest and its supervisor.
STANDING: Final = "standing-jail"

#: What process 1 writes when its root stands with the tree in it, and again when its rights are dropped.
JAILED: Final = b"."


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingJail:
    """What the supervisor holds of it: process 1, what that prints, what it notes of its walls, and the way in.

    `listeners` are the sockets that the judge is to have; process 1 was forked before there were any.
    """

    child: int
    output: int
    notes: int
    way_in: socket.socket
    listeners: tuple[socket.socket, ...] = ()

    def hand_over(self, channel: int, source: int) -> None:
        """Pass the guest's end of the result socket and its order in."""
        socket.send_fds(self.way_in, [b"order"], [channel, source])
        self.way_in.close()
        os.close(channel)


def raise_jail(plan: JailPlan, orders: socket.socket) -> StandingJail:
    """Raise one around a child, which has no part in `orders`.

    Raises LayerError for walls of ours; of the child's own it tells in its notes.
    """
    if plan.isolated:
        jail.enter_namespaces(plan)
    if not plan.has("pids"):
        kernel.prctl("pids", kernel.PR_SET_CHILD_SUBREAPER, 1)
    output, output_end = os.pipe2(os.O_CLOEXEC)
    notes, notes_end = os.pipe2(os.O_CLOEXEC)
    way_in, door = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    child = os.fork()
    if child == 0:
        for descriptor in (output, notes, way_in.detach(), orders.detach()):
            os.close(descriptor)
        _wait_inside(plan, door, output_end, notes_end)
    os.close(output_end)
    os.close(notes_end)
    door.close()
    listeners = loopback.listen(plan.ports, own_network=plan.has("network"))
    return StandingJail(child=child, output=output, notes=notes, way_in=way_in, listeners=tuple(listeners))


def _wait_inside(plan: JailPlan, door: socket.socket, output: int, notes: int) -> NoReturn:
    try:
        kernel.die_with_parent()
        os.setsid()
        signal.set_wakeup_fd(-1)
        base = _raise_walls(plan)
        _redirect(output)
    except (kernel.LayerError, OSError) as error:
        kernel.refuse(notes, error)
    _, descriptors, _, _ = socket.recv_fds(door, 16, 2)
    if not descriptors:
        os._exit(0)
    door.close()
    kernel.call_oneself("python3")
    channel, source = descriptors
    _become_guest(plan, base, channel, source, notes)


def _raise_walls(plan: JailPlan) -> str:
    if not plan.isolated:
        return str(plan.folder)
    if plan.has("pids"):
        jail.mount_watch()
    base = jail.build_root(plan)
    if plan.has("uts"):
        kernel.set_host_name(MACHINE)
    return base


def _become_guest(plan: JailPlan, base: str, channel: int, source: int, notes: int) -> NoReturn:
    try:
        order, files, start = read(source)
        if plan.isolated:
            jail.mount_tree(base, source, files, start)
            if order.socket_folder:
                jail.bind_sockets(base, order.socket_folder)
        else:
            _lay_own_code(base, source, files, start)
        os.write(notes, JAILED)
    except (kernel.LayerError, OSError) as error:
        kernel.refuse(notes, error)
    run_guest(plan, order, channel, notes)


def _lay_own_code(folder: str, source: int, files: list[tuple[str, int]], start: int) -> None:
    for name in ("app", "tmp"):
        os.mkdir(f"{folder}/{name}")
    jail.lay_tree(f"{folder}/app", source, files, start)
    os.chdir(f"{folder}/app")


def _redirect(output: int) -> None:
    """Nothing to read; both outputs to the supervisor."""
    nothing = os.open("/dev/null", os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
