"""Takes all places of the server, by connections that never say who they are: the judge is to be locked out.

A guest may hold 256 files open, all its processes together some more; the server has more places than that.
"""

import socket
import time
from contextlib import ExitStack

import psycopg
from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import attacking, cluster_of, told

REASON = "the judge still let in"
SOURCE = """
import os
import socket

KEPT = []


def attack():
    try:
        for _ in range(400):
            one = socket.socket(socket.AF_UNIX)
            one.settimeout(1)
            one.connect(os.environ["PGHOST"] + "/.s.PGSQL.5432")
            KEPT.append(one)
    except OSError:
        pass
    return len(KEPT)
"""
PLACES = 420


def attempt(field: Field) -> Outcome:
    with field.shop(attacking(SOURCE)) as guest:
        held, _ = told(guest)
        with guest.arrange() as connection:
            connection.execute("UPDATE catalogue_product SET price = price + 1 WHERE id = 1")
        guest.finish()
    return Outcome(succeeded=False, reason=REASON if held > 200 else f"only {held} held")


def control(field: Field) -> Outcome:
    """With more open files than a guest can have, nobody gets in any more."""
    address = str(cluster_of(field).socket_folder / ".s.PGSQL.5432")
    with ExitStack() as held:
        for _ in range(PLACES):
            one = held.enter_context(socket.socket(socket.AF_UNIX))
            one.settimeout(1)
            try:
                one.connect(address)
            except OSError:
                break
        try:
            cluster_of(field).connect(user="nobody", password="", database="postgres", options="").close()
        except psycopg.Error as error:
            locked_out = "too many clients" in str(error) or "Resource temporarily" in str(error)
            said = str(error)
    time.sleep(0.2)
    return Outcome(succeeded=locked_out, reason=said)
