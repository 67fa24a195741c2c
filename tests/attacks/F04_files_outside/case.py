"""Brings a `django/` of its own, `sitecustomize`, a `.pth`, modules of the standard library, a new `manage.py`.

Only what the task makes editable may be changed; anything else is refused before it is run.
"""

from tests.attacks.battery import Field, Outcome

from djudge.engine.errors import SubmissionRefused

REASON = "refused, each, by its name"
FILES = (
    "django/__init__.py",
    "psycopg/__init__.py",
    "sitecustomize.py",
    "usercustomize.py",
    "evil.pth",
    "json.py",
    "socket.py",
    "djudge/__init__.py",
    "manage.py",
    "stallhouse/wsgi.py",
    "stallhouse/environ.py",
    "catalogue/../manage.py",
    "/app/manage.py",
)


def attempt(field: Field) -> Outcome:
    taken = [path for path in FILES if not _is_refused(field, path)]
    return Outcome(succeeded=bool(taken), reason=f"taken: {', '.join(taken)}" if taken else REASON)


def _is_refused(field: Field, path: str) -> bool:
    try:
        field.submission({path: "HERE = True\n"})
    except SubmissionRefused:
        return True
    return False


def control(field: Field) -> Outcome:
    """Beside the application, such a file is what an import finds."""
    source = "import colorsys\n\ndef attack(): return getattr(colorsys, 'HERE', False)\n"
    found = field.program(source, files={"colorsys.py": b"HERE = True\n"}).said
    return Outcome(succeeded=bool(found), reason=f"found {found}")
