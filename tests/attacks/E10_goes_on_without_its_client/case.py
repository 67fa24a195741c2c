"""Starts statements that never end, and dies: the server's processes go on working for nobody.

They end when the judge looks after them, before their database is dropped.
"""

import time

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import attacking, cluster_of

from djudge.engine.errors import CandidateFault
from djudge.engine.run import RunningGuest

REASON = "none of them left"
SOURCE = """
import os
import threading
import time

from catalogue.sessions import session

ENDLESS = (
    "SELECT count(*) FROM generate_series(1, 1000000000000) AS n WHERE n < 0",
    "SELECT pg_sleep(100000)",
    "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT 1 FROM r) SELECT count(*) FROM r WHERE n > 1",
)


def attack():
    for statement in ENDLESS:
        threading.Thread(target=lambda one, text: one.execute(text), args=[session(), statement], daemon=True).start()
    time.sleep(0.3)
    os._exit(0)
"""


def attempt(field: Field) -> Outcome:
    with field.shop(attacking(SOURCE)) as guest:
        _die(guest)
        guest.stage.database.end_sessions()
        left = _working(field, guest)
    return Outcome(succeeded=left > 0, reason=f"{left} left" if left else REASON)


def _die(guest: RunningGuest) -> None:
    try:
        guest.get("/attack/")
    except CandidateFault as fault:
        if fault.kind != "died":
            raise


def _working(field: Field, guest: RunningGuest) -> int:
    found = cluster_of(field).admin.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE usename = %s AND state = 'active'", [guest.login.role]
    )
    row = found.fetchone()
    return int(row[0]) if row else 0


def control(field: Field) -> Outcome:
    """Nobody ends them: they work on when the guest is long gone."""
    with field.shop(attacking(SOURCE)) as guest:
        _die(guest)
        time.sleep(0.5)
        left = _working(field, guest)
    return Outcome(succeeded=left >= 2, reason=f"{left} at work")
