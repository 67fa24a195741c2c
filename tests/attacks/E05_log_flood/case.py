"""Floods the server's log, so that it fills the disk or hides what else was done.

A run may cause 256 MB of log; then it is stopped, and the disk space is given back.
"""

import os

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import attacking, cluster_of, start_file, told, verdict

REASON = "log_limit"
MEGABYTES = 400
FLOOD = """
from catalogue.sessions import session


def attack():
    with session() as one:
        for _ in range({megabytes}):
            one.execute("DO $$ BEGIN RAISE LOG '%', repeat('x', 1000000); END $$".encode())
"""
VIEW = """
from catalogue.attack import attack
from catalogue.unflooded import *
from catalogue.unflooded import product_list as unflooded_list


def product_list(request):
    attack()
    return unflooded_list(request)
"""


def _files(field: Field) -> dict[str, str]:
    files = attacking(FLOOD.format(megabytes=MEGABYTES))
    del files["stallhouse/urls.py"]
    return {**files, "catalogue/unflooded.py": start_file(field, "catalogue/views.py"), "catalogue/views.py": VIEW}


def attempt(field: Field) -> Outcome:
    outcome = verdict(field, _files(field), REASON)
    kept = cluster_of(field).log_file.stat().st_blocks * 512
    if kept > 300 << 20:
        return Outcome(succeeded=True, reason=f"the log takes {kept >> 20} MB of disk")
    return outcome


def control(field: Field) -> Outcome:
    """A small flood that nobody forbids is on the disk while the run lasts."""
    before = os.stat(cluster_of(field).log_file).st_size
    with field.shop(attacking(FLOOD.format(megabytes=20))) as guest:
        told(guest)
        grown = os.stat(cluster_of(field).log_file).st_size - before
    return Outcome(succeeded=grown > 20_000_000, reason=f"the log grew by {grown} bytes")
