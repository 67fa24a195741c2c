"""Landlock: a second opinion on files, on TCP and on signals, which holds even where a mount was forgotten."""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Mapping, Sequence
from typing import Final

from djudge.guest import kernel

_CREATE: Final = 444
_ADD_RULE: Final = 445
_RESTRICT: Final = 446
_VERSION: Final = 1
_PATH_BENEATH: Final = 1
_NET_PORT: Final = 2
_CONNECT_TCP: Final = 1 << 1
_QUIET: Final = 1

EXECUTE: Final = 1 << 0
WRITE_FILE: Final = 1 << 1
READ_FILE: Final = 1 << 2
READ_FOLDER: Final = 1 << 3
REMOVE_FOLDER: Final = 1 << 4
REMOVE_FILE: Final = 1 << 5
MAKE_FOLDER: Final = 1 << 7
MAKE_FILE: Final = 1 << 8
MAKE_SOCKET: Final = 1 << 9
MAKE_LINK: Final = 1 << 12
MOVE: Final = 1 << 13
TRUNCATE: Final = 1 << 14

READ: Final = READ_FILE | READ_FOLDER
WRITE: Final = (
    READ | WRITE_FILE | REMOVE_FOLDER | REMOVE_FILE | MAKE_FOLDER | MAKE_FILE | MAKE_SOCKET | MAKE_LINK | MOVE
    | TRUNCATE
)  # fmt: skip

#: What a rule on a file, not a folder, may name.
_OF_A_FILE: Final = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE

#: How many of the rights on files each version of the kernel's interface knows.
_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 4: 15}
_NEWEST_RIGHTS: Final = 16


def version() -> int:
    """The kernel's interface number; a `LayerError` where Landlock is missing or switched off."""
    return kernel.call(
        "landlock",
        "landlock_create_ruleset",
        _CREATE,
        ctypes.c_void_p(None),
        ctypes.c_size_t(0),
        ctypes.c_uint(_VERSION),
    )


def restrict(rules: Mapping[str, int], ports: Sequence[int] = ()) -> None:
    """Allow what the rules say (path to rights), to connect to these ports by TCP, and of files, TCP and signals to
    others nothing else, for ever.

    Before version 4 of the interface nothing is said of TCP; the namespace of the guest holds alone there.
    """
    found = version()
    known = (1 << _RIGHTS.get(found, _NEWEST_RIGHTS)) - 1
    ruleset = _ruleset(found, known)
    try:
        for path, rights in rules.items():
            _allow(ruleset, path, rights & known)
        for port in ports if found >= 4 else ():
            _allow_connecting(ruleset, port)
        flags = _QUIET if found >= 7 else 0
        kernel.call("landlock", "landlock_restrict_self", _RESTRICT, ctypes.c_int(ruleset), ctypes.c_uint(flags))
    finally:
        os.close(ruleset)


def _ruleset(found: int, known: int) -> int:
    tcp = 0b11 if found >= 4 else 0
    scopes = 0b11 if found >= 6 else 0
    size = 24 if found >= 6 else 16 if found >= 4 else 8
    attributes = struct.pack("=QQQ", known, tcp, scopes)[:size]
    return kernel.call(
        "landlock",
        "landlock_create_ruleset",
        _CREATE,
        ctypes.c_char_p(attributes),
        ctypes.c_size_t(size),
        ctypes.c_uint(0),
    )


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError as error:
        if error.errno == errno.ENOENT:
            return
        raise
    try:
        if not os.path.isdir(path):
            rights &= _OF_A_FILE
        rule = struct.pack("=Qi", rights, place)
        kernel.call(
            "landlock",
            f"landlock_add_rule({path})",
            _ADD_RULE,
            ctypes.c_int(ruleset),
            ctypes.c_int(_PATH_BENEATH),
            ctypes.c_char_p(rule),
            ctypes.c_uint(0),
        )
    finally:
        os.close(place)


def _allow_connecting(ruleset: int, port: int) -> None:
    rule = struct.pack("=QQ", _CONNECT_TCP, port)
    kernel.call(
        "landlock",
        f"landlock_add_rule(port {port})",
        _ADD_RULE,
        ctypes.c_int(ruleset),
        ctypes.c_int(_NET_PORT),
        ctypes.c_char_p(rule),
        ctypes.c_uint(0),
    )
