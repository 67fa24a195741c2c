"""Memory that no process shows once it is unmapped or detached: shared anonymous maps, memfd, System V, queues.

The filter of system calls refuses every way to make it; shared memory in files is a small tmpfs.
"""

from tests.attacks.battery import Field, Outcome

from djudge.engine.sandbox.contract import Layer

REASON = "EPERM from every call that makes it"

SOURCE = """
import mmap, os
from calls import call, told

SHARED_ANONYMOUS = mmap.MAP_SHARED | mmap.MAP_ANONYMOUS

def attack():
    return {
        "mmap shared": told(mmap.mmap, -1, 4096, SHARED_ANONYMOUS),
        "memfd_create": told(os.memfd_create, "hidden"),
        "shmget": told(call, 29, 0, 4096, 0o1600),
        "msgget": told(call, 68, 0, 0o1600),
        "mq_open": told(call, 240, b"queue", os.O_CREAT | os.O_RDWR, 0o600, 0),
    }
"""
TRIES = ("mmap shared", "memfd_create", "shmget", "msgget", "mq_open")


def attempt(field: Field) -> Outcome:
    return field.program(SOURCE).refused(REASON, dict.fromkeys(TRIES, "EPERM"))


def control(field: Field) -> Outcome:
    tried = field.program(SOURCE, without=[Layer.SECCOMP])
    return tried.achieved(["mmap shared", "memfd_create", "shmget", "msgget"])
