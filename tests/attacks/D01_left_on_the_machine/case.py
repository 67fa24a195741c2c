"""Leaves files, shared memory, semaphores, keys, queues, locks, processes and a changed mask for the next run to find.

Files lie in file systems of the guest's own, keys and System V are refused and would lie in a namespace of its own,
locks and processes end with it. In the control two guests without these walls follow each other, and the second finds
what the first left.
"""

import ctypes
import os
from pathlib import Path

from tests.attacks.battery import Field, Outcome
from tests.attacks.secret_file import secret_file

from djudge.engine.sandbox.contract import Layer

REASON = "refused, or gone with the guest"
KEY = 0x44_6A_01

SOURCE = """
import fcntl, os, socket, time
from calls import call, told

KEY, USER_KEYRING = int("THE KEY"), -4

def write(path):
    with open(path, "wb") as file:
        file.write(b"kept")

def bind(path):
    socket.socket(socket.AF_UNIX).bind(path)

def lock(path, kind):
    descriptor = os.open(path, os.O_RDONLY)
    kind(descriptor)

def daemon():
    for _ in range(3):
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                fcntl.flock(os.open("/env", os.O_RDONLY), fcntl.LOCK_EX)
                time.sleep(60)
            os._exit(0)

def leave(place):
    os.umask(0)
    return {
        "file": told(write, f"{place}/left"),
        "other file": told(write, "/dev/shm/left"),
        "semaphore": told(__import__("_multiprocessing").SemLock, 1, 1, 1, "/left", False),
        "shared memory": told(call, 29, KEY, 4096, 0o1666),
        "semaphores": told(call, 64, KEY, 1, 0o1666),
        "queue": told(call, 68, KEY, 0o1666),
        "posix queue": told(call, 240, b"left", os.O_CREAT | os.O_RDWR, 0o666, 0),
        "key": told(call, 248, b"user", b"left", b"kept", 4, USER_KEYRING),
        "session keyring": told(call, 250, 1, b"left", 0, 0, 0),
        "lock": told(lock, "/env", lambda one: fcntl.flock(one, fcntl.LOCK_EX)),
        "lease": told(lock, "/app/attack.py", lambda one: fcntl.fcntl(one, fcntl.F_SETLEASE, fcntl.F_RDLCK)),
        "daemons": told(daemon),
        "abstract": told(bind, chr(0) + "left"),
        "schedule": told(call, 203, 0, 8, bytes([1] * 8)),
    }

def taken(path):
    fcntl.flock(os.open(path, os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB)

def look(place):
    return {
        "file": os.path.exists(f"{place}/left"),
        "other file": os.path.exists("/dev/shm/left"),
        "semaphore": os.path.exists("/dev/shm/sem.left"),
        "shared memory": told(call, 29, KEY, 4096, 0) == "",
        "semaphores": told(call, 64, KEY, 1, 0) == "",
        "queue": told(call, 68, KEY, 0) == "",
        "key": told(call, 250, 10, USER_KEYRING, b"user", b"left", 0) == "",
        "lock": told(taken, "/env") != "",
        "daemons": told(os.kill, -1, 0) == "",
        "mask": os.umask(0o22) == 0,
        "abstract": told(bind, chr(0) + "left") == "EADDRINUSE",
    }

def attack(what, place):
    return {"leave": leave, "look": look}[what](place)
""".replace("THE KEY", str(KEY))
REFUSED = (
    "shared memory", "semaphores", "queue", "posix queue", "key", "session keyring", "schedule",
)  # fmt: skip
BARE = [Layer.MOUNTS, Layer.LANDLOCK, Layer.SECCOMP, Layer.IPC]
LASTING = ("file", "shared memory", "semaphores", "queue")


def attempt(field: Field) -> Outcome:
    before = _outside()
    left = field.program(SOURCE, "leave", "/tmp")
    if not left.said:
        return Outcome(succeeded=False, reason=f"could not leave anything: {left.stopped_by} {left.ending}")
    wrong = [f"{name}: {left.said[name]}" for name in REFUSED if left.said[name] != "EPERM"]
    found = field.program(SOURCE, "look", "/tmp").said or {"nothing": True}
    there = [name for name, is_there in found.items() if is_there]
    outside = sorted(_outside() - before)
    if there or outside:
        return Outcome(succeeded=True, reason=f"found {there}, outside {outside}")
    return Outcome(succeeded=False, reason=", ".join(wrong) or REASON)


def _outside() -> set[str]:
    """What the machine lists for everybody: System V, keys, locks."""
    lines = {
        f"{kind} {' '.join(line.split()[:2])}"
        for kind in ("shm", "sem", "msg")
        for line in Path(f"/proc/sysvipc/{kind}").read_text().splitlines()[1:]
        if int(line.split()[0]) == KEY
    }
    return lines | {line for line in Path("/proc/keys").read_text().splitlines() if " left:" in line}


def control(field: Field) -> Outcome:
    with secret_file(field) as secret:
        place = f"/host{secret.parent}"
        field.program(SOURCE, "leave", place, without=BARE)
        found = field.program(SOURCE, "look", place, without=BARE).said or {}
    _remove()
    missing = [name for name in LASTING if not found.get(name)]
    return Outcome(succeeded=not missing, reason=f"missing: {missing}")


def _remove() -> None:
    """What the control left in the machine's own namespace, by its key."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.shmctl(libc.shmget(KEY, 0, 0), 0, None)
    libc.semctl(libc.semget(KEY, 0, 0), 0, 0, 0)
    libc.msgctl(libc.msgget(KEY, 0), 0, None)
    for place in ("/dev/shm/left", "/dev/shm/sem.left"):
        assert not os.path.exists(place), place
