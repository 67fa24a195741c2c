"""The walls, built by process 1 of the guest around itself just before candidate code runs.

The order matters: mounts need capabilities, Landlock and seccomp need `no_new_privs`, and after seccomp
nothing of this can be undone.
"""

from __future__ import annotations

import fcntl
import gc
import os
import resource
import socket
from functools import cache
from typing import Final

from djudge.guest import kernel, landlock, root, seccomp
from djudge.guest.launcher import GUEST, HOST, SKELETON, WATCH
from djudge.guest.order import Bounds, JailPlan, contents

_NAMESPACES: Final = {
    "mounts": kernel.CLONE_NEWNS,
    "pids": kernel.CLONE_NEWPID,
    "network": kernel.CLONE_NEWNET,
    "ipc": kernel.CLONE_NEWIPC,
    "uts": kernel.CLONE_NEWUTS,
}
_INNER_ID: Final = 1000
_NO_PROGRAMS: Final = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
_MB: Final = 1024 * 1024
_PAGE: Final = 4096
#: multiprocessing keeps its semaphores and queues here.
_SHARED_MEMORY_MB: Final = 16
_DESCRIPTORS: Final = 256
_NO_DESCRIPTOR: Final = 1 << 30
RESULT: Final = 3
NOTES: Final = 4


def enter_namespaces(plan: JailPlan) -> None:
    """Leave the zygote's namespaces; done by the supervisor, whose next child is process 1 of the new ones.

    The supervisor keeps its own mounts even when the layer `mounts` is left out, because it mounts the
    process list of its guest there.
    """
    flags = kernel.CLONE_NEWCGROUP | kernel.CLONE_NEWNS
    for layer, flag in _NAMESPACES.items():
        if plan.has(layer):
            flags |= flag
    if plan.identity is not None or not plan.has("identity"):
        kernel.unshare("pids", flags)
        return
    kernel.unshare("identity", flags | kernel.CLONE_NEWUSER)
    _map_identity()


def _map_identity() -> None:
    for name, content in (
        ("setgroups", "deny"),
        ("uid_map", f"{_INNER_ID} 0 1"),
        ("gid_map", f"{_INNER_ID} 0 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(content)


def mount_watch() -> None:
    """Show the processes of this namespace at a place that the supervisor sees and the guest will not.

    Where the whole machine runs out of memory, the kernel is told to begin with the guest.
    """
    kernel.mount("proc", WATCH, "proc", _NO_PROGRAMS)
    with open(f"{WATCH}/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write("1000")


def build_root(plan: JailPlan) -> str:
    """Give this process a root of its own, without tree and sockets; the path that it has for now is returned."""
    kernel.unshare("mounts", kernel.CLONE_NEWNS)
    base = GUEST if plan.has("mounts") else ""
    if base:
        kernel.mount(SKELETON, GUEST, "none", kernel.MS_BIND | kernel.MS_REC)
    _mount_tmpfs(base + root.TEMPORARY, plan.disk_mb, plan.inodes, mode="1777")
    _mount_tmpfs(base + root.SHARED_MEMORY, _SHARED_MEMORY_MB, 256, mode="1777")
    return base


def mount_tree(base: str, tree: int, files: list[tuple[str, int]], start: int) -> None:
    """Put the candidate's tree into a root that stands, and close it for writing."""
    size = sum(length + _PAGE for _, length in files) // _MB + 4
    _mount_tmpfs(base + root.TREE, size, inodes=len(files) * 4 + 64)
    lay_tree(base + root.TREE, tree, files, start)
    kernel.restrict_mount(base + root.TREE, kernel.ATTR_RDONLY)


def bind_sockets(base: str, folder: str) -> None:
    """Show the server's sockets. `connect` works through a read-only mount; removing or replacing one does not."""
    target = base + root.SOCKETS
    kernel.mount(HOST + folder, target, "none", kernel.MS_BIND | kernel.MS_REC)
    kernel.restrict_mount(target, kernel.ATTR_RDONLY | kernel.ATTR_NOSUID | kernel.ATTR_NODEV | kernel.ATTR_NOEXEC)


def _mount_tmpfs(target: str, size_mb: int, inodes: int, mode: str = "755") -> None:
    kernel.mount("none", target, "tmpfs", _NO_PROGRAMS, f"size={size_mb}m,nr_inodes={inodes},mode={mode}")


def lay_tree(base: str, tree: int, files: list[tuple[str, int]], start: int) -> None:
    """Write the candidate's tree below `base`, readable for all and writable for none but us."""
    made = {base}
    for path, content in contents(tree, files, start):
        target = f"{base}/{path}"
        folder = os.path.dirname(target)
        if folder not in made:
            os.makedirs(folder, exist_ok=True)
            made.add(folder)
        with open(target, "xb") as file:
            file.write(content)


def enter_root(plan: JailPlan) -> None:
    """Make the built root the only one, and stand in the tree."""
    if plan.has("mounts"):
        os.chdir(GUEST)
        kernel.pivot_root(".", ".")
        kernel.unmount(".")
    os.chdir(root.TREE)


def drop_rights(plan: JailPlan, bounds: Bounds) -> None:
    """The last walls, from the outermost to the one that can't be undone."""
    if plan.has("rlimits"):
        set_limits(bounds)
    if plan.has("identity"):
        _drop_identity(plan.identity)
    if plan.has("no_new_privs"):
        kernel.prctl("no_new_privs", kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.die_with_parent()
    if plan.has("landlock"):
        landlock.restrict(_rules(), plan.ports)
    if plan.has("seccomp"):
        seccomp.install(with_tcp=bool(plan.ports))


def _drop_identity(identity: tuple[int, int] | None) -> None:
    kernel.bound_capabilities()
    if identity is not None:
        user, group = identity
        os.setgroups([])
        os.setresgid(group, group, group)
        os.setresuid(user, user, user)
    kernel.drop_capabilities()


def set_limits(bounds: Bounds) -> None:
    """The kernel's own limits: coarse, for one process each. The watchdog holds the sum."""
    cpu = int(bounds.cpu_seconds) + 2
    wanted = {
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_CPU: (cpu, cpu + 1),
        resource.RLIMIT_FSIZE: (bounds.disk_mb * _MB,) * 2,
        resource.RLIMIT_NOFILE: (_DESCRIPTORS,) * 2,
        resource.RLIMIT_NPROC: (bounds.processes * 4,) * 2,
        resource.RLIMIT_DATA: (bounds.memory_mb * 3 * _MB,) * 2,
        resource.RLIMIT_AS: (bounds.memory_mb * 4 * _MB + 4096 * _MB,) * 2,
        resource.RLIMIT_STACK: (8 * _MB, 64 * _MB),
        resource.RLIMIT_MEMLOCK: (64 * 1024,) * 2,
        resource.RLIMIT_MSGQUEUE: (0, 0),
        resource.RLIMIT_SIGPENDING: (256, 256),
    }
    for kind, (soft, hard) in wanted.items():
        _lower(kind, soft, hard)


def _lower(kind: int, soft: int, hard: int) -> None:
    """A plain user may already be below what is wanted, and can't go up again."""
    ceiling = resource.getrlimit(kind)[1]
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    resource.setrlimit(kind, (soft, hard))


@cache
def _rules() -> dict[str, int]:
    libraries = ("/lib", "/lib64", "/lib32", "/usr/lib", "/usr/lib64")
    return {
        **dict.fromkeys((*root.interpreter(), *libraries), landlock.READ | landlock.EXECUTE),
        root.ENVIRONMENT: landlock.READ,
        "/usr/share/zoneinfo": landlock.READ,
        root.TREE: landlock.READ,
        root.SOCKETS: landlock.READ,
        root.TEMPORARY: landlock.WRITE,
        root.SHARED_MEMORY: landlock.WRITE,
        **{f"/dev/{name}": landlock.READ_FILE | landlock.WRITE_FILE for name in root.DEVICES},
    }


def adopt(plan: JailPlan, channel: int, notes: int) -> socket.socket:
    """The result socket and the supervisor's pipe at fixed places, and every other descriptor closed."""
    spares = [fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 16) for descriptor in (channel, notes)]
    for spare, place in zip(spares, (RESULT, NOTES), strict=True):
        os.dup2(spare, place, inheritable=False)
    if "descriptors" not in plan.without:
        gc.collect()
        os.closerange(NOTES + 1, _NO_DESCRIPTOR)
    return socket.socket(fileno=RESULT)


def prepare() -> None:
    """What every guest needs to know and the zygote can find out for all of them."""
    kernel.last_capability()
    _rules()
