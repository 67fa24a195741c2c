"""What the renderings of a check say alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from djudge.engine.reports.check_document import (
    CauseFacts,
    CheckReport,
    LookFacts,
    OriginFacts,
    PersonFacts,
    UnmultipliedFacts,
    WriteFacts,
)

NOT_A_VERDICT: Final = "To be looked at: the check does not know who is meant to see what."
REPEATED: Final = "A full page, or a loop over something that was not multiplied: it hides whether it grows."
WRITES: Final = "A link, a preview or a crawler does the same. Some of it may be meant: counters, first visits."
UNREACHED: Final = "No page led there and no address could be made from the data, or the bound on pages came first."
UNMULTIPLIED: Final = "What is shown of these tables could not grow."


def headline(report: CheckReport) -> str:
    """The result in a sentence, with what it covers."""
    growing = len(report.growing)
    asks = "asks" if growing == 1 else "ask"
    said = f"{growing} of {counted(report.measured_routes, 'measured route')} {asks} more as the data grows"
    routes = sum(each.routes for each in report.writes)
    writing = counted(routes, "route") + (" writes" if routes == 1 else " write")
    failing = counted(len(report.failures), "exception")
    return f"{said}, {len(report.looks)} to look at for access, {failing}, {writing} when only asked for"


def coverage(report: CheckReport) -> str:
    """What was not looked at, as plainly."""
    reached = len(report.routes) - len(report.unreached)
    said = f"{reached} of {len(report.routes)} routes reached, {counted(len(report.unmeasured), 'address', 'es')} not "
    return f"{said}measured, {counted(len(report.unmultiplied), 'table')} not multiplied in full"


def counted(number: int, what: str, many: str = "s") -> str:
    """`1 table`, `2 tables`."""
    return f"{number:,} {what}{'' if number == 1 else many}"


def origin(found: OriginFacts) -> str:
    """Where statements come from, innermost last."""
    places = [found.line or found.owner, found.template]
    if found.line and found.owner:
        places.append(f"in {found.owner}")
    return " · ".join(each for each in places if each) or "no line of the project was involved"


def cause(found: CauseFacts) -> str:
    """How far a place was seen, and what it does where it does most."""
    where = counted(found.routes, "route")
    return f"on {where}; ×{found.before} → ×{found.after} at {found.address}"


def write(found: WriteFacts) -> str:
    """What was written, and on how many routes the same."""
    others = f"; the same on {counted(found.routes - 1, 'other route')}" if found.routes > 1 else ""
    return joined(found.what) + others


def look(found: LookFacts) -> str:
    """Who gets in, and whose pages lead there."""
    who, led = joined(found.people), joined(found.led)
    return f"{who} {'is' if len(found.people) == 1 else 'are'} shown it; only pages of {led} lead there"


def person(found: PersonFacts) -> str:
    """Somebody with what matters of them."""
    rights = "may do everything" if found.powerful else "staff" if found.staff else ""
    told = ", ".join(each for each in (rights, "made for the check" if found.made else "") if each)
    return f"{found.called} ({told})" if told else found.called


def unmultiplied(found: UnmultipliedFacts) -> str:
    """How far a table came."""
    return f"{found.copies:,} of {found.wanted:,} copies: {found.reason}"


def joined(names: Iterable[str]) -> str:
    """Names as a list that is read out."""
    known = list(names)
    return " and ".join([", ".join(known[:-1]), known[-1]]) if len(known) > 1 else "".join(known)
