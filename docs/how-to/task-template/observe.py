"""Gathers evidence and decides nothing. Trusted code; runs beside the judge, never beside the candidate's
code.

What comes back is plain JSON, at most 1 MB, each entry under the type of evidence that it is: `seen` from
outside the guest, `answered` by the guest without knowing what is expected. Nothing of a stopwatch: counts
decide.
"""

from random import Random

from djudge.engine.run import Connection, Run, RunningGuest, Visit
from djudge.engine.values import Json, Observations

PAGE = "/status/"


def arrange(connection: Connection, random: Random) -> None:
    """Fill the database that every guest of this run gets a copy of. Optional.

    Draw from `random` and from nothing else: packs are public, so what can be foreseen from their text can be
    typed into a submission.
    """
    numbers = range(random.randrange(20, 60))
    with connection.cursor() as cursor:
        for number in numbers:
            brand = (f"Brand {number}", f"brand-{number}")
            cursor.execute("insert into catalogue_brand (name, slug) values (%s, %s)", brand)
        gone = [f"brand-{number}" for number in random.sample(numbers, 5)]
        cursor.execute("delete from catalogue_brand where slug = any(%s)", [gone])


def observe(run: Run) -> Observations:
    """Ask the page, add a brand, ask again. `run.guest()` is a fresh process on a fresh copy of the data."""
    run.progress(1, 1, "the page, before and after a brand is added")
    with run.guest() as guest:
        before = _brands(guest)
        first = guest.get(PAGE)
        _add_brand(guest)
        second = guest.get(PAGE)
        products = guest.get("/products/")
    return Observations(
        seen={
            "brands": {"kind": "rows", "before": before, "after": before + 1},
            "work": {"kind": "rows", "statements": first.reading.executions, "rows": _rows(first)},
        },
        answered={"first": _answer(first), "second": _answer(second), "products": products.answer.status},
    )


def _brands(guest: RunningGuest) -> int:
    with guest.arrange() as connection:
        row = connection.execute("select count(*) from catalogue_brand").fetchone()
    return int(row[0]) if row else 0


def _add_brand(guest: RunningGuest) -> None:
    with guest.arrange() as connection:
        connection.execute("insert into catalogue_brand (name, slug) values ('One more', 'one-more')")


def _rows(visit: Visit) -> int:
    return sum(statement.rows for statement in visit.reading.statements)


def _answer(visit: Visit) -> dict[str, Json]:
    """Whatever the guest sent, cut short: it is hostile until it is compared."""
    return {"status": visit.answer.status, "body": visit.answer.body[:200].decode("utf-8", "replace")}
