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


def run_as_plain_user(
    argv: Sequence[str], env: Mapping[str, str] | None = None, *, timeout: float = 120
) -> subprocess.CompletedProcess[bytes]:
    """Run `argv` with no rights of root and with no groups; output is captured. Needs root to begin with."""
    script = f"{_uncover()}exec setpriv --reuid={UID} --regid={GID} --clear-groups -- {shlex.join(argv)}"
    command = ["unshare", "--mount", "--propagation", "slave", "--", "sh", "-euc", script]
    environ = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LANG": "C.UTF-8"} | dict(env or {})
    return subprocess.run(command, env=environ, capture_output=True, timeout=timeout, check=False, cwd="/")


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
