"""Where the platform's own data lie, and the secrets that are made once for it."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from djudge.engine.folders import data_folder
from djudge.engine.identities import FIRST_UID, UIDS_PER_SLOT
from djudge.engine.postgres.private_mounts import Identity

#: Just below the range of the grading slots: never that of a guest or of an exam server.
PLATFORM_UID = FIRST_UID - UIDS_PER_SLOT


@dataclass(frozen=True, slots=True)
class User:
    """The user of the platform's PostgreSQL where we are root."""

    uid: int
    gid: int


def platform_user() -> Identity | None:
    """PostgreSQL refuses to run as root; an ordinary user needs no other."""
    return User(PLATFORM_UID, PLATFORM_UID) if os.geteuid() == 0 else None


@dataclass(frozen=True, slots=True)
class Place:
    """The folders of one installation: `root` is kept, `sockets` are as short-lived as the processes."""

    root: Path
    sockets: Path

    def folder(self, name: str) -> Path:
        """A folder of that name below the root, made where it is missing; for us alone."""
        folder = self.root / name
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    def secret(self, name: str) -> str:
        """A secret of this installation, made when it is first asked for and kept, readable by us alone."""
        file = self.folder("secrets") / name
        try:
            return file.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            made = secrets.token_urlsafe(40)
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as opened:
                opened.write(made)
            return made


@contextmanager
def place(root: Path | None = None) -> Iterator[Place]:
    """The installation's place. Sockets lie in a short path of their own: theirs may have 107 bytes."""
    kept = root or data_folder() / "platform"
    kept.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix="djudge-", ignore_cleanup_errors=True) as sockets:
        Path(sockets).chmod(0o711)
        yield Place(kept, Path(sockets))
