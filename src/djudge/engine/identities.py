"""Which user each part of a slot runs as, when the judge is root.

No uid is shared by a server and a guest, nor by two slots of this machine, whoever started them: a slot holds a lock
on its number for as long as it lives. An ordinary user has a single uid; then the namespaces separate, and reports
say so.
"""

from __future__ import annotations

import fcntl
import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from djudge.engine.errors import OperatorFault

#: Far above what distributions hand to people and services, below what 32-bit file systems reserve.
FIRST_UID: Final = 1_870_000_000
UIDS_PER_SLOT: Final = 16
SLOTS: Final = 256

#: Root's own folder: no other user can place a link here.
_LOCKS: Final = Path("/run/djudge")


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
    """The lowest free slot of this machine; nothing to claim for an ordinary user.

    Raises OperatorFault when all are taken, or when somebody real has a uid of the range.
    """
    if os.geteuid() != 0:
        return SlotIdentities(0, None, None, None)
    _LOCKS.mkdir(mode=0o700, exist_ok=True)
    for number in range(SLOTS):
        lock = os.open(_LOCKS / f"slot-{number}", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            continue
        return SlotIdentities(number, _identity(number, 0), _identity(number, 1), lock)
    raise OperatorFault(f"All {SLOTS} grading slots of this machine are in use.", "Wait for one to end.")


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
