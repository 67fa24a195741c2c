"""PostgreSQL's log, its plans and the texts in it: written by the server, full of what candidates chose."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import strategies as st
from tests.fuzz.mutating import FUZZED, bounded_memory, fuzz, mutated, mutated_json, no_hang, steps

from djudge.engine.postgres.witness import log
from djudge.engine.postgres.witness.assembling import Assembler
from djudge.engine.postgres.witness.events import Event, EventKind, parse_cut_event, parse_event
from djudge.engine.postgres.witness.lexing import Kind, tokens_of
from djudge.engine.postgres.witness.log import Lines
from djudge.engine.postgres.witness.parts import Expected, parts_of, text_shape
from djudge.engine.postgres.witness.plans import ParsedPlan, parse_plan

SCAN = {
    "Node Type": "Index Scan", "Relation Name": "product", "Schema": "public", "Index Name": "product_pkey",
    "Actual Rows": 1.5, "Actual Loops": 2, "Rows Removed by Filter": 3, "Shared Hit Blocks": 4, "Heap Fetches": 1,
}  # fmt: skip
INSERT = {
    "Node Type": "ModifyTable", "Relation Name": "tag", "Schema": "other", "Actual Loops": 1, "Actual Rows": 0,
    "Conflict Arbiter Indexes": ["tag_pkey"], "Conflicting Tuples": 2, "Plans": [SCAN],
}  # fmt: skip
PLANS: list[Any] = [
    {"Query Text": "SELECT 1", "Plan": {"Node Type": "Result", "Actual Rows": 1, "Actual Loops": 1}},
    {"Query Text": "SELECT * FROM product", "Plan": {"Node Type": "Sort", "Plans": [SCAN, SCAN | {"Plans": [SCAN]}]}},
    {"Query Text": "INSERT INTO tag VALUES (1) ON CONFLICT DO NOTHING", "Plan": INSERT},
]


def line(function: str, file: str, message: str, **more: Any) -> dict[str, Any]:
    """A line of the log, its keys in the server's order."""
    return {
        "timestamp": "2026-01-01 00:00:00.000 UTC", "user": "guest_1", "dbname": "run_1", "pid": 4711,
        "session_id": "65920080.1267", "error_severity": "LOG", "state_code": "00000", "message": message, **more,
        "func_name": function, "file_name": file, "file_line_num": 1030, "backend_type": "client backend",
        "query_id": 0,
    }  # fmt: skip


LINES: list[dict[str, Any]] = [
    line("exec_simple_query", "postgres.c", "statement: SELECT 1"),
    line("exec_execute_message", "postgres.c", "execute <unnamed>: SELECT $1", detail="prepare: SELECT $1"),
    line("HandleFunctionRequest", "fastpath.c", 'fastpath function call: "lo_open" (OID 952)'),
    line("explain_ExecutorEnd", "auto_explain.c", f"duration: 0.1 ms  plan:\n{json.dumps(PLANS[1])}"),
    line("exec_stmt_raise", "pl_exec.c", "statement: forged", error_severity="LOG"),
    line("errorMissingColumn", "parse_relation.c", "no such column", error_severity="ERROR", context="SQL statement"),
]
LINE_BYTES = [json.dumps(one, separators=(",", ":")).encode() for one in LINES]

SQL_WORDS = tuple(
    b"SELECT|FETCH|MOVE|DECLARE|c1|CURSOR FOR|;|--|\n|/*|*/|'|''|\\'|E'|U&'|$$|$a$|$1|\"|\"\"|(|)|[|]|::|,|-|1|1.5e3"
    b"|0x1|TRUE|NULL|IN|VALUES|EXECUTE|COPY|TO|FROM|DO|CALL|WITH|AS|CREATE TABLE|UNION ALL| OR | WHEN |SAVEPOINT"
    b"|ROLLBACK|TO|EXPLAIN|ANALYZE|?|@>|x|\xc3\xa9".split(b"|")
)
SQL = [
    b"SELECT a, 'it''s' FROM \"t\" WHERE id IN (1, 2, 3) AND b = $1 -- end\n;",
    b'DECLARE "c 1" NO SCROLL CURSOR WITH HOLD FOR SELECT * FROM t; FETCH 10 FROM "c 1"; CLOSE "c 1"',
    b"INSERT INTO t (a, b) VALUES (1, 'x'), (2, E'y\\'z') ON CONFLICT DO NOTHING RETURNING id",
    b"DO $body$ BEGIN PERFORM 1; END $body$; COPY (SELECT 1) TO STDOUT; EXPLAIN (ANALYZE) SELECT 1",
    b"SELECT CASE WHEN a = 1 THEN ARRAY[1, -2]::int[] ELSE '{}'::int[] END /* a /* nested */ comment */",
]


@FUZZED
def test_a_line_of_the_log_is_an_event_or_proves_nothing(examples: int) -> None:
    def read(content: bytes) -> None:
        for event in (parse_event(content), parse_cut_event(content[:4096], content[-4096:])):
            assert event is None or sound(event)

    as_json = mutated_json(LINES).map(lambda one: json.dumps(one, separators=(",", ":")).encode())
    fuzz(examples, st.one_of(mutated(LINE_BYTES), as_json), read)


def sound(event: Event) -> bool:
    texts = (event.role, event.session, event.text, event.context, event.detail, event.state)
    return all(isinstance(text, str) for text in texts) and isinstance(event.pid, int)


@FUZZED
def test_a_plan_is_facts_or_nothing(examples: int) -> None:
    def read(message: str) -> None:
        for major in (15, 18):
            plan = parse_plan(message, major)
            assert plan is None or isinstance(plan, ParsedPlan)
            if plan is not None:
                json.dumps(plan.facts.to_json(), allow_nan=False)

    as_text = mutated_json(PLANS).map(lambda one: f"1 ms  plan:\n{json.dumps(one)}")
    as_bytes = mutated([json.dumps(one).encode() for one in PLANS]).map(lambda one: one.decode(errors="replace"))
    fuzz(examples, st.one_of(as_text, as_bytes), read)


@FUZZED
def test_a_text_of_statements_is_lexed_to_its_end_and_has_a_shape(examples: int) -> None:
    def read(content: bytes) -> None:
        text = content.decode(errors="replace")
        for backslash_escapes in (False, True):
            tokens = list(tokens_of(text, backslash_escapes=backslash_escapes))
            assert all(token.text in text for token in tokens)
        for part in parts_of(text):
            assert part.expected in Expected
            assert len(part.shape) <= 2000
        text_shape(text)

    words = st.lists(st.sampled_from(SQL_WORDS), max_size=40).map(b" ".join)
    fuzz(examples, st.one_of(mutated(SQL, SQL_WORDS), words), read)


@FUZZED
def test_lines_are_the_same_in_whatever_pieces_the_log_grows(examples: int) -> None:
    def read(given: tuple[bytes, int]) -> None:
        content, size = given
        whole = list(Lines().feed(content))
        pieces = Lines()
        found = [one for at in range(0, len(content), size) for one in pieces.feed(content[at : at + size])]
        assert found == whole
        assert pieces.consumed == content.rfind(b"\n") + 1 == sum(length for _, _, length in found)

    file = mutated([b"\n".join(LINE_BYTES) + b"\n", b"\0" * 500 + LINE_BYTES[0] + b"\n"])
    fuzz(examples, st.tuples(file, st.sampled_from((7, 64, 1000))), read)


@FUZZED
def test_whatever_events_come_the_reading_counts_each_and_stays_small(examples: int) -> None:
    texts = st.one_of(mutated(SQL, SQL_WORDS, most=2), st.sampled_from([*SQL, b'FETCH 10 FROM "c 1"']))
    text = texts.map(lambda one: one.decode(errors="replace"))
    plan = mutated_json(PLANS, most=2).map(lambda one: f"1 ms  plan:\n{json.dumps(one)}")
    event = st.builds(
        Event, kind=st.sampled_from(EventKind), role=st.just("guest_1"), session=st.sampled_from(["a", "b"]),
        pid=st.just(1), text=st.one_of(text, plan, text.map(lambda one: f"fetch from S_1/C_2: {one}")),
        context=st.sampled_from(["", 'SQL statement "SELECT 1"', "PL/pgSQL function f()"]), cut=st.booleans(),
        detail=text.map(lambda one: f"prepare: {one}"),
    )  # fmt: skip

    def read(events: list[Event]) -> None:
        assembler = Assembler("guest_1", 18)
        for _ in range(2):
            for one in events:
                assembler.feed(one)
            reading = assembler.reading(settled=True, log_bytes=0)
            sent = sum(one.kind is EventKind.STATEMENT for one in events)
            assert reading.executions >= 0
            assert len(reading.statements) <= 3_000 + 40 * len(events)
            assert sent == 0 or reading.largest_bundle >= 0
            json.dumps([group.plan for group in reading.groups()], allow_nan=False)

    fuzz(examples, st.lists(event, max_size=12), read)


#: What could make a reader go back, or keep something for each of millions of characters.
LONG = {
    "a literal": "SELECT '" + "x" * 4_000_000 + "'",
    "a literal of quotes": "SELECT '" + "''" * 2_000_000 + "'",
    "an escaped literal without end": "SELECT E'" + "\\'" * 2_000_000,
    "a name": 'SELECT "' + "x" * 4_000_000 + '"',
    "a comment without end": "/*" * 2_000_000,
    "a dollar string without end": "$a$" * 1_000_000,
    "dollars": "$" * 4_000_000,
    "numbers": "SELECT (" + "1," * 2_000_000 + "x)",
    "a sign": "SELECT " + "- " * 2_000_000 + "1",
    "semicolons": ";" * 4_000_000,
    "statements": "a;" * 2_000_000,
    "one statement before a semicolon": "a " * 2_000_000 + ";",
    "operators": "+" * 4_000_000,
    "digits": "1" * 4_000_000 + "e",
    "casts in brackets": "(:: " * 4_000 + "a b",
    "brackets": "(" * 4_000_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_a_text_of_megabytes_is_read_in_little_time_and_memory(text: str) -> None:
    with no_hang(), bounded_memory(600):
        parts = parts_of.__wrapped__(text)
    assert len(parts) <= 10_001


def test_more_statements_than_are_looked_at_count_as_many_and_as_hidden() -> None:
    parts = parts_of("a;" * 1_000_000)
    assert len(parts) == 10_001
    assert parts[-1].expected is Expected.HIDDEN
    assert [part.expected for part in parts_of("SELECT 1;" * 3)] == [Expected.PLAN] * 3


def test_brackets_of_casts_take_steps_in_proportion() -> None:
    """Counted by lines inside the reader: 4 times the text, about 4 times the steps."""
    few, many = ("(:: " * size + "a b" for size in (250, 1000))
    assert steps(lambda: text_shape(many)) <= 6 * steps(lambda: text_shape(few))


def test_a_line_that_grows_bit_by_bit_is_put_together_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes that are looked at or copied are those of the pieces, however long the line has become."""
    monkeypatch.setattr(log, "LONGEST_LINE", 100_000)
    lines = Lines()
    for _ in range(50_000):
        assert list(lines.feed(b"x" * 100)) == []
        assert sum(map(len, lines._rest)) <= 100_000 + 4_096 + 100
    ((head, tail, length),) = lines.feed(b"\n")
    assert (len(head), length) == (4096, 5_000_001)
    assert tail is not None
    assert len(tail) == 4096


def test_only_words_can_be_cut_short_and_everything_else_keeps_its_kind() -> None:
    kinds = [token.kind for token in tokens_of("""SELECT 'a''b', E'c\\'d', $1, "x""y", $t$;$t$, -1.5e3, a::int""")]
    assert kinds.count(Kind.LITERAL) == 4
    assert kinds.count(Kind.NAME) == 1
    assert kinds.count(Kind.PARAMETER) == 1
