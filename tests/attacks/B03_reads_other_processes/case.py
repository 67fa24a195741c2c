"""Reads and steers another process by the calls of debuggers.

The filter of system calls refuses them all, even on a child of one's own. The control succeeds on such a child; it
leaves out the change of user too, after which the kernel lets nobody look into a process.
"""

from tests.attacks.battery import Field, Outcome

from djudge.engine.sandbox.contract import Layer

REASON = "EPERM from every call of a debugger"

SOURCE = """
import ctypes, os, signal, struct, time
from calls import call, in_child, told

PTRACE_ATTACH, PTRACE_SEIZE, PTRACE_TRACEME = 16, 0x4206, 0

def attack():
    child = os.fork()
    if child == 0:
        time.sleep(5)
        os._exit(0)
    mine = ctypes.create_string_buffer(b"x" * 64)
    place = struct.pack("QQ", ctypes.addressof(mine), 16)
    said = {
        "process_vm_readv": told(call, 310, child, place, 1, place, 1, 0),
        "process_vm_writev": told(call, 311, child, place, 1, place, 1, 0),
        "pidfd_open": told(call, 434, child, 0),
        "pidfd_getfd": told(call, 438, 3, 0, 0),
        "pidfd_send_signal": told(call, 424, 3, 9, None, 0),
        "kcmp": told(call, 312, child, os.getpid(), 1, 0, 0),
        "ptrace seize": told(call, 101, PTRACE_SEIZE, child, 0, 0),
        "ptrace attach": told(call, 101, PTRACE_ATTACH, child, 0, 0),
        "ptrace traceme": in_child(call, 101, PTRACE_TRACEME, 0, 0, 0),
    }
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return said
"""
TRIES = (
    "process_vm_readv", "process_vm_writev", "pidfd_open", "pidfd_getfd", "pidfd_send_signal", "kcmp", "ptrace seize",
    "ptrace attach", "ptrace traceme",
)  # fmt: skip


def attempt(field: Field) -> Outcome:
    return field.program(SOURCE).refused(REASON, dict.fromkeys(TRIES, "EPERM"))


def control(field: Field) -> Outcome:
    tried = field.program(SOURCE, without=[Layer.SECCOMP, Layer.IDENTITY])
    return tried.achieved(["process_vm_readv", "process_vm_writev", "pidfd_open", "ptrace seize"])
