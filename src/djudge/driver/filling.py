"""Tables and rows: the project's migrations, its fixtures, its own commands that make data."""

import shlex

from django.core.management import call_command, execute_from_command_line
from django.db import connections


def migrate():
    """Make the tables."""
    call_command("migrate", verbosity=0, interactive=False)
    return _done()


def load(files):
    """Load fixtures."""
    call_command("loaddata", *files, verbosity=0)
    return _done()


def command(text):
    """Run one of the project's commands, as `manage.py` would."""
    words = shlex.split(text)
    try:
        execute_from_command_line(["manage.py", *words])
    except SystemExit as ended:
        if ended.code not in (0, None):
            raise
    return _done()


def _done():
    """The next user of the database wants to be alone with it."""
    connections.close_all()
    return True
