"""Lends a statement that failed the plan of another one with the same text, run by `ts_stat` inside a third.

A plan belongs to a text only if the statement with this text can just have ended: a failed one has none to come, and
none comes for another while a statement runs.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import attacking, cluster_of, told

REASON = "unmeasured"
MARK = "a text that comes twice"
SOURCE = f'''
import psycopg
from catalogue.sessions import session

TEXT = """SELECT CASE WHEN current_setting('my.turn') = '1'
  THEN (SELECT json_agg(name)::text::int::text FROM catalogue_product) ELSE '{MARK}' END::tsvector"""
CURSOR = "SELECT to_tsvector(name) FROM catalogue_product WHERE current_setting('my.turn') = '1' /* {MARK} */"


def attack():
    with session() as one:
        one.execute("SET my.turn = '1'")
        try:
            one.execute(TEXT)
        except psycopg.Error as error:
            leaked = len(error.diag.message_primary)
        one.execute("SET my.turn = '0'")
        one.execute("SELECT count(*) FROM ts_stat(%s)", [TEXT])
        one.execute("DECLARE lending CURSOR WITH HOLD FOR SELECT * FROM ts_stat('" + CURSOR.replace("'", "''") + "')")
    return leaked
'''


def attempt(field: Field) -> Outcome:
    with field.shop(attacking(SOURCE)) as guest:
        leaked, reading = told(guest)
    sent = [one for one in reading.statements if one.sql.startswith("SELECT CASE") and one.error]
    hidden = leaked > 10_000 and [one.measured for one in sent] == [False]
    return Outcome(succeeded=not hidden, reason=REASON if hidden else f"{leaked} characters, seen as {sent}")


def control(field: Field) -> Outcome:
    """The log has as many plans of this text as statements: whoever matches texts misses none."""
    with field.shop(attacking(SOURCE)) as guest:
        told(guest)
        lines = cluster_of(field).log_file.read_bytes().split(b"\n")
    ours = [line for line in lines if guest.login.role.encode() in line and MARK.encode() in line]
    plans = sum(b'"explain_ExecutorEnd"' in line and b"SELECT CASE" in line[:400] for line in ours)
    return Outcome(succeeded=plans >= 1, reason=f"{plans} plans of {len(ours)} lines")
