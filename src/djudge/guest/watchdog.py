"""Holds the sums that no limit of the kernel holds: of a whole tree of processes, every 40 ms."""

from __future__ import annotations

import os
import time
from typing import Final

from djudge.guest.kernel_memory import KernelMemory
from djudge.guest.order import Bounds
from djudge.guest.processes import ProcessList, Reading, UnreadableError

INTERVAL: Final = 0.04
#: Open files and pipes beyond the first 64 of each process: a full pipe is memory that no process shows.
_DESCRIPTORS: Final = 2048
#: Of the whole guest. Honest code has a few for each process; all full, these are some 120 MB.
_SOCKETS: Final = 512
#: Of the whole guest. sqlite takes up to five for each connection.
_LOCKS: Final = 1024
#: Processor time of the guest between two counts of its locks: enough for less than 60 MB of them.
_LOCKING_SECONDS: Final = 0.1
#: How often the dear measurement of memory may run: at most a fifth of the time.
_REST: Final = 4.0
_LONGEST_REST: Final = 0.2


class Watchdog:
    """Reads the guest's processes and says which limit was crossed, as the reason of an `Ending`."""

    def __init__(self, bounds: Bounds, processes: ProcessList, kernel_memory: KernelMemory) -> None:
        self.peak_memory_kb = 0
        self.peak_processes = 0
        self._bounds = bounds
        self._processes = processes
        self._kernel_memory = kernel_memory
        self._last_round = time.monotonic()
        self._wall_end = self._last_round + bounds.wall_seconds
        self._own_seconds: dict[tuple[int, int], float] = {}
        self._processors = len(os.sched_getaffinity(0))
        self._locks_due = _LOCKING_SECONDS
        self._next_dear = 0.0

    def verdict(self) -> str | None:
        """One round. None while everything is within its limits."""
        if time.monotonic() > self._wall_end:
            return "wall_limit"
        try:
            readings = self._processes.read()
            return self._count(readings) or self._time(readings) or self._locks() or self._memory(readings)
        except UnreadableError:
            return "unreadable"

    def _count(self, readings: list[Reading]) -> str | None:
        threads = sum(reading.threads for reading in readings)
        self.peak_processes = max(self.peak_processes, threads)
        if threads > self._bounds.processes:
            return "process_limit"
        if sum(reading.descriptors for reading in readings) > _DESCRIPTORS:
            return "process_limit"
        return "process_limit" if self._kernel_memory.sockets() > _SOCKETS else None

    def _locks(self) -> str | None:
        """Counted only after the guest has worked, because counting holds the machine up; to lock is work."""
        worked = sum(self._own_seconds.values())
        if worked < self._locks_due:
            return None
        self._locks_due = worked + _LOCKING_SECONDS
        return "process_limit" if self._kernel_memory.locks(_LOCKS) > _LOCKS else None

    def _time(self, readings: list[Reading]) -> str | None:
        """The larger of two sums: of all that was ever seen, and of what parents waited for.

        The second misses children that nobody waits for, and the first those that lived between two rounds. For
        these, one that is new and runs stands for others that came and went before it: see `_charge`.
        """
        charge = self._charge(readings)
        for reading in readings:
            known = self._own_seconds.get((reading.pid, reading.started), charge if reading.busy else 0.0)
            self._own_seconds[reading.pid, reading.started] = max(known, reading.own_seconds)
        seen = sum(self._own_seconds.values())
        waited = sum(reading.own_seconds + reading.waited_seconds for reading in readings)
        return "cpu_limit" if max(seen, waited) > self._bounds.cpu_seconds else None

    def _charge(self, readings: list[Reading]) -> float:
        """The least that each new process that runs has to answer for: the time since the last round.

        In a chain of short lives some process runs at every look, so this is what the chain took. Honest code pays
        it once for each process, until that has used as much. All together are never charged more than the
        processors could give.
        """
        now = time.monotonic()
        passed, self._last_round = now - self._last_round, now
        new = sum(reading.busy and (reading.pid, reading.started) not in self._own_seconds for reading in readings)
        return passed * min(1.0, self._processors / max(new, 1))

    def _memory(self, readings: list[Reading]) -> str | None:
        limit_kb = self._bounds.memory_mb * 1024
        plain = sum(reading.memory_kb for reading in readings)
        if plain <= limit_kb:
            self.peak_memory_kb = max([self.peak_memory_kb, plain, *(one.peak_kb for one in readings)])
            return None
        if time.monotonic() < self._next_dear:
            return None
        return self._dear_memory(readings, limit_kb)

    def _dear_memory(self, readings: list[Reading], limit_kb: int) -> str | None:
        """Children share pages with the zygote and each other, so their plain sum may be far too high."""
        start = time.monotonic()
        fair = self._processes.proportional_kb(reading.member for reading in readings)
        self.peak_memory_kb = max(self.peak_memory_kb, fair)
        end = time.monotonic()
        self._next_dear = end + min((end - start) * _REST, _LONGEST_REST)
        return "memory_limit" if fair > limit_kb else None
