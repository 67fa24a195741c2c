"""The filter of system calls: an allow-list, compiled to classic BPF by hand.

A call of another architecture or of the x32 table ends the process, because the numbers mean other calls
there. Every other call that is not allowed fails with "operation not permitted", so that honest code gets
an exception that it can handle and a line that can be read.

There are two filters. The ordinary one knows local sockets only. The one for guests with services over TCP knows TCP of
IPv4 too, as one who calls: it refuses to listen, because a socket that was bound to nothing listens somewhere.
"""

from __future__ import annotations

import ctypes
import errno
import struct
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from djudge.guest import kernel, syscalls

_X86_64: Final = 0xC000003E
_X32_BIT: Final = 0x40000000
_SECCOMP: Final = 317
_SET_MODE_FILTER: Final = 1

_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000
_KILL: Final = 0x80000000

_LOAD: Final = 0x20
_EQUAL: Final = 0x15
_GREATER: Final = 0x25
_AT_LEAST: Final = 0x35
_ANY_BIT: Final = 0x45
_AND: Final = 0x54
_RETURN: Final = 0x06

_NUMBER_AT: Final = 0
_ARCHITECTURE_AT: Final = 4

#: All namespaces that `clone` can make, and nothing else of it.
_NAMESPACES: Final = 0x7E020000
_UNIX: Final = 1
_INTERNET: Final = 2
_STREAM: Final = 1
#: All of a socket's type but "close on exec" and "don't block".
_TYPE: Final = 0xFFFFFFFF & ~(0x80000 | 0x800)
#: Not MPTCP, which Landlock does not look at, nor SCTP.
_TCP_PROTOCOLS: Final = (0, 6)
#: MAP_SHARED together with MAP_ANONYMOUS: memory that belongs to no process once it is unmapped.
_SHARED_ANONYMOUS: Final = 0x21
_TERMINAL_AND_COUNTS: Final = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451, 0x802C542A)
#: MAP_HUGETLB: pages of the machine's own store, which no process shows as its memory.
_HUGE_PAGES: Final = 0x40000
#: A process of its own has descriptors of its own, and a thread has those of its process: locks of files are counted
#: by their process, and descriptors by the first thread.
_SHARED_DESCRIPTORS: Final = 0x400
_THREAD: Final = 0x10000
#: F_SETPIPE_SZ, F_OFD_SETLK and F_OFD_SETLKW: locks that belong to no process. Those of a process stay, for sqlite.
#: F_SETLEASE and F_NOTIFY: what guests share is one file to the kernel, and these tell of others who open it.
_FILE_COMMANDS: Final = (1031, 37, 38, 1024, 1026)
_SOCKET_LEVEL: Final = 1
#: The sizes of both buffers, by either name, and filters: memory of the kernel's own.
_SOCKET_OPTIONS: Final = (7, 8, 32, 33, 26, 50, 51, 52)
#: SO_ZEROCOPY: the kernel would hold pages of the guest for as long as nobody reads.
_SOCKET_OPTIONS_OF_TCP: Final = (*_SOCKET_OPTIONS, 60)
_TCP_LEVEL: Final = 6
#: No delay, and how long to keep a silent connection. Others load modules of the kernel or change how it sends.
_TCP_OPTIONS: Final = (1, 4, 5, 6, 18)
#: Names, and questions; not PR_SET_DUMPABLE, which would hide memory from the watchdog, nor PR_SET_PDEATHSIG.
_PROCESS_OPTIONS: Final = (2, 3, 15, 16, 23, 38, 39, 0x53564D41)
_THREAD_POINTERS: Final = (0x1002, 0x1003, 0x3001, 0x5001)

type Instruction = tuple[int, int, int, int]

_ALLOWED: Final[Instruction] = (_RETURN, 0, 0, _ALLOW)
_REFUSED: Final[Instruction] = (_RETURN, 0, 0, _REFUSE | errno.EPERM)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def install(*, with_tcp: bool = False) -> None:
    """Bind this process, and all that it starts, to the allow-list for ever. Needs `no_new_privs` or a capability."""
    code = compiled(with_tcp)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(length=len(code) // 8, filter=ctypes.addressof(buffer))
    kernel.call(
        "seccomp",
        "seccomp",
        _SECCOMP,
        ctypes.c_uint(_SET_MODE_FILTER),
        ctypes.c_uint(0),
        ctypes.byref(program),
    )


@cache
def compiled(with_tcp: bool = False) -> bytes:
    """The filter as the kernel wants it. The zygote calls this for both, so that its children find them ready."""
    return b"".join(struct.pack("<HBBI", *instruction) for instruction in _instructions(with_tcp=with_tcp))


def _instructions(*, with_tcp: bool) -> Iterator[Instruction]:
    yield (_LOAD, 0, 0, _ARCHITECTURE_AT)
    yield (_EQUAL, 1, 0, _X86_64)
    yield (_RETURN, 0, 0, _KILL)
    yield (_LOAD, 0, 0, _NUMBER_AT)
    yield (_AT_LEAST, 0, 1, _X32_BIT)
    yield (_RETURN, 0, 0, _KILL)
    for first, last in _ranges(syscalls.ALLOWED - ({syscalls.LISTEN} if with_tcp else set())):
        yield (_AT_LEAST, 0, 2, first)
        yield (_GREATER, 1, 0, last)
        yield _ALLOWED
    yield from _tcp() if with_tcp else _local()
    yield from _looked_at()
    yield (_EQUAL, 1, 0, syscalls.CLONE3)
    yield (_AT_LEAST, 0, 1, syscalls.FIRST_UNKNOWN)
    yield (_RETURN, 0, 0, _REFUSE | errno.ENOSYS)
    yield _REFUSED


def _ranges(numbers: Iterable[int]) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return ranges


def _local() -> Iterator[Instruction]:
    """Sockets of guests that have no network."""
    yield from _only_values(syscalls.SOCKET, 0, (_UNIX,))
    options = [(_LOAD, 0, 0, _argument_at(2)), *_any_of(_SOCKET_OPTIONS)]
    yield from _unless(syscalls.SETSOCKOPT, 1, [(_EQUAL, 0, len(options) + 1, _SOCKET_LEVEL), *options])


def _tcp() -> Iterator[Instruction]:
    """Sockets of guests with services: local ones, and those that call by TCP."""
    yield from _when(syscalls.SOCKET, 0, [(_EQUAL, 0, 1, _UNIX), _ALLOWED, *_made_for_tcp()])
    of_sockets = [(_LOAD, 0, 0, _argument_at(2)), *_one_of(_SOCKET_OPTIONS_OF_TCP), _ALLOWED, _REFUSED]
    of_tcp = [(_LOAD, 0, 0, _argument_at(2)), *_one_of(_TCP_OPTIONS), _REFUSED, _ALLOWED]
    others = [(_EQUAL, 1, 0, _TCP_LEVEL), _REFUSED]
    tests = [(_EQUAL, 0, len(of_sockets), _SOCKET_LEVEL), *of_sockets, *others, *of_tcp]
    yield from _when(syscalls.SETSOCKOPT, 1, tests)


def _made_for_tcp() -> Iterator[Instruction]:
    """The arguments of `socket`, one after another."""
    yield from ((_EQUAL, 1, 0, _INTERNET), _REFUSED)
    yield from ((_LOAD, 0, 0, _argument_at(1)), (_AND, 0, 0, _TYPE), (_EQUAL, 1, 0, _STREAM), _REFUSED)
    yield from ((_LOAD, 0, 0, _argument_at(2)), *_one_of(_TCP_PROTOCOLS), _REFUSED, _ALLOWED)


def _looked_at() -> Iterator[Instruction]:
    yield from _only_values(syscalls.SOCKETPAIR, 0, (_UNIX,))
    yield from _only_values(syscalls.IOCTL, 1, _TERMINAL_AND_COUNTS)
    yield from _only_values(syscalls.PRCTL, 0, _PROCESS_OPTIONS)
    yield from _only_values(syscalls.ARCH_PRCTL, 0, _THREAD_POINTERS)
    both = _SHARED_DESCRIPTORS | _THREAD
    mixed = [(_AND, 0, 0, both), (_EQUAL, 2, 0, 0), (_EQUAL, 1, 0, both)]
    yield from _unless(syscalls.CLONE, 0, [(_ANY_BIT, 3, 0, _NAMESPACES), *mixed])
    yield from _unless(syscalls.FCNTL, 1, _any_of(_FILE_COMMANDS))
    shared = [(_AND, 0, 0, _SHARED_ANONYMOUS), (_EQUAL, 0, 1, _SHARED_ANONYMOUS)]
    yield from _unless(syscalls.MMAP, 3, [(_ANY_BIT, 2, 0, _HUGE_PAGES), *shared])


def _only_values(number: int, argument: int, values: tuple[int, ...]) -> Iterator[Instruction]:
    tests = [(_EQUAL, len(values) - place, 0, value) for place, value in enumerate(values)]
    yield (_EQUAL, 0, len(tests) + 3, number)
    yield (_LOAD, 0, 0, _argument_at(argument))
    yield from tests
    yield _REFUSED
    yield _ALLOWED


def _when(number: int, argument: int, tests: list[Instruction]) -> Iterator[Instruction]:
    """For this call, with this argument loaded; the tests end in a verdict whatever they find."""
    yield (_EQUAL, 0, len(tests) + 1, number)
    yield (_LOAD, 0, 0, _argument_at(argument))
    yield from tests


def _one_of(values: tuple[int, ...]) -> list[Instruction]:
    """Skip one instruction if it is any of these values."""
    return [(_EQUAL, len(values) - place, 0, value) for place, value in enumerate(values)]


def _any_of(values: tuple[int, ...]) -> list[Instruction]:
    """The last tests of `_unless`: true for any of these values."""
    last = len(values) - 1
    return [(_EQUAL, last - place, 1 if place == last else 0, value) for place, value in enumerate(values)]


def _unless(number: int, argument: int, tests: list[Instruction]) -> Iterator[Instruction]:
    yield (_EQUAL, 0, len(tests) + 3, number)
    yield (_LOAD, 0, 0, _argument_at(argument))
    yield from tests
    yield _REFUSED
    yield _ALLOWED


def _argument_at(place: int) -> int:
    """The low half of an argument; the kernel ignores the high half of every argument that is looked at here."""
    return 16 + 8 * place
