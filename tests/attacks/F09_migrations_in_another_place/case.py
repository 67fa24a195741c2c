"""Moves its migrations: by `MIGRATION_MODULES`, by an application of its own, by a changed `__init__` of the old ones.

The files in the old place are the task's, byte for byte. The migrations of the other place are applied all the same, and
what they make is seen.
"""

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import attacking, changed, migration, start_file, told

REASON = "applied and seen, each"
FUNCTION = "CREATE FUNCTION made() RETURNS int LANGUAGE sql AS 'SELECT 1'"
LOOK = """
from catalogue.sessions import session


def attack():
    with session() as one:
        return one.execute("SELECT to_regprocedure('made()') IS NOT NULL").fetchone()[0]
"""
OLD = "catalogue/migrations"
PATH = """
from pathlib import Path

__path__.append(str(Path(__file__).parent.parent / "more"))
"""


def _ways(field: Field) -> dict[str, dict[str, str]]:
    (made,) = migration(FUNCTION).values()
    initial = start_file(field, f"{OLD}/0001_initial.py")
    own = made.replace('dependencies = [("catalogue", "0001_initial")]', "dependencies = []")
    elsewhere = '\nMIGRATION_MODULES = {"catalogue": "catalogue.elsewhere"}\n'
    application = '\nINSTALLED_APPS = [*INSTALLED_APPS, "catalogue.shelves"]\n'
    return {
        "MIGRATION_MODULES": {
            "catalogue/elsewhere/__init__.py": "",
            "catalogue/elsewhere/0001_initial.py": initial,
            "catalogue/elsewhere/0002_made.py": made,
            **changed(field, "stallhouse/settings.py", added=elsewhere),
        },
        "another application": {
            "catalogue/shelves/__init__.py": "",
            "catalogue/shelves/migrations/__init__.py": "",
            "catalogue/shelves/migrations/0001_initial.py": own,
            **changed(field, "stallhouse/settings.py", added=application),
        },
        "a longer path": {f"{OLD}/__init__.py": PATH, "catalogue/more/0002_made.py": made},
    }


def attempt(field: Field) -> Outcome:
    seen = {}
    for name, files in _ways(field).items():
        with field.shop({**attacking(LOOK), **files}) as guest:
            made, _ = told(guest)
            seen[name] = (made, guest.finish().functions)
    unseen = [name for name, (made, functions) in seen.items() if not (made and functions == 1)]
    return Outcome(succeeded=bool(unseen), reason=f"{seen}" if unseen else REASON)


def control(field: Field) -> Outcome:
    """Whoever compares the files in the old place finds no migration that is new in two of them."""
    names = [{path for path in files if path.startswith(f"{OLD}/0")} for files in _ways(field).values()]
    return Outcome(succeeded=names == [set(), set(), set()], reason=f"{names}")
