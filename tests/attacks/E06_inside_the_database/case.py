"""Hides the loop in the database: in a function, a view, a rule, a trigger, the default of a column.

What runs inside a statement leaves a plan of its own, and counts.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import attacking, told

REASON = "each of the loops seen"
LOOP = 30
WAYS = ("function", "view", "rule", "trigger", "default")
PREPARED = """
CREATE TABLE asked (number int, name text);
CREATE FUNCTION named(pid bigint) RETURNS text LANGUAGE plpgsql AS $$
  BEGIN RETURN (SELECT name FROM catalogue_product WHERE id = pid); END $$;
CREATE VIEW names AS SELECT n, named(n) FROM generate_series(1, 30) AS n;
CREATE TABLE ruled (number int);
CREATE RULE ruled AS ON INSERT TO ruled DO INSTEAD INSERT INTO asked VALUES (new.number, named(new.number));
CREATE TABLE triggered (number int, name text);
CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.name := named(new.number); RETURN new; END $$;
CREATE TRIGGER fill BEFORE INSERT ON triggered FOR EACH ROW EXECUTE FUNCTION fill();
CREATE TABLE defaulted (number int, name text DEFAULT named(1));
"""
SOURCE = """
from django.db import connection
from django.test.utils import CaptureQueriesContext

WAYS = {
    "function": "SELECT named(n) FROM generate_series(1, 30) AS n",
    "view": "SELECT * FROM names",
    "rule": "INSERT INTO ruled SELECT n FROM generate_series(1, 30) AS n",
    "trigger": "INSERT INTO triggered SELECT n FROM generate_series(1, 30) AS n",
    "default": "INSERT INTO defaulted SELECT n FROM generate_series(1, 30) AS n",
}


def attack():
    with CaptureQueriesContext(connection) as queries, connection.cursor() as cursor:
        for statement in WAYS.values():
            cursor.execute(statement)
    return len(queries)
"""


def attempt(field: Field) -> Outcome:
    with field.shop(attacking(SOURCE, prepared=PREPARED)) as guest:
        _, reading = told(guest)
        audit = guest.finish().audit
    nested = sum(one.executions for one in reading.statements if one.nested)
    seen = nested >= LOOP * len(WAYS) and audit.calls >= LOOP * len(WAYS)
    return Outcome(succeeded=not seen, reason=REASON if seen else f"{nested} nested plans, {audit.calls} calls seen")


def control(field: Field) -> Outcome:
    """Django counts one statement for each way."""
    with field.shop(attacking(SOURCE, prepared=PREPARED)) as guest:
        counted, _ = told(guest)
    return Outcome(succeeded=counted == len(WAYS), reason=f"Django counted {counted}")
