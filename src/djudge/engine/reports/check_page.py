"""A check as one self-contained page: no script, no request, everything of the project escaped."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Final

from djudge.engine.reports import check_words as words
from djudge.engine.reports.check_document import AddressFacts, CheckReport, RouteFacts
from djudge.engine.reports.templating import render
from djudge.engine.scoring.measurements import brief

_WIDTH: Final = 260.0


def render_check(report: CheckReport) -> str:
    """The page. Some milliseconds; no content makes it fail."""
    return render("check.html.j2", page=_Page(report))


class _Page:
    """What the template asks for; nothing is escaped here."""

    headline = staticmethod(words.headline)
    coverage = staticmethod(words.coverage)
    brief = staticmethod(brief)
    origin = staticmethod(words.origin)
    cause = staticmethod(words.cause)
    write = staticmethod(words.write)
    look = staticmethod(words.look)
    person = staticmethod(words.person)
    joined = staticmethod(words.joined)
    unmultiplied = staticmethod(words.unmultiplied)
    not_a_verdict = words.NOT_A_VERDICT
    repeated = words.REPEATED
    writing = words.WRITES
    unreached = words.UNREACHED
    hidden_growth = words.UNMULTIPLIED

    def __init__(self, report: CheckReport) -> None:
        self.report = report

    @cached_property
    def flat(self) -> tuple[AddressFacts, ...]:
        """Addresses that ask the same, however much there is."""
        return tuple(each for each in self.report.addresses if not each.grows)

    def alike(self, address: AddressFacts) -> int:
        """How many other addresses of the same route grow, too."""
        same = [each for each in self.report.addresses if each.route == address.route and each.grows]
        return len(same) - 1

    @cached_property
    def reached(self) -> tuple[RouteFacts, ...]:
        """Routes with what people got there."""
        return tuple(each for each in self.report.routes if each.address)

    def bar(self, statements: int) -> str:
        """The length of a bar on a scale that all addresses share."""
        most = max((each.after for each in self.report.growing), default=1)
        return f"{max(2.0, _WIDTH * statements / max(most, 1)):.1f}"

    def tone(self, status: str) -> str:
        """How a status is shown, by its first figure; the figures say it first."""
        return _TONES.get(status[:1], "")


_TONES: Final[Mapping[str, str]] = {"2": "open", "3": "away", "4": "shut", "5": "broken"}
