"""Process 1 of the guest, from the last walls to the candidate's code.

Up to `drop_rights` this is ours. After it, everything that this process says is a claim: candidate code may
have replaced any of it.
"""

from __future__ import annotations

import os
import socket
import sys
import traceback
from contextlib import suppress
from typing import NoReturn

from djudge.guest import calls, django_entry, jail, kernel, root
from djudge.guest.faults import Setback, as_fault
from djudge.guest.order import JailPlan, Order
from djudge.guest.wire import EXIT, FAULT, PHASE, READY, Json, head
from djudge.guest.wsgi import serve

_JAILED = b"."
_FIXED = {
    "HOME": "/tmp",  # noqa: S108 (the guest's own tmpfs)
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "PATH": "/usr/bin:/bin",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "TMPDIR": "/tmp",  # noqa: S108 (likewise)
    "TZ": "UTC",
}


class Voice:
    """How the guest's own code speaks to the judge: frames that carry the run's number."""

    def __init__(self, channel: socket.socket, run: str) -> None:
        self.channel = channel
        self.run = run

    def say(self, kind: bytes, /, **fields: Json) -> None:
        """Send one head."""
        self.channel.sendall(head(kind, {"run": self.run, **fields}))


def run_guest(plan: JailPlan, order: Order, channel: int, notes: int) -> NoReturn:
    """Never returns: candidate code runs below this frame."""
    status = 1
    try:
        voice = Voice(_enter(plan, order, channel, notes), order.run)
        _prepare_python(plan, order)
        status = _run(order, voice)
    except BaseException:
        traceback.print_exc()
    finally:
        _flush()
        os._exit(status)


def _enter(plan: JailPlan, order: Order, channel: int, notes: int) -> socket.socket:
    try:
        if plan.isolated:
            jail.enter_root(plan)
        result = jail.adopt(plan, channel, notes)
        notes = jail.NOTES
        if plan.isolated:
            jail.drop_rights(plan, order.bounds)
    except (kernel.LayerError, OSError) as error:
        kernel.refuse(notes, error)
    os.write(notes, _JAILED)
    os.close(notes)
    return result


def _prepare_python(plan: JailPlan, order: Order) -> None:
    base = plan.folder or ""
    tree, temporary = f"{base}{root.TREE}", f"{base}{root.TEMPORARY}"
    environment = sys.path[-1]
    os.environ.clear()
    os.environ.update(_FIXED | {"HOME": temporary, "TMPDIR": temporary})
    os.environ.update(order.environ)
    os.environ["PYTHONPATH"] = f"{tree}:{environment}"
    settings = order.entry.get("settings")
    if isinstance(settings, str):
        os.environ["DJANGO_SETTINGS_MODULE"] = settings
    sys.path.insert(0, tree)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)  # type: ignore[union-attr]


def _run(order: Order, voice: Voice) -> int:
    try:
        return _serve_or_command(order, voice)
    except Setback as setback:
        voice.say(FAULT, **as_fault(setback, os.getcwd()))
        return 1


def _serve_or_command(order: Order, voice: Voice) -> int:
    entry = order.entry
    if entry["kind"] == "command":
        voice.say(PHASE, phase="running")
        voice.say(READY)
        status = django_entry.run_command(entry)
        _flush()
        voice.say(EXIT, status=status)
        return status
    voice.say(PHASE, phase="starting")
    if entry["kind"] != "call" or entry.get("settings"):
        _set_up(entry, voice)
    if entry["kind"] == "call":
        voice.say(READY)
        calls.serve(voice.channel, voice.run)
        return 0
    application = django_entry.load_application(entry)
    django_entry.load_addresses()
    django_entry.print_tracebacks()
    voice.say(READY)
    serve(voice.channel, voice.run, application, order.bounds.response_mb * 1024 * 1024)
    return 0


def _set_up(entry: django_entry.Entry, voice: Voice) -> None:
    django_entry.set_up(entry)
    if entry.get("migrate"):
        voice.say(PHASE, phase="migrating")
        django_entry.migrate()
        voice.say(PHASE, phase="starting")


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # candidate code may have closed or replaced it
            stream.flush()
