"""One process beside each guest: has the jail raised, drains what the guest prints, watches, and ends it.

It belongs to the judge: candidate code never runs in it, and it reads nothing that the guest writes except
to throw it away or to keep its first part as bytes. When it is told to stop, when the judge is gone, or
when a limit is crossed, it kills process 1 of the guest, and the kernel kills the rest of that namespace.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import socket
import time
from contextlib import suppress
from typing import Final, NoReturn

from djudge.guest import kernel, loopback, wire
from djudge.guest.kernel_memory import KernelMemory
from djudge.guest.launcher import WATCH
from djudge.guest.order import JailPlan, read
from djudge.guest.processes import ProcessList
from djudge.guest.standing import JAILED, StandingJail, raise_jail
from djudge.guest.watchdog import INTERVAL, Watchdog

_PIECE: Final = 64 * 1024
#: A guest may print this many times what is kept before it is stopped for it.
_PATIENCE: Final = 64


def supervise(plan: JailPlan, orders: socket.socket) -> NoReturn:
    """Raise a jail, wait until the zygote passes an order on, and see that guest to its end."""
    jail: StandingJail | Exception
    try:
        kernel.die_with_parent()
        jail = raise_jail(plan, orders)
    except Exception as error:
        jail = error
    _, descriptors, _, _ = socket.recv_fds(orders, 16, 4)
    if descriptors:
        orders.close()
        kernel.call_oneself("supervisor")
        _see_to_its_end(plan, jail, *descriptors)
    os._exit(0)


def _see_to_its_end(
    plan: JailPlan, jail: StandingJail | Exception, channel: int, report: int, source: int, doors: int | None = None
) -> None:
    """`channel` goes to the guest, `report` to the judge, `source` holds the order; `doors` wants what listens."""
    reporter = socket.socket(fileno=report)
    try:
        if isinstance(jail, Exception):
            raise jail
        if doors is not None:
            loopback.hand_out(socket.socket(fileno=doors), jail.listeners)
        Supervisor(plan, jail, reporter, source).run(channel)
    except kernel.LayerError as error:
        _send(reporter, [wire.head(wire.REFUSAL, {"layer": error.layer, "what": error.what})])
    except Exception as error:
        _send(
            reporter,
            [wire.head(wire.REFUSAL, {"layer": "", "what": f"{type(error).__name__}: {error}"[:2000]})],
        )


def _send(reporter: socket.socket, frames: list[bytes]) -> None:
    with suppress(OSError):  # nobody may be left to be told
        reporter.sendall(b"".join(frames))


class Supervisor:
    """The state of one guest as its supervisor knows it."""

    def __init__(self, plan: JailPlan, jail: StandingJail, reporter: socket.socket, source: int) -> None:
        self._plan = plan
        self._jail = jail
        self._reporter = reporter
        self._source = source
        self._bounds = read(source)[0].bounds
        self._kept = bytearray()
        self._printed = 0

    def run(self, channel: int) -> None:
        """From the order to the report."""
        child, output = self._jail.child, self._jail.output
        try:
            self._jail.hand_over(channel, self._source)
            self._await_jail(self._jail.notes, output)
            reason, peaks = self._watch(child, output)
        finally:
            self._kill(child)
        status = self._reap(child)
        self._drain(output)
        self._clean()
        self._report(reason, status, peaks)

    @property
    def _has_process_namespace(self) -> bool:
        return self._plan.has("pids")

    def _await_jail(self, notes: int, output: int) -> None:
        """Two dots: the root stands, the rights are dropped. Anything else is a layer that could not be built."""
        said = b""
        while piece := os.read(notes, 4096):
            said += piece
        os.close(notes)
        if said == JAILED * 2:
            return
        try:
            refusal = json.loads(said.lstrip(JAILED))
        except ValueError:
            self._drain(output)
            words = self._kept.decode("utf-8", "replace")
            raise RuntimeError(f"The guest ended while its jail was built. {words}") from None
        raise kernel.LayerError(refusal["layer"], refusal["what"])

    def _processes(self) -> ProcessList:
        if self._has_process_namespace:
            return ProcessList(WATCH)
        return ProcessList("/proc", os.getpid())

    def _kernel_memory(self) -> KernelMemory:
        own_list = WATCH if self._has_process_namespace else ""
        return KernelMemory(has_network=self._plan.has("network"), proc=own_list)

    def _watch(self, child: int, output: int) -> tuple[str, Watchdog]:
        watchdog = Watchdog(self._bounds, self._processes(), self._kernel_memory())
        watched = "watchdog" not in self._plan.without
        poll = select.poll()
        ended = os.pidfd_open(child)
        for descriptor in (ended, output, self._reporter.fileno()):
            poll.register(descriptor, select.POLLIN)
        next_round = 0.0
        while True:
            events = dict(poll.poll(max(0.0, next_round - time.monotonic()) * 1000 if watched else None))
            if output in events and not self._take(output):
                poll.unregister(output)
            if ended in events:
                return "exited", watchdog
            if self._reporter.fileno() in events:
                return "stopped", watchdog
            if self._printed > self._bounds.output_kb * 1024 * _PATIENCE:
                return "output_limit", watchdog
            if watched and time.monotonic() >= next_round:
                if verdict := watchdog.verdict():
                    return verdict, watchdog
                next_round = time.monotonic() + INTERVAL

    def _take(self, output: int) -> bool:
        piece = os.read(output, _PIECE)
        self._printed += len(piece)
        room = self._bounds.output_kb * 1024 - len(self._kept)
        self._kept += piece[: max(0, room)]
        return bool(piece)

    def _kill(self, child: int) -> None:
        _kill_one(child)
        if self._has_process_namespace:
            return
        while pids := ProcessList("/proc", os.getpid()).pids():
            for pid in pids:
                _kill_one(pid)
            _reap_others(child)
            if pids == [child]:
                return

    def _reap(self, child: int) -> int:
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status)

    def _drain(self, output: int) -> None:
        """What was printed before the end and not yet read. Every writer is dead, so this ends."""
        os.set_blocking(output, False)
        try:
            while self._take(output):
                pass
        except BlockingIOError:
            pass

    def _clean(self) -> None:
        if self._plan.folder is not None:
            shutil.rmtree(self._plan.folder, ignore_errors=True)

    def _report(self, reason: str, status: int, watchdog: Watchdog) -> None:
        if reason == "exited" and status < 0:
            reason = "cpu_limit" if -status == signal.SIGXCPU else "signal"
        fields: dict[str, wire.Json] = {
            "reason": reason,
            "status": status,
            "printed": self._printed,
            "peak_memory_kb": watchdog.peak_memory_kb,
            "peak_processes": watchdog.peak_processes,
        }
        _send(
            self._reporter,
            [wire.head(wire.ENDING, fields), *wire.body(bytes(self._kept)), wire.head(wire.END, {})],
        )


def _kill_one(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _reap_others(child: int) -> None:
    """Collect what was killed and is now ours, except the first process, whose status is wanted."""
    for pid in ProcessList("/proc", os.getpid()).pids():
        if pid != child:
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)
