"""Takes pages of the machine's store of huge ones, which count as nobody's memory: not in what a process shows to have.

The filter refuses to map them. In the control they are asked for, and the machine gives what its store has.
"""

from tests.attacks.battery import Field, Outcome

from djudge.engine.sandbox.contract import Layer

REASON = "EPERM from mmap, and ordinary pages as ever"

SOURCE = """
import ctypes, errno

MAP_PRIVATE, MAP_ANONYMOUS, MAP_HUGETLB, GIGABYTE_PAGES = 0x2, 0x20, 0x40000, 30 << 26
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p

def mapped(flags):
    place = libc.mmap(None, ctypes.c_size_t(1 << 21), 3, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, ctypes.c_long(0))
    return "" if place != 2**64 - 1 else errno.errorcode[ctypes.get_errno()]

def attack():
    return {
        "huge": mapped(MAP_HUGETLB),
        "of a gigabyte": mapped(MAP_HUGETLB | GIGABYTE_PAGES),
        "ordinary": mapped(0) or "fine",
    }
"""


def attempt(field: Field) -> Outcome:
    expected = {"huge": "EPERM", "of a gigabyte": "EPERM", "ordinary": "fine"}
    return field.program(SOURCE).refused(REASON, expected)


def control(field: Field) -> Outcome:
    """The store of most machines is empty: then it is that which refuses, and no longer the filter."""
    said = field.program(SOURCE, without=[Layer.SECCOMP]).said or {}
    return Outcome(succeeded=said.get("huge") in ("", "ENOMEM"), reason=str(said))
