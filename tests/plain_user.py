"""Runs a command as an ordinary user, on a machine where the tests run as root.

The interpreter may lie below a home that only root may enter. Its mode is never changed: in a mount
namespace of its own the home is covered by an empty tmpfs, and the interpreter is bound again at the same
path.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

UID: Final = 65333
GID: Final = 65333

#: What only root may enter and an ordinary user of this machine would not need.
_HOME: Final = Path.home()
_SPARE: Final = "/mnt"

#: In a user namespace that may have none below it, with root and the ordinary user in it: then becomes the latter.
_REFUSE_NAMESPACES: Final = r"""
import os, sys
uid, gid = int(sys.argv[1]), int(sys.argv[2])
(entered, say_entered), (mapped, say_mapped) = os.pipe(), os.pipe()
child = os.fork()
if child == 0:
    os.unshare(os.CLONE_NEWUSER)
    os.write(say_entered, b".")
    os.read(mapped, 1)
    with open("/proc/sys/user/max_user_namespaces", "w") as limit:
        limit.write("0")
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    os.execvp(sys.argv[3], sys.argv[3:])
os.read(entered, 1)
for name, number in (("uid_map", uid), ("gid_map", gid)):
    with open(f"/proc/{child}/{name}", "w") as file:
        file.write(f"0 0 1\n{number} {number} 1")
os.write(say_mapped, b".")
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def run_as_plain_user(
    argv: Sequence[str], env: Mapping[str, str] | None = None, *, timeout: float = 120, user_namespaces: bool = True
) -> subprocess.CompletedProcess[bytes]:
    """Run `argv` with no rights of root and with no groups; output is captured. Needs root to begin with.

    `user_namespaces=False` is a machine whose kernel refuses them to ordinary users.
    """
    command = plain_user_command(argv, user_namespaces=user_namespaces)
    environ = plain_user_environ(env)
    return subprocess.run(command, env=environ, capture_output=True, timeout=timeout, check=False, cwd="/")


def plain_user_command(argv: Sequence[str], *, user_namespaces: bool = True) -> list[str]:
    """The same as a command to start in another way. Its process is the program itself, or waits for it."""
    become = ["setpriv", f"--reuid={UID}", f"--regid={GID}", "--clear-groups", "--"]
    if not user_namespaces:
        become = [sys.executable, "-c", _REFUSE_NAMESPACES, str(UID), str(GID)]
    script = f"{_uncover()}exec {shlex.join([*become, *argv])}"
    return ["unshare", "--mount", "--propagation", "slave", "--", "sh", "-euc", script]


def plain_user_environ(env: Mapping[str, str] | None = None) -> dict[str, str]:
    """What an ordinary user's process starts with."""
    return {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LANG": "C.UTF-8"} | dict(env or {})


def _uncover() -> str:
    """Shell lines that make the interpreter reachable, if it lies below the home of root."""
    prefix = Path(sys.base_prefix).resolve()
    if not prefix.is_relative_to(_HOME):
        return ""
    source, target, home, spare = (shlex.quote(str(path)) for path in (prefix, prefix, _HOME, _SPARE))
    return (
        f"mount --bind {source} {spare}; mount -t tmpfs -o mode=755 none {home}; mkdir -p {target}; "
        f"mount --move {spare} {target}; "
    )
