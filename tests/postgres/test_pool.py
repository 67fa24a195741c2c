"""Clones wait for guests: nobody else gets in, nothing used comes back, and without a keeper it still works."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import psutil
import psycopg
import pytest
from tests.postgres.conftest import build_shop, running

from djudge.engine.errors import InfrastructureError
from djudge.engine.identities import SlotIdentities
from djudge.engine.postgres.cluster import Cluster
from djudge.engine.postgres.databases import Database, drop_leftovers
from djudge.engine.postgres.pool import WAITING, ClonePool
from djudge.engine.postgres.templates import Template, Templates


@pytest.fixture
def pool(shop: Template) -> Iterator[ClonePool]:
    with ClonePool(shop) as pool:
        yield pool
    drop_leftovers(shop.cluster)


def waiting(cluster: Cluster) -> list[str]:
    """Runs' databases that are closed for connections."""
    found = cluster.admin.execute(
        "SELECT datname FROM pg_database WHERE NOT datallowconn AND datname ~ '^d[0-9a-f]{20}$' ORDER BY 1"
    )
    return [str(name) for (name,) in found]


def once(wanted: int, cluster: Cluster) -> list[str]:
    """The waiting clones, when there are as many as wanted."""
    deadline = time.monotonic() + 10
    while len(found := waiting(cluster)) != wanted and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(found) == wanted
    return found


def take_all(pool: ClonePool) -> list[Database]:
    """What waits, and one more."""
    return [pool.take() for _ in range(WAITING + 1)]


def exists(cluster: Cluster, name: str) -> bool:
    found = cluster.admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    return found is not None


def test_clones_wait_and_each_is_given_to_one_guest(pool: ClonePool, cluster: Cluster) -> None:
    ready = once(WAITING, cluster)
    taken = [pool.take() for _ in range(4)]
    assert {database.name for database in taken[:WAITING]} == set(ready)
    assert len({database.name for database in taken}) == 4
    once(WAITING, cluster)


def test_a_clone_that_was_taken_works_like_any_other(pool: ClonePool) -> None:
    database = pool.take()
    login = database.login()
    with psycopg.connect(
        host=str(database.cluster.socket_folder), user=login.role, password=login.password, dbname=database.name
    ) as connection:
        assert connection.execute("SELECT count(*) FROM product").fetchone() == (1000,)
        connection.execute("DROP TABLE secret")
        owners = connection.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert owners == [(database.owner,)]


def test_nobody_gets_into_a_clone_that_waits(pool: ClonePool, cluster: Cluster) -> None:
    name = once(WAITING, cluster)[0]
    with pytest.raises(InfrastructureError, match="not currently accepting connections"):
        cluster.connect_admin(name)


def test_what_was_given_back_is_gone_and_never_given_out_again(pool: ClonePool, cluster: Cluster) -> None:
    seen = set()
    for _ in range(5):
        database = pool.take()
        assert database.name not in seen
        seen.add(database.name)
        database.login()
        pool.discard(database)
    pool.reclaim()
    assert not [name for name in seen if exists(cluster, name) or exists(cluster, f"{name}_1")]


def test_what_a_killed_run_took_is_reclaimed_and_its_unfetched_answer_is_passed_over(
    pool: ClonePool, cluster: Cluster
) -> None:
    once(WAITING, cluster)
    child = os.fork()
    if child == 0:
        pool.take().login()
        assert pool._socket is not None
        pool._socket.send(b"take 0123456789abcdef")
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    pool.reclaim()
    runs = cluster.admin.execute("SELECT datname FROM pg_database WHERE datallowconn AND datname ~ '^d[0-9a-f]{20}$'")
    assert runs.fetchall() == []
    database = pool.take()
    with cluster.connect_admin(database.name) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_without_its_keeper_a_pool_clones_and_drops_by_itself(pool: ClonePool, cluster: Cluster) -> None:
    once(WAITING, cluster)
    os.kill(pool._keeper, signal.SIGKILL)
    database = pool.take()
    assert exists(cluster, database.name)
    pool.discard(database)
    assert not exists(cluster, database.name)


def test_where_the_server_has_died_the_error_says_so(identities: SlotIdentities) -> None:
    with running(identities) as cluster, ClonePool(Templates(cluster).ensure("shop", build_shop)) as pool:
        once(WAITING, cluster)
        assert cluster._process is not None
        cluster._process.kill()
        cluster._process.wait()
        with pytest.raises(InfrastructureError) as caught:
            take_all(pool)
    assert caught.value.kind == "server_died"


def test_every_clone_is_prepared_and_keeps_no_role_of_it(shop: Template, cluster: Cluster) -> None:
    def prepare(database: Database) -> None:
        with database.arrange() as connection:
            connection.execute("CREATE TABLE prepared ()")

    with ClonePool(shop, prepare=prepare) as pool:
        once(WAITING, cluster)
        for database in take_all(pool):
            with database.arrange() as connection:
                assert connection.execute("SELECT count(*) FROM prepared").fetchone() == (0,)
    drop_leftovers(cluster)


def test_the_keeper_ends_with_its_pool(shop: Template, cluster: Cluster) -> None:
    pool = ClonePool(shop)
    pool.start()
    keeper = psutil.Process(pool._keeper)
    pool.stop()
    pool.stop()
    assert not keeper.is_running()
    drop_leftovers(cluster)
