"""What the kernel says of the processes of one guest, read by its supervisor from outside.

Only cheap files are read on every round: `stat` and `status` can't be hidden by a guest. What a process
shares with others costs a hundred times more to find out, and is asked only when the plain sum is above the
limit.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_MEMORY: Final = (b"RssAnon", b"RssShmem", b"VmSwap", b"VmPTE")
_SHARED_OUT: Final = (b"Pss_Anon", b"Pss_Shmem", b"SwapPss")
#: The smallest table of descriptors that the kernel gives a process.
_TABLE: Final = 64


class UnreadableError(Exception):
    """A process is there and does not let itself be measured."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One process, now. Times in seconds, memory in KiB."""

    pid: int
    started: int
    own_seconds: float
    waited_seconds: float
    memory_kb: int
    peak_kb: int
    threads: int
    descriptors: int


@dataclass(frozen=True, slots=True)
class ProcessList:
    """A place where the kernel lists processes; `above` is the one whose descendants count, 0 for all of them."""

    proc: str
    above: int = 0

    def pids(self) -> list[int]:
        """All processes of the guest; threads are not listed."""
        if self.above:
            return list(self._descendants(self.above))
        return [int(name) for name in os.listdir(self.proc) if name.isdigit()]

    def read(self) -> list[Reading]:
        """One reading a process; those that ended meanwhile, or wait to be reaped, are left out."""
        return [reading for pid in self.pids() if (reading := self._read_one(pid)) is not None]

    def proportional_kb(self, pids: Iterable[int]) -> int:
        """Memory with what is shared counted once. Costs 1 to 12 ms a process."""
        return sum(self._proportional(pid) for pid in pids)

    def _descendants(self, pid: int) -> Iterator[int]:
        for child in self._children(pid):
            yield child
            yield from self._descendants(child)

    def _children(self, pid: int) -> list[int]:
        found: list[int] = []
        try:
            for task in os.listdir(f"{self.proc}/{pid}/task"):
                found += map(int, _content(f"{self.proc}/{pid}/task/{task}/children").split())
        except (FileNotFoundError, ProcessLookupError):
            pass
        return found

    def _read_one(self, pid: int) -> Reading | None:
        try:
            stat = _content(f"{self.proc}/{pid}/stat")
            status = _content(f"{self.proc}/{pid}/status")
        except (FileNotFoundError, ProcessLookupError):
            return None
        except OSError as error:
            raise UnreadableError(str(error)) from error
        state, *numbers = stat[stat.rindex(b")") + 2 :].split()
        if state in b"ZX":
            return None
        return _reading(pid, numbers, dict(line.split(b":", 1) for line in status.splitlines() if b":" in line))

    def _proportional(self, pid: int) -> int:
        try:
            content = _content(f"{self.proc}/{pid}/smaps_rollup")
        except (FileNotFoundError, ProcessLookupError):
            return 0
        except OSError as error:
            raise UnreadableError(str(error)) from error
        fields = dict(line.split(b":", 1) for line in content.splitlines()[1:])
        return sum(_kilobytes(fields, name) for name in _SHARED_OUT)


def _reading(pid: int, numbers: list[bytes], status: dict[bytes, bytes]) -> Reading:
    """`numbers` are the fields of `stat` from the parent's number on."""
    user, system, waited_user, waited_system = map(int, numbers[10:14])
    return Reading(
        pid=pid,
        started=int(numbers[18]),
        own_seconds=(user + system) / _TICKS,
        waited_seconds=(waited_user + waited_system) / _TICKS,
        memory_kb=sum(_kilobytes(status, name) for name in _MEMORY),
        peak_kb=_kilobytes(status, b"VmHWM"),
        threads=int(status.get(b"Threads", b"1")),
        descriptors=max(0, int(status.get(b"FDSize", b"0")) - _TABLE),
    )


def _kilobytes(fields: dict[bytes, bytes], name: bytes) -> int:
    return int(fields.get(name, b"0").split()[0])


def _content(path: str) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(descriptor, 16384)
    finally:
        os.close(descriptor)
