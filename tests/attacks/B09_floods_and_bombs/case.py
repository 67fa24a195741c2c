"""Hands in archives that are small and become huge, state false sizes, hold a million entries, or are no archive.

The directory is measured before it is parsed, each file is unpacked in pieces up to its limit, and what the archive says
of itself is not believed. In the control the ordinary reader fills 200 MB, and lists 200,000 entries that are one.
"""

import io
import os
import struct
import tracemalloc
import zipfile
from contextlib import suppress
from functools import partial
from pathlib import Path

from tests.attacks.battery import Field, Outcome
from tests.attacks.commands import handed_in, work_folder

from djudge.engine.errors import SubmissionRefused
from djudge.engine.packs.submission import read_submission

REASON = "each refused as what it is, in bounded memory"
VIEWS = "catalogue/views.py"
BOMB_MB, MOST_MB = 200, 64
LISTED = 200_000
DIRECTORY, END = b"PK\x01\x02", b"PK\x05\x06"


def _deflated(folder: Path, **files: int) -> Path:
    """Files of zeros, so many bytes each."""
    with zipfile.ZipFile(folder / "work.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, size in files.items():
            with archive.open(name, "w") as file:
                for _ in range(size // 2**20):
                    file.write(bytes(2**20))
    return folder / "work.zip"


def _bomb(folder: Path) -> Path:
    return _deflated(folder, **{VIEWS: BOMB_MB * 2**20})


def _many_large(folder: Path) -> Path:
    return _deflated(folder, **{f"catalogue/{number}.py": 2**20 for number in range(12)})


def _lying(folder: Path) -> Path:
    """A bomb that says it is a hundred bytes."""
    file = _bomb(folder)
    content = bytearray(file.read_bytes())
    struct.pack_into("<L", content, content.rindex(DIRECTORY) + 24, 100)
    file.write_bytes(content)
    return file


def _entries(count: int, told: int | None, folder: Path) -> Path:
    """So many entries of the directory, all of which are the same file."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a", b"")
    content = held.getvalue()
    start, end = content.rindex(DIRECTORY), content.rindex(END)
    told = min(count, 0xFFFF) if told is None else told
    tail = struct.pack("<4s4H2LH", END, 0, 0, told, told, (end - start) * count, start, 0)
    (folder / "work.zip").write_bytes(content[:start] + content[start:end] * count + tail)
    return folder / "work.zip"


def _of_bytes(content: bytes, folder: Path) -> Path:
    (folder / "work.zip").write_bytes(content)
    return folder / "work.zip"


def _sparse(folder: Path) -> Path:
    with (folder / "work.zip").open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(50 * 2**30)
    return folder / "work.zip"


def _pipe(folder: Path) -> Path:
    os.mkfifo(folder / "work.zip")
    return folder / "work.zip"


def _changed(at: bytes, offset: int, value: int, folder: Path) -> Path:
    """An archive of one file, with a field of two bytes changed."""
    file = _deflated(folder, **{VIEWS: 2**20})
    content = bytearray(file.read_bytes())
    struct.pack_into("<H", content, content.rindex(at) + offset, value)
    file.write_bytes(content)
    return file


MAKERS = {
    "bomb": _bomb, "large together": _many_large, "false size": _lying, "50 GB of nothing": _sparse, "pipe": _pipe,
    "a million entries": partial(_entries, 1_000_000, None), "many entries": partial(_entries, 4_000, None),
    "many entries that are told as one": partial(_entries, 200_000, 1), "encrypted": partial(_changed, DIRECTORY, 8, 1),
    "rare method": partial(_changed, DIRECTORY, 10, 12), "unknown method": partial(_changed, DIRECTORY, 10, 99),
    "false directory": partial(_changed, END, 16, 0xFFFF), "tar": partial(_of_bytes, bytes(257) + b"ustar\0" + bytes(249)),
    "other archive": partial(_of_bytes, b"7z\xbc\xaf\x27\x1c" + bytes(100)), "nothing": partial(_of_bytes, b""),
    "half": partial(_of_bytes, b"PK\x03\x04" + bytes(100)),
}  # fmt: skip
EXPECTED = {
    "bomb": "too_large", "large together": "too_large", "false size": "broken_archive", "50 GB of nothing": "too_large",
    "pipe": "special_file", "a million entries": "too_large", "many entries": "too_many_files",
    "many entries that are told as one": "too_many_files", "encrypted": "encrypted", "rare method": "method",
    "unknown method": "method", "false directory": "broken_archive", "tar": "not_an_archive",
    "other archive": "not_an_archive", "nothing": "not_an_archive", "half": "broken_archive",
}  # fmt: skip


def attempt(field: Field) -> Outcome:
    for name, maker in MAKERS.items():
        with work_folder(field) as folder:
            grown = _grown_mb(field, maker(folder))
        if grown > MOST_MB:
            return Outcome(succeeded=True, reason=f"the judge took {grown} MB for {name}")
    return handed_in(field, MAKERS, EXPECTED, REASON)


def _grown_mb(field: Field, place: Path) -> int:
    """What reading it took at its height, whatever becomes of it."""
    tracemalloc.start()
    try:
        with suppress(SubmissionRefused):
            read_submission(field.task, place)
        return tracemalloc.get_traced_memory()[1] // 2**20
    finally:
        tracemalloc.stop()


def control(field: Field) -> Outcome:
    with work_folder(field) as folder:
        with zipfile.ZipFile(_bomb(folder)) as archive:
            unpacked = len(archive.read(VIEWS))
        with zipfile.ZipFile(_entries(LISTED, None, folder)) as archive:
            listed = len(archive.infolist())
    fine = unpacked == BOMB_MB * 2**20 and listed == LISTED
    return Outcome(succeeded=fine, reason=f"{unpacked} bytes, {listed} entries")
