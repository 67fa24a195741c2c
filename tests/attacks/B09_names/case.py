"""Hands in archives with names that lead elsewhere, deceive readers or mean something else on another system.

Names come in as they were written, and each is held against the rules before a byte is unpacked. The control writes
where the names say, as a simple unpacker does, and what it writes lies outside of the folder.
"""

import zipfile
from functools import partial
from pathlib import Path

from tests.attacks.battery import Field, Outcome
from tests.attacks.commands import handed_in, work_folder

REASON = "each name refused as a name"
NAMES = {
    "upwards": "../../catalogue/views.py", "upwards in the middle": "catalogue/../../views.py",
    "upwards in what is ignored": ".git/../../views.py", "upwards at the end": "catalogue/..", "absolute": "/etc/cron.d/mine",
    "absolute twice": "//etc/cron.d/mine", "drive": "C:/views.py", "stream": "catalogue/views.py:hidden",
    "backslash": "catalogue\\..\\..\\views.py", "here": "./catalogue/views.py", "empty part": "catalogue//views.py",
    "newline": "catalogue/a\nb.py", "return": "catalogue/a\rb.py", "escape": "catalogue/a\x1b[2Jb.py",
    "delete": "catalogue/a\x7fb.py", "reversed": "catalogue/a\u202eyp.b.py", "isolated": "catalogue/a\u2066b.py",
    "no width": "catalogue/vie\u200bws.py", "soft hyphen": "catalogue/vie\u00adws.py", "line separator": "catalogue/a\u2028b.py",
    "private use": "catalogue/a\ue000b.py", "no character": "catalogue/a\ufffeb.py", "tag": "catalogue/a\U000e0041b.py",
    "long part": f"catalogue/{'x' * 300}.py", "long path": "catalogue/" + "d/" * 14 + "x" * 110 + "/" + "y" * 110 + "/" + "z" * 110 + "/" + "a" * 110 + ".py",
    "deep": "catalogue/" + "d/" * 30 + "x.py", "trailing space": "catalogue/views.py ", "trailing stop": "catalogue/views.py.",
    "wildcard": "catalogue/*.py", "pipe": "catalogue/|sh.py",
}  # fmt: skip
#: Names that no writer makes: bytes of the archive are changed afterwards.
BYTES = {"NUL": b"views.py\0", "no UTF-8": b"views.p\xff\xfe", "overlong": b"view\xc0\xafa.py"}


def _named(name: str, folder: Path) -> Path:
    with zipfile.ZipFile(folder / "work.zip", "w") as archive:
        archive.writestr(name, b"print('mine')\n")
    return folder / "work.zip"


def _with_bytes(wanted: bytes, folder: Path) -> Path:
    placeholder = b"X" * len(wanted)
    file = _named(f"catalogue/{placeholder.decode()}", folder)
    file.write_bytes(file.read_bytes().replace(placeholder, wanted))
    return file


def attempt(field: Field) -> Outcome:
    makers = {name: partial(_named, text) for name, text in NAMES.items()}
    makers |= {name: partial(_with_bytes, wanted) for name, wanted in BYTES.items()}
    return handed_in(field, makers, dict.fromkeys(makers, "name"), REASON)


def control(field: Field) -> Outcome:
    with work_folder(field) as folder:
        inner = folder / "in" / "here"
        inner.mkdir(parents=True)
        with zipfile.ZipFile(_named(NAMES["upwards"].replace("catalogue/", ""), folder)) as archive:
            for entry in archive.infolist():
                (inner / entry.filename).write_bytes(archive.read(entry))
        outside = [path.name for path in folder.iterdir() if path.name == "views.py"]
    return Outcome(succeeded=outside == ["views.py"], reason="nothing was written outside")
