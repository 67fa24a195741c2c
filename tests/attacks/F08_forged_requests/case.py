"""Sends the marks of `djudge try` itself: requests that never were, with control characters and markup in their names.

What stands there is for the candidate's own eyes, and is shown as text and nothing else.
"""

import io

from rich.console import Console
from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import changed, tried_visible_tests

from djudge.engine.cli.trial import _print
from djudge.engine.trying import Tried

REASON = "told as text"
NAME = "GET /\\x1b]0;owned\\x07\\x1b[2J[bold]\\u202e<script>"
FORGING = f'''

from django.db import connection

NAME = "{NAME}"


def forge():
    with connection.cursor() as cursor:
        cursor.execute("select %s" % repr("djudge-try begin " + NAME).replace("\\\\x1b", "\\x1b").replace("\\\\x07", "\\x07"))
        cursor.execute("select 1 as \\"[red]forged\\"")
        cursor.execute("select 'djudge-try end '")
    print(NAME, "All visible tests passed.", flush=True)
'''


def _tried(field: Field) -> Tried:
    files = changed(
        field,
        "catalogue/views.py",
        ("    tree = CategoryTree.load()", "    forge()\n    tree = CategoryTree.load()"),
        added=FORGING,
    )
    return tried_visible_tests(field, files)


def attempt(field: Field) -> Outcome:
    said = io.StringIO()
    _print(_tried(field), Console(file=said, highlight=False, force_terminal=False, width=200))
    text = said.getvalue()
    raw = [character for character in "\x1b\x07\u202e" if character in text]
    told = "owned" in text and "[red]forged" in text
    return Outcome(succeeded=bool(raw), reason=f"raw {raw}" if raw else REASON if told else text[-2000:])


def control(field: Field) -> Outcome:
    """What came out of the guest has them."""
    tried = _tried(field)
    said = "".join(request.what for request in tried.requests)
    return Outcome(succeeded="\x1b" in said and b"\x1b" in tried.result.output, reason=repr(said[:300]))
