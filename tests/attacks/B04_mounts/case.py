"""Mounts something, or takes another root, with the rights of a user namespace of its own if it can get one.

The filter refuses all of it. In the control, without the filter and Landlock (which refuses mounts too), the namespace
is made and something is mounted in it.
"""

from tests.attacks.battery import Field, Outcome

from djudge.engine.sandbox.contract import Layer

REASON = "EPERM from every way to mount"

SOURCE = """
import os
from calls import call, in_child, told

USER_AND_MOUNTS = 0x10020000

def with_rights(*arguments):
    told(call, 272, USER_AND_MOUNTS)
    call(*arguments)

def attack():
    return {
        "mount": in_child(with_rights, 165, b"none", b"/tmp", b"tmpfs", 0, None),
        "bind": in_child(with_rights, 165, b"/env", b"/tmp", None, 4096, None),
        "umount": in_child(with_rights, 166, b"/app", 2),
        "writable again": in_child(with_rights, 165, None, b"/app", None, 4096 | 32, None),
        "mount_setattr": in_child(with_rights, 442, -100, b"/app", 0, bytes(32), 32),
        "pivot_root": in_child(with_rights, 155, b"/tmp", b"/tmp"),
        "chroot": in_child(with_rights, 161, b"/tmp"),
        "fsopen": in_child(with_rights, 430, b"tmpfs", 0),
        "open_tree": in_child(with_rights, 428, -100, b"/tmp", 1),
    }
"""
TRIES = (
    "mount", "bind", "umount", "writable again", "mount_setattr", "pivot_root", "chroot", "fsopen", "open_tree"
)  # fmt: skip


def attempt(field: Field) -> Outcome:
    return field.program(SOURCE).refused(REASON, dict.fromkeys(TRIES, "EPERM"))


def control(field: Field) -> Outcome:
    tried = field.program(SOURCE, without=[Layer.SECCOMP, Layer.LANDLOCK])
    return tried.achieved(["mount", "bind", "chroot", "fsopen", "open_tree"])
