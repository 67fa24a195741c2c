"""Brings management commands `migrate`, `check` and `test` of its own, which do as they like and report success.

A command of a submission runs in its guest, with a guest's rights; what it says is no evidence.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import attacking, told, verdict

REASON = "gate page"
COMMAND = """
from django.core.management.base import BaseCommand
from django.db import connection


class Command(BaseCommand):
    stealth_options = ("interactive",)

    def handle(self, *args, **options):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM catalogue_product_tags")
            cursor.execute("CREATE TABLE IF NOT EXISTS instead (id int)")
        self.stdout.write("OK, all tests passed")
"""
FOLDER = "catalogue/management/commands"
LOOK = """
from catalogue.sessions import session


def attack():
    with session() as one:
        return one.execute("SELECT to_regclass('instead') IS NOT NULL, to_regclass('mine') IS NOT NULL").fetchone()
"""


def _commands() -> dict[str, str]:
    return {f"{FOLDER}/{name}.py": COMMAND for name in ("migrate", "check", "test")}


def attempt(field: Field) -> Outcome:
    return verdict(field, _commands(), REASON)


def control(field: Field) -> Outcome:
    """In the guest it is this command that runs, and not Django's, which would have made the table `mine`."""
    files = {**attacking(LOOK, prepared="CREATE TABLE mine (id int)"), **_commands()}
    with field.shop(files) as guest:
        said, _ = told(guest)
    return Outcome(succeeded=said == [True, False], reason=f"tables: {said}")
