"""Leaves the migrations as they are, and makes its function in `AppConfig.ready`, in a signal, in the settings' import.

Whether a submission's migrations are those of the task says nothing of what it does in the database: what was there
before it ran is compared with what is there when the page has been made.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import changed, fools_a_count_in_the_process, verdict

REASON = "function-in-database"
APPS = '''
from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import post_migrate

FUNCTION = """{function}"""


class CatalogueConfig(AppConfig):
    name = "catalogue"

    def ready(self):
        {when}


def make(**about):
    with connection.cursor() as cursor:
        cursor.execute(FUNCTION)
    connection.close()
'''
IN_THE_SETTINGS = '''
import psycopg

with psycopg.connect("", autocommit=True) as made_early:
    made_early.execute("""{function}""")
'''
MIGRATION = "catalogue/migrations/0002_cards.py"


def _ways(field: Field) -> list[dict[str, str]]:
    files = field.solution("cheats/loop-in-a-function")
    function = _sql_of(files.pop(MIGRATION))
    at_ready = APPS.format(function=function, when="make()")
    at_signal = APPS.format(function=function, when="post_migrate.connect(make, weak=False)")
    settings = changed(field, "stallhouse/settings.py", added=IN_THE_SETTINGS.format(function=function))
    return [
        {**files, "catalogue/apps.py": at_ready},
        {**files, "catalogue/apps.py": at_signal},
        {**files, **settings},
    ]


def _sql_of(migration: str) -> str:
    """The function's text in the migration of the known cheat."""
    text = migration[migration.index("CREATE") :]
    return text[: text.index('"""')].replace("CREATE", "CREATE OR REPLACE", 1)


def attempt(field: Field) -> Outcome:
    for files in _ways(field):
        outcome = verdict(field, files, REASON)
        if outcome.succeeded or outcome.reason != REASON:
            return outcome
    return outcome


def control(field: Field) -> Outcome:
    """Whoever looks for migrations finds none, and a count in the process calls the page flat."""
    return fools_a_count_in_the_process(field, _ways(field)[0])
