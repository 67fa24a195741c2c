"""What the kernel says of the processes of one guest, read by its supervisor from outside.

Only cheap files are read on every round: `stat` and `status` can't be hidden by a guest. What a process
shares with others costs a hundred times more to find out, and is asked only when the plain sum is above the
limit.

A process whose first thread has ended is listed as a zombie without any memory, while its other threads live on. It is
told from a real zombie by its number of threads, and what the kernel says of its memory is read from one of those.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
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
    """One process, now. Times in seconds, memory in KiB.

    `member` is the number under which its memory is shown: `pid`, or that of a thread if the first one has ended.
    `busy`: it runs, or it has several threads, one of which may run.
    """

    pid: int
    member: int
    busy: bool
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

    def proportional_kb(self, members: Iterable[int]) -> int:
        """Memory with what is shared counted once, of the `member` of each reading. Costs 1 to 12 ms a process."""
        return sum(self._proportional(member) for member in members)

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
            state, *numbers = stat[stat.rindex(b")") + 2 :].split()
            threads = int(numbers[16])
            if state not in b"ZX":
                return _reading(pid, pid, numbers, self._status(pid), busy=state == b"R" or threads > 1)
            return self._read_headless(pid, numbers) if threads > 1 else None
        except (FileNotFoundError, ProcessLookupError):
            return None
        except OSError as error:
            raise UnreadableError(str(error)) from error

    def _read_headless(self, pid: int, numbers: list[bytes]) -> Reading | None:
        """By the first thread that still has the memory of its process; one that is ending has let go of it."""
        for name in os.listdir(f"{self.proc}/{pid}/task"):
            with suppress(FileNotFoundError, ProcessLookupError):
                if b"VmRSS" in (status := self._status(int(name))):
                    return _reading(pid, int(name), numbers, status, busy=True)
        return None

    def _status(self, member: int) -> dict[bytes, bytes]:
        """Threads aren't listed beside processes, but found there under their number."""
        content = _content(f"{self.proc}/{member}/status")
        return dict(line.split(b":", 1) for line in content.splitlines() if b":" in line)

    def _proportional(self, member: int) -> int:
        try:
            content = _content(f"{self.proc}/{member}/smaps_rollup")
        except (FileNotFoundError, ProcessLookupError):
            return 0
        except OSError as error:
            raise UnreadableError(str(error)) from error
        fields = dict(line.split(b":", 1) for line in content.splitlines()[1:])
        return sum(_kilobytes(fields, name) for name in _SHARED_OUT)


def _reading(pid: int, member: int, numbers: list[bytes], status: dict[bytes, bytes], *, busy: bool) -> Reading:
    """`numbers` are the fields of `stat` from the parent's number on."""
    user, system, waited_user, waited_system = map(int, numbers[10:14])
    return Reading(
        pid=pid,
        member=member,
        busy=busy,
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
