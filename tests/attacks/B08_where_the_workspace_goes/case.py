"""Makes the place where `djudge start` will write a link, a pipe, a device, a file, or a folder that holds something.

Only an empty folder or a new one is written to, and what was there stays as it was. In the control an ordinary copy
into the same place goes through the link and replaces the files that it leads to.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.attacks.battery import Field, Outcome
from tests.attacks.commands import called, work_folder

REASON = "each place refused, and left as it was"
BRIEF = "BRIEF.md"
OWN = "of somebody else\n"


def _elsewhere(place: Path) -> Path:
    folder = place.parent / "elsewhere"
    folder.mkdir()
    (folder / BRIEF).write_text(OWN)
    return folder


def _linked_inside(place: Path) -> None:
    place.mkdir()
    (place / BRIEF).symlink_to(_elsewhere(place) / BRIEF)


def _hard_link_inside(place: Path) -> None:
    place.mkdir()
    (place / BRIEF).hardlink_to(_elsewhere(place) / BRIEF)


def _folder_for_a_file(place: Path) -> None:
    (place / BRIEF).mkdir(parents=True)


def _prepared_repository(place: Path) -> None:
    (place / ".git").mkdir(parents=True)
    (place / ".git/config").write_text("[core]\nfsmonitor = /bin/false\n")


PLACES: dict[str, Callable[[Path], object]] = {
    "link to a full folder": lambda place: place.symlink_to(_elsewhere(place)),
    "link to nowhere": lambda place: place.symlink_to("nowhere"),
    "link to itself": lambda place: place.symlink_to(place.name),
    "link to a device": lambda place: place.symlink_to("/dev/null"),
    "pipe": os.mkfifo,
    "file": lambda place: place.write_text(OWN),
    "below a file": lambda place: place.parent.rmdir() or place.parent.write_text(OWN),
    "linked file inside": _linked_inside,
    "hard link inside": _hard_link_inside,
    "folder for a file": _folder_for_a_file,
    "repository inside": _prepared_repository,
}


def attempt(field: Field) -> Outcome:
    wrong = [f"{name}: {said}" for name, put in PLACES.items() if (said := _tried(field, put))]
    return Outcome(succeeded=bool(wrong), reason=", ".join(wrong) or REASON)


def _tried(field: Field, put: Callable[[Path], object]) -> str:
    """What is wrong: nothing where the place was refused as the caller's, and is as it was."""
    with work_folder(field) as folder:
        place = folder / "place" / "work"
        place.parent.mkdir()
        put(place)
        before = _state(folder)
        told = called("start", field.task.id, place)
        after = _state(folder)
    if told.status != 2 or not told.err.startswith("In how Djudge was called or set up: "):
        return str(told)
    return "" if before == after else f"{sorted(after ^ before)} changed"


def _state(folder: Path) -> set[tuple[str, int, str]]:
    """Names, kinds, and the contents of files."""
    return {
        (str(path), path.lstat().st_mode, path.read_text() if path.is_file() and not path.is_symlink() else "")
        for path in folder.rglob("*")
    }


def control(field: Field) -> Outcome:
    with work_folder(field) as folder:
        place = folder / "work"
        _linked_inside(place)
        source = folder / "source"
        source.mkdir()
        (source / BRIEF).write_text("mine")
        shutil.copytree(source, place, dirs_exist_ok=True)
        replaced = (folder / "elsewhere" / BRIEF).read_text() == "mine"
    return Outcome(succeeded=replaced, reason="the copy did not go through the link")
