"""A run's database: who may enter, what the judge may touch, and that nothing of it stays."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from tests.postgres.conftest import Guest, build_shop

from djudge.engine.errors import CandidateFault, InfrastructureError, TaskFault
from djudge.engine.postgres.cluster import Cluster
from djudge.engine.postgres.databases import Connection, Database, drop_leftovers
from djudge.engine.postgres.sizes import Quota, read_sizes, require_quota
from djudge.engine.postgres.statistics import tables_without_statistics
from djudge.engine.postgres.templates import Template, Templates
from djudge.engine.postgres.witness.witness import Witness


def roles_and_databases(cluster: Cluster) -> set[str]:
    """Everything that a run could leave in the cluster's shared catalogs."""
    rows = cluster.admin.execute(
        "SELECT rolname FROM pg_roles UNION ALL SELECT datname FROM pg_database"
        " UNION ALL SELECT 'setting ' || setdatabase || ' ' || setrole FROM pg_db_role_setting"
    )
    return {str(name) for (name,) in rows}


def connect(cluster: Cluster, **changes: str) -> psycopg.Connection[tuple[object, ...]]:
    """A connection with some of its facts replaced."""
    return psycopg.connect(host=str(cluster.socket_folder), connect_timeout=5, **changes)


def test_a_dropped_database_leaves_no_role_setting_or_session(cluster: Cluster, shop: Template) -> None:
    before = roles_and_databases(cluster)
    database = shop.clone()
    for _ in range(3):
        database.login()
    with database.arrange() as connection:
        connection.execute("CREATE EXTENSION pg_trgm; CREATE SCHEMA more; CREATE TABLE more.rows (id int)")
        connection.execute("SELECT lo_create(4711); SELECT pg_advisory_lock(1); LISTEN news")
        connection.execute("ALTER ROLE CURRENT_USER SET work_mem = '1MB'")
        connection.execute("ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO PUBLIC")
    session = connect(
        cluster,
        user=database.logins[0].role,
        password=database.logins[0].password,
        dbname=database.name,
    )
    session.execute("SELECT pg_advisory_lock(2)")
    database.drop()
    database.drop()
    with pytest.raises(psycopg.OperationalError):
        session.execute("SELECT 1")
    session.close()
    assert roles_and_databases(cluster) == before


def test_a_role_enters_its_own_database_and_no_other(
    cluster: Cluster, shop: Template, guests: Callable[[], Guest]
) -> None:
    guest = guests()
    other = shop.clone()
    try:
        mine = {"user": guest.login.role, "password": guest.login.password}
        connect(cluster, **mine, dbname=guest.database.name).close()
        for dbname in (other.name, "postgres", "template1", shop.name):
            with pytest.raises(psycopg.OperationalError, match=r"rejects connection|not currently accepting|pg_hba"):
                connect(cluster, **mine, dbname=dbname)
        for user in ("postgres", other.owner, guest.database.owner, shop.name, "nobody"):
            with pytest.raises(psycopg.OperationalError):
                connect(cluster, user=user, password=guest.login.password, dbname=guest.database.name)
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            connect(cluster, user=guest.login.role, password="wrong", dbname=guest.database.name)
    finally:
        other.drop()


def test_the_guest_is_told_a_url_and_the_parts_of_it(cluster: Cluster, guest: Guest) -> None:
    told = guest.login.environ()
    assert told["PGHOST"] == "/run/postgresql"
    assert told["DATABASE_URL"].endswith(f"@/{guest.database.name}?host=/run/postgresql")
    told = guest.login.environ(str(cluster.socket_folder))
    with psycopg.connect(told["DATABASE_URL"]) as connection:
        row = connection.execute("SELECT current_user, session_user").fetchone()
    assert row == (guest.database.owner, guest.login.role)


def test_objects_of_the_template_belong_to_the_run(guest: Guest) -> None:
    guest.run(
        "ALTER TABLE product ADD COLUMN stock int",
        "DROP FUNCTION name_of(int)",
        "DROP SCHEMA public CASCADE",
        "CREATE SCHEMA public",
        "CREATE TABLE product (id int)",
    )
    assert guest.read().unmeasured == 0


TRAPS = {
    "trigger": (
        "CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {act}; RETURN NEW; END $$",
        "CREATE TRIGGER trap BEFORE INSERT ON secret FOR EACH ROW EXECUTE FUNCTION trap()",
    ),
    "default": (
        "CREATE FUNCTION trap() RETURNS text LANGUAGE plpgsql AS $$ BEGIN {act}; RETURN 'x'; END $$",
        "ALTER TABLE secret ALTER COLUMN word SET DEFAULT trap()",
    ),
    "rule": (
        "CREATE FUNCTION trap() RETURNS text LANGUAGE plpgsql AS $$ BEGIN {act}; RETURN 'x'; END $$",
        "CREATE RULE trap AS ON INSERT TO secret DO ALSO SELECT trap()",
    ),
    "index": (
        "CREATE FUNCTION trap(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS"
        " $$ BEGIN IF $1 = 'arranged' OR $1 IS NULL THEN {act}; END IF; RETURN $1; END $$",
        "CREATE INDEX trap ON secret (trap(word))",
    ),
}


def again(make: str) -> str:
    """The statement that replaces a trap by another, which need not keep the first one's promises."""
    return make.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").replace("IMMUTABLE", "VOLATILE")


@pytest.mark.parametrize("kind", TRAPS)
def test_what_a_candidate_left_in_a_table_runs_without_the_judges_rights(guest: Guest, kind: str) -> None:
    witnessed = "INSERT INTO caught VALUES (current_user::text, session_user::text)"
    attack = "EXECUTE 'COPY (SELECT 1) TO PROGRAM ''true'''"
    make, *place = TRAPS[kind]
    guest.run("CREATE TABLE caught (as_user text, login text)", make.format(act="PERFORM 1"), *place)
    guest.run(again(make).format(act=witnessed))
    insert = "INSERT INTO secret (id, word) VALUES (9001, 'arranged')"
    if kind == "default":
        insert = "INSERT INTO secret (id) VALUES (9001)"
    with guest.database.arrange() as connection:
        connection.execute(insert.encode())
        row = connection.execute("SELECT DISTINCT as_user FROM caught").fetchone()
        assert row == (guest.database.owner,)
        guest.run(again(make).format(act=attack))
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="program"):
            connection.execute(insert.replace("9001", "9002").encode())


def test_statistics_are_made_without_the_judges_rights(guest: Guest) -> None:
    attack = "EXECUTE 'COPY (SELECT 1) TO PROGRAM ''true'''"
    make, place = TRAPS["index"]
    guest.run(make.format(act="PERFORM 1"), place, "UPDATE secret SET word = 'arranged' WHERE id < 10")
    guest.run(again(make).format(act=attack))
    with pytest.raises(CandidateFault) as caught:
        guest.database.analyze_changed()
    assert (caught.value.kind, "program" in caught.value.detail) == ("analyze_failed", True)


def test_the_judge_does_not_wait_for_ever_for_a_candidates_lock(guest: Guest) -> None:
    with guest.session() as holder:
        holder.execute("BEGIN; LOCK TABLE secret IN ACCESS EXCLUSIVE MODE")
        with guest.database.arrange() as connection:
            connection.execute("SET lock_timeout = '50ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                connection.execute("SELECT * FROM secret")
        assert guest.witness.read(guest.database, guest.login, seconds=0.02).settled is False
    assert guest.read().settled


def test_sessions_that_outlive_their_guest_are_ended(cluster: Cluster, shop: Template) -> None:
    database = shop.clone()
    login = database.login()
    session = connect(cluster, user=login.role, password=login.password, dbname=database.name)
    session.execute("SELECT 1")
    database.end_sessions(grace=0.05)
    with pytest.raises(psycopg.errors.AdminShutdown):
        session.execute("SELECT 1")
    session.close()
    database.drop()


def test_analysing_after_a_migration_touches_the_changed_tables_only(guest: Guest) -> None:
    assert guest.database.analyze_changed() == ()
    guest.run(
        "ALTER TABLE brand ADD COLUMN country text DEFAULT 'x' NOT NULL",
        "UPDATE secret SET word = 'y' WHERE id = 1",
        "CREATE TABLE shelf AS SELECT n AS id FROM generate_series(1, 5000) AS n",
    )
    assert guest.database.analyze_changed() == ("public.brand", "public.secret", "public.shelf")
    assert guest.database.analyze_changed() == ()


def test_a_template_is_frozen_analysed_and_closed(cluster: Cluster, shop: Template) -> None:
    with pytest.raises(InfrastructureError, match="not currently accepting connections"):
        cluster.connect_admin(shop.name)
    database = shop.clone()
    try:
        with cluster.connect_admin(database.name) as admin:
            assert tables_without_statistics(admin) == ()
            row = admin.execute(
                "SELECT reltuples::int, relallvisible = relpages FROM pg_class WHERE relname = 'product'"
            ).fetchone()
        assert row == (1000, True)
    finally:
        database.drop()


def test_a_template_that_is_too_large_or_fails_leaves_nothing(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = roles_and_databases(cluster)
    monkeypatch.setattr("djudge.engine.postgres.templates.LARGEST_TEMPLATE_BYTES", 7 << 20)
    with pytest.raises(TaskFault, match="MB are allowed"):
        Templates(cluster).ensure("large", build_shop)

    def broken(database: Database) -> None:
        build_shop(database)
        raise RuntimeError("the task's data script failed")

    with pytest.raises(RuntimeError):
        Templates(cluster).ensure("broken", broken)
    assert roles_and_databases(cluster) == before


def test_a_bulk_database_logs_no_statements_inside_others(cluster: Cluster, shop: Template) -> None:
    database = shop.clone(bulk=True)
    try:
        guest = Guest(cluster, database, database.login(), Witness(cluster))
        guest.run("SELECT name_of(id) FROM product")
        reading = guest.read()
        assert (reading.executions, reading.unmeasured, reading.rows) == (1, 0, 1000)
        table = guest.witness.counters(database).table("brand")
        assert table is not None
        assert table.idx_tup_fetch == 1000
    finally:
        database.drop()


def test_a_run_that_fills_the_disk_is_told_its_limit(guest: Guest) -> None:
    small = Quota(database_mb=12, temporary_mb=1)
    assert require_quota(guest.database, small).database < 12 << 20
    with guest.session() as connection:
        connection.execute("SET work_mem = '64kB'")
        connection.execute(
            "BEGIN; DECLARE c CURSOR FOR SELECT g, md5(g::text) m FROM generate_series(1, 60000) g ORDER BY m"
        )
        connection.execute("FETCH 1 FROM c")
        with pytest.raises(CandidateFault) as caught:
            require_quota(guest.database, small)
        assert caught.value.kind == "temporary_limit"
        connection.execute("ROLLBACK")
        connection.execute("CREATE TABLE big AS SELECT repeat('x', 1000) AS x FROM generate_series(1, 6000)")
    with pytest.raises(CandidateFault) as caught:
        require_quota(guest.database, small)
    assert caught.value.kind == "database_limit"
    assert read_sizes(guest.database).wal < 400 << 20


def test_sessions_that_hold_much_memory_are_told_their_limit(guest: Guest) -> None:
    with guest.session() as first, guest.session() as second:
        for connection in (first, second):
            connection.execute("SET work_mem = '1GB'; BEGIN")
            connection.execute(
                "DECLARE c CURSOR FOR SELECT g, repeat('x', 500) FROM generate_series(1, 60000) g ORDER BY 1"
            )
            connection.execute("FETCH 1 FROM c")
        assert read_sizes(guest.database).memory > 40 << 20
        with pytest.raises(CandidateFault) as caught:
            require_quota(guest.database, Quota(memory_mb=40))
        assert caught.value.kind == "database_memory_limit"
    require_quota(guest.database, Quota())


def test_what_a_killed_run_left_is_dropped_before_the_next(cluster: Cluster, shop: Template) -> None:
    before = roles_and_databases(cluster)
    lost = [shop.clone(), shop.clone()]
    lost[0].login()
    cluster.admin.execute(f"DROP DATABASE {lost[1].name}".encode())
    assert drop_leftovers(cluster) == 2
    assert drop_leftovers(cluster) == 0
    assert roles_and_databases(cluster) == before


def test_sorts_and_values_beyond_all_bounds_are_errors_of_the_statement(cluster: Cluster, guest: Guest) -> None:
    with guest.session() as connection:
        with pytest.raises(psycopg.errors.OutOfMemory):
            connection.execute("SET work_mem = '8GB'; SELECT length(repeat('x', 1000000000) || repeat('y', 70000000))")
        with pytest.raises(psycopg.errors.ConfigurationLimitExceeded):
            connection.execute("SET work_mem = '64kB'; SELECT n FROM generate_series(1, 20000000) AS n ORDER BY -n")
    assert cluster.alive()


def open_on_and_on(guest: Guest, sessions: list[Connection]) -> None:
    """Open sessions until the server refuses."""
    while True:
        sessions.append(guest.open())


def test_a_guest_can_not_take_all_connections(cluster: Cluster, guests: Callable[[], Guest]) -> None:
    sessions: list[Connection] = []
    try:
        for guest in [guests() for _ in range(9)]:
            with pytest.raises(psycopg.OperationalError, match=r"too many connections|reserved"):
                open_on_and_on(guest, sessions)
        cluster.connect_admin().close()
        if cluster.binaries.major >= 16:
            with guests().database.arrange() as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        for session in sessions:
            session.close()
