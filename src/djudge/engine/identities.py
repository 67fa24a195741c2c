"""Which user each part of a slot runs as, when the judge is root.

No uid is shared by a server and a guest, nor by two slots of this machine, whoever started them: a slot holds a lock
on its number for as long as it lives. Whoever gets the lock first ends what a killed judge left under these users. An
ordinary user has a single uid; then the namespaces separate, and reports say so.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import pwd
import re
import select
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from djudge.engine.errors import OperatorFault, naming_a_full_disk

#: Far above what distributions hand to people and services, below what 32-bit file systems reserve.
FIRST_UID: Final = 1_870_000_000
UIDS_PER_SLOT: Final = 16
SLOTS: Final = 256

#: Root's own folder: no other user can place a link here.
_LOCKS: Final = Path("/run/djudge")

#: What was killed is gone within milliseconds; what is not by then waits for a disk.
_END_SECONDS: Final = 5.0

#: Lines of /proc/PID/status; the first one is the name, which a process gives itself and which has no line break.
_STATUS: Final = re.compile(r"\nState:\s+(\w).*\nUid:\s+(\d+)\s+(\d+)\s+(\d+)", re.DOTALL)
_SEGMENTS: Final = Path("/proc/sysvipc/shm")
_IPC_RMID: Final = 0
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Identity:
    """A uid, and the group of the same number."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class SlotIdentities:
    """The users of one slot, and the lock that keeps them apart from all others' until `release`."""

    number: int
    server: Identity | None
    guest: Identity | None
    _lock: int | None

    def release(self) -> None:
        """Give the number back; only after every process of the slot is gone."""
        if self._lock is not None:
            os.close(self._lock)


def claim_identities() -> SlotIdentities:
    """The lowest free slot of this machine; nothing to claim for an ordinary user. Costs some 10 ms.

    Raises OperatorFault when all are taken, or when somebody real has a uid of the range.
    """
    if os.geteuid() != 0:
        return SlotIdentities(0, None, None, None)
    with naming_a_full_disk(_LOCKS):
        _LOCKS.mkdir(mode=0o700, exist_ok=True)
        for number in range(SLOTS):
            if claimed := _claim(number):
                return claimed
    raise OperatorFault(f"All {SLOTS} grading slots of this machine are in use.", "Wait for one to end.")


def _claim(number: int) -> SlotIdentities | None:
    """The slot of this number, or None where somebody has it, or something of its users can't be ended."""
    lock = os.open(_LOCKS / f"slot-{number}", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        server, guest = _identity(number, 0), _identity(number, 1)
        if _end_leftovers(frozenset({server.uid, guest.uid})):
            return SlotIdentities(number, server, guest, lock)
    except BlockingIOError:
        pass
    except BaseException:
        os.close(lock)
        raise
    os.close(lock)
    return None


def _end_leftovers(uids: frozenset[int]) -> bool:
    """End processes of users that nobody living has claimed, and free the memory that a killed server shared.

    Whether none is left.
    """
    deadline = time.monotonic() + _END_SECONDS
    while left := [*_processes_of(uids)]:
        if time.monotonic() > deadline:
            return False
        for pid in left:
            _kill(pid, uids, deadline)
    for segment in _segments_of(uids):
        _libc.shmctl(segment, _IPC_RMID, None)
    return True


def _processes_of(uids: frozenset[int]) -> Iterator[int]:
    return (int(name) for name in os.listdir("/proc") if name.isdigit() and _lives_as(int(name), uids))


def _lives_as(pid: int, uids: frozenset[int]) -> bool:
    with suppress(OSError):
        status = _STATUS.search(Path(f"/proc/{pid}/status").read_text(errors="replace"))
        if status:
            return status[1] not in "ZX" and not uids.isdisjoint(map(int, status.groups()[1:]))
    return False


def _kill(pid: int, uids: frozenset[int], deadline: float) -> None:
    """By a handle, so that a process that took the number meanwhile is not meant."""
    with suppress(ProcessLookupError):
        handle = os.pidfd_open(pid)
        try:
            if _lives_as(pid, uids):
                signal.pidfd_send_signal(handle, signal.SIGKILL)
                select.select([handle], [], [], max(0.0, deadline - time.monotonic()))
        finally:
            os.close(handle)


def _segments_of(uids: frozenset[int]) -> Iterator[int]:
    """System V segments that one of these users made and no process has attached."""
    with suppress(OSError):
        header, *lines = _SEGMENTS.read_text().splitlines()
        names = header.split()
        for line in lines:
            fields = dict(zip(names, map(int, line.split()), strict=False))
            if fields["cuid"] in uids and fields["nattch"] == 0:
                yield fields["shmid"]


def _identity(number: int, part: int) -> Identity:
    uid = FIRST_UID + number * UIDS_PER_SLOT + part
    try:
        owner = pwd.getpwuid(uid).pw_name
    except KeyError:
        return Identity(uid, uid)
    raise OperatorFault(
        f"The user {owner} has uid {uid}, which Djudge keeps for grading.",
        f"Give that user a uid outside {FIRST_UID} to {FIRST_UID + SLOTS * UIDS_PER_SLOT - 1}.",
    )
