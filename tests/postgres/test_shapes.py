"""Statements that differ only in values have one shape."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from djudge.engine.postgres.witness.parts import Expected, parts_of, text_shape


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("SELECT 1", "SELECT ?"),
        ('SELECT "a"."id" FROM "a" WHERE "a"."id" IN (1, 2, 3)', 'SELECT "a"."id" FROM "a" WHERE "a"."id" IN (?)'),
        ("SELECT x FROM t WHERE y = -5 AND z - 5 > $1", "SELECT x FROM t WHERE y = ? AND z - ? > ?"),
        ("SELECT E'it\\'s', $$a;b$$, x'ff', 1e-5, .5", "SELECT ?, ?, ?, ?, ?"),
        ("SELECT /* 7 */ a -- 8\nFROM t", "SELECT a FROM t"),
        ("SELECT a::int, b->>'k', count(*) FROM t", "SELECT a::int, b ->> ?, count(*) FROM t"),
        ("SELECT * FROM t WHERE y = ANY('{1,2}'::int[])", "SELECT * FROM t WHERE y = ANY(?::int[])"),
        (
            'INSERT INTO "b" ("id", "n") VALUES (1, \'x\'::text), (2, NULL), (3, true) RETURNING "b"."id"',
            'INSERT INTO "b" ("id", "n") VALUES (?) RETURNING "b"."id"',
        ),
        ('SAVEPOINT "s140_x1"', "SAVEPOINT"),
        ('RELEASE SAVEPOINT "s140_x1"', "RELEASE"),
        ('ROLLBACK TO SAVEPOINT "s140_x1"', "ROLLBACK TO"),
        ('FETCH FORWARD 2000 FROM "_django_curs_1"', "FETCH"),
        ('DECLARE "_django_curs_1" CURSOR FOR SELECT 1', "DECLARE ? CURSOR FOR SELECT ?"),
    ],
)
def test_values_and_session_names_are_folded(text: str, shape: str) -> None:
    assert text_shape(text) == shape


def test_lists_of_any_length_have_one_shape() -> None:
    lists = [", ".join(map(str, range(length))) for length in (2, 50, 20_000)]
    assert len({text_shape(f"SELECT * FROM t WHERE id IN ({ids}) ORDER BY id") for ids in lists}) == 1
    rows = [", ".join(f"({n}, 'name {n}', now())" for n in range(length)) for length in (3, 40)]
    assert len({text_shape(f"INSERT INTO t VALUES {row}") for row in rows}) == 1


def test_branches_of_a_bulk_update_are_folded() -> None:
    def update(length: int) -> str:
        cases = " ".join(f'WHEN ("t"."id" = {n}) THEN {n * 7}' for n in range(length))
        ids = ", ".join(map(str, range(length)))
        return f'UPDATE "t" SET "x" = CASE {cases} ELSE NULL END WHERE "t"."id" IN ({ids})'

    assert text_shape(update(5)) == text_shape(update(200))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("select 1", Expected.PLAN),
        ("(select 1) union (select 2)", Expected.PLAN),
        ("with a as (select 1) select * from a", Expected.PLAN),
        ("table t", Expected.PLAN),
        ("execute p(1)", Expected.PLAN),
        ("create table t as select 1", Expected.PLAN),
        ("create table t (id int)", Expected.NOTHING),
        ("create view v as select 1", Expected.NOTHING),
        ("explain select 1", Expected.HIDDEN),
        ("explain (analyze) select 1", Expected.PLAN),
        ("copy t to stdout", Expected.HIDDEN),
        ("copy t from stdin", Expected.NOTHING),
        ("copy (select 1) to stdout", Expected.PLAN),
        ("do $$ begin end $$", Expected.HIDDEN),
        ("call p()", Expected.HIDDEN),
        ("fetch all in c", Expected.FETCH),
        ("move 5 in c", Expected.FETCH),
        ("begin", Expected.NOTHING),
    ],
)
def test_what_the_log_must_hold_follows_from_the_statement(text: str, expected: Expected) -> None:
    (part,) = parts_of(text)
    assert part.expected is expected


@given(st.text(alphabet="abE'\"$;-/*\\(),. 1\n:=", max_size=80))
def test_no_text_breaks_the_lexer(noise: str) -> None:
    assert len(parts_of(f"SELECT 1; {noise}")) >= 1
    text_shape(noise)
