"""Sends fifty statements in one string: one message, one line in any log of queries.

Each execution counts, and the longest string is told.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import attacking, told

REASON = "50 executions, 50 in one string"
SOURCE = """
from django.db import connection
from django.test.utils import CaptureQueriesContext


def attack():
    with CaptureQueriesContext(connection) as queries, connection.cursor() as cursor:
        cursor.execute(";".join(f"SELECT name FROM catalogue_product WHERE id = {n}" for n in range(50)))
    return len(queries)
"""


def attempt(field: Field) -> Outcome:
    with field.shop(attacking(SOURCE)) as guest:
        _, reading = told(guest)
    seen = sum(one.executions for one in reading.statements if "FROM catalogue_product WHERE" in one.shape)
    said = f"{seen} executions, {reading.largest_bundle} in one string"
    return Outcome(succeeded=said != REASON, reason=said)


def control(field: Field) -> Outcome:
    """Django's own log of queries counts one."""
    with field.shop(attacking(SOURCE)) as guest:
        counted, _ = told(guest)
    return Outcome(succeeded=counted == 1, reason=f"Django counted {counted}")
