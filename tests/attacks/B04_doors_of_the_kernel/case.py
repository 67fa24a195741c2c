"""Knocks at parts of the kernel that no web application needs, and in which most escapes were found.

The filter refuses each. In the control an ordinary user comes in at those that this kernel leaves open to all.
"""

from tests.attacks.battery import Field, Outcome

from djudge.engine.sandbox.contract import Layer

REASON = "EPERM from every call"

#: The number of each call and arguments that mean something to it.
CALLS: dict[str, tuple[int | bytes, ...]] = {
    "keyctl": (250, 0, -2, 1), "add_key": (248, b"user", b"name", b"x", 1, -2),
    "request_key": (249, b"user", b"x", 0, 0), "io_uring_setup": (425, 1, bytes(120)),
    "io_uring_enter": (426, 3, 0, 0, 0, 0, 0), "io_uring_register": (427, 3, 0, 0, 0), "bpf": (321, 0, bytes(72), 72),
    "perf_event_open": (298, bytes(112), 0, -1, -1, 0), "userfaultfd": (323, 1), "personality": (135, 0x40000),
    "modify_ldt": (154, 0, 0, 0), "iopl": (172, 3), "ioperm": (173, 0x80, 1, 1), "inotify_init1": (294, 0),
    "fanotify_init": (300, 0, 0), "vmsplice": (278, 1, 0, 0, 0), "seccomp": (317, 2, 0, bytes(4)),
    "landlock": (444, 0, 0, 1), "migrate_pages": (256, 0, 1, 0, 0), "move_pages": (279, 0, 0, 0, 0, 0, 0),
    "set_mempolicy": (238, 0, 0, 0), "sched_setaffinity": (203, 0, 8, bytes([1] * 8)),
    "sched_setscheduler": (144, 0, 0, bytes(4)), "setxattr": (188, b"/tmp", b"user.x", b"x", 1, 0),
    "syslog": (103, 10, 0, 0), "ioprio_set": (251, 1, 0, 0), "clock_settime": (227, 0, bytes(16)),
    "adjtimex": (159, bytes(208)), "swapon": (167, b"/tmp/x", 0), "init_module": (175, b"", 0, b""),
    "finit_module": (313, 0, b"", 0), "kexec_load": (246, 0, 0, 0, 0), "quotactl": (179, 0, 0, 0, 0),
    "acct": (163, 0), "sethostname": (170, b"x", 1), "memfd_secret": (447, 0),
    "process_madvise": (440, 3, 0, 0, 0, 0), "name_to_handle_at": (303, -100, b"/tmp", bytes(200), bytes(8), 0),
}  # fmt: skip

SOURCE = f"""
from calls import call, told

CALLS = {CALLS!r}

def attack(*names):
    return {{name: told(call, *CALLS[name]) for name in names or CALLS}}
"""

#: What hurts nobody and every ordinary user may do.
OPEN = ("keyctl", "personality", "modify_ldt", "inotify_init1", "landlock", "set_mempolicy", "adjtimex")


def attempt(field: Field) -> Outcome:
    return field.program(SOURCE).refused(REASON, dict.fromkeys(CALLS, "EPERM"))


def control(field: Field) -> Outcome:
    return field.program(SOURCE, *OPEN, without=[Layer.SECCOMP]).achieved(OPEN)
