"""Makes system calls by the tables of 32-bit programs and of x32, where the same numbers mean other calls.

The filter kills whoever tries. In the control the kernel answers instead (of x32 it may say that it has none).
"""

from tests.attacks.battery import Field, Outcome

from djudge.engine.sandbox.contract import Layer

REASON = "SIGSYS from both"

SOURCE = r"""
import ctypes, mmap
from calls import in_child

MOVE_20_TO_EAX_INT_80_RETURN = b"\xb8\x14\x00\x00\x00\xcd\x80\xc3"
MOVE_X32_GETPID_TO_EAX_SYSCALL_RETURN = b"\xb8\x27\x00\x00\x40\x0f\x05\xc3"

def run(code):
    page = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS,
                     prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code)
    ctypes.CFUNCTYPE(ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()

def attack():
    return {
        "32-bit": in_child(run, MOVE_20_TO_EAX_INT_80_RETURN),
        "x32": in_child(run, MOVE_X32_GETPID_TO_EAX_SYSCALL_RETURN),
    }
"""


def attempt(field: Field) -> Outcome:
    return field.program(SOURCE).refused(REASON, {"32-bit": "SIGSYS", "x32": "SIGSYS"})


def control(field: Field) -> Outcome:
    return field.program(SOURCE, without=[Layer.SECCOMP]).achieved(["32-bit", "x32"])
