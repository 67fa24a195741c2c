"""Every known way to blind the witness leaves a trace: an execution, `unmeasured`, or a gap in the counters."""

from __future__ import annotations

import random
from collections.abc import Callable

import psycopg
import pytest
from tests.postgres.conftest import Guest

from djudge.engine.errors import CandidateFault

SWALLOW = """
DO $code$
DECLARE found record;
BEGIN
  FOR n IN 1..{times} LOOP
    BEGIN
      {read}
      RAISE EXCEPTION 'never mind';
    EXCEPTION WHEN raise_exception OR division_by_zero THEN NULL;
    END;
  END LOOP;
END $code$
"""
STOPPED_MIDWAY = "PERFORM 1 / (500 - id) FROM secret ORDER BY id;"


def gap_rows(guest: Guest, what: str = "rows") -> dict[str, int]:
    """Reads by relation that only the counters saw."""
    return {gap.relation: gap.rows for gap in guest.gaps(guest.read()) if gap.what == what}


@pytest.mark.parametrize("ending", ["ROLLBACK", "disconnect", "error"])
def test_a_cursor_that_is_never_closed_is_unmeasured_and_a_gap(guest: Guest, ending: str) -> None:
    with guest.session() as connection:
        connection.execute("BEGIN")
        connection.execute("DECLARE c CURSOR FOR SELECT * FROM secret")
        assert len(connection.execute("FETCH ALL FROM c").fetchall()) == 500
        if ending == "error":
            with pytest.raises(psycopg.errors.DivisionByZero):
                connection.execute("SELECT 1 / 0")
        elif ending == "ROLLBACK":
            connection.execute("ROLLBACK")
    reading = guest.read()
    assert reading.unmeasured >= 2
    assert {statement.kind for statement in reading.statements if not statement.measured} >= {"plan", "fetch"}
    (gap,) = guest.gaps(reading)
    assert (gap.relation, gap.rows) == ("secret", 500)


def test_data_that_leaves_in_an_error_message_is_unmeasured_and_a_gap(guest: Guest) -> None:
    with guest.session() as connection, pytest.raises(psycopg.errors.InvalidTextRepresentation) as caught:
        connection.execute("SELECT string_agg(word, ',')::int FROM secret")
    assert "," in str(caught.value)
    reading = guest.read()
    assert (reading.executions, reading.unmeasured) == (1, 1)
    assert [(gap.relation, gap.rows) for gap in guest.gaps(reading)] == [("secret", 500)]


def test_reads_whose_error_a_block_swallows_are_a_gap_and_the_block_is_unmeasured(guest: Guest) -> None:
    guest.run(SWALLOW.format(times=10, read=STOPPED_MIDWAY))
    reading = guest.read()
    assert reading.unmeasured == 1
    (gap,) = guest.gaps(reading)
    assert gap.rows >= 10 * 499


def test_reads_whose_error_a_function_swallows_are_a_gap(guest: Guest) -> None:
    body = SWALLOW.format(times=10, read=STOPPED_MIDWAY).replace("DO $code$", "").replace("$code$", "")
    guest.run(f"CREATE FUNCTION quiet() RETURNS void LANGUAGE plpgsql AS $code${body}$code$", "SELECT quiet()")
    reading = guest.read()
    assert (reading.executions, reading.unmeasured) == (2, 0)
    assert guest.witness.gap(guest.database, [reading]) >= 10 * 499


def test_entries_of_an_index_read_in_a_swallowed_error_are_a_gap(guest: Guest) -> None:
    guest.run(
        "VACUUM product",
        "SET enable_seqscan = off",
        SWALLOW.format(times=5, read="PERFORM 1 / (1000 - brand_id) FROM product WHERE brand_id > 0;"),
    )
    assert gap_rows(guest, "entries").keys() | gap_rows(guest).keys() >= {"product_brand"}


def test_a_cursor_inside_a_block_is_a_gap(guest: Guest) -> None:
    guest.run(
        "DO $$ DECLARE c CURSOR FOR SELECT * FROM secret; r record; BEGIN BEGIN OPEN c; LOOP FETCH c INTO r;"
        " EXIT WHEN NOT FOUND; END LOOP; RAISE EXCEPTION 'x'; EXCEPTION WHEN raise_exception THEN NULL; END; END $$"
    )
    assert gap_rows(guest) == {"secret": 500}


def test_rows_fetched_by_their_place_in_a_swallowed_error_are_a_gap(guest: Guest) -> None:
    read = "PERFORM 1 / (8 - id) FROM secret WHERE ctid = ANY(ARRAY['(0,1)','(0,2)','(0,8)']::tid[]);"
    guest.run("SET enable_seqscan = off", SWALLOW.format(times=300, read=read))
    (gap,) = guest.gaps(guest.read())
    assert (gap.what, gap.rows > 800) == ("blocks", True)


def test_fifty_statements_in_one_string_are_fifty_executions(guest: Guest) -> None:
    guest.run("; ".join(f"SELECT word FROM secret WHERE id = {n}" for n in range(1, 51)))
    reading = guest.read()
    assert (reading.executions, reading.unmeasured, reading.largest_bundle) == (50, 0, 50)


def test_fifty_fetches_in_one_string_are_fifty_executions(guest: Guest) -> None:
    guest.run("BEGIN; DECLARE c CURSOR FOR SELECT * FROM secret;" + "FETCH 1 FROM c;" * 50 + "CLOSE c; COMMIT")
    reading = guest.read()
    assert (reading.executions, reading.unmeasured) == (54, 0)
    assert sum(group.rows for group in reading.groups() if group.kind == "fetch") == 50


@pytest.mark.parametrize(
    "text",
    [
        r"SELECT '\''; FETCH 1 FROM c; FETCH 1 FROM c; SELECT '\''",
        "SELECT '; FETCH 1 FROM c'; /* ; */ FETCH 1 FROM c; FETCH 1 FROM c -- ; '",
        "SELECT $a$;$a$; FETCH 1 FROM c; SELECT E'\\';'; FETCH 1 FROM c",
        "SELECT 1 AS \"a;'b\"; FETCH 1 FROM c; SELECT U&'\\003b'; FETCH 1 FROM c",
    ],
)
@pytest.mark.parametrize("setting", ["on", "off"])
def test_no_quoting_hides_a_statement_in_a_string(guest: Guest, text: str, setting: str) -> None:
    with guest.session() as connection:
        connection.execute(f"SET standard_conforming_strings = {setting}; SET backslash_quote = on".encode())
        connection.execute("BEGIN; DECLARE c CURSOR FOR SELECT * FROM secret")
        try:
            connection.execute(text.encode())
            fetched = 2
        except psycopg.Error:
            fetched = 0
    reading = guest.read()
    assert sum(one.executions for one in reading.statements if one.kind == "fetch") >= fetched


def test_server_side_binding_left_in_a_transaction_is_counted(guest: Guest) -> None:
    with guest.session(server_side=True) as connection:
        connection.execute("BEGIN")
        for n in range(1, 21):
            connection.execute("SELECT word FROM secret WHERE id = %s", [n])
        open_reading = guest.witness.read(guest.database, guest.login, seconds=0.05)
    assert not open_reading.settled
    assert open_reading.executions == 21
    assert open_reading.unmeasured == 1
    assert guest.read().unmeasured == 0


def test_the_last_prepared_statement_of_an_aborted_transaction_is_unmeasured(guest: Guest) -> None:
    with guest.session(server_side=True) as connection:
        connection.execute("BEGIN")
        connection.execute("SELECT word FROM secret WHERE id > %s", [0]).fetchall()
    reading = guest.read()
    assert (reading.executions, reading.unmeasured) == (2, 1)
    assert [gap.rows for gap in guest.gaps(reading)] == [500]


def test_statements_in_a_pipeline_are_each_counted(guest: Guest) -> None:
    with guest.session(server_side=True) as connection, connection.pipeline():
        for n in range(1, 31):
            connection.execute("SELECT word FROM secret WHERE id = %s", [n])
    reading = guest.read()
    assert (sum(one.rows for one in reading.statements), reading.unmeasured) == (30, 0)


@pytest.mark.parametrize("name", [b"<unnamed>: SET a.b = 1; --", b"<unnamed>: SET a.b = 1 --", b"a\nb", b": "])
def test_the_name_of_a_prepared_statement_hides_nothing(guest: Guest, name: bytes) -> None:
    with guest.session() as connection:
        server = connection.pgconn
        server.prepare(name, b"SELECT word FROM secret WHERE id < 100")
        server.exec_prepared(name, [])
        server.exec_(b"BEGIN")
        server.exec_prepared(name, [])
    reading = guest.read()
    assert reading.executions >= 3
    assert reading.unmeasured >= 1 or guest.gaps(reading)
    assert [gap.rows for gap in guest.gaps(reading) if gap.what == "rows"] == [99]


REFUSED = [
    "SET log_statement = 'none'",
    "SET LOCAL log_statement = 'none'",
    "SELECT set_config('log_statement', 'none', false)",
    "SET auto_explain.log_min_duration = -1",
    "SET auto_explain.log_nested_statements = off",
    "SET auto_explain.sample_rate = 0",
    "SELECT set_config('auto_explain.log_analyze', 'off', false)",
    "SET log_min_messages = 'panic'",
    "SET log_error_verbosity = 'terse'",
    "SET track_activities = off",
    "SET track_counts = off",
    "SET compute_query_id = off",
    "SET session_preload_libraries = ''",
    "ALTER ROLE CURRENT_USER SET log_statement = 'none'",
    "ALTER ROLE {role} SET auto_explain.log_min_duration = '-1'",
    "ALTER ROLE {role} IN DATABASE {database} SET log_statement = 'none'",
    "ALTER DATABASE {database} SET log_statement = 'none'",
    "ALTER DATABASE {database} ALLOW_CONNECTIONS false",
    "ALTER DATABASE {database} RENAME TO elsewhere",
    "ALTER DATABASE {database} OWNER TO {role}",
    "ALTER SYSTEM SET log_statement = 'none'",
    "ALTER ROLE ALL SET log_statement = 'none'",
    "SELECT pg_reload_conf()",
    "SELECT pg_rotate_logfile()",
    "SELECT pg_stat_reset()",
    "SELECT pg_stat_reset_single_table_counters('secret'::regclass)",
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION postgres",
    "CREATE ROLE accomplice LOGIN",
    "GRANT postgres TO CURRENT_USER",
    "CREATE DATABASE another",
    "DROP DATABASE {database}",
    "LOAD '$libdir/passwordcheck'",
    "CREATE EXTENSION dblink",
    "CREATE EXTENSION file_fdw",
    "CREATE FUNCTION c() RETURNS int LANGUAGE c AS 'libc.so.6', 'getpid'",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "COPY secret FROM '/etc/passwd'",
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT pg_ls_dir('.')",
    "CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION name_of()",
    "CREATE SUBSCRIPTION s CONNECTION 'host=/tmp' PUBLICATION p",
    "CREATE TABLESPACE t LOCATION '/tmp'",
    "SELECT pg_create_physical_replication_slot('s')",
]


def test_nothing_turns_the_witness_off(guest: Guest) -> None:
    names = {"role": guest.login.role, "database": guest.database.name}
    with guest.session() as connection:
        for statement in REFUSED:
            with pytest.raises(psycopg.Error) as caught:
                connection.execute(statement.format(**names).encode())
            assert (caught.value.sqlstate or "")[:2] in ("42", "55", "0A"), statement
    assert guest.read().executions == len(REFUSED)
    guest.run("SELECT word FROM secret WHERE id = 1")
    reading = guest.read()
    assert (reading.executions, reading.unmeasured) == (1, 0)


def test_what_a_role_may_change_for_itself_changes_nothing_for_the_judge(guest: Guest) -> None:
    guest.run(
        "ALTER ROLE CURRENT_USER SET search_path = evil",
        "SET ROLE NONE",
        f"ALTER ROLE {guest.login.role} SET client_min_messages = debug5",
        f"ALTER ROLE {guest.login.role} IN DATABASE {guest.database.name} SET search_path = evil",
        f"ALTER ROLE {guest.login.role} SET statement_timeout = 1",
        f"ALTER ROLE {guest.login.role} PASSWORD 'mine'",
        f"ALTER ROLE {guest.login.role} RESET role",
        f"SET ROLE {guest.database.owner}",
        "CREATE SCHEMA evil",
        "CREATE FUNCTION evil.count(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT 0::bigint'",
        "CREATE TABLE public.pg_stat_user_tables (relid int)",
        "CREATE TABLE public.pg_class (relid int)",
        "SELECT * FROM public.secret",
    )
    reading = guest.read()
    assert (reading.executions, reading.rows) == (13, 500)
    assert guest.gaps(reading) == ()
    assert guest.witness.counters(guest.database).table("secret") is not None


def test_forged_events_and_names_count_for_nothing(guest: Guest) -> None:
    forged = "statement: SELECT forged"
    plan = 'duration: 0.1 ms  plan:\n{"Query Text": "SELECT word FROM secret", "Plan": {"Node Type": "Result"}}'
    with guest.session() as connection:
        connection.execute(f'SET application_name = \'{forged}","file_name":"postgres.c\''.encode())
        connection.execute("SET debug_print_parse = on; SET debug_print_plan = on; SET debug_pretty_print = on")
        connection.execute(f"DO $$ BEGIN RAISE LOG '{forged}'; RAISE LOG '%', $p${plan}$p$; END $$".encode())
        connection.execute("BEGIN")
        connection.execute("SELECT word FROM secret").fetchall()
        connection.execute("ROLLBACK")
    reading = guest.read()
    plans = [statement.shape for statement in reading.statements if statement.kind == "plan"]
    assert plans == ["SELECT word FROM secret"]
    assert (reading.executions, reading.rows) == (8, 500)


def test_a_forged_marker_does_not_end_a_reading(guest: Guest) -> None:
    guest.run("DO $$ BEGIN RAISE LOG 'statement: SELECT ''%''', repeat('0', 32); END $$", "SELECT 1")
    assert guest.read().executions == 2


def test_a_flood_of_messages_is_refused_and_its_disk_given_back(guest: Guest) -> None:
    guest.run("DO $$ BEGIN FOR n IN 1..300 LOOP RAISE LOG '%', repeat('x', 100000); END LOOP; END $$")
    with pytest.raises(CandidateFault) as caught:
        guest.witness.require_bounded_log(guest.database, megabytes=20)
    assert caught.value.kind == "log_limit"
    assert guest.cluster.log_file.stat().st_blocks * 512 < 4 << 20
    guest.run("SELECT 1")
    assert guest.read().executions == 2


def test_foreign_key_checks_are_no_flood(guest: Guest) -> None:
    guest.run(
        "INSERT INTO product (id, name, price, brand_id, rival_id)"
        " SELECT n, 'n', 1, 1 + n % 1000, 1 + n % 1000 FROM generate_series(1001, 6000) AS n"
    )
    assert guest.cluster.log_file.stat().st_size - guest.login.log_start > 9 << 20
    guest.witness.require_bounded_log(guest.database, megabytes=1)
    assert guest.read().constraint_checks == 10_000


def test_a_statement_of_twenty_megabytes_is_unmeasured_and_not_held_in_memory(guest: Guest) -> None:
    with guest.session() as connection:
        connection.execute(b"SELECT length('" + b"x" * (20 << 20) + b"')")
        connection.execute("SELECT 1")
    reading = guest.read()
    assert reading.executions >= 2
    assert reading.unmeasured >= 1
    assert all(len(statement.sql) <= 2000 for statement in reading.statements)


def test_a_table_dropped_after_it_was_read_is_a_gap(guest: Guest) -> None:
    guest.run("CREATE TABLE copied AS SELECT * FROM secret")
    guest.run(SWALLOW.format(times=10, read="PERFORM 1 / (500 - id) FROM copied ORDER BY id;"))
    guest.run("DROP TABLE copied", "CREATE TABLE copied (id int)")
    (gap,) = guest.gaps(guest.read())
    assert gap.what == "gone"
    assert gap.rows >= 10 * 499


def test_a_temporary_table_read_and_dropped_in_one_block_shows_in_the_block_and_in_its_copy(guest: Guest) -> None:
    swallowed = SWALLOW.format(times=50, read="PERFORM 1 / (500 - id) FROM held ORDER BY id;")
    inner = swallowed.split("BEGIN", 1)[1].rsplit("END $code$", 1)[0]
    guest.run(
        "DO $code$ DECLARE found record; BEGIN CREATE TEMPORARY TABLE held AS SELECT * FROM secret;"
        f"{inner} DROP TABLE held; END $code$"
    )
    reading = guest.read()
    assert (reading.executions, reading.unmeasured) == (2, 1)
    assert [one.rows for one in reading.statements if one.nested] == [500]


def test_a_table_of_the_same_name_does_not_stand_in_for_the_one_that_is_read(guest: Guest) -> None:
    swallowed = SWALLOW.format(times=10, read="PERFORM 1 / (500 - id) FROM public.secret ORDER BY id;")
    body = swallowed.replace("DO $code$", "").replace("$code$", "")
    guest.run(
        f"CREATE FUNCTION quiet() RETURNS void LANGUAGE plpgsql AS $code${body}$code$",
        "CREATE TEMPORARY TABLE secret AS SELECT n AS id FROM generate_series(1, 6000) AS n",
        "ALTER TABLE pg_temp.secret ADD CONSTRAINT secret_pkey PRIMARY KEY (id)",
        "SELECT count(*) FROM secret",
        "SET enable_seqscan = off",
        "SELECT id FROM secret WHERE id > 0 ORDER BY id",
        "SELECT quiet()",
    )
    reading = guest.read()
    assert (reading.scans_of("secret"), reading.scans_of("pg_temp.secret")) == (0, 2)
    assert 10 * 499 in [gap.rows for gap in guest.gaps(reading)] or guest.witness.gap(guest.database, [reading]) > 4000


def test_a_join_repeated_over_nothing_buys_no_room_for_hidden_reads(guest: Guest) -> None:
    swallowed = SWALLOW.format(times=3, read=STOPPED_MIDWAY)
    body = swallowed.replace("DO $code$", "").replace("$code$", "")
    guest.run(
        f"CREATE FUNCTION quiet() RETURNS void LANGUAGE plpgsql AS $code${body}$code$",
        "SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_material = off; SET enable_memoize = off",
        *["SELECT count(*) FROM generate_series(1, 150000) AS n JOIN secret ON secret.id = n + 1000000"] * 3,
        "SELECT quiet()",
    )
    assert guest.witness.gap(guest.database, [guest.read()]) >= 3 * 499


def test_random_quoting_never_loses_a_statement(guest: Guest) -> None:
    drawn = random.Random(20)
    pieces = ["'", '"', "$$", "$a$", "/*", "*/", "--", "\n", "\\", ";", "E'", "x", " "]
    with guest.session() as connection:
        for _ in range(150):
            noise = "".join(drawn.choice(pieces) for _ in range(drawn.randrange(12)))
            text = f"SELECT 1; SELECT 2 {noise}"
            connection.execute(f"SET standard_conforming_strings = {drawn.choice(['on', 'off'])}".encode())
            try:
                cursor = connection.execute(text.encode())
            except psycopg.Error:
                continue
            plans = 1
            while cursor.nextset():
                plans += 1
            reading = guest.read()
            assert reading.executions >= plans, text


def test_two_guests_can_not_end_each_others_or_the_judges_sessions(guests: Callable[[], Guest]) -> None:
    alice, bob = guests(), guests()
    with alice.session() as attacker, bob.session() as victim, alice.database.arrange() as arranger:
        arranger.execute("SELECT 1")
        pids = attacker.execute("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'").fetchall()
        own = attacker.info.backend_pid
        for (pid,) in pids:
            if pid != own:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    attacker.execute("SELECT pg_terminate_backend(%s)", [pid])
        assert victim.execute("SELECT 1").fetchone() == (1,)
        assert arranger.execute("SELECT 1").fetchone() == (1,)
