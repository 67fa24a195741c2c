"""Holds the sums that no limit of the kernel holds: of a whole tree of processes, every 40 ms."""

from __future__ import annotations

import time
from typing import Final

from djudge.guest.order import Bounds
from djudge.guest.processes import ProcessList, Reading, UnreadableError

INTERVAL: Final = 0.04
#: Open files and sockets beyond the first 64 of each process: a full socket buffer is memory that no
#: process shows.
_DESCRIPTORS: Final = 2048
#: How often the dear measurement of memory may run: at most a fifth of the time.
_REST: Final = 4.0
_LONGEST_REST: Final = 0.2


class Watchdog:
    """Reads the guest's processes and says which limit was crossed, as the reason of an `Ending`."""

    def __init__(self, bounds: Bounds, processes: ProcessList) -> None:
        self.peak_memory_kb = 0
        self.peak_processes = 0
        self._bounds = bounds
        self._processes = processes
        self._wall_end = time.monotonic() + bounds.wall_seconds
        self._own_seconds: dict[tuple[int, int], float] = {}
        self._next_dear = 0.0

    def verdict(self) -> str | None:
        """One round. None while everything is within its limits."""
        if time.monotonic() > self._wall_end:
            return "wall_limit"
        try:
            readings = self._processes.read()
            return self._count(readings) or self._time(readings) or self._memory(readings)
        except UnreadableError:
            return "unreadable"

    def _count(self, readings: list[Reading]) -> str | None:
        threads = sum(reading.threads for reading in readings)
        self.peak_processes = max(self.peak_processes, threads)
        if threads > self._bounds.processes:
            return "process_limit"
        return "process_limit" if sum(reading.descriptors for reading in readings) > _DESCRIPTORS else None

    def _time(self, readings: list[Reading]) -> str | None:
        """The larger of two sums: of all that was ever seen, and of what parents waited for.

        The first misses children that lived between two rounds, the second those that nobody waits for.
        """
        for reading in readings:
            self._own_seconds[reading.pid, reading.started] = reading.own_seconds
        seen = sum(self._own_seconds.values())
        waited = sum(reading.own_seconds + reading.waited_seconds for reading in readings)
        return "cpu_limit" if max(seen, waited) > self._bounds.cpu_seconds else None

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
        fair = self._processes.proportional_kb(reading.pid for reading in readings)
        self.peak_memory_kb = max(self.peak_memory_kb, fair)
        end = time.monotonic()
        self._next_dear = end + min((end - start) * _REST, _LONGEST_REST)
        return "memory_limit" if fair > limit_kb else None
