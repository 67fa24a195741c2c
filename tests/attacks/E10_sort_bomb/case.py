"""Sorts more than there is, on disk: one session beyond its own limit, then several that stay below it.

A session may have 256 MB of temporary files, and a run 512 MB.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import as_superuser, attacking, told

from djudge.engine.errors import CandidateFault

REASON = "53400, then temporary_limit"
SORT = "SELECT repeat('x', 200) || n AS t FROM generate_series(1, {rows}) AS n ORDER BY 1 DESC"
SOURCE = """
import threading

from catalogue.sessions import session, tried

SORT = "DECLARE sorted CURSOR WITHOUT HOLD FOR {sort}"
KEPT = []


def sort():
    one = session()
    KEPT.append(one)
    one.execute("SET work_mem = '64kB'; BEGIN; " + SORT)
    return tried(one, "FETCH 1 FROM sorted")


def attack():
    workers = [threading.Thread(target=sort, daemon=True) for _ in range({sessions} - 1)]
    for worker in workers:
        worker.start()
    state = sort()
    for worker in workers:
        worker.join()
    return state
"""
FITS_ONE, BEYOND_ONE = 900_000, 3_000_000


def _source(rows: int, sessions: int) -> str:
    return SOURCE.format(sort=SORT.format(rows=rows), sessions=sessions)


def attempt(field: Field) -> Outcome:
    with field.shop(attacking(_source(BEYOND_ONE, 1))) as guest:
        state, _ = told(guest)
    try:
        with field.shop(attacking(_source(FITS_ONE, 4))) as guest:
            told(guest)
    except CandidateFault as fault:
        reason = f"{state}, then {fault.kind}"
        return Outcome(succeeded=not state, reason=reason)
    return Outcome(succeeded=True, reason=f"{state}, and four sessions sorted what they liked")


def control(field: Field) -> Outcome:
    """A superuser lifts the limit of a session."""
    with as_superuser(field) as one:
        one.execute("SET temp_file_limit = -1; SET work_mem = '64kB'")
        one.execute(f"BEGIN; DECLARE sorted CURSOR FOR {SORT.format(rows=1_300_000)}".encode())
        one.execute("FETCH 1 FROM sorted")
        row = one.execute("SELECT sum(size) FROM pg_ls_tmpdir()").fetchone()
        one.execute("ROLLBACK")
    size = int(row[0]) if row else 0
    return Outcome(succeeded=size > 256 << 20, reason=f"{size} bytes")
