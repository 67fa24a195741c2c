"""Opens files by their numbers on the disk, past every path and every mount.

The filter refuses to make and to open such handles; behind it, opening needs a capability that no guest has. The
control leaves out both.
"""

from tests.attacks.battery import Field, Outcome

from djudge.engine.sandbox.contract import Layer

#: The control needs a right that no ordinary user can give it.
NEEDS_ROOT = True
REASON = "EPERM from open_by_handle_at, with the filter and without it"

SOURCE = """
import ctypes, os, struct
from calls import call, told

def attack():
    open("/tmp/file", "w").close()
    handle = ctypes.create_string_buffer(struct.pack("Ii", 128, 0), 8 + 128)
    made = told(call, 303, -100, b"/tmp/file", handle, ctypes.create_string_buffer(8), 0)
    place = os.open("/tmp", os.O_RDONLY)
    return {"name": made, "open": told(call, 304, place, handle, os.O_RDONLY)}
"""


def attempt(field: Field) -> Outcome:
    first = field.program(SOURCE).refused(REASON, {"name": "EPERM", "open": "EPERM"})
    if first.succeeded or first.reason != REASON:
        return first
    return field.program(SOURCE, without=[Layer.SECCOMP]).refused(REASON, {"open": "EPERM"})


def control(field: Field) -> Outcome:
    return field.program(SOURCE, without=[Layer.SECCOMP, Layer.IDENTITY]).achieved(["name", "open"])
