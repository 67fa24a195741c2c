"""Folders that belong to a living process, and the removal of those whose process is gone.

A process that is killed outright cleans nothing up. So whoever makes a throw-away folder holds a lock on it, which the
kernel lets go when the last process with it has ended, and whoever comes next removes what nobody holds.
"""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from djudge.engine.errors import InfrastructureError, OperatorFault, naming_a_full_disk

_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_ATTEMPTS: Final = 20


@contextmanager
def leased_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """A new folder (0700) below `parent` that is ours while we or a process that we forked live; gone afterwards.

    A folder that was renamed meanwhile is kept. Costs 0.1 ms. Raises OperatorFault where none can be made or locked.
    """
    folder, lease = _take(parent, prefix)
    try:
        yield folder
    finally:
        _remove_named(folder)
        os.close(lease)


def sweep(parent: Path, prefix: str) -> int:
    """Remove what killed processes of this user left below `parent` under that prefix; how many folders went.

    Only folders of this very user that nobody holds: another user could have put one of the same name there. No link is
    followed, and nothing outside of the folder is touched, whatever lies in it. What can't be removed stays.
    """
    removed = 0
    with suppress(OSError), _opened(parent) as above:
        for name in os.listdir(above):
            if name.startswith(prefix):
                removed += _remove_abandoned(above, name)
    return removed


def _take(parent: Path, prefix: str) -> tuple[Path, int]:
    for _ in range(_ATTEMPTS):
        with naming_a_full_disk(parent), _naming_what_is_refused(parent):
            folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
            lease = _lease(folder)
        if lease is not None:
            return folder, lease
    raise InfrastructureError(f"No folder below {parent} stays.", kind="scratch_gone")


def _lease(folder: Path) -> int | None:
    """The locked folder; None when somebody who sweeps was quicker and took it for abandoned."""
    try:
        handle = os.open(folder, _FOLDER)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(handle), os.stat(folder)):
            return handle
    except (BlockingIOError, FileNotFoundError):
        pass
    except BaseException:
        os.close(handle)
        raise
    os.close(handle)
    return None


@contextmanager
def _naming_what_is_refused(parent: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise OperatorFault(
            f"No folder can be made and locked in {parent} ({error.strerror}).", "Name another one in DJUDGE_SCRATCH."
        ) from error


@contextmanager
def _opened(folder: Path | str, above: int | None = None) -> Iterator[int]:
    handle = os.open(folder, _FOLDER, dir_fd=above)
    try:
        yield handle
    finally:
        os.close(handle)


def _remove_abandoned(above: int, name: str) -> bool:
    try:
        with _opened(name, above) as folder:
            if os.fstat(folder).st_uid != os.geteuid():
                return False
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _empty(folder)
            os.rmdir(name, dir_fd=above)
            return True
    except OSError:  # somebody holds it, or was quicker
        return False


def _remove_named(folder: Path) -> None:
    with suppress(OSError):
        with _opened(folder) as handle:
            _empty(handle)
        folder.rmdir()


def _empty(folder: int) -> None:
    """Remove all that lies in an open folder.

    Folders inside are moved up before they are emptied, so that no depth takes more than two descriptors. Raises
    OSError for what can't be removed.
    """
    token = secrets.token_hex(8)
    moved = 0
    while names := _unlink_files(folder):
        for name in names:
            with _opened(name, folder) as inner:
                if os.geteuid() != 0:
                    os.fchmod(inner, 0o700)
                for below in _unlink_files(inner):
                    moved += 1
                    os.rename(below, f"{token}-{moved}", src_dir_fd=inner, dst_dir_fd=folder)
            os.rmdir(name, dir_fd=folder)


def _unlink_files(folder: int) -> list[str]:
    """Remove whatever is no folder; the names of the folders."""
    with os.scandir(folder) as entries:
        found = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
    for name, is_folder in found:
        if not is_folder:
            os.unlink(name, dir_fd=folder)
    return [name for name, is_folder in found if is_folder]
