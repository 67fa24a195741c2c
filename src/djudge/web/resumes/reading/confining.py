"""Ties this very process down before it reads what strangers sent. Each layer holds without the others; those that a
machine does not offer are left out, and `confine` says which hold.

After it the process opens no file and no socket (there is no descriptor left for one), starts no program, and ends by
itself when it has used its time or its memory. It can write what it found to the place it was given, and no more than
that may hold.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import struct
import sys
from collections.abc import Callable, Mapping
from typing import Final

MEMORY: Final = 768 * 1024 * 1024
SECONDS: Final = 20
WRITTEN: Final = 4 * 1024 * 1024

_PR_SET_NO_NEW_PRIVS: Final = 38
_PR_SET_DUMPABLE: Final = 4
#: System calls that are numbered alike on every architecture.
_CREATE_RULESET: Final = 444
_RESTRICT_SELF: Final = 446


def confine() -> Mapping[str, bool]:
    """Every layer, and whether it holds. Whatever has to be imported or opened has to be before."""
    layers: dict[str, Callable[[], bool]] = {
        "no privileges": _without_privileges,
        "no network": _without_network,
        "no files": _without_files,
        "limits": _within_limits,
    }
    return {name: layer() for name, layer in layers.items()}


def _within_limits() -> bool:
    """Memory, time, what is written, and no descriptor beyond the three that are open."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, WRITTEN), (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0), (resource.RLIMIT_NOFILE, 3),
    ):  # fmt: skip
        resource.setrlimit(what, (most, most))
    # The first limit ends it by a signal that tells why, the second one also who does not listen to that.
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    return True


def _without_privileges() -> bool:
    """Neither itself nor a program that it starts ever gets more than it has; nobody reads its memory."""
    libc = ctypes.CDLL(None, use_errno=True)
    is_done = libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
    is_closed: bool = libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) == 0
    return is_done and is_closed


def _without_network() -> bool:
    """In namespaces of its own: no network, no messages, no other process to be seen as one's own."""
    try:
        os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET | os.CLONE_NEWIPC)
    except (OSError, AttributeError):
        return False
    return True


def _without_files() -> bool:
    """Landlock without a single rule: no path is opened, made, removed or executed any more."""
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return False
    files = (1 << (13 + (version >= 2) + (version >= 3) + (version >= 5))) - 1
    rules = struct.pack("=QQQ", files, 0b11 if version >= 4 else 0, 0b11 if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    made = libc.syscall(_CREATE_RULESET, rules, ctypes.c_size_t(size), 0)
    if made < 0:
        return False
    holds: bool = libc.syscall(_RESTRICT_SELF, made, 0) == 0
    os.close(made)
    return holds
