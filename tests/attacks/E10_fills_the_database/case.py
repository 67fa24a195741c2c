"""Fills its database without end, in a request and by a session that goes on when the answer is there.

PostgreSQL knows no quota. The judge looks while it waits for an answer, and while it waits for a session.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import attacking, told

from djudge.engine.errors import CandidateFault
from djudge.engine.postgres.sizes import read_sizes

REASON = "database_limit, twice"
FILL = """
import threading

from catalogue.sessions import session

ROWS = {rows}


def fill():
    with session() as one:
        one.execute("CREATE UNLOGGED TABLE filled (t text)")
        one.execute("ALTER TABLE filled ALTER t SET STORAGE EXTERNAL")
        one.execute(f"INSERT INTO filled SELECT repeat('x', 500000) FROM generate_series(1, {{ROWS}})")


def attack():
    worker = threading.Thread(target=fill, daemon=True)
    worker.start()
    worker.join({wait})
    return True
"""
ENDLESS = 1_000_000


def attempt(field: Field) -> Outcome:
    kinds = [_kind(field, wait) for wait in (600, 0.2)]
    return Outcome(succeeded="" in kinds, reason=REASON if set(kinds) == {"database_limit"} else str(kinds))


def _kind(field: Field, wait: float) -> str:
    """By what it was stopped; the session that is left writes for three seconds at most."""
    try:
        with field.shop(attacking(FILL.format(rows=ENDLESS, wait=wait))) as guest:
            told(guest)
            guest.finish()
    except CandidateFault as fault:
        return fault.kind
    return ""


def control(field: Field) -> Outcome:
    """A small one goes through, and the disk has it as long as the run lasts."""
    with field.shop(attacking(FILL.format(rows=200, wait=60))) as guest:
        before = read_sizes(guest.stage.database).database
        told(guest)
        grown = read_sizes(guest.stage.database).database - before
    return Outcome(succeeded=grown > 90_000_000, reason=f"{grown} bytes more")
