"""System calls that Python has no name for, by ctypes, for Linux on x86-64.

A failed call raises `LayerError` with the layer of the jail that needed it, so that whoever started the
guest can say what is missing on this machine.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
from functools import cache
from typing import Final, NoReturn

CLONE_NEWNS: Final = 0x00020000
CLONE_NEWCGROUP: Final = 0x02000000
CLONE_NEWUTS: Final = 0x04000000
CLONE_NEWIPC: Final = 0x08000000
CLONE_NEWUSER: Final = 0x10000000
CLONE_NEWPID: Final = 0x20000000
CLONE_NEWNET: Final = 0x40000000

MS_BIND: Final = 0x1000
MS_REC: Final = 0x4000
MS_PRIVATE: Final = 0x40000
MS_SLAVE: Final = 0x80000
MS_NOSUID: Final = 2
MS_NODEV: Final = 4
MS_NOEXEC: Final = 8
MNT_DETACH: Final = 2

ATTR_RDONLY: Final = 0x1
ATTR_NOSUID: Final = 0x2
ATTR_NODEV: Final = 0x4
ATTR_NOEXEC: Final = 0x8

PR_SET_PDEATHSIG: Final = 1
PR_CAPBSET_DROP: Final = 24
PR_SET_NAME: Final = 15
PR_SET_SECUREBITS: Final = 28
PR_SET_CHILD_SUBREAPER: Final = 36
PR_SET_NO_NEW_PRIVS: Final = 38

_AT_FDCWD: Final = -100
_AT_RECURSIVE: Final = 0x8000
_PIVOT_ROOT: Final = 155
_CAPSET: Final = 126
_MOUNT_SETATTR: Final = 442
_CAPABILITY_VERSION_3: Final = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


class LayerError(Exception):
    """A layer of the jail could not be built here: `layer` names it, `what` says what the kernel refused."""

    def __init__(self, layer: str, what: str) -> None:
        super().__init__(layer, what)
        self.layer = layer
        self.what = what


def refuse(listener: int, error: LayerError | OSError) -> NoReturn:
    """Tell whoever listens which layer could not be built, and end this process."""
    layer, what = (error.layer, error.what) if isinstance(error, LayerError) else ("mounts", str(error))
    os.write(listener, json.dumps({"layer": layer, "what": what}).encode())
    os._exit(1)


class _MountAttributes(ctypes.Structure):
    _fields_ = (
        ("set", ctypes.c_uint64),
        ("clear", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("user_namespace", ctypes.c_uint64),
    )


def require_machine() -> None:
    """Refuse every machine whose system call numbers are not the ones below."""
    if platform.machine() != "x86_64" or platform.system() != "Linux":
        raise LayerError("machine", f"{platform.system()} on {platform.machine()} is not Linux on x86_64")


def call(layer: str, what: str, number: int, *arguments: object) -> int:
    """One raw system call; a failure is a `LayerError` of that layer."""
    result = int(_libc.syscall(ctypes.c_long(number), *arguments))
    if result < 0:
        error = ctypes.get_errno()
        raise LayerError(layer, f"{what}: {os.strerror(error)}")
    return result


def _checked(layer: str, what: str, result: int) -> None:
    if result:
        raise LayerError(layer, f"{what}: {os.strerror(ctypes.get_errno())}")


def unshare(layer: str, flags: int) -> None:
    """Leave namespaces of the parent for new ones."""
    _checked(layer, f"unshare({flags:#x})", _libc.unshare(ctypes.c_int(flags)))


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    """Mount something in this mount namespace."""
    result = _libc.mount(
        source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), options.encode() or None
    )
    _checked("mounts", f"mount({source} on {target})", result)


def restrict_mount(target: str, attributes: int, *, recursive: bool = True) -> None:
    """Add attributes (read-only, no programs ...) to a mount and, if wanted, everything below it."""
    wanted = _MountAttributes(set=attributes)
    call(
        "mounts",
        f"mount_setattr({target})",
        _MOUNT_SETATTR,
        ctypes.c_int(_AT_FDCWD),
        ctypes.c_char_p(target.encode()),
        ctypes.c_uint(_AT_RECURSIVE if recursive else 0),
        ctypes.byref(wanted),
        ctypes.c_size_t(ctypes.sizeof(wanted)),
    )


def pivot_root(new: str, old: str) -> None:
    """Make `new` the root of this mount namespace and hang the old root at `old`.

    Every process of the namespace whose root was the old one is moved too: call it only in a namespace of
    one's own.
    """
    call("mounts", "pivot_root", _PIVOT_ROOT, ctypes.c_char_p(new.encode()), ctypes.c_char_p(old.encode()))


def unmount(target: str) -> None:
    """Detach a mount and all below it."""
    _checked("mounts", f"umount({target})", _libc.umount2(target.encode(), ctypes.c_int(MNT_DETACH)))


def prctl(layer: str, option: int, value: int) -> None:
    """One process setting."""
    result = _libc.prctl(
        ctypes.c_int(option), ctypes.c_ulong(value), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0)
    )
    _checked(layer, f"prctl({option}, {value})", result)


def call_oneself(name: str) -> None:
    """The name by which `ps` shows this process; at most 15 letters."""
    _libc.prctl(ctypes.c_int(PR_SET_NAME), ctypes.c_char_p(name.encode()), *[ctypes.c_ulong(0)] * 3)


def die_with_parent() -> None:
    """Be killed when the thread that forked us ends. The kernel forgets it when credentials change."""
    prctl("pids", PR_SET_PDEATHSIG, 9)


def set_host_name(name: str) -> None:
    """The name of the machine, in this UTS namespace."""
    _checked("uts", "sethostname", _libc.sethostname(name.encode(), ctypes.c_size_t(len(name))))


def drop_capabilities() -> None:
    """Give up every capability, now and for all programs to come."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    none = (ctypes.c_uint32 * 6)()
    call("identity", "capset", _CAPSET, ctypes.byref(header), ctypes.byref(none))


def bound_capabilities() -> None:
    """Empty the bounding set and lock root's special role away: no program can bring a capability back."""
    for number in range(last_capability() + 1):
        prctl("identity", PR_CAPBSET_DROP, number)
    prctl("identity", PR_SET_SECUREBITS, 0b101111)


@cache
def last_capability() -> int:
    """The highest number that this kernel knows; read once, while there is a /proc."""
    with open("/proc/sys/kernel/cap_last_cap", encoding="ascii") as file:
        return int(file.read())
