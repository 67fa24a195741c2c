"""Looks for the kernel's own doors: process lists, kernel settings, devices of the machine, terminals.

There is no /proc and no /sys, and of devices only the empty one and two of chance; making another one is refused. The
control leaves out the root and the second opinion on files, and reads the zygote's process list and a device.
"""

from tests.attacks.battery import Field, Outcome

from djudge.engine.sandbox.contract import Layer

REASON = "ENOENT from open, EPERM from mknod"
PATHS = (
    "/proc/self/environ", "/proc/1/cmdline", "/proc/sys/kernel/core_pattern", "/proc/kcore", "/proc/sysrq-trigger",
    "/sys/kernel/mm", "/sys/fs/cgroup", "/dev/mem", "/dev/kmsg", "/dev/kvm", "/dev/fuse", "/dev/tty", "/dev/ptmx",
    "/dev/pts", "/dev/zero", "/dev/full", "/dev/sda", "/dev/vda", "/dev/net/tun", "/dev/mqueue", "/watch/1/status",
)  # fmt: skip

SOURCE = """
import os, stat
from calls import told

def attack(*paths):
    said = {path: told(lambda: os.read(os.open(path, os.O_RDONLY), 10)) for path in paths}
    said["mknod"] = told(os.mknod, "/tmp/disk", stat.S_IFBLK | 0o600, os.makedev(254, 0))
    said["mkfifo"] = told(os.mkfifo, "/tmp/fifo")
    return said
"""


def attempt(field: Field) -> Outcome:
    expected = dict.fromkeys(PATHS, "ENOENT") | {"mknod": "EPERM", "mkfifo": "EPERM"}
    return field.program(SOURCE, *PATHS).refused(REASON, expected)


def control(field: Field) -> Outcome:
    bare = [Layer.MOUNTS, Layer.LANDLOCK, Layer.SECCOMP]
    paths = ["/proc/1/cmdline", "/host/dev/zero"]
    return field.program(SOURCE, *paths, without=bare).achieved([*paths, "mkfifo"])
