"""Reads a ZIP archive that may have been made to hurt: in bounded memory, and never onto the disk.

Sizes that the archive states of itself are not believed: the directory is measured before it is parsed, and
every file is unpacked in small pieces until it ends or is too large. Only the two methods whose unpacking can
be stopped midway are read.
"""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Final, NoReturn

from djudge.engine.errors import SubmissionRefused
from djudge.engine.packs.intake import ENTRIES, FILE_BYTES, Intake
from djudge.engine.packs.names import fault_of_path, show

ARCHIVE_BYTES: Final = 16 * 1024 * 1024

#: Room for a name, an extra field and a comment in each entry of the directory.
_DIRECTORY_BYTES: Final = ENTRIES * 512
_END: Final = struct.Struct("<4s4H2LH")
_END_MARK: Final = b"PK\x05\x06"
_ZIP64_MARK: Final = b"PK\x06\x07"
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED: Final = 0x1
_UTF8_NAMES: Final = 0x800
_PIECE: Final = 64 * 1024

#: What `zipfile` is known to raise over bytes that are no archive.
_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, NotImplementedError, RuntimeError,
    ValueError, OverflowError, IndexError, KeyError, AttributeError, TypeError,
)  # fmt: skip


def read_archive(path: Path) -> dict[str, bytes]:
    """All files of an archive by their relative paths; `SubmissionRefused` for anything odd in it."""
    content = _read_bounded(path)
    if not content.startswith((b"PK\x03\x04", _END_MARK)):
        _refuse(f"{show(path.name)} is no ZIP archive.", "Hand in a folder or a .zip file.", "not_an_archive")
    _measure_directory(content)
    intake = Intake()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                _read_entry(archive, entry, intake)
    except _BROKEN as error:
        raise SubmissionRefused(
            f"The archive is damaged ({show(str(error) or type(error).__name__)}).",
            "Pack it again.",
            kind="broken_archive",
        ) from error
    return dict(sorted(intake.files.items()))


def _read_bounded(path: Path) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as error:
        _refuse(f"{show(path.name)} can't be read ({error.strerror}).", "Make it readable.", "unreadable")
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            _refuse(f"{show(path.name)} is no plain file.", "Hand in a folder or a .zip file.", "special_file")
        content = file.read(ARCHIVE_BYTES + 1)
    if len(content) > ARCHIVE_BYTES:
        _refuse(
            f"The archive is larger than {ARCHIVE_BYTES // 1024**2} MB.",
            "Hand in source text only, without data, media and installed packages.",
            "too_large",
        )
    return content


def _measure_directory(content: bytes) -> None:
    """`zipfile` parses the whole directory at once, so its size is looked at before."""
    start = content.rfind(_END_MARK, max(0, len(content) - _END.size - 0xFFFF))
    if start < 0 or len(content) - start < _END.size:
        _refuse("The archive is damaged: its directory is missing.", "Pack it again.", "broken_archive")
    if _ZIP64_MARK in content[max(0, start - 20) : start]:
        _refuse("The archive is in the format for huge archives.", "Pack the project alone.", "broken_archive")
    fields = _END.unpack_from(content, start)
    if fields[4] > ENTRIES or fields[5] > _DIRECTORY_BYTES:
        _refuse(
            f"The archive has more than {ENTRIES} entries.",
            "Hand in the project alone, without installed packages or data.",
            "too_many_files",
        )


def _read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, intake: Intake) -> None:
    intake.count_entry()
    name = _name_of(entry)
    is_folder = name.endswith("/")
    path = name.removesuffix("/")
    if path.startswith("/") or ".." in path.split("/") or "\\" in path or "\0" in path:
        fault = fault_of_path(path) or "leads out of the archive"
        _refuse(f"The name of {show(name)} {fault}.", "Pack it again with relative names.", "name", name)
    admitted = intake.admit(path)
    if admitted is None:
        return
    _refuse_special(entry, name)
    if not is_folder:
        intake.add(admitted, _unpack(archive, entry, name, intake.room() + 1))


def _name_of(entry: zipfile.ZipInfo) -> str:
    """The name as it was meant: some systems write UTF-8 without saying so."""
    name = entry.orig_filename
    if entry.flag_bits & _UTF8_NAMES or name.isascii():
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        _refuse(f"The name of {show(name)} is not UTF-8.", "Rename it, and pack it again.", "name", name)


def _refuse_special(entry: zipfile.ZipInfo, name: str) -> None:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind == stat.S_IFLNK:
        _refuse(f"{show(name)} is a link.", "Put a copy of the file in its place.", "link", name)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        _refuse(f"{show(name)} is no plain file.", "Leave it out.", "special_file", name)
    if entry.flag_bits & _ENCRYPTED:
        _refuse(f"{show(name)} is encrypted.", "Pack it again without a password.", "encrypted", name)
    if entry.compress_type not in _METHODS:
        _refuse(f"{show(name)} is packed in a rare way.", "Pack it again as an ordinary ZIP.", "method", name)


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, limit: int) -> bytes:
    """At most `limit` bytes, whatever the entry says of its size; the checksum is compared where all was
    read.
    """
    pieces = []
    left = min(limit, FILE_BYTES + 1)
    with archive.open(entry) as file:
        while left > 0 and (piece := file.read(min(left, _PIECE))):
            pieces.append(piece)
            left -= len(piece)
    return b"".join(pieces)


def _refuse(what: str, cure: str, kind: str, name: str | None = None) -> NoReturn:
    raise SubmissionRefused(what, cure, kind=kind, file=None if name is None else show(name))
