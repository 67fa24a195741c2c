"""Sends its loop through a pipeline, prepared on the server, past Django: one round trip.

The log has a line for each execution, whichever way it came.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import attacking, told

REASON = "60 executions"
SOURCE = """
from catalogue.sessions import session
from django.db import connection
from django.test.utils import CaptureQueriesContext


def attack():
    with CaptureQueriesContext(connection) as queries, session() as one, one.pipeline():
        for number in range(60):
            one.execute("SELECT name FROM catalogue_product WHERE id = %s", [number], prepare=number > 20)
    return len(queries)
"""


def attempt(field: Field) -> Outcome:
    with field.shop(attacking(SOURCE)) as guest:
        _, reading = told(guest)
    seen = sum(one.executions for one in reading.statements if one.measured and "FROM catalogue_product" in one.shape)
    return Outcome(succeeded=seen != 60, reason=f"{seen} executions")


def control(field: Field) -> Outcome:
    """Django's own log of queries counts none."""
    with field.shop(attacking(SOURCE)) as guest:
        counted, _ = told(guest)
    return Outcome(succeeded=counted == 0, reason=f"Django counted {counted}")
