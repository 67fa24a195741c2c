"""The judge is killed outright, or politely: nothing of it goes on, and the next start removes what it left."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from tests.cli.conftest import changed_by
from tests.cli.terminal import DJUDGE, Terminal, files_left, private_places

from djudge.engine.cli.library import named_task
from djudge.engine.folders import data_folder

TASK = named_task("SH4")

#: What a command has printed when it is killed.
MOMENTS = {
    "while the zygote starts": "starting: the zygote",
    "while the server starts": "starting: PostgreSQL",
    "while it observes": "observing: 2 of",
    "late": "observing: 8 of",
    "with one's own code": "observing: 3 of",
}


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A submission."""
    folder = tmp_path_factory.mktemp("work")
    for path, content in changed_by(TASK, "junior").items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


@pytest.fixture
def places() -> Iterator[dict[str, str]]:
    with private_places(data_folder()) as environ:
        yield environ


def graded(work: Path, environ: dict[str, str], report: Path) -> str:
    """The canonical digest of a grading that nobody disturbs."""
    with Terminal([*DJUDGE, "grade", "SH4", str(work), f"--json={report}"], environ) as terminal:
        assert terminal.wait(120) == 0, terminal.text
    digest = json.loads(report.read_text())["canonical_sha256"]
    assert len(digest) == 64
    return str(digest)


def kill(terminal: Terminal, *, with_its_servers: bool) -> None:
    """SIGKILL to the judge; or to everything of it at once, as a machine does that stops a service."""
    below = terminal.look() if with_its_servers else []
    terminal.process.kill()
    for process in below:
        if process.is_running():
            process.kill()
    assert terminal.process.wait() == -signal.SIGKILL


def segments() -> set[str]:
    """System V memory of slots' users."""
    lines = [line.split() for line in Path("/proc/sysvipc/shm").read_text().splitlines()[1:]]
    return {line[1] for line in lines if int(line[9]) >= 1_870_000_000}


def test_the_next_start_removes_what_killed_judges_left_and_grades_as_ever(
    work: Path, places: dict[str, str], tmp_path: Path
) -> None:
    undisturbed = graded(work, places, tmp_path / "undisturbed.json")
    assert files_left(places) == []
    for number, (name, moment) in enumerate(MOMENTS.items()):
        own_code = ["--own-code"] if "own code" in name else []
        with Terminal([*DJUDGE, "grade", "SH4", str(work), *own_code], places) as terminal:
            terminal.read_until(moment)
            kill(terminal, with_its_servers=bool(own_code) or number % 2 == 1)
            assert terminal.left() == []
    assert files_left(places), "a killed judge can't clean up; else this test shows nothing"
    assert graded(work, places, tmp_path / "next.json") == undisturbed
    assert files_left(places) == []


def test_a_start_leaves_the_folders_of_a_judge_that_runs(work: Path, places: dict[str, str], tmp_path: Path) -> None:
    """Two gradings of one folder at once, and the second starts beside what a third left: all three agree."""
    with Terminal([*DJUDGE, "grade", "SH4", str(work)], places) as killed:
        killed.read_until("observing: 1 of")
        kill(killed, with_its_servers=False)
    first_report = tmp_path / "first.json"
    with Terminal([*DJUDGE, "grade", "SH4", str(work), f"--json={first_report}"], places) as first:
        first.read_until("observing: 1 of")
        second = graded(work, places, tmp_path / "second.json")
        assert first.wait(120) == 0, first.text
    assert json.loads(first_report.read_text())["canonical_sha256"] == second
    assert files_left(places) == []


@pytest.mark.parametrize(
    ("number", "moment"),
    [(signal.SIGTERM, "starting: PostgreSQL"), (signal.SIGHUP, "observing: 3 of"), (signal.SIGTERM, "judging")],
    ids=["SIGTERM while starting", "SIGHUP while observing", "SIGTERM while judging"],
)
def test_a_polite_end_leaves_nothing_for_the_next_start(
    work: Path, places: dict[str, str], number: signal.Signals, moment: str
) -> None:
    with Terminal([*DJUDGE, "grade", "SH4", str(work)], places) as terminal:
        terminal.read_until(moment)
        terminal.process.send_signal(number)
        status = terminal.wait()
        assert status == 130 or (moment == "judging" and status == 0)  # judging takes some milliseconds
        assert "Traceback" not in terminal.text
        assert terminal.left() == []
    assert files_left(places) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user's segments can't be told from other programs'")
def test_the_memory_that_a_killed_server_shared_is_freed(work: Path, places: dict[str, str], tmp_path: Path) -> None:
    """Seen through the segment itself: other slots of this machine come and go meanwhile.

    It is looked for before the kill. Afterwards whichever judge of this machine starts first may free it.
    """
    with Terminal([*DJUDGE, "grade", "SH4", str(work)], places) as terminal:
        terminal.read_until("observing: 2 of")
        (data,) = Path(places["DJUDGE_SCRATCH"]).glob("djudge-run-*/data/postmaster.pid")
        segment = data.read_text().splitlines()[6].split()[1]
        assert segment in segments()
        kill(terminal, with_its_servers=True)
        psutil.wait_procs(terminal.look(), timeout=5)
    deadline = time.monotonic() + 60
    while segment in segments() and time.monotonic() < deadline:  # the number may be in another's hands by now
        graded(work, places, tmp_path / "next.json")
    assert segment not in segments()
