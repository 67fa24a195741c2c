"""The users of a slot whose judge is gone: what runs or lies in memory under them ends before they serve again."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from djudge.engine.identities import SlotIdentities, claim_identities

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user has one uid, and claims none")

#: Becomes a user, shares memory as a server does, hides its name behind a dead one's state, and stays.
STAYING = """
import ctypes, os, sys, time
uid = int(sys.argv[1])
os.setresgid(uid, uid, uid)
os.setresuid(uid, uid, uid)
libc = ctypes.CDLL(None)
libc.prctl(15, b"State: Z", 0, 0, 0)
print(libc.shmget(0, 64, 0o1600), flush=True)
time.sleep(60)
"""


def start_as(uid: int) -> tuple[subprocess.Popen[bytes], int]:
    """A process of that user, and the segment that it made."""
    process = subprocess.Popen([sys.executable, "-ISc", STAYING, str(uid)], stdout=subprocess.PIPE, cwd="/", env={})
    assert process.stdout is not None
    return process, int(process.stdout.readline())


def segments() -> set[int]:
    lines = Path("/proc/sysvipc/shm").read_text().splitlines()[1:]
    return {int(line.split()[1]) for line in lines}


def uid_of(claimed: SlotIdentities, part: str) -> int:
    identity = getattr(claimed, part)
    assert identity is not None
    return int(identity.uid)


@pytest.mark.parametrize("part", ["server", "guest"])
def test_a_number_serves_again_only_without_what_ran_under_its_users(part: str) -> None:
    abandoned, living = claim_identities(), claim_identities()
    left, segment = start_as(uid_of(abandoned, part))
    other, kept = start_as(uid_of(living, part))
    try:
        abandoned.release()
        claimed = [claim_identities()]
        while claimed[-1].number != abandoned.number and len(claimed) < 20:  # others grade on this machine as well
            claimed.append(claim_identities())
        assert claimed[-1].number == abandoned.number
        assert left.wait(5) == -signal.SIGKILL
        assert other.poll() is None
        assert segment not in segments()
        assert kept in segments()
        for slot in claimed:
            slot.release()
    finally:
        for process in (left, other):
            process.kill()
            process.communicate()
        ctypes.CDLL(None).shmctl(kept, 0, None)
        living.release()


def test_the_users_of_two_living_slots_are_never_the_same() -> None:
    claimed = [claim_identities() for _ in range(3)]
    uids = [uid_of(slot, part) for slot in claimed for part in ("server", "guest")]
    assert len({*uids}) == 6
    for slot in claimed:
        slot.release()
