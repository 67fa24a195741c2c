"""What a guest does with Django. Django itself is the pack's, so it is looked up when it is needed and not before."""

from __future__ import annotations

import importlib
import runpy
import sys
import traceback
from collections.abc import Callable, Iterable
from typing import Any

from djudge.guest.faults import setback
from djudge.guest.wire import Json

type Entry = dict[str, Json]
type Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def set_up(entry: Entry) -> None:
    """`django.setup()` with the settings of the entry; the candidate's models and `AppConfig.ready` run in it."""
    with setback("starting", "settings_error"):
        settings = importlib.import_module("django.conf").settings
        _ = settings.INSTALLED_APPS
    with setback("starting", "setup_error"):
        importlib.import_module("django").setup()


def migrate() -> None:
    """Apply what is not yet applied, and end the sessions of it: elsewhere a process of its own migrates."""
    with setback("migrating", "migration_error"):
        importlib.import_module("django.core.management").call_command("migrate", interactive=False, verbosity=0)
        importlib.import_module("django.db").connections.close_all()


def load_application(entry: Entry) -> Application:
    """The WSGI application: the one that the entry names as `module.attribute`, else Django's own."""
    with setback("starting", "import_error"):
        named = entry.get("application")
        if isinstance(named, str):
            module, _, attribute = named.rpartition(".")
            application: Application = getattr(importlib.import_module(module), attribute)
            return application
        django: Application = importlib.import_module("django.core.wsgi").get_wsgi_application()
        return django


def load_addresses() -> None:
    """Import the modules behind every address. Django does it with the first request, and then answers 500 to all."""
    settings = importlib.import_module("django.conf").settings
    with setback("starting", "setup_error"):
        if getattr(settings, "ROOT_URLCONF", None):
            _ = importlib.import_module("django.urls").get_resolver().url_patterns


def print_tracebacks() -> None:
    """Have the traceback of a view that raises printed, as a server's log would hold it; by itself Django mails it."""
    signals = importlib.import_module("django.core.signals")
    signals.got_request_exception.connect(_print_traceback, weak=False)


def _print_traceback(**about: object) -> None:
    traceback.print_exc()


def run_command(entry: Entry) -> int:
    """Run a management command (`argv`), or a module as `python -m` would (`module` and `argv`); its exit status."""
    arguments = [str(argument) for argument in _list(entry.get("argv"))]
    module = entry.get("module")
    try:
        if isinstance(module, str):
            sys.argv = [module, *arguments]
            runpy.run_module(module, run_name="__main__", alter_sys=True)
        else:
            sys.argv = ["manage.py", *arguments]
            importlib.import_module("django.core.management").execute_from_command_line(sys.argv)
    except SystemExit as ending:
        return _status(ending.code)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _status(code: object) -> int:
    """As the interpreter does it: none is 0, a number is itself, anything else is printed and is 1."""
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    print(code, file=sys.stderr)
    return 1
