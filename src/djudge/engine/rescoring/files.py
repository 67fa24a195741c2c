"""Report files: found, read and replaced so that none is ever lost.

A replaced file is kept beside its successor as `NAME.before-<sha256>.json`, written and synced first. The new text goes
into a draft in the same folder, which then takes the name in one step: whoever reads sees the old document or the new
one, and a full disk or a kill leaves the old one.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import secrets
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from djudge.engine.errors import OperatorFault
from djudge.engine.reports.reading import MOST_BYTES

_KEPT: Final = re.compile(r"\.before-[0-9a-f]{16}\.json$")
_ASSESSMENT: Final = re.compile(rb'\s*\{\s*"schema_version":\s*1,\s*"kind":\s*"assessment",')
_OPEN: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Held:
    """A file as it was read."""

    file: Path
    content: bytes

    @property
    def sha256(self) -> str:
        """Names exactly these bytes."""
        return hashlib.sha256(self.content).hexdigest()


def report_files(named: Sequence[Path]) -> list[Path]:
    """The files that were named, and every `*.json` below the folders that were, without former ones and assessments.

    Links to folders are not followed. Raises OperatorFault for what is not there, and for a folder without any.
    """
    found: dict[Path, None] = {}
    for place in named:
        found |= dict.fromkeys(_below(place) if place.is_dir() else [_existing(place)])
    return [*found]


def _below(folder: Path) -> list[Path]:
    found = sorted(file for file in folder.rglob("*.json") if not _KEPT.search(file.name) and not file.is_dir())
    files = [file for file in found if not _is_of_an_assessment(file)]
    if not files:
        raise OperatorFault(f"No report (*.json) lies below {folder}.", "Name a folder that holds some.")
    return files


def _is_of_an_assessment(file: Path) -> bool:
    """Whether it is what `assess` wrote of several reports, which lies among them and holds nothing to judge."""
    try:
        return _ASSESSMENT.match(read_file(file).content[:200]) is not None
    except OperatorFault:
        return False


def _existing(file: Path) -> Path:
    if not os.path.lexists(file):
        raise OperatorFault(f"There is no {file}.", "Name a report, or a folder of reports.")
    return file


def read_file(file: Path) -> Held:
    """A file's content. Raises OperatorFault for links, for what is no plain file, and for more than 32 MB."""
    try:
        with _folder_of(file) as folder:
            return Held(file, _read(folder, file.name)[0])
    except OSError as error:
        raise _unusable(file, error) from error


def replace_file(held: Held, text: str) -> Path:
    """Put the text in the place of a file that was read, and return where the former content now lies.

    Mode and owner stay. Raises OperatorFault, with the file as it was, when somebody changed it since it was read, when
    it is a link or has a second name, and when disk or permissions refuse.
    """
    kept = held.file.with_name(f"{held.file.stem}.before-{held.sha256[:16]}.json")
    try:
        with _folder_of(held.file) as folder:
            fcntl.flock(folder, fcntl.LOCK_EX)
            status = _require_unchanged(folder, held)
            _keep(folder, kept, held.content, status)
            with _draft(folder, held.file.name, text.encode("utf-8"), status) as draft:
                _require_unchanged(folder, held)
                os.rename(draft, held.file.name, src_dir_fd=folder, dst_dir_fd=folder)
            os.fsync(folder)
    except OSError as error:
        raise _unusable(held.file, error) from error
    return kept


@contextmanager
def _folder_of(file: Path) -> Iterator[int]:
    """The folder as a descriptor, so that every step meets the same one."""
    folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield folder
    finally:
        os.close(folder)


def _read(folder: int, name: str) -> tuple[bytes, os.stat_result]:
    descriptor = os.open(name, _OPEN, dir_fd=folder)
    with open(descriptor, "rb") as opened:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OperatorFault(f"{name} is no plain file.", "Name the report itself.")
        return opened.read(MOST_BYTES + 1), status


def _require_unchanged(folder: int, held: Held) -> os.stat_result:
    content, status = _read(folder, held.file.name)
    if content != held.content:
        raise OperatorFault(f"{held.file} was changed since it was read.", "Look at the preview once more.")
    if status.st_nlink != 1:
        raise OperatorFault(
            f"{held.file} has {status.st_nlink} names (hard links).", "Copy it, so that only this one changes."
        )
    return status


def _keep(folder: int, kept: Path, content: bytes, status: os.stat_result) -> None:
    """Write the former content, unless it lies there already."""
    with suppress(FileNotFoundError):
        if _read(folder, kept.name)[0] == content:
            return
        raise OperatorFault(f"{kept} is there and holds something else.", "Move it away.")
    with _draft(folder, kept.name, content, status) as draft:
        os.rename(draft, kept.name, src_dir_fd=folder, dst_dir_fd=folder)
    os.fsync(folder)


@contextmanager
def _draft(folder: int, name: str, content: bytes, status: os.stat_result) -> Iterator[str]:
    """The name of a new file with this content, safely on the disk. What the caller does not rename is removed."""
    draft = f".{secrets.token_hex(8)}.draft"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=folder)
    try:
        with open(descriptor, "wb") as opened:
            _take_after(descriptor, status)
            opened.write(content)
            opened.flush()
            os.fsync(descriptor)
        yield draft
    finally:
        with suppress(FileNotFoundError):
            os.unlink(draft, dir_fd=folder)


def _take_after(descriptor: int, status: os.stat_result) -> None:
    own = os.fstat(descriptor)
    if (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid):
        os.fchown(descriptor, status.st_uid, status.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(status.st_mode))


def _unusable(file: Path, error: OSError) -> OperatorFault:
    if file.is_symlink():
        return OperatorFault(f"{file} is a link.", "Name the report itself.")
    return OperatorFault(f"{file} can't be read or replaced ({error.strerror}).", "Mend that, and call this again.")
