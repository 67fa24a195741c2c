"""Keeps the loops in SQLite: all rows are copied into memory at the start, and the second alias is no PostgreSQL.

A page that shows rows of a table has to have read them for this request.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import seen_executions, verdict

REASON = "answers-without-reading"


def attempt(field: Field) -> Outcome:
    return verdict(field, field.solution("cheats/another-database"), REASON)


def control(field: Field) -> Outcome:
    """By PostgreSQL's statements alone the page is flat."""
    counts = seen_executions(field, field.solution("cheats/another-database"))
    return Outcome(succeeded=counts[0] == counts[1], reason=f"{counts} statements")
