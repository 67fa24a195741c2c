"""One process beside each guest: builds the jail, drains what the guest prints, watches, and ends it.

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

from djudge.guest import jail, kernel, wire
from djudge.guest.kernel_memory import KernelMemory
from djudge.guest.launcher import MACHINE, WATCH
from djudge.guest.order import read
from djudge.guest.processes import ProcessList
from djudge.guest.runner import run_guest
from djudge.guest.watchdog import INTERVAL, Watchdog

_PIECE: Final = 64 * 1024
#: A guest may print this many times what is kept before it is stopped for it.
_PATIENCE: Final = 64
_JAILED: Final = b"."


def supervise(channel: int, report: int, source: int) -> NoReturn:
    """Run one guest to its end. `channel` goes to the guest, `report` to the judge, `source` holds the order."""
    reporter = socket.socket(fileno=report)
    try:
        kernel.die_with_parent()
        Supervisor(reporter, channel, source).run()
    except kernel.LayerError as error:
        _send(reporter, [wire.head(wire.REFUSAL, {"layer": error.layer, "what": error.what})])
    except Exception as error:
        _send(
            reporter,
            [wire.head(wire.REFUSAL, {"layer": "", "what": f"{type(error).__name__}: {error}"[:2000]})],
        )
    os._exit(0)


def _send(reporter: socket.socket, frames: list[bytes]) -> None:
    with suppress(OSError):  # nobody may be left to be told
        reporter.sendall(b"".join(frames))


class Supervisor:
    """The state of one guest as its supervisor knows it."""

    def __init__(self, reporter: socket.socket, channel: int, source: int) -> None:
        self._reporter = reporter
        self._channel = channel
        self._source = source
        self._order, self._files, self._start = read(source)
        self._kept = bytearray()
        self._printed = 0

    def run(self) -> None:
        """From the fork to the report."""
        self._prepare()
        output, output_end = os.pipe2(os.O_CLOEXEC)
        notes, notes_end = os.pipe2(os.O_CLOEXEC)
        child = os.fork()
        if child == 0:
            os.close(output)
            os.close(notes)
            self._become_guest(output_end, notes_end)
        os.close(output_end)
        os.close(notes_end)
        os.close(self._channel)
        try:
            self._await_jail(notes, output)
            reason, peaks = self._watch(child, output)
        finally:
            self._kill(child)
        status = self._reap(child)
        self._drain(output)
        self._clean()
        self._report(reason, status, peaks)

    def _prepare(self) -> None:
        if self._order.isolated:
            jail.enter_namespaces(self._order)
        if not self._has_process_namespace:
            kernel.prctl("pids", kernel.PR_SET_CHILD_SUBREAPER, 1)

    @property
    def _has_process_namespace(self) -> bool:
        return self._order.has("pids")

    def _become_guest(self, output: int, notes: int) -> NoReturn:
        try:
            kernel.die_with_parent()
            os.setsid()
            signal.set_wakeup_fd(-1)
            if self._order.isolated:
                if self._has_process_namespace:
                    jail.mount_watch()
                jail.build_root(self._order, self._source, self._files, self._start)
                if self._order.has("uts"):
                    kernel.set_host_name(MACHINE)
            else:
                self._lay_own_code()
            _redirect(output)
            os.write(notes, _JAILED)
        except (kernel.LayerError, OSError) as error:
            kernel.refuse(notes, error)
        self._reporter.detach()
        run_guest(self._order, self._channel, notes)

    def _lay_own_code(self) -> None:
        folder = str(self._order.folder)
        for name in ("app", "tmp"):
            os.mkdir(f"{folder}/{name}")
        jail.lay_tree(f"{folder}/app", self._source, self._files, self._start)
        os.chdir(f"{folder}/app")

    def _await_jail(self, notes: int, output: int) -> None:
        """Two dots: the root stands, the rights are dropped. Anything else is a layer that could not be built."""
        said = b""
        while piece := os.read(notes, 4096):
            said += piece
        os.close(notes)
        if said == _JAILED * 2:
            return
        try:
            refusal = json.loads(said.lstrip(_JAILED))
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
        own_list = WATCH if self._order.isolated and self._has_process_namespace else ""
        return KernelMemory(has_network=self._order.has("network"), proc=own_list)

    def _watch(self, child: int, output: int) -> tuple[str, Watchdog]:
        watchdog = Watchdog(self._order.bounds, self._processes(), self._kernel_memory())
        watched = "watchdog" not in self._order.without
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
            if self._printed > self._order.bounds.output_kb * 1024 * _PATIENCE:
                return "output_limit", watchdog
            if watched and time.monotonic() >= next_round:
                if verdict := watchdog.verdict():
                    return verdict, watchdog
                next_round = time.monotonic() + INTERVAL

    def _take(self, output: int) -> bool:
        piece = os.read(output, _PIECE)
        self._printed += len(piece)
        room = self._order.bounds.output_kb * 1024 - len(self._kept)
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
        if self._order.folder is not None:
            shutil.rmtree(self._order.folder, ignore_errors=True)

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


def _redirect(output: int) -> None:
    """Nothing to read; both outputs to the supervisor."""
    nothing = os.open("/dev/null", os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)


def _kill_one(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _reap_others(child: int) -> None:
    """Collect what was killed and is now ours, except the first process, whose status is wanted."""
    for pid in ProcessList("/proc", os.getpid()).pids():
        if pid != child:
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)
