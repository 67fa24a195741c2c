"""Time zones: people say when something is where they are, and everything is kept in UTC. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from django.utils.translation import gettext as _


class NoSuchTimeError(ValueError):
    """Clocks are changed: a time that is not there on that day, or is there twice. The message says which."""


@cache
def zones() -> tuple[str, ...]:
    """Their names by place, UTC first."""
    return ("UTC", *sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")))


def zone_of(name: str) -> ZoneInfo:
    """By its name; UTC for one that the table of zones does not know (any more)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def moment(day: date, at: time, zone: str) -> datetime:
    """The moment in UTC at which clocks there show this. Raises NoSuchTimeError."""
    local = datetime.combine(day, at, tzinfo=zone_of(zone))
    found = local.astimezone(UTC)
    if found.astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NoSuchTimeError(_("There is no such time on that day: clocks are put forward there."))
    if local.replace(fold=1).astimezone(UTC) != found:
        raise NoSuchTimeError(_("That time comes twice on that day: clocks are put back there."))
    return found
