"""Burns, hangs, fills the memory and forks in `AppConfig.ready`, in a migration, and in a management command.

The walls stand before the first line of candidate code, wherever it runs: each is stopped by the limit that would stop
it in a view, in the phase in which it ran. In the control the same code does less, and everything starts.
"""

import dataclasses
from typing import Any

from tests.attacks.battery import SMALL, Field, Outcome

from djudge.engine.errors import CandidateFault
from djudge.engine.values import Json

REASON = "each stopped by its limit, in its phase"
LIMITS = dataclasses.replace(SMALL, wall_seconds=60, cpu_seconds=2, memory_mb=96, processes=12)
#: Long enough to get as far as the migrations.
SHORT = dataclasses.replace(LIMITS, wall_seconds=8)

DEEDS = {
    "burns": ("cpu_limit", "while time.process_time() < {}: pass", (30, 0.1)),
    "hangs": ("time_limit", "time.sleep({})", (30, 0.01)),
    "fills": ("memory_limit", "held = [bytearray(b'x' * 2**20) for _ in range({})]; time.sleep(0.5)", (160, 2)),
    "forks": ("process_limit", "[os.fork() or time.sleep(2) or os._exit(0) for _ in range({})]; time.sleep(0.5)", (30, 1)),
}  # fmt: skip
SETTINGS = b"""
SECRET_KEY = 'none'
ALLOWED_HOSTS = ['*']
INSTALLED_APPS = ['app.apps.Hostile']
DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': '/tmp/db.sqlite3'}}
DEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'
"""
APPS = """
import os, time
from django.apps import AppConfig

class Hostile(AppConfig):
    name = "app"

    def ready(self):
        {ready}
"""
MIGRATION = """
import os, time
from django.db import migrations

def run(apps, schema_editor):
    {migration}

class Migration(migrations.Migration):
    operations = [migrations.RunPython(run)]
"""
COMMAND = """
import os, time
from django.core.management.base import BaseCommand

class Command(BaseCommand):
    def handle(self, **options):
        {command}
"""
SERVE = b"""
def application(environ, start_response):
    start_response("200 OK", [])
    return [b"started"]
"""
PHASES = {"ready": "starting", "migration": "migrating", "command": "running"}
#: To wait for a hang takes its whole time, so that is done once.
TRIES = [(place, name) for place in PHASES for name in DEEDS if name != "hangs" or place == "migration"]


def _run(field: Field, place: str, deed: str) -> tuple[str, str]:
    """By what and in which phase it was stopped; empty texts where it came to its end."""
    code = {name: deed if name == place else "pass" for name in PHASES}
    tree = {
        "settings.py": SETTINGS, "serve.py": SERVE, "app/__init__.py": b"", "app/migrations/__init__.py": b"",
        "app/management/__init__.py": b"", "app/management/commands/__init__.py": b"",
        "app/apps.py": APPS.format(**code).encode(), "app/migrations/0001_initial.py": MIGRATION.format(**code).encode(),
        "app/management/commands/attack.py": COMMAND.format(**code).encode(),
    }  # fmt: skip
    served: dict[str, Any] = {
        "kind": "wsgi",
        "settings": "settings",
        "migrate": True,
        "application": "serve.application",
    }
    commanded: dict[str, Json] = {"kind": "command", "settings": "settings", "argv": ["attack"]}
    entry = commanded if place == "command" else served
    limits = SHORT if "sleep(30)" in deed else LIMITS
    with field.sandbox().spawn(tree, entry=entry, limits=limits) as guest:
        try:
            guest.wait() if place == "command" else guest.ready()
        except CandidateFault as fault:
            return fault.kind, fault.phase
    return "", ""


def attempt(field: Field) -> Outcome:
    wrong, free = [], []
    for place, name in TRIES:
        limit, deed, (much, _) = DEEDS[name]
        told = _run(field, place, deed.format(much))
        wrong += [f"{name} in {place}: {told}"] if told != (limit, PHASES[place]) else []
        free += [f"{name} in {place}"] if told == ("", "") else []
    return Outcome(succeeded=bool(free), reason=", ".join(free or wrong) or REASON)


def control(field: Field) -> Outcome:
    told = {f"{name} in {place}": _run(field, place, DEEDS[name][1].format(DEEDS[name][2][1])) for place, name in TRIES}
    stopped = {name: how for name, how in told.items() if how != ("", "")}
    return Outcome(succeeded=not stopped, reason=str(stopped))
