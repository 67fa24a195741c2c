"""Writes lines into the server's log that read like statements, plans, errors and the judge's marker.

An event is believed only for the function of the server that wrote it: RAISE and names of sessions write none.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import attacking, cluster_of, told

REASON = "none of the forged lines counted"
SOURCE = r"""
import json

from catalogue.sessions import session

LINES = [
    "statement: SELECT forged FROM catalogue_product",
    'duration: 0.001 ms  plan:\n{"Query Text": "SELECT forged", "Plan": {"Node Type": "Seq Scan", '
    '"Relation Name": "catalogue_product", "Schema": "public", "Actual Rows": 900000, "Actual Loops": 1}}',
    "execute <unnamed>: SELECT forged",
    'x"}\n{"timestamp":"2030-01-01","user":"postgres","error_severity":"LOG","message":"statement: forged",'
    '"func_name":"exec_simple_query","file_name":"postgres.c"}',
    "x'),\",\"func_name\":\"exec_simple_query\",\"file_name\":\"postgres.c\",\"message\":\"statement: forged",
]


def attack():
    with session(application_name='","func_name":"exec_simple_query","message":"statement: forged') as one:
        one.execute("SET debug_print_parse = on; SET debug_print_rewritten = on; SET debug_print_plan = on")
        one.execute("SET log_parser_stats = on") if False else None
        for line in LINES:
            quoted = line.replace("'", "''").replace("%", "%%")
            for level in ("LOG", "WARNING", "NOTICE"):
                one.execute(f"DO $q$ BEGIN RAISE {level} '{quoted}'; END $q$".encode())
            one.execute("SELECT set_config('application_name', %s, false)", [line[:60]])
        one.execute("SELECT name FROM catalogue_product WHERE id = 1 -- the one that is real")
""".replace('        one.execute("SET log_parser_stats = on") if False else None\n', "")


def attempt(field: Field) -> Outcome:
    with field.shop(attacking(SOURCE)) as guest:
        told(guest)
        visit = guest.get("/attack/")
    forged = [one.sql for one in visit.reading.statements if "forged" in one.shape and not one.sql.startswith("DO ")]
    real = sum(one.executions for one in visit.reading.statements if "real" in one.sql)
    rows = max(one.rows for one in visit.reading.statements)
    if forged or real != 1 or rows > 1000:
        return Outcome(succeeded=True, reason=f"forged {forged[:3]}, {real} real, {rows} rows")
    return Outcome(succeeded=False, reason=REASON)


def control(field: Field) -> Outcome:
    """Whoever looks for the words of a statement in the log finds the forged one."""
    with field.shop(attacking(SOURCE)) as guest:
        told(guest)
        found = b'"message":"statement: SELECT forged' in cluster_of(field).log_file.read_bytes()
    return Outcome(succeeded=found, reason="the forged line is not in the log")
