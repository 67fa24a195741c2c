"""Switches the log, the plans and the counters off, in every way that SQL has.

A plain role is refused each setting of the witness; what it may set (for itself) changes nothing of what is counted.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import as_superuser, attacking, cluster_of, told, unaccounted

from djudge.engine.postgres.connections import Connection

REASON = "42501 for each, and every statement counted"
READS = 25

SETTINGS = {
    "log_statement": "none",
    "log_min_messages": "panic",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "compute_query_id": "off",
    "track_counts": "off",
    "track_functions": "none",
    "session_replication_role": "replica",
    "lc_messages": "de_DE",
    "auto_explain.log_min_duration": "-1",
    "auto_explain.sample_rate": "0",
    "auto_explain.log_analyze": "off",
    "auto_explain.log_nested_statements": "off",
    "auto_explain.log_format": "text",
    "auto_explain.log_level": "debug5",
}

SOURCE = f"""
from catalogue.sessions import session, tried

SETTINGS = {SETTINGS!r}
OTHERS = [
    "ALTER SYSTEM SET log_statement = 'none'",
    "SELECT pg_reload_conf()",
    "SELECT pg_rotate_logfile()",
    "SELECT pg_stat_reset()",
    "SELECT pg_stat_reset_single_table_counters('catalogue_product'::regclass)",
    "SET SESSION AUTHORIZATION postgres",
    "SET ROLE postgres",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres' AND pid <> pg_backend_pid()",
]


def ways(name, value):
    yield f"SET {{name}} = '{{value}}'"
    yield f"SELECT set_config('{{name}}', '{{value}}', false)"
    yield f"ALTER ROLE CURRENT_USER SET {{name}} = '{{value}}'"
    yield f"ALTER ROLE SESSION_USER SET {{name}} = '{{value}}'"
    yield f"DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET {{name}} = ''{{value}}'''; END $$"
    yield f"CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql SET {{name}} = '{{value}}' AS 'SELECT 1'"


def attack():
    with session() as one:
        refused = {{way: tried(one, way) for name, value in SETTINGS.items() for way in ways(name, value)}}
        refused |= {{way: tried(one, way) for way in OTHERS}}
        one.execute("SET debug_print_plan = on; SET client_min_messages = error")
    with session() as one:
        read(one)
    return refused


def read(one):
    for number in range({READS}):
        one.execute("SELECT name FROM catalogue_product WHERE id = %s", [number])
"""


def attempt(field: Field) -> Outcome:
    with field.shop(attacking(SOURCE)) as guest:
        refused, reading = told(guest)
        gap = unaccounted(guest)
    achieved = [way for way, state in refused.items() if state == ""]
    seen = sum(
        one.executions for one in reading.statements if one.measured and "FROM catalogue_product WHERE" in one.sql
    )
    if achieved or seen != READS or gap:
        return Outcome(succeeded=True, reason=f"{achieved[:5]} went through, {seen} of {READS} reads seen, gap {gap}")
    other = {way: state for way, state in refused.items() if state != "42501"}
    return Outcome(succeeded=False, reason=f"{other}" if other else REASON)


def control(field: Field) -> Outcome:
    """The same settings by a superuser: each goes through, and what is read afterwards is in no log."""
    with as_superuser(field) as one:
        for name, value in SETTINGS.items():
            one.execute(f"SET {name} = '{value}'".encode() if name != "lc_messages" else b"SELECT 1")
        unseen = not _is_logged(field, one)
    return Outcome(succeeded=unseen, reason="the log held the statement all the same")


def _is_logged(field: Field, one: Connection) -> bool:
    one.execute("SELECT 'a statement that nobody sees'")
    with field.slot._opened().cluster.connect_admin() as other:
        other.execute("SELECT pg_sleep(0.05)")
    return b"a statement that nobody sees" in cluster_of(field).log_file.read_bytes()
