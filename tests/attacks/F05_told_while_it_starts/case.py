"""Has whole tables told in notices by an index that is built at the start and taken back, with its function.

Building has no plan, and when the judge looks for functions there is none any more. What was told before the judge
changed the goods is of no use.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import seen_executions, verdict
from tests.attacks.remembering import remembering

REASON = "nothing was named"
READING = '''
import json

from django.db import connection

TELLING = """
BEGIN; SET LOCAL client_min_messages = notice;
CREATE FUNCTION telling(r anyelement) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$
BEGIN RAISE NOTICE '%', to_jsonb(r); RETURN 0; END $$;
"""


def whole(table):
    rows = []
    hear = lambda notice: rows.append(json.loads(notice.message_primary))
    connection.connection.add_notice_handler(hear)
    with connection.cursor() as cursor:
        cursor.execute(TELLING)
        cursor.execute(f"CREATE INDEX told ON {table} (telling({table}.*)); ROLLBACK")
    connection.connection.remove_notice_handler(hear)
    return rows
'''


def attempt(field: Field) -> Outcome:
    return verdict(field, remembering(field, READING), REASON)


def control(field: Field) -> Outcome:
    """Where nothing changes between start and request, the page is flat."""
    counts = seen_executions(field, remembering(field, READING))
    return Outcome(succeeded=counts[0] == counts[1], reason=f"{counts} statements")
