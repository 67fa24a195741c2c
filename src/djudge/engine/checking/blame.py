"""A fault of the project in words: what failed, and what its owner can do about it."""

from __future__ import annotations

from typing import Final

from djudge.engine.checking.order import Order
from djudge.engine.checking.telling import Fault
from djudge.engine.errors import ProjectFault

#: Types of exceptions that clients of other servers raise when nobody answers.
_NOBODY_ANSWERS: Final = frozenset(
    {"ConnectionRefusedError", "ConnectionError", "ConnectTimeout", "NewConnectionError", "gaierror", "TransportError"}
)

_SERVICE: Final = (
    "It wants a service that does not answer. Start it, or name settings for this check that do without it "
    "(--settings): caches, letters, files and queues are in memory already."
)
_DRIVER: Final = "Install psycopg[binary] into that environment: the check runs on PostgreSQL, whatever they use."


def blamed(stage: str, fault: Fault, order: Order) -> ProjectFault:
    """The error to raise. `stage` says what was being done: "The settings can't be loaded"."""
    known = _known(fault, order)
    what, cure = known or (f"{stage}: {fault.said[:400]}.".replace("..", "."), _cure(fault))
    return ProjectFault(what, cure, detail=fault.trace, place=fault.place)


def _known(fault: Fault, order: Order) -> tuple[str, str] | None:
    """Faults whose own words would not help."""
    missing = fault.type == "ModuleNotFoundError"
    if missing and fault.message == "No module named 'django'":
        return (
            f"There is no Django in {order.interpreter}.",
            "Name the interpreter that the project runs on with --python, such as .venv/bin/python.",
        )
    if "Error loading psycopg2 or psycopg module" in fault.message:
        return f"There is no driver for PostgreSQL in {order.interpreter}.", _DRIVER
    if missing and fault.message == f"No module named '{order.settings.split('.')[0]}'":
        return (
            f"The settings {order.settings} can't be found from {order.folder}.",
            "Name the folder that their package lies in, or others with --settings.",
        )
    return None


def _cure(fault: Fault) -> str:
    if _NOBODY_ANSWERS & set(fault.causes):
        return _SERVICE
    if fault.type == "ModuleNotFoundError":
        return "Install what is missing into the project's environment, or name another with --python."
    if fault.type in ("KeyError", "ImproperlyConfigured", "UndefinedValueError"):
        return "Where settings read the environment, set for this command what they want to find there."
    if "extension" in fault.message:
        return "The check's PostgreSQL has the extensions of its package only; name another in DJUDGE_POSTGRES_BIN."
    return "Mend it, or name other settings, fixtures or commands; `manage.py check` may say more."
