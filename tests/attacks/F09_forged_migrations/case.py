"""Forges rows of `django_migrations`, so that the next run takes its tables for migrated, or for missing.

Each guest has a clone of its own; what one wrote, no other sees.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import attacking, told

REASON = "the next guest has the true history"
FORGED = """
DELETE FROM django_migrations WHERE app = 'catalogue';
INSERT INTO django_migrations (app, name, applied) VALUES ('catalogue', '9999_forged', now());
DROP TABLE catalogue_rating CASCADE;
"""
LOOK = """
from catalogue.sessions import session


def attack():
    with session() as one:
        names = one.execute("SELECT name FROM django_migrations WHERE app = 'catalogue' ORDER BY name").fetchall()
        table = one.execute("SELECT to_regclass('catalogue_rating') IS NOT NULL").fetchone()[0]
    return {"names": [name for name, in names], "table": table}
"""


def attempt(field: Field) -> Outcome:
    with field.shop(attacking(LOOK, prepared=FORGED)) as guest:
        told(guest)
    with field.shop(attacking(LOOK)) as guest:
        said, _ = told(guest)
    true = said == {"names": ["0001_initial"], "table": True}
    return Outcome(succeeded=not true, reason=REASON if true else str(said))


def control(field: Field) -> Outcome:
    """In the guest's own clone the history is what it wrote."""
    with field.shop(attacking(LOOK, prepared=FORGED)) as guest:
        said, _ = told(guest)
    return Outcome(succeeded="9999_forged" in said["names"] and not said["table"], reason=str(said))
