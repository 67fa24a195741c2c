"""Builds the private world of one zygote, then becomes the keeper of it.

Runs on the host as its own process, before any candidate code exists. The child is process 1 of a new process
namespace, so that everything below a zygote ends with it, whatever happened; this process only waits, and
ends with the judge. Usage: `main(control, environment)`, with the control socket open at that descriptor.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn

from djudge.guest import kernel, root

#: Where the zygote finds our own code; guests have no such folder.
CODE = "/opt/djudge"
HOST = "/host"
SKELETON = "/skeleton"
GUEST = "/guest"
WATCH = "/watch"

#: The name of every guest's machine. The zygote has it too, because modules that it imports may remember it.
MACHINE = "guest"

#: No site packages, no user packages, no current folder on the path, no compiled files written.
INTERPRETER_FLAGS = ("-S", "-s", "-P", "-B")

_NAMESPACES = kernel.CLONE_NEWNS | kernel.CLONE_NEWPID | kernel.CLONE_NEWUTS
_STAGING = "/tmp"  # noqa: S108 (only a place to mount on, in a mount namespace of our own)


def main(control: int, environment: str) -> NoReturn:
    """Start the zygote and wait for its end; a layer that can't be built is written to the control socket."""
    try:
        kernel.require_machine()
        kernel.die_with_parent()
        _enter_namespaces()
        child = os.fork()
        if child == 0:
            kernel.die_with_parent()
            kernel.set_host_name(MACHINE)
            _build(environment)
            _become_zygote(control)
    except (kernel.LayerError, OSError) as error:
        kernel.refuse(control, error)
    os.close(control)
    _, status = os.waitpid(child, 0)
    os._exit(os.waitstatus_to_exitcode(status) & 0x7F)


def _enter_namespaces() -> None:
    if os.geteuid() == 0:
        kernel.unshare("mounts", _NAMESPACES)
        return
    user, group = os.geteuid(), os.getegid()
    kernel.unshare("identity", kernel.CLONE_NEWUSER | _NAMESPACES)
    map_identity(f"0 {user} 1", f"0 {group} 1")


def map_identity(users: str, groups: str) -> None:
    """Say who we are in the user namespace that we have just entered."""
    for name, content in (("setgroups", "deny"), ("uid_map", users), ("gid_map", groups)):
        try:
            Path("/proc/self", name).write_text(content, encoding="ascii")
        except OSError as error:
            raise kernel.LayerError("identity", f"writing {name}: {error.strerror}") from error


def _build(environment: str) -> None:
    wanted = root.plan(environment)
    package = str(Path(__file__).resolve().parent.parent)
    kernel.mount("none", "/", "none", kernel.MS_REC | kernel.MS_SLAVE)
    _mount_tmpfs(_STAGING)
    for name in (HOST, SKELETON, GUEST, WATCH, "/proc", f"{CODE}/djudge"):
        os.makedirs(_STAGING + name)
    kernel.pivot_root(_STAGING, _STAGING + HOST)
    os.chdir("/")
    root.lay("", wanted, HOST)
    root.bind_code(HOST + package, f"{CODE}/djudge")
    _hide_compiled(f"{CODE}/djudge")
    _mount_tmpfs(SKELETON)
    root.lay(SKELETON, wanted, HOST)
    root.seal(SKELETON)
    kernel.mount("proc", "/proc", "proc", kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC)


def _hide_compiled(package: str) -> None:
    """Compiled files name the folder that they were compiled in, and a guest's memory would hold these names."""
    for folder in (f"{package}/__pycache__", f"{package}/guest/__pycache__"):
        if os.path.isdir(folder):
            _mount_tmpfs(folder)


def _mount_tmpfs(target: str) -> None:
    kernel.mount("none", target, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "mode=755,size=1m")


def _become_zygote(control: int) -> NoReturn:
    os.set_inheritable(control, True)
    program = os.path.realpath(sys.executable)
    start = f"import sys; sys.path.insert(0, {CODE!r}); from djudge.guest.zygote import main; main({control})"
    os.execv(program, [program, *INTERPRETER_FLAGS, "-c", start])  # noqa: S606 (no shell is wanted)
