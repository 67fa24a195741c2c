"""Reads a table without leaving a plan, then drops it: its counters go with it.

The sum of the database keeps what was read of tables that are gone, and a call of a function is counted apart.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import attacking, told

REASON = "seen by the sum of the database, or by its calls"
PREPARED = """
CREATE FUNCTION quietly() RETURNS text LANGUAGE plpgsql AS $$
DECLARE c refcursor; v text;
BEGIN
  OPEN c FOR EXECUTE 'SELECT json_agg(name)::text FROM copied';
  FETCH c INTO v;
  RAISE EXCEPTION USING MESSAGE = coalesce(v, 'null');
EXCEPTION WHEN raise_exception THEN RETURN SQLERRM;
END $$;
"""
SOURCE = """
import json

from catalogue.sessions import session


def attack():
    with session() as one:
        one.execute("CREATE TABLE copied AS SELECT name FROM catalogue_product")
        names = json.loads(one.execute("SELECT quietly()").fetchone()[0])
        one.execute("DROP TABLE copied")
    return len(names)
"""


def attempt(field: Field) -> Outcome:
    with field.shop(attacking(SOURCE, prepared=PREPARED)) as guest:
        rows, _ = told(guest)
        audit = guest.finish().audit
    gone = sum(gap.rows for gap in audit.gaps if gap.what == "gone")
    seen = gone >= rows or audit.calls > 0
    return Outcome(succeeded=not seen, reason=REASON if seen else f"{rows} rows read, {gone} seen, {audit.calls} calls")


def control(field: Field) -> Outcome:
    """Neither a plan nor a table's own counter tells of the copy."""
    with field.shop(attacking(SOURCE, prepared=PREPARED)) as guest:
        rows, reading = told(guest)
        gaps = guest.finish().audit.gaps
    told_of = reading.scans_of("copied") + sum(gap.rows for gap in gaps if gap.relation == "copied")
    return Outcome(succeeded=rows > 0 and told_of == 0, reason=f"{told_of} of {rows} were told")
