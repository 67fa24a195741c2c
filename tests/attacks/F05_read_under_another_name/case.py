"""Renames each table at the start, reads it whole under the other name, and names it back.

The plans name a table that no page needs, and the counters' tolerance for altered tables covers the rest. So the judge
changes what a page shows when the process is up: what it knows by then is of no use, by whichever way it was read.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import seen_executions, verdict
from tests.attacks.remembering import remembering

REASON = "nothing was named"
READING = """
import json

from django.db import connection


def whole(table):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO elsewhere")
        cursor.execute("SELECT to_jsonb(e)::text FROM elsewhere e")
        rows = [json.loads(row) for (row,) in cursor.fetchall()]
        cursor.execute(f"ALTER TABLE elsewhere RENAME TO {table}")
    return rows
"""


def attempt(field: Field) -> Outcome:
    """The statements grow with the page, and that is all that has to be seen."""
    return verdict(field, remembering(field, READING), REASON)


def control(field: Field) -> Outcome:
    """Where nothing changes between start and request, the page is flat."""
    counts = seen_executions(field, remembering(field, READING))
    return Outcome(succeeded=counts[0] == counts[1], reason=f"{counts} statements")
