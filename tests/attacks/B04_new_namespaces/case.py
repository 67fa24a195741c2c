"""Makes namespaces of its own, in which it would have every right again.

The filter refuses unshare and setns, clone with any namespace, and answers that clone3, whose arguments no filter can
see, does not exist. In the control an ordinary user makes them.
"""

from tests.attacks.battery import Field, Outcome

from djudge.engine.sandbox.contract import Layer

REASON = "EPERM, and ENOSYS from clone3"

SOURCE = """
import os, struct
from calls import call, in_child, told

USER, MOUNT, PROCESS, NETWORK = 0x10000000, 0x20000, 0x20000000, 0x40000000
SIGCHLD = 17

def clone(flags):
    child = call(56, flags | SIGCHLD, 0, 0, 0, 0)
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)

def clone3(flags):
    child = call(435, struct.pack("8Q", flags, 0, 0, 0, SIGCHLD, 0, 0, 0), 64)
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)

def attack():
    return {
        "unshare user": in_child(call, 272, USER),
        "unshare user and mounts": in_child(call, 272, USER | MOUNT),
        "unshare user and network": in_child(call, 272, USER | NETWORK),
        "unshare mounts": in_child(call, 272, MOUNT),
        "clone user": in_child(clone, USER),
        "clone user, high bits": in_child(clone, USER | 1 << 40),
        "clone user and processes": in_child(clone, USER | PROCESS),
        "clone3 user": in_child(clone3, USER),
        "setns": told(call, 308, 0, USER),
    }
"""
POSSIBLE = (
    "unshare user", "unshare user and mounts", "unshare user and network", "clone user", "clone user, high bits",
    "clone user and processes",
)  # fmt: skip
EXPECTED = dict.fromkeys((*POSSIBLE, "unshare mounts", "setns"), "EPERM") | {"clone3 user": "ENOSYS"}


def attempt(field: Field) -> Outcome:
    return field.program(SOURCE).refused(REASON, EXPECTED)


def control(field: Field) -> Outcome:
    return field.program(SOURCE, without=[Layer.SECCOMP]).achieved([*POSSIBLE, "clone3 user"])
