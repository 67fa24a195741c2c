"""Works in its database from the start until it is asked, and changes what only its owner may: settings, roles, schemas.

A database and a login are of one guest, from the first connection on: the next guest of the same run has a fresh one,
and each look begins where the guest began.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import attacking, told

REASON = "a fresh database, and only its own statements seen"
SOURCE = """
import os

from catalogue.sessions import session, tried

LOOK = '''
SELECT (SELECT count(*) FROM catalogue_product), to_regclass('left_here') IS NULL,
  (SELECT count(*) FROM pg_db_role_setting JOIN pg_roles r ON r.oid = setrole WHERE rolname = session_user),
  (SELECT count(*) FROM pg_namespace WHERE nspname = 'left'), (SELECT count(*) FROM pg_largeobject_metadata),
  current_setting('my.note', true), (SELECT count(*) FROM pg_seclabel)
'''
SPOIL = (
    "ALTER ROLE SESSION_USER SET my.note = 'left'",
    "ALTER ROLE SESSION_USER IN DATABASE {database} SET search_path = left",
    "CREATE TABLE left_here (id int)",
    "CREATE SCHEMA left",
    "SELECT lo_create(4711)",
    "DELETE FROM catalogue_product_tags; DELETE FROM catalogue_rating; DELETE FROM catalogue_productimage",
    "DELETE FROM catalogue_variant; DELETE FROM catalogue_product",
    "SELECT pg_advisory_lock(1)",
)


def attack():
    with session() as one:
        found = list(one.execute(LOOK).fetchone())
        for statement in SPOIL:
            tried(one, statement.format(database=os.environ["PGDATABASE"]).encode())
        spoilt = list(one.execute("SELECT count(*), to_regclass('left_here') IS NULL FROM catalogue_product").fetchone())
    return {"found": found, "spoilt": spoilt}
"""
AT_THE_START = {
    "catalogue/apps.py": """
from importlib import import_module

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "catalogue"
    said = None

    def ready(self):
        CatalogueConfig.said = import_module("catalogue.early").attack()
"""
}
TOLD = """
from catalogue.apps import CatalogueConfig


def attack():
    return CatalogueConfig.said
"""


def _files() -> dict[str, str]:
    return {**attacking(TOLD), **AT_THE_START, "catalogue/early.py": SOURCE}


def attempt(field: Field) -> Outcome:
    found = []
    for _ in range(3):
        with field.shop(_files()) as guest:
            said, reading = told(guest)
            startup = guest.startup.executions
        found.append((tuple(said["found"]), startup, reading.executions))
    # The one setting of the role is the judge's: whose member it is.
    fresh = {one[0][1:] for one in found} == {(True, 1, 0, 0, None, 0)} and len(set(found)) == 1 and found[0][0][0] > 0
    return Outcome(succeeded=not fresh, reason=REASON if fresh else f"{found}")


def control(field: Field) -> Outcome:
    """In its own database all of it goes through."""
    with field.shop(_files()) as guest:
        said, _ = told(guest)
    return Outcome(succeeded=said["spoilt"] == [0, False], reason=f"{said['spoilt']}")
