"""Handed to hostile programs of the battery: raw system calls, and telling by what each try was refused."""

import ctypes
import errno
import os
import signal
from collections.abc import Callable

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def call(number: int, *arguments: object) -> int:
    """A raw system call on x86-64; integers are passed as 64 bits wide. Raises OSError with what refused it."""
    wide = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    result = int(_libc.syscall(ctypes.c_long(number), *wide))
    if result < 0:
        raise OSError(ctypes.get_errno(), f"system call {number}")
    return result


def told(step: Callable[..., object], *arguments: object) -> str:
    """An empty text if the step went through, else the name of the error."""
    try:
        step(*arguments)
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, type(error).__name__)
    except Exception as error:
        return type(error).__name__
    return ""


def in_child(step: Callable[..., object], *arguments: object) -> str:
    """Like `told`, in a child, for what ends or changes the process that tries: a signal is told by its name."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.write(writing, told(step, *arguments).encode() or b"-")
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        words = pipe.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status < 0:
        return signal.Signals(-status).name
    return "" if words == "-" else words or f"exit {status}"
