"""The witness counts executions, rows and blocks, however the statements reached the server."""

from __future__ import annotations

import threading
from collections.abc import Callable

import psycopg
import pytest
from psycopg import Connection
from psycopg.rows import TupleRow
from tests.postgres.conftest import Guest, shapes

LIST = "SELECT id, brand_id FROM product ORDER BY id LIMIT {}"
ONE = "SELECT name FROM brand WHERE id = {}"


def list_with_a_lookup_each(connection: Connection[TupleRow], n: int) -> None:
    """2n + 1 statements: a list, and for each product its brand by plain text and by parameter."""
    for _, brand in connection.execute(LIST.format(n).encode()).fetchall():
        connection.execute(ONE.format(brand).encode())
        connection.execute("SELECT name FROM brand WHERE id = %s", [brand])


@pytest.mark.parametrize("n", [10, 100, 1000])
def test_two_lookups_a_product_are_2n_plus_1_executions(guest: Guest, n: int) -> None:
    with guest.session() as connection:
        list_with_a_lookup_each(connection, n)
    reading = guest.read()
    assert reading.executions == 2 * n + 1
    assert reading.unmeasured == 0
    assert reading.rows == 3 * n
    assert [(group.shape, group.count) for group in reading.groups()] == [
        ("SELECT name FROM brand WHERE id = ?", 2 * n),
        ("SELECT id, brand_id FROM product ORDER BY id LIMIT ?", 1),
    ]


@pytest.mark.parametrize("n", [10, 100, 1000])
def test_server_side_binding_counts_the_same(guest: Guest, n: int) -> None:
    with guest.session(server_side=True) as connection:
        list_with_a_lookup_each(connection, n)
    reading = guest.read()
    assert (reading.executions, reading.unmeasured, reading.rows) == (2 * n + 1, 0, 3 * n)


def test_a_join_is_one_execution_at_every_size(guest: Guest) -> None:
    for n in (10, 100, 1000):
        guest.run(f"SELECT p.id, b.name FROM product p JOIN brand b ON b.id = p.brand_id LIMIT {n}")
        reading = guest.read()
        assert (reading.executions, reading.rows) == (1, n)


def test_statements_of_another_guest_are_not_mixed_in(guests: Callable[[], Guest]) -> None:
    alice, bob = guests(), guests()
    alice.run(*[ONE.format(1)] * 3)
    bob.run(*[ONE.format(1)] * 5)
    assert alice.read().executions == 3
    assert bob.read().executions == 5


def test_a_second_connection_and_threads_are_counted(guest: Guest) -> None:
    def work() -> None:
        guest.run(*[ONE.format(n) for n in range(1, 21)])

    with guest.session() as first, guest.session() as second:
        first.execute(ONE.format(1).encode())
        second.execute(ONE.format(2).encode())
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reading = guest.read()
    assert reading.executions == 2 + 4 * 20
    assert reading.unmeasured == 0


def test_what_comes_after_a_look_is_in_the_next_one(guest: Guest) -> None:
    with guest.session() as connection:
        connection.execute(ONE.format(1).encode())
        assert guest.read().executions == 1
        connection.execute(ONE.format(2).encode())
        connection.execute(ONE.format(3).encode())
        assert guest.read().executions == 2
    assert guest.read().executions == 0


def test_mark_forgets_what_came_before(guest: Guest) -> None:
    guest.run(ONE.format(1))
    guest.witness.mark(guest.login)
    guest.run(ONE.format(2), ONE.format(3))
    assert guest.read().executions == 2


def test_streamed_rows_are_one_execution_with_their_rows(guest: Guest) -> None:
    with guest.session(server_side=True) as connection, connection.cursor() as cursor:
        assert sum(1 for _ in cursor.stream(b"SELECT id FROM product")) == 1000
    reading = guest.read()
    assert (reading.executions, reading.rows, reading.unmeasured) == (1, 1000, 0)


@pytest.mark.parametrize("hold", ["WITHOUT HOLD", "WITH HOLD"])
def test_a_cursor_read_in_chunks_is_judged_by_the_rows_of_a_fetch(guest: Guest, hold: str) -> None:
    declare = f'DECLARE "_django_curs_139_sync_1" NO SCROLL CURSOR {hold} FOR SELECT id FROM product'
    fetches = ['FETCH FORWARD 250 FROM "_django_curs_139_sync_1"'] * 5
    guest.run("BEGIN", declare, *fetches, 'CLOSE "_django_curs_139_sync_1"', "COMMIT")
    reading = guest.read()
    assert reading.unmeasured == 0
    assert reading.rows == 1000
    fetched = next(group for group in reading.groups() if group.kind == "fetch")
    assert (fetched.shape, fetched.count, fetched.rows) == ("FETCH", 5, 1000)
    assert not any("139" in shape for shape in shapes(reading))


def test_copying_a_query_out_is_measured_and_copying_a_table_is_not(guest: Guest) -> None:
    with guest.session() as connection:
        for source in ("(SELECT * FROM product)", "product"):
            with connection.cursor().copy(f"COPY {source} TO STDOUT".encode()) as copy:
                assert sum(1 for _ in copy.rows()) == 1000
    reading = guest.read()
    assert (reading.executions, reading.unmeasured) == (2, 1)
    assert [gap.rows for gap in guest.gaps(reading) if gap.what == "rows"] == []


def test_copying_in_is_a_utility_statement_with_its_key_checks_apart(guest: Guest) -> None:
    columns = b"COPY product (id, name, price, brand_id) FROM STDIN"
    with guest.session() as connection, connection.cursor().copy(columns) as copy:
        for n in range(2000, 2010):
            copy.write_row((n, "new", 1, 1))
    reading = guest.read()
    assert (reading.executions, reading.unmeasured, reading.constraint_checks) == (1, 0, 10)
    assert guest.gaps(reading) == ()


def test_a_function_that_reads_for_each_row_is_seen_inside(guest: Guest) -> None:
    guest.run("SELECT id, name_of(brand_id) FROM product ORDER BY id LIMIT 100")
    reading = guest.read()
    assert reading.executions == 1 + 100
    assert sum(one.executions for one in reading.statements if one.nested) == 100
    assert reading.scans_of("brand") == 100


def test_triggers_views_and_rules_are_seen_inside(guest: Guest) -> None:
    guest.run(
        "CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN PERFORM name FROM brand WHERE id = NEW.brand_id; RETURN NEW; END'",
        "CREATE TRIGGER look BEFORE UPDATE ON product FOR EACH ROW EXECUTE FUNCTION look()",
        "CREATE VIEW named AS SELECT id, name_of(brand_id) AS brand FROM product",
        "CREATE RULE also AS ON INSERT TO secret DO ALSO SELECT name_of(id) FROM brand WHERE id <= 7",
    )
    assert guest.read().executions == 4
    guest.run("UPDATE product SET price = 1 WHERE id <= 10")
    assert guest.read().executions == 1 + 10
    guest.run("SELECT * FROM named WHERE id <= 10")
    assert guest.read().executions == 1 + 10
    guest.run("INSERT INTO secret VALUES (1000, 'x')")
    assert guest.read().executions == 2 + 7


def test_foreign_key_checks_of_a_bulk_insert_are_counted_apart(guest: Guest) -> None:
    rows = ", ".join(f"({n}, 'n', 1, {n - 1000}, {n - 1000})" for n in range(1001, 1201))
    guest.run(f"INSERT INTO product (id, name, price, brand_id, rival_id) VALUES {rows}")
    reading = guest.read()
    assert (reading.executions, reading.constraint_checks, reading.unmeasured) == (1, 400, 0)
    assert guest.gaps(reading) == ()


@pytest.mark.parametrize(
    ("action", "checks"), [("CASCADE", 1), ("SET NULL", 1), ("SET DEFAULT", 3), ("RESTRICT", 1), ("NO ACTION", 2)]
)
def test_what_a_deleted_parent_causes_is_counted_apart(guest: Guest, action: str, checks: int) -> None:
    guest.run(
        "CREATE TABLE parent (id int PRIMARY KEY)",
        f"CREATE TABLE child (id int, parent_id int REFERENCES parent ON DELETE {action})",
        "INSERT INTO parent SELECT generate_series(1, 20)",
    )
    guest.witness.mark(guest.login)
    guest.run("DELETE FROM parent")
    reading = guest.read()
    assert (reading.executions, reading.constraint_checks) == (1, 20 * checks)


def test_a_function_can_not_pass_for_a_foreign_key_check(guest: Guest) -> None:
    query = """SELECT 1 FROM ONLY "public"."brand" x WHERE "id" OPERATOR(pg_catalog.=) $1 FOR KEY SHARE OF x"""
    guest.run(
        f"CREATE FUNCTION exists_brand(int) RETURNS int LANGUAGE plpgsql AS $f$"
        f" DECLARE found int; BEGIN EXECUTE $q${query}$q$ INTO found USING $1; RETURN found; END $f$",
        "SELECT exists_brand(n) FROM generate_series(1, 30) AS n",
    )
    reading = guest.read()
    assert (reading.executions, reading.constraint_checks) == (2 + 30, 0)


def test_an_honest_mix_of_statements_leaves_no_gap(guest: Guest) -> None:
    guest.run(
        "SELECT * FROM product WHERE price > 50",
        "SELECT count(*) FROM product WHERE brand_id BETWEEN 10 AND 200",
        "SELECT p.name FROM product p JOIN brand b ON b.id = p.brand_id WHERE b.id IN (1, 2, 3, 400)",
        "SELECT name FROM brand WHERE id = 999999",
        "SELECT id FROM product WHERE name LIKE '%99%' LIMIT 1",
        "SELECT id FROM brand ORDER BY id LIMIT 10",
        "SELECT id FROM product WHERE EXISTS (SELECT FROM brand WHERE brand.id = product.rival_id)",
        "UPDATE product SET price = price + 1 WHERE id < 300",
        "UPDATE product SET price = price + 1 WHERE id < 300",
        "DELETE FROM secret WHERE id % 3 = 0",
        "INSERT INTO brand VALUES (1, 'again') ON CONFLICT (id) DO UPDATE SET name = excluded.name",
        "BEGIN",
        "SELECT * FROM product WHERE id < 50 FOR UPDATE",
        "UPDATE product SET brand_id = 5 WHERE id < 50",
        "COMMIT",
        "BEGIN",
        "DELETE FROM product WHERE id > 900",
        "ROLLBACK",
    )
    reading = guest.read()
    assert reading.unmeasured == 0
    assert guest.gaps(reading) == ()


@pytest.mark.parametrize("resolution", ["DO NOTHING", "DO UPDATE SET name = excluded.name"])
def test_an_upsert_of_many_rows_leaves_no_gap(guest: Guest, resolution: str) -> None:
    guest.run(f"INSERT INTO brand SELECT n, 'again' FROM generate_series(500, 1500) AS n ON CONFLICT (id) {resolution}")
    assert guest.gaps(guest.read()) == ()


def test_an_integrity_error_is_an_unmeasured_execution_with_its_error(guest: Guest) -> None:
    with guest.session() as connection, pytest.raises(psycopg.errors.UniqueViolation):
        connection.execute(b"INSERT INTO brand VALUES (1, 'again')")
    (statement,) = guest.read().statements
    assert not statement.measured
    assert (statement.error or "").startswith("23505 ")


def test_a_migration_that_builds_an_index_leaves_no_gap(guest: Guest) -> None:
    guest.run(
        'CREATE INDEX "product_price" ON "product" ("price")',
        'ALTER TABLE "product" ADD COLUMN "stock" integer DEFAULT 0 NOT NULL CHECK ("stock" >= 0)',
        'ALTER TABLE "product" ADD CONSTRAINT "named" CHECK (length("name") > 0)',
        'ALTER TABLE "product" ALTER COLUMN "price" TYPE bigint',
    )
    reading = guest.read()
    assert reading.unmeasured == 0
    assert guest.gaps(reading) == ()


def test_long_values_and_scans_of_every_kind_leave_no_gap(guest: Guest) -> None:
    guest.run(
        "CREATE TABLE article (id int PRIMARY KEY, body text, tags int[])",
        "ALTER TABLE article ALTER body SET STORAGE EXTERNAL",
        "INSERT INTO article SELECT n, repeat(md5(n::text), 900), ARRAY[n] FROM generate_series(1, 60) AS n",
    )
    guest.witness.mark(guest.login)
    before = guest.witness.counters(guest.database)
    guest.run(
        "SELECT * FROM article",
        "SELECT body FROM article WHERE id < 40",
        "SELECT * FROM product TABLESAMPLE SYSTEM (100)",
        "SET enable_seqscan = off",
        "SELECT * FROM secret WHERE ctid < '(2,0)'",
        "SELECT * FROM secret WHERE ctid = '(0,3)'",
        "SELECT * FROM product WHERE brand_id IN (3, 4) OR id IN (5, 900)",
        "SET enable_indexscan = off",
        "SELECT count(*) FROM product WHERE brand_id < 500",
        "SET enable_bitmapscan = off; SET enable_indexscan = on; SET enable_hashjoin = off; SET enable_mergejoin = off",
        "SELECT p.id, b.name, r.name FROM product p JOIN brand b ON b.id = p.brand_id LEFT JOIN brand r ON r.id = 7",
    )
    assert guest.witness.gaps(guest.database, [guest.read()], before) == ()


def test_the_heaviest_plan_of_a_group_is_told_without_costs_and_times(guest: Guest) -> None:
    guest.run(*[f"SELECT * FROM product WHERE price > {price}" for price in (96, 10, 50)])
    (group,) = guest.read().groups()
    assert group.plan == {
        "rows": 880,
        "blocks": 7,
        "nodes": [
            {
                "depth": 0,
                "type": "Seq Scan",
                "relation": "product",
                "rows": 880,
                "loops": 1,
                "removed": 120,
                "blocks": 7,
            }
        ],
    }
