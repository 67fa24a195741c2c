"""Give the disk space of the witness' log back when no run needs it any more."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import Final

from djudge.engine.postgres.connections import Connection

#: Below this it isn't worth a system call.
_WORTH_BYTES: Final = 1 << 20

_OTHERS: Final = """
SELECT count(*) FROM pg_database WHERE datallowconn AND datname NOT IN ('postgres', 'template1', %s)
"""

_KEEP_SIZE: Final = 1
_PUNCH_HOLE: Final = 2

_libc = ctypes.CDLL(None, use_errno=True)
_libc.fallocate.argtypes = (ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64)


def free_log(admin: Connection, log_file: Path, *, besides: str = "", up_to: int | None = None) -> None:
    """Free what the log holds (up to a position), unless a run's database exists that is not `besides`.

    Offsets stay: the file keeps its length, and the server writes on undisturbed, which renaming or truncating would
    not grant.
    """
    if log_file.stat().st_blocks * 512 < _WORTH_BYTES:
        return
    row = admin.execute(_OTHERS, [besides]).fetchone()
    if row and row[0]:
        return
    handle = os.open(log_file, os.O_RDWR | os.O_CLOEXEC)
    try:
        _libc.fallocate(handle, _KEEP_SIZE | _PUNCH_HOLE, 0, os.fstat(handle).st_size if up_to is None else up_to)
    finally:
        os.close(handle)
