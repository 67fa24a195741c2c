"""The same attacks where the judge is no root: server and guest then have one outer user, and no uid separates them.

The battery runs once as an ordinary user over cases whose walls are built in another way for one. Each has to be
refused for the very reason for which it is refused when the judge is root.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from djudge.engine.folders import data_folder
from tests.attacks.battery import CHECKOUT, Case, cases
from tests.plain_user import GID, UID, run_as_plain_user

pytestmark = pytest.mark.plain_user

#: Processes, memory, files, signals, namespaces, networks, what is left for others, the database, and the wire.
CHOSEN = (
    "A01_fork_bomb", "A05_memory_of_many_children", "A10_relay_of_short_lives", "B01_judges_files",
    "B01_judges_files_behind_landlock", "B01_proc_sys_devices", "B02_changes_the_environment",
    "B02_replaces_the_database_socket", "B03_other_processes", "B03_reads_other_processes",
    "B03_signals_behind_landlock", "B04_mounts", "B04_new_namespaces", "B06_left_over_descriptors",
    "B08_places_in_the_submission", "B08_unremovable_folders", "C01_network_behind_the_filter",
    "C02_clusters_of_other_slots", "C03_other_slots_sockets", "C04_listens", "C04_other_ports",
    "D01_left_in_the_server", "D01_left_on_the_machine",
    "D02_zygote", "D03_left_in_the_database", "E09_out_of_the_database",
)  # fmt: skip
#: What only a judge who is root can be asked: an ordinary user's guest has no other user to become.
NEED_ROOT = ("B04_becomes_another_user", "B04_file_handles")


@pytest.fixture(scope="module")
def told() -> Iterator[list[str]]:
    """The lines of one run over all of them, and what was left in the folders that it could write to."""
    if os.geteuid() != 0:
        pytest.skip("needs root to begin with")
    home = Path(tempfile.mkdtemp(prefix="plain-", dir="/tmp"))
    try:
        places = {"DJUDGE_DATA": home / "data", "DJUDGE_SCRATCH": home / "scratch", "TMPDIR": home / "tmp"}
        for place in places.values():
            place.mkdir()
            os.chown(place, UID, GID)
        home.chmod(0o755)
        (home / "data/environments").symlink_to(data_folder() / "environments")
        environ = {name: str(place) for name, place in places.items()}
        environ |= {"PYTHONPATH": str(CHECKOUT), "PYTHONDONTWRITEBYTECODE": "1"}
        done = run_as_plain_user([sys.executable, "-m", "tests.attacks", *CHOSEN, *NEED_ROOT], environ, timeout=290)
        left = [str(path) for name in ("DJUDGE_SCRATCH", "TMPDIR") for path in places[name].iterdir()]
        assert not left
        assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
        yield done.stdout.decode().splitlines()
    finally:
        shutil.rmtree(home)


def chosen(names: tuple[str, ...]) -> list[Case]:
    return [case for case in cases() if case.folder in names]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("case", chosen(CHOSEN), ids=lambda case: case.folder)
def test_it_is_refused_for_the_same_reason(case: Case, told: list[str]) -> None:
    (line,) = [line for line in told if f" {case.id} {case.title} " in line]
    assert line.startswith("refused "), line
    assert f"[{case.reason}]" in line


@pytest.mark.timeout(300)
@pytest.mark.parametrize("case", chosen(NEED_ROOT), ids=lambda case: case.folder)
def test_what_only_root_can_be_asked_is_said_to_be_so(case: Case, told: list[str]) -> None:
    assert f"needs root {case.id} {case.title}" in told


def test_every_chosen_case_is_there() -> None:
    assert {case.folder for case in chosen(CHOSEN + NEED_ROOT)} == {*CHOSEN, *NEED_ROOT}
