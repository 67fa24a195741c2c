"""Tries what each layer forbids, from inside a guest of the self-check, and prints what happened as JSON.

Handed to the guest as its own small tree, and run there with the standard library alone.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import resource
import socket
import sys
from collections.abc import Callable
from contextlib import suppress

_PTRACE = 101
_CAPGET = 125
_MEMFD_CREATE = 319
_GET_NO_NEW_PRIVS = 39
_VERSION = 0x20080522
_libc = ctypes.CDLL(None, use_errno=True)

type Found = tuple[bool, str]


def mounts() -> Found:
    """Neither the judge's machine nor a process list is there."""
    seen = [
        path for path in ("/host", "/opt/djudge", "/proc/self", "/sys/kernel", "/etc/passwd") if os.path.exists(path)
    ]
    return not seen, f"sees {', '.join(seen)}" if seen else "sees only its own root"


def descriptors() -> Found:
    """Nothing is open but the standard three and the socket to the judge."""
    found = []
    for number in range(64):
        try:
            os.fstat(number)
            found.append(number)
        except OSError:
            continue
    return found == [0, 1, 2, 3], f"open: {found}"


def identity() -> Found:
    """Not root, and no capability left."""
    header = (ctypes.c_uint32 * 2)(_VERSION, 0)
    sets = (ctypes.c_uint32 * 6)()
    _libc.syscall(_CAPGET, ctypes.byref(header), ctypes.byref(sets))
    return os.getuid() != 0 and not any(sets), f"uid {os.getuid()}, capabilities {'some' if any(sets) else 'none'}"


def no_new_privs() -> Found:
    """No program can bring rights along."""
    value = _libc.prctl(_GET_NO_NEW_PRIVS, 0, 0, 0, 0)
    return value == 1, f"no_new_privs is {value}"


def rlimits() -> Found:
    """The kernel's limits are finite."""
    kinds = (resource.RLIMIT_NPROC, resource.RLIMIT_DATA, resource.RLIMIT_AS, resource.RLIMIT_FSIZE)
    endless = [kind for kind in kinds if resource.getrlimit(kind)[1] == resource.RLIM_INFINITY]
    return not endless, f"endless: {endless}" if endless else "all are finite"


def landlock() -> Found:
    """The top folder may be read by its mode; only Landlock forbids it."""
    try:
        os.listdir("/")
    except PermissionError as error:
        return True, str(error.strerror)
    return False, "listed the top folder"


def seccomp() -> Found:
    """Calls outside the list fail with one and the same error."""
    for number in (_PTRACE, _MEMFD_CREATE):
        ctypes.set_errno(0)
        result = _libc.syscall(number, 0, 0, 0, 0)
        if result != -1 or ctypes.get_errno() != errno.EPERM:
            return False, f"system call {number} was not refused"
    return True, "calls outside the list are refused"


def namespace(name: str) -> Found:
    """Which namespace this is; the judge compares it with its own."""
    return True, os.readlink(f"/proc/self/ns/{name}")


def connection(port: int) -> Found:
    """Nothing of the judge's network answers."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError as error:
        return True, str(error.strerror)
    return False, "reached a server of the judge"


def services(port: int) -> Found:
    """With services over TCP: the judge's port and no other, and nothing but TCP."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError as error:
        return False, f"the judge's port can't be reached: {error.strerror}"
    with suppress(OSError):
        socket.create_connection(("127.0.0.1", port + 1), timeout=2).close()
        return False, "another port answers"
    with suppress(OSError):
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()
        return False, "made a socket for UDP"
    return True, "reaches the judge's services and nothing else"


def main(arguments: list[str]) -> None:
    """Print what was found, by layer."""
    found: dict[str, Found] = {}
    if arguments[0] == "complete":
        tries: tuple[Callable[[], Found], ...] = (
            mounts, descriptors, identity, no_new_privs, rlimits, landlock, seccomp,
        )  # fmt: skip
        found = {one.__name__: one() for one in tries}
    elif arguments[0] == "services":
        found = {"services": services(int(arguments[1]))}
    else:
        names = {"network": "net", "ipc": "ipc", "pids": "pid", "uts": "uts"}
        found = {layer: namespace(name) for layer, name in names.items()}
        found["connection"] = connection(int(arguments[1]))
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
