"""Copy a data folder: about a thousand files, 25 ms."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from djudge.engine.errors import InfrastructureError, OperatorFault
from djudge.engine.postgres.private_mounts import Identity


def copy_tree(source: Path, target: Path, owner: Identity | None) -> None:
    """Copy a folder of plain files and folders; the copy is `owner`'s alone. For folders of our own making.

    Raises OperatorFault when the disk is full.
    """
    try:
        _copy_folder(str(source), str(target), owner)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise OperatorFault(
                f"The disk is full: no room is left to copy a database server to {target}.",
                "Free some space, or name folders with room in DJUDGE_DATA (kept) and DJUDGE_SCRATCH (thrown away).",
            ) from error
        raise InfrastructureError(f"{source} can't be copied ({error}).", kind="copy_failed") from error


def _copy_folder(source: str, target: str, owner: Identity | None) -> None:
    os.mkdir(target, 0o700)
    if owner:
        os.chown(target, owner.uid, owner.gid)
    with os.scandir(source) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                _copy_folder(entry.path, f"{target}/{entry.name}", owner)
            elif entry.is_file(follow_symlinks=False):
                _copy_file(entry.path, f"{target}/{entry.name}", owner)


def _copy_file(source: str, target: str, owner: Identity | None) -> None:
    from_file = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        to_file = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            if owner:
                os.fchown(to_file, owner.uid, owner.gid)
            while os.sendfile(to_file, from_file, None, 1 << 30):
                pass
        finally:
            os.close(to_file)
    finally:
        os.close(from_file)
