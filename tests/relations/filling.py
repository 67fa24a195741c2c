"""Makes the tables of each golden app and fills them, on the pack's Django: run as a program, never imported.

Reads a list of `{folder, goods, dbname, user, password, host}` from standard input. Each app has the same name, so each
is made in a child of its own; Django is imported once.
"""

import json
import os
import sys

import django
import django.db.backends.postgresql.base
from django.conf import settings
from django.core.management import call_command


def make(app):
    sys.path.insert(0, app["folder"])
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host"}
    settings.configure(
        INSTALLED_APPS=["shop"],
        DATABASES={
            "default": {"ENGINE": "django.db.backends.postgresql"} | {name: app[key] for name, key in names.items()}
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    __import__("shop.filling")
    sys.modules["shop.filling"].fill(app["goods"])


def main():
    for app in json.load(sys.stdin):
        child = os.fork()
        if child == 0:
            try:
                make(app)
            except BaseException:
                sys.excepthook(*sys.exc_info())
                os._exit(1)
            os._exit(0)
        if os.waitpid(child, 0)[1]:
            sys.exit(f"{app['folder']} could not be made")


if __name__ == "__main__":
    main()
