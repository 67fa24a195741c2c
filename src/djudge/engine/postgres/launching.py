"""Start a program of PostgreSQL as a child that can't outlive us, under the user it belongs to."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from djudge.engine.errors import InfrastructureError, OperatorFault
from djudge.engine.forking import die_with_parent
from djudge.engine.postgres.private_mounts import Identity, Passage, open_passage, passage_for

_NEW_USER_NAMESPACE: Final = 0x10000000

#: Nothing of the judge's own environment reaches a server.
_ENVIRONMENT: Final = {"LC_ALL": "C", "LANG": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """How to start a program. `identity` is the user it runs as when we are root; None for an ordinary user.

    `needed` are the folders that it must reach. `data_bytes` caps the private memory of each of its processes.
    `seen_as` is the user that an ordinary user passes for inside, in a namespace that has no other.
    """

    program: Sequence[str]
    identity: Identity | None
    needed: Sequence[Path]
    folder: Path
    data_bytes: int | None = None
    seen_as: Identity | None = None


def require_identity(identity: Identity | None) -> None:
    """Refuse what can't work: PostgreSQL never runs as root, and only root may change user.

    Raises OperatorFault.
    """
    if os.geteuid() == 0 and (identity is None or identity.uid == 0):
        raise OperatorFault("PostgreSQL refuses to run as root.", "Give the slot a user of its own.")
    if os.geteuid() != 0 and identity is not None and identity.uid != os.geteuid():
        raise OperatorFault("Only root can run a server as another user.", "Leave the identity out.")


def launch(how: Launch, output: IO[bytes], feed: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    """The started child. The kernel sends it SIGQUIT, an immediate shutdown, when this process dies.

    Raises OperatorFault where the mounts that it needs are refused.
    """
    identity = how.identity if os.geteuid() == 0 else None
    passage = passage_for(identity, how.needed) if identity else Passage((), ())
    try:
        return subprocess.Popen(
            how.program,
            preexec_fn=_preparation(how, identity, passage),
            cwd=how.folder,
            env=_ENVIRONMENT,
            stdin=feed,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except subprocess.SubprocessError as error:
        raise _refusal(how, passage) from error
    except OSError as error:
        raise InfrastructureError(
            f"{how.program[0]} can't be started ({error}).", "Run make setup.", kind="server_not_started"
        ) from error


def _preparation(how: Launch, identity: Identity | None, passage: Passage) -> Callable[[], None]:
    parent = os.getpid()

    def prepare() -> None:
        if passage:
            open_passage(passage)
            os.chdir(how.folder)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if how.seen_as:
            _pass_for(how.seen_as)
        if how.data_bytes:
            resource.setrlimit(resource.RLIMIT_DATA, (how.data_bytes, how.data_bytes))
        if identity:
            os.setgroups([])
            os.setresgid(identity.gid, identity.gid, identity.gid)
            os.setresuid(identity.uid, identity.uid, identity.uid)
        # A change of user clears the death signal: set it last, and look whether the parent went meanwhile.
        die_with_parent(signal.SIGQUIT)
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def _pass_for(other: Identity) -> None:
    """Take a user namespace in which this user has another number. Raises OSError."""
    own = (os.geteuid(), os.getegid())
    if _libc.unshare(_NEW_USER_NAMESPACE) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{other.uid} {own[0]} 1")
    Path("/proc/self/gid_map").write_text(f"{other.gid} {own[1]} 1")


def _refusal(how: Launch, passage: Passage) -> OperatorFault:
    if how.seen_as:
        return OperatorFault(
            "initdb wants a user that has a name, and this one has none.",
            "Add it to /etc/passwd, or allow user namespaces.",
        )
    if not passage:
        return OperatorFault("This process may not start a server under another user.", "Run as root or as a user.")
    folders = ", ".join(str(cover) for cover in passage.covers)
    return OperatorFault(
        f"The server's user can't pass through {folders}, and a mount namespace around it was refused.",
        "Install Djudge outside of it, allow mount namespaces, or run as an ordinary user.",
    )
