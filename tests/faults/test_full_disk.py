"""A full disk is the operator's matter: it is said where and what to do, and nothing half-written stays behind."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.cli.conftest import changed_by
from tests.cli.terminal import DJUDGE
from tests.faults.conftest import SOLUTION, TASK

from djudge.engine.folders import data_folder

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")

#: Runs what follows where the folder is a disk of its own, in mounts that nobody else sees.
MOUNTED = """
set -eu
mount -t tmpfs -o size="$SIZE" none "$PLACE"
ln -s "$ENVIRONMENTS" "$PLACE/environments"
"$@" > "$SAID" 2>&1 && status=0 || status=$?
find "$PLACE" -mindepth 1 > "$LEFT"
mount -o remount,size=2g "$PLACE"
"$@" "--json=$REPORT" > "$SAID.2" 2>&1 && echo "$status 0" || echo "$status $?"
find "$PLACE" -mindepth 1 -name '.draft-*' -o -name 'djudge-run-*' >> "$LEFT"
"""


class SmallDisk:
    """A folder that is a disk of this size while a command runs in it, and roomy when the command runs again."""

    def __init__(self, folder: Path, size: str, variable: str) -> None:
        self.place, self.size, self.variable = folder / "disk", size, variable
        self._folder = folder
        self.place.mkdir()

    def grade(self, work: Path) -> tuple[int, int]:
        """The exit status on the full disk, and on the roomy one."""
        command = ["unshare", "--mount", "--propagation", "private", "sh", "-c", MOUNTED, "sh"]
        done = subprocess.run(
            [*command, *DJUDGE, "grade", TASK.id, str(work)], env=self._environ(), capture_output=True, text=True,
            check=True,
        )  # fmt: skip
        full, roomy = done.stdout.split()
        return int(full), int(roomy)

    def _environ(self) -> dict[str, str]:
        files = {"SAID": "said", "LEFT": "left", "REPORT": "report"}
        return {
            **os.environ, "SIZE": self.size, "PLACE": str(self.place), self.variable: str(self.place), "COLUMNS": "400",
            "ENVIRONMENTS": str(data_folder() / "environments"),
            **{name: str(self._folder / file) for name, file in files.items()},
        }  # fmt: skip

    def said(self) -> str:
        return (self._folder / "said").read_text()

    def left(self) -> list[str]:
        return (self._folder / "left").read_text().splitlines()

    def canonical(self) -> str:
        return str(json.loads((self._folder / "report").read_text())["canonical_sha256"])


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    for path, content in changed_by(TASK, SOLUTION).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


@pytest.mark.parametrize(
    ("size", "variable"),
    [
        pytest.param("2m", "DJUDGE_SCRATCH", id="no room for a server"),
        pytest.param("200m", "DJUDGE_SCRATCH", id="no room for a run"),
        pytest.param("1m", "DJUDGE_DATA", id="no room to keep a server", marks=pytest.mark.prove),
        pytest.param("40m", "DJUDGE_DATA", id="no room to keep the data"),
    ],
)
def test_a_full_disk_is_named_with_what_to_do_and_with_room_the_report_is_as_ever(
    work: Path, undisturbed: str, size: str, variable: str
) -> None:
    with short_folder() as folder:
        disk = SmallDisk(folder, size, variable)
        assert disk.grade(work) == (2, 0), disk.said()
        said = " ".join(disk.said().split())
        assert "The disk is" in said
        assert "In how Djudge was called or set up:" in said
        assert "What to do: Free some space, or name" in said
        assert variable in said
        assert "Traceback" not in said
        assert [path for path in disk.left() if "/.draft-" in path or "/djudge-run-" in path] == []
        assert disk.canonical() == undisturbed


@contextmanager
def short_folder() -> Iterator[Path]:
    """The address of a socket below it has 107 bytes."""
    folder = Path(f"/tmp/full-{os.getpid()}")
    folder.mkdir()
    try:
        yield folder
    finally:
        subprocess.run(["rm", "-rf", str(folder)], check=True)
