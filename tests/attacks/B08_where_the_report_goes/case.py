"""Makes the place of a report a link, a hard link, a pipe that nobody reads, a full device, or a folder.

The place is looked at before anything runs, and opened without following a link. In the control an ordinary write goes
through the link and replaces the file that it leads to.
"""

import os
from collections.abc import Callable
from pathlib import Path

from tests.attacks.battery import Field, Outcome
from tests.attacks.commands import called, work_folder

from djudge.engine.cli.output import write
from djudge.engine.errors import OperatorFault

REASON = "each place refused, and what it leads to untouched"
OWN = "of somebody else\n"

PLACES: dict[str, Callable[[Path, Path], object]] = {
    "link": lambda place, other: place.symlink_to(other),
    "link to nowhere": lambda place, other: place.symlink_to(other.parent / "new"),
    "link to a device": lambda place, other: place.symlink_to("/dev/null"),
    "hard link": lambda place, other: place.hardlink_to(other),
    "folder": lambda place, other: place.mkdir(),
    "below a file": lambda place, other: (place.parent.rmdir(), place.parent.write_text(OWN)),
}
#: What is found only when it is opened.
LATER: dict[str, Callable[[Path, Path], object]] = {
    **PLACES,
    "pipe": lambda place, other: os.mkfifo(place),
    "locked folder": lambda place, other: place.parent.rmdir(),
}


def attempt(field: Field) -> Outcome:
    wrong = [f"{name}: {said}" for name, put in PLACES.items() if (said := _tried(field, put, _grade))]
    wrong += [f"{name} later: {said}" for name, put in LATER.items() if (said := _tried(field, put, _write))]
    return Outcome(succeeded=bool(wrong), reason=", ".join(wrong) or REASON)


def _tried(field: Field, put: Callable[[Path, Path], object], to: Callable[[Field, Path, Path], str]) -> str:
    """What is wrong; nothing where the place was refused, and nothing else was changed."""
    with work_folder(field) as folder:
        other, place = folder / "other", folder / "place" / "report.json"
        other.write_text(OWN)
        place.parent.mkdir()
        put(place, other)
        said = to(field, folder, place)
        untouched = other.read_text() == OWN and not (folder / "new").exists()
    return said or ("" if untouched else "the other file was changed")


def _grade(field: Field, folder: Path, place: Path) -> str:
    told = called("grade", field.task.id, folder, "--json", place)
    refused = told.status == 2 and f"{place} can't be written" in told.err
    return "" if refused else str(told)


def _write(field: Field, folder: Path, place: Path) -> str:
    """As if the place had changed after it was looked at."""
    try:
        write("mine", place)
    except OperatorFault:
        return ""
    return "written"


def control(field: Field) -> Outcome:
    with work_folder(field) as folder:
        (folder / "other").write_text(OWN)
        (folder / "report.json").symlink_to(folder / "other")
        (folder / "report.json").write_text("mine")
        replaced = (folder / "other").read_text() == "mine"
    return Outcome(succeeded=replaced, reason="the write did not go through the link")
