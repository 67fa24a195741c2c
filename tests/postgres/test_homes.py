"""Servers run where their programs lie below a home that only its owner may enter, and for ordinary users."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from tests.plain_user import UID, run_as_plain_user
from tests.postgres.conftest import running

import djudge
from djudge.engine.errors import OperatorFault
from djudge.engine.folders import scratch_folder
from djudge.engine.identities import Identity, SlotIdentities
from djudge.engine.postgres.binaries import find_binaries
from djudge.engine.postgres.cluster import Cluster
from djudge.engine.postgres.private_mounts import passage_for
from djudge.engine.postgres.witness.self_check import self_check

needs_root = pytest.mark.plain_user

GRADE = """
import os, sys
from djudge.engine.folders import scratch_folder
from djudge.engine.postgres.binaries import find_binaries
from djudge.engine.postgres.cluster import Cluster
from djudge.engine.postgres.witness.self_check import self_check
with scratch_folder() as folder, Cluster(folder=folder, binaries=find_binaries()) as cluster:
    self_check(cluster)
    print(os.geteuid(), cluster.socket_folder.stat().st_uid)
"""


def in_a_closed_home(home: Path) -> Path:
    """A copy of the programs, and of the libraries next to them, below a folder of mode 0700."""
    install = find_binaries().bin_folder.parent
    package = home / "site" / install.parent.name
    shutil.copytree(install, package / install.name, ignore=shutil.ignore_patterns("include", "*.a", "pgxs"))
    libraries = install.parent.with_name(install.parent.name + ".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, package.with_name(libraries.name))
    home.chmod(0o700)
    return package / install.name / "bin"


@needs_root
def test_programs_and_scratch_below_a_closed_home_are_reached_without_opening_it(
    identities: SlotIdentities, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scratch_folder() as folder:
        home = folder / "home"
        (home / "scratch").mkdir(parents=True)
        monkeypatch.setenv("DJUDGE_POSTGRES_BIN", str(in_a_closed_home(home)))
        monkeypatch.setenv("DJUDGE_DATA", str(home / "var"))
        monkeypatch.setenv("DJUDGE_SCRATCH", str(home / "scratch"))
        with running(identities) as cluster:
            assert cluster.socket_folder.is_relative_to(home)
            self_check(cluster)
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        assert list((home / "scratch").iterdir()) == []
        assert str(home) not in Path("/proc/self/mounts").read_text()


@needs_root
def test_a_way_is_laid_only_where_one_is_needed(tmp_path: Path) -> None:
    stranger = Identity(65333, 65333)
    (tmp_path / "closed" / "inner").mkdir(parents=True)
    (tmp_path / "open").mkdir()
    for folder in (tmp_path, *tmp_path.parents[:2], tmp_path / "open"):
        folder.chmod(0o755)
    (tmp_path / "closed").chmod(0o700)
    assert not passage_for(stranger, [tmp_path / "open", Path("/usr/bin")])
    passage = passage_for(stranger, [tmp_path / "closed" / "inner", tmp_path / "open"])
    assert passage.covers == (tmp_path / "closed",)
    assert passage.shown == (tmp_path / "closed" / "inner",)


@needs_root
def test_root_gives_the_server_a_user_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(OperatorFault, match="refuses to run as root"):
        Cluster(folder=tmp_path, binaries=find_binaries())


@needs_root
def test_an_ordinary_user_starts_a_server_under_the_own_uid(tmp_path: Path) -> None:
    with scratch_folder() as folder:
        home = folder / "plain"
        home.mkdir()
        os.chown(home, UID, UID)
        environment = {
            "DJUDGE_DATA": str(home / "var"),
            "DJUDGE_SCRATCH": str(home),
            "PYTHONPATH": os.pathsep.join([str(Path(djudge.__file__).parents[1]), *sys.path[1:]]),
        }
        ended = run_as_plain_user([sys.executable, "-c", GRADE], environment)
        assert ended.stderr == b""
        assert ended.stdout.split() == [str(UID).encode()] * 2
        assert [path.name for path in home.iterdir()] == ["var"]


@needs_root
def test_the_servers_user_can_not_read_what_is_ours(identities: SlotIdentities, data: Path) -> None:
    assert identities.server is not None
    with running(identities):
        stored = sorted(data.glob("postgres/*/*/password"))
        assert stored
        for file in stored:
            tried = subprocess.run(
                ["setpriv", f"--reuid={identities.server.uid}", "--clear-groups", "cat", str(file)],
                capture_output=True,
                check=False,
            )
            assert tried.returncode != 0
