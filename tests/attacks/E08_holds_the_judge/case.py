"""Holds locks, sleeps in a trigger and leaves a statement that never ends: the judge is to wait for ever.

The judge waits for a lock for ten seconds and for a statement for a minute, and ends what a stopped guest left.
"""

import time

import psycopg
from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import as_superuser, attacking, cluster_of, told_at_once

from djudge.engine.run import RunningGuest

REASON = "the lock given up, the sleeper ended"
SOURCE = """
import threading

from catalogue.sessions import session, tried

KEPT = []


def attack():
    one = session()
    KEPT.append(one)
    for statement in ("ALTER ROLE SESSION_USER SET lock_timeout = 0", "ALTER ROLE CURRENT_USER SET lock_timeout = 0"):
        tried(one, statement)
    threading.Thread(target=lambda: session().execute("SELECT pg_sleep(600)"), daemon=True).start()
    one.execute("BEGIN; LOCK TABLE catalogue_product IN ACCESS EXCLUSIVE MODE")
    return True
"""


def attempt(field: Field) -> Outcome:
    with field.shop(attacking(SOURCE)) as guest:
        told_at_once(guest)
        state = _held(guest)
        began = time.monotonic()
        guest.finish()
        waited = time.monotonic() - began
    if state != "55P03" or waited > 15:
        return Outcome(succeeded=True, reason=f"the lock: {state}; the end: {waited:.0f} s")
    return Outcome(succeeded=False, reason=REASON)


def _held(guest: RunningGuest) -> str:
    """As the judge connects, with its own ten seconds made one, so that the case does not take them."""
    with guest.stage.database.arrange() as connection:
        limit = connection.execute("SHOW lock_timeout").fetchone()
        if limit != ("10s",):
            return f"lock_timeout is {limit}"
        connection.execute("SET lock_timeout = '1s'")
        try:
            connection.execute("UPDATE catalogue_product SET price = price + 1 WHERE id = 1")
        except psycopg.Error as error:
            return error.sqlstate or ""
    return "it could write"


def control(field: Field) -> Outcome:
    """Without a limit of its own the judge is still waiting when somebody asks."""
    with as_superuser(field) as one, cluster_of(field).connect_admin(one.info.dbname) as other:
        one.execute("CREATE TABLE public.held (number int)")
        one.execute("BEGIN; LOCK TABLE public.held IN ACCESS EXCLUSIVE MODE")
        other.execute("SET lock_timeout = 0; SET statement_timeout = '1s'")
        try:
            other.execute("INSERT INTO public.held VALUES (1)")
        except psycopg.errors.QueryCanceled:
            return Outcome(succeeded=True, reason="")
        finally:
            one.execute("ROLLBACK")
    return Outcome(succeeded=False, reason="it did not wait")
