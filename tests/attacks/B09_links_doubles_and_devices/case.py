"""Hands in archives with links, devices, pipes, the same name twice, names that differ in case, files that are folders.

Only plain files under names of their own come in. In the control a tool that honours links reads the judge's secret
through one, and of two entries of one name the one that was looked at is not the one that is written.
"""

import stat
import zipfile
from functools import partial
from pathlib import Path

from tests.attacks.battery import Field, Outcome
from tests.attacks.commands import handed_in, work_folder
from tests.attacks.secret_file import secret_file

REASON = "each refused as what it is"
VIEWS = "catalogue/views.py"
NEW = "catalogue/new.py"
HONEST, MINE = b"honest = True\n", b"honest = False\n"

#: Entries of an archive: name, mode, content.
ARCHIVES: dict[str, list[tuple[str, int, bytes]]] = {
    "link": [(VIEWS, stat.S_IFLNK | 0o777, b"/etc/passwd")],
    "link upwards": [(NEW, stat.S_IFLNK | 0o777, b"../../../../etc/passwd")],
    "link, then a file through it": [("catalogue/up", stat.S_IFLNK | 0o777, b".."), ("catalogue/up/a.py", 0, MINE)],
    "link named as a folder": [("catalogue/up/", stat.S_IFLNK | 0o777, b"..")],
    "pipe": [(NEW, stat.S_IFIFO | 0o666, b"")],
    "socket": [(NEW, stat.S_IFSOCK | 0o666, b"")],
    "block device": [(NEW, stat.S_IFBLK | 0o666, b"")],
    "character device": [(NEW, stat.S_IFCHR | 0o666, b"")],
    "twice": [(VIEWS, 0, HONEST), (VIEWS, 0, MINE)],
    "twice, composed and apart": [("catalogue/\u00e9.py", 0, HONEST), ("catalogue/e\u0301.py", 0, MINE)],
    "case of files": [(NEW, 0, HONEST), (NEW.replace("new", "New"), 0, MINE)],
    "case of folders": [(NEW, 0, HONEST), (NEW.replace("catalogue", "Catalogue"), 0, MINE)],
    "case beyond ASCII": [("catalogue/stra\u00dfe.py", 0, HONEST), ("catalogue/strasse.py", 0, MINE)],
    "case against the start": [("catalogue/Views.py", 0, MINE)],
    "file and folder": [(NEW, 0, HONEST), (f"{NEW}/inner.py", 0, MINE)],
    "folder where a file is": [(f"{VIEWS}/inner.py", 0, MINE)],
    "file where a folder is": [("catalogue", 0, MINE), ("stallhouse/urls.py", 0, MINE)],
}  # fmt: skip
EXPECTED = {
    **dict.fromkeys(("link", "link upwards", "link, then a file through it", "link named as a folder"), "link"),
    **dict.fromkeys(("pipe", "socket", "block device", "character device"), "special_file"),
    **dict.fromkeys(("twice", "twice, composed and apart"), "duplicate"),
    **dict.fromkeys(("case of files", "case of folders", "case beyond ASCII", "case against the start"), "case_collision"),
    **dict.fromkeys(("file and folder", "folder where a file is"), "name"),
    "file where a folder is": "outside_editable",
}  # fmt: skip


def _archive(entries: list[tuple[str, int, bytes]], folder: Path) -> Path:
    content = b""
    with zipfile.ZipFile(folder / "work.zip", "w") as archive:
        for number, (name, mode, content) in enumerate(entries):
            #: A name of its own while it is written, because the writer warns of doubles.
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            archive.NameToInfo.clear()
            archive.writestr(entry, content)
            assert len(archive.filelist) == number + 1
    return folder / "work.zip"


def attempt(field: Field) -> Outcome:
    makers = {name: partial(_archive, entries) for name, entries in ARCHIVES.items()}
    return handed_in(field, makers, EXPECTED, REASON)


def control(field: Field) -> Outcome:
    with secret_file(field) as secret, work_folder(field) as folder:
        with zipfile.ZipFile(_archive([("a.py", stat.S_IFLNK | 0o777, bytes(secret))], folder)) as archive:
            (folder / "a.py").symlink_to(archive.read("a.py").decode())
        read = (folder / "a.py").read_text() == field.canary
        with zipfile.ZipFile(_archive(ARCHIVES["twice"], folder)) as archive:
            looked_at = archive.read(archive.infolist()[0])
            archive.extractall(folder)
        other = looked_at == HONEST and (folder / VIEWS).read_bytes() == MINE
    return Outcome(succeeded=read and other, reason=f"read the secret: {read}, another file was written: {other}")
