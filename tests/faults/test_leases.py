"""Folders of the living stay, folders of the dead go, and nothing that lies in one leads out of it."""

from __future__ import annotations

import os
import resource
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.plain_user import GID, UID, run_as_plain_user

from djudge.engine.errors import OperatorFault
from djudge.engine.folders import scratch_folder
from djudge.engine.leases import leased_folder, sweep
from djudge.engine.postgres.binaries import find_binaries
from djudge.engine.postgres.ready import ReadyFolders

PREFIX = "lease-"

HOLDING = """
import sys, time
from pathlib import Path
from djudge.engine.leases import leased_folder
with leased_folder(Path(sys.argv[1]), "lease-") as folder:
    (folder / "file").write_text("of the living")
    print(folder, flush=True)
    time.sleep(60)
"""


@contextmanager
def holder(parent: Path, code: str = HOLDING) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """A process that holds a folder below `parent`; killed afterwards."""
    process = subprocess.Popen([sys.executable, "-c", code, str(parent)], stdout=subprocess.PIPE)
    with process:
        assert process.stdout is not None
        yield process, Path(process.stdout.readline().decode().strip())
        process.kill()


def abandoned(parent: Path) -> Path:
    """A folder as a killed process leaves it."""
    with holder(parent) as (process, folder):
        process.send_signal(signal.SIGKILL)
    assert (folder / "file").is_file()
    return folder


def test_what_a_killed_process_held_goes_and_what_a_living_one_holds_stays(tmp_path: Path) -> None:
    dead = abandoned(tmp_path)
    with holder(tmp_path) as (_, living):
        assert sweep(tmp_path, PREFIX) == 1
        assert not dead.exists()
        assert (living / "file").read_text() == "of the living"
        assert sweep(tmp_path, PREFIX) == 0


FORKING = """
import os, sys, time
from pathlib import Path
from djudge.engine.leases import leased_folder
with leased_folder(Path(sys.argv[1]), "lease-"):
    child = os.fork()
    if child:
        print(child, flush=True)
    time.sleep(60)
"""


def test_a_folder_is_held_while_a_child_of_its_maker_lives(tmp_path: Path) -> None:
    with holder(tmp_path, FORKING) as (process, child):
        process.kill()
        process.wait()
        assert sweep(tmp_path, PREFIX) == 0
        handle = os.pidfd_open(int(child.name))
        signal.pidfd_send_signal(handle, signal.SIGKILL)
        select.select([handle], [], [])
        os.close(handle)
        assert sweep(tmp_path, PREFIX) == 1


def test_a_folder_that_was_renamed_is_kept_with_all_that_is_in_it(tmp_path: Path) -> None:
    with leased_folder(tmp_path, PREFIX) as folder:
        (folder / "file").write_text("kept")
        folder.rename(tmp_path / "kept")
    assert (tmp_path / "kept" / "file").read_text() == "kept"


def test_folders_of_others_files_and_links_of_that_name_are_left_alone(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").touch()
    (tmp_path / "lease-file").touch()
    (tmp_path / "lease-link").symlink_to(outside)
    (tmp_path / "other-folder").mkdir()
    expected = 0
    if os.geteuid() == 0:
        (tmp_path / "lease-of-another").mkdir()
        os.chown(tmp_path / "lease-of-another", UID, GID)
        expected = 1
    before = sorted(tmp_path.rglob("*"))
    assert sweep(tmp_path, PREFIX) == 0
    assert sorted(tmp_path.rglob("*")) == before
    assert len(list(tmp_path.glob("lease-of-*"))) == expected


def test_hostile_content_is_removed_and_leads_nowhere(tmp_path: Path) -> None:
    dead = abandoned(tmp_path)
    outside = tmp_path / "outside"
    outside.mkdir(mode=0o750)
    (outside / "file").write_text("untouched")
    (dead / "to a folder").symlink_to(outside)
    (dead / "to nothing").symlink_to(tmp_path / "nothing")
    (dead / "around").symlink_to(".")
    os.mkfifo(dead / "pipe")
    os.link(outside / "file", dead / "hard link")
    (dead / "closed").mkdir()
    (dead / "closed" / os.fsdecode(b"\xff\n*")).touch(mode=0)
    (dead / "closed").chmod(0)
    with socket.socket(socket.AF_UNIX) as own:
        own.bind(str(dead / "socket"))
    if os.geteuid() == 0:
        for path in (dead / "pipe", dead / "closed", dead / "to a folder"):
            os.chown(path, UID, GID, follow_symlinks=False)
    assert sweep(tmp_path, PREFIX) == (1 if os.geteuid() == 0 else 0)  # a closed folder stays closed to its own user
    assert dead.exists() == (os.geteuid() != 0)
    assert (outside / "file").read_text() == "untouched"
    assert outside.stat().st_mode & 0o777 == 0o750


@pytest.mark.parametrize("depth", [3000])
def test_no_depth_exhausts_the_one_who_removes(tmp_path: Path, depth: int) -> None:
    dead = abandoned(tmp_path)
    code = f"import os\nfor _ in range({depth}):\n    os.mkdir('d'); open('f', 'w').close(); os.chdir('d')"
    subprocess.run([sys.executable, "-c", code], cwd=dead, check=True)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    try:
        assert sweep(tmp_path, PREFIX) == 1
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert not dead.exists()


CONTENDING = """
import sys
from pathlib import Path
from djudge.engine.leases import leased_folder, sweep
parent = Path(sys.argv[1])
for number in range(300):
    sweep(parent, "lease-")
    with leased_folder(parent, "lease-") as folder:
        (folder / "deeper").mkdir()
        (folder / "deeper" / "file").write_text(str(number))
        sweep(parent, "lease-")
        assert (folder / "deeper" / "file").read_text() == str(number)
"""


def test_many_who_start_at_once_never_take_a_living_folder_for_an_abandoned_one(tmp_path: Path) -> None:
    contenders = [subprocess.Popen([sys.executable, "-c", CONTENDING, str(tmp_path)]) for _ in range(4)]
    assert [contender.wait() for contender in contenders] == [0, 0, 0, 0]
    assert list(tmp_path.iterdir()) == []


def test_a_scratch_folder_removes_what_killed_judges_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJUDGE_SCRATCH", str(tmp_path))
    code = HOLDING.replace('leased_folder(Path(sys.argv[1]), "lease-")', "scratch_folder()")
    with holder(tmp_path, code.replace("leases import leased_folder", "folders import scratch_folder")) as (_, dead):
        pass
    assert dead.parent == tmp_path
    assert (dead / "file").is_file()
    with scratch_folder() as folder:
        assert list(tmp_path.iterdir()) == [folder]
        assert folder.stat().st_mode & 0o777 == 0o711
    assert list(tmp_path.iterdir()) == []


@pytest.mark.plain_user
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to begin with")
def test_an_ordinary_user_sweeps_their_own_and_nobody_elses(tmp_path: Path) -> None:
    place = Path("/dev/shm") / f"sweeping-{os.getpid()}"
    place.mkdir()
    place.chmod(0o1777)
    source = str(Path(__file__).parents[2] / "src")
    try:
        ours = abandoned(place)
        killed = HOLDING.replace("time.sleep(60)", "import os; os.kill(os.getpid(), 9)")
        interpreter = str(Path(sys.executable).resolve())
        run_as_plain_user([interpreter, "-c", killed, str(place)], {"PYTHONPATH": source})
        assert len(list(place.iterdir())) == 2
        swept = "import sys, pathlib, djudge.engine.leases as l; print(l.sweep(pathlib.Path(sys.argv[1]), 'lease-'))"
        done = run_as_plain_user([interpreter, "-c", swept, str(place)], {"PYTHONPATH": source})
        assert done.stdout == b"1\n", done.stderr
        assert list(place.iterdir()) == [ours]
    finally:
        subprocess.run(["rm", "-rf", str(place)], check=True)


@pytest.mark.parametrize("place", ["missing", "file"])
def test_a_scratch_folder_that_can_not_be_made_is_the_operators_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("DJUDGE_SCRATCH", str(tmp_path / place))
    with pytest.raises(OperatorFault, match="DJUDGE_SCRATCH"), scratch_folder():
        pass


def test_half_a_server_that_was_being_kept_goes_with_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is nobody's ready server meanwhile: only what is whole gets its name."""
    monkeypatch.setenv("DJUDGE_DATA", str(tmp_path))
    ready = ReadyFolders(find_binaries())
    (location,) = tmp_path.glob("postgres/*")
    with holder(location, HOLDING.replace("lease-", ".draft-")) as (_, draft):
        pass
    assert (draft / "file").is_file()
    (tmp_path / "whole").mkdir()
    ready.keep("a key", tmp_path / "whole", "a password")
    assert not draft.exists()
    assert ready.copy("a key", tmp_path / "copy", None) == "a password"
