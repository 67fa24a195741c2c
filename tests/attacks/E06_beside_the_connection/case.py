"""Hides the loop beside Django's connection: a second connection, threads, a forked child, a stream, after the answer.

Every process and thread of a guest has the guest's one role, and the look lasts until none of its sessions is busy.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import attacking, told

REASON = "each of the loops seen"
LOOP = 20
WAYS = ("second", "thread", "child", "stream", "afterwards")
SOURCE = f"""
import os
import threading

from catalogue.sessions import session
from django.db import connection
from django.http import StreamingHttpResponse
from django.test.utils import CaptureQueriesContext


def loop(way):
    with session() as one:
        for number in range({LOOP}):
            one.execute(f"SELECT name, '{{way}}' FROM catalogue_product WHERE id = {{number}}")


def in_a_child():
    child = os.fork()
    if child == 0:
        loop("child")
        os._exit(0)
    os.waitpid(child, 0)


class Answer(StreamingHttpResponse):
    def close(self):
        super().close()
        loop("afterwards")


def attack():
    with CaptureQueriesContext(connection) as queries:
        loop("second")
        thread = threading.Thread(target=loop, args=["thread"])
        thread.start()
        thread.join()
        in_a_child()
    return Answer(pieces(len(queries)))


def pieces(counted):
    loop("stream")
    yield str(counted)
"""


def attempt(field: Field) -> Outcome:
    with field.shop(attacking(SOURCE)) as guest:
        _, reading = told(guest)
        statements = (*reading.statements, *guest.get("/products/").reading.statements)
    seen = {way: sum(one.executions for one in statements if f"'{way}'" in one.sql and one.measured) for way in WAYS}
    missed = [f"{way}: {count}" for way, count in seen.items() if count != LOOP]
    return Outcome(succeeded=bool(missed), reason=", ".join(missed) or REASON)


def control(field: Field) -> Outcome:
    """Django's log of queries holds none."""
    with field.shop(attacking(SOURCE)) as guest:
        counted, _ = told(guest)
    return Outcome(succeeded=counted == 0, reason=f"Django counted {counted}")
