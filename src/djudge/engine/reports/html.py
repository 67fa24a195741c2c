"""A report as one self-contained page: no script, no request, nothing of another machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from djudge.engine.reports import evidence
from djudge.engine.reports.diffs import DiffLine, Excerpt, changes, diff_lines, excerpts
from djudge.engine.reports.document import BulletFacts, FileFacts, FindingFacts, PlaceFacts, Report, SignFacts
from djudge.engine.reports.learning import LINKS
from djudge.engine.reports.pieces import Piece, piece_of
from djudge.engine.reports.templating import render
from djudge.engine.reports.words import (
    BLAME,
    LEVELS,
    NOT_ISOLATED,
    ONE_TASK,
    flag_name,
    in_order,
    lowered,
    postgres,
)
from djudge.engine.scoring.headline import NAMES
from djudge.engine.scoring.measurements import brief
from djudge.engine.values import BULLETS, Outcome

#: As many bullets can be named in large type.
_FEW: Final = 5
_DIFF_LINES: Final = 3_000


def render_html(report: Report, contest: str = "") -> str:
    """The page for the audience that the report is for. Some milliseconds; no content makes it fail.

    `contest` is an address, without a query, where a finding can be contested; each finding links there with its name
    as `check`. Where there is none, the page says whom to tell.
    """
    return render("report.html.j2", page=_Page(report, contest))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reason:
    """A check that a bullet rests on: its title, what was measured, and where on the page that is."""

    title: str
    measured: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A bullet with its name, its links, or nothing but that it was not tested."""

    name: str
    outcome: Outcome
    because: tuple[_Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Diff:
    """A changed file: an anchor, its lines, how many came and went."""

    anchor: str
    file: FileFacts
    lines: tuple[DiffLine, ...]
    added: int
    removed: int


class _Page:
    """What the template asks for. All is computed from the report; nothing is escaped or decided here."""

    blame = BLAME
    not_isolated = NOT_ISOLATED
    one_task = ONE_TASK
    flag_name = staticmethod(flag_name)
    brief = staticmethod(brief)
    plan_lines = staticmethod(evidence.plan_lines)

    def __init__(self, report: Report, contest: str = "") -> None:
        self.report = report
        self.contest = contest
        self.for_candidate = report.audience == "candidate"
        self.postgres = postgres(report.environment)
        self._shown: dict[str, str] = {}

    @cached_property
    def findings(self) -> Sequence[FindingFacts]:
        """In the order of what they change; none where nothing ran."""
        return () if self.report.fault else in_order(self.report)

    @cached_property
    def levels(self) -> Sequence[tuple[str, Sequence[_Row]]]:
        """The guide's blocks with every bullet of it."""
        known = {bullet.bullet: bullet for bullet in self.report.bullets}
        return [
            (title, [self._row(name, known.get(name)) for name in BULLETS if BULLETS[name] == level])
            for level, title in LEVELS.items()
        ]

    @cached_property
    def outcomes(self) -> Sequence[Outcome]:
        """One mark for each bullet that was tested."""
        return [bullet.outcome for bullet in self.report.bullets]

    @property
    def untested(self) -> str:
        """What was not tested, as short as the other half of the first line; empty where the names are short enough."""
        left = len(self.report.not_tested)
        return "" if left <= _FEW else f"{left} of the guide's {len(BULLETS)} bullets"

    @cached_property
    def diffs(self) -> Sequence[_Diff]:
        """The changed files with their lines, as many as a page can hold; of those after that only the counts."""
        found: list[_Diff] = []
        room = _DIFF_LINES
        for number, file in enumerate(self.report.submission.files, 1):
            lines = diff_lines(file.diff)
            added, removed = changes(lines)
            lines = lines if len(lines) <= room else ()
            room -= len(lines)
            anchor = f"file-{number}"
            found.append(_Diff(anchor=anchor, file=file, lines=lines, added=added, removed=removed))
        return found

    def anchor(self, check: str) -> str:
        """The id of a finding on the page; ids are ours, checks only choose among them."""
        order = [finding.check for finding in self.report.findings]
        return f"finding-{order.index(check) + 1}" if check in order else "findings"

    def place(self, place: PlaceFacts | SignFacts) -> str:
        """The id of a submitted line, empty where the diff does not show it."""
        for diff in self.diffs:
            if diff.file.path == place.file and any(line.new == place.line for line in diff.lines):
                return f"{diff.anchor}-{place.line}"
        return ""

    def excerpts(self, finding: FindingFacts) -> Sequence[Excerpt]:
        """The submitted lines that a finding points to."""
        return excerpts(finding.places, {diff.file.path: diff.lines for diff in self.diffs})

    def lowered(self, finding: FindingFacts) -> str:
        """Why a finding counts for less than it measured."""
        return lowered(finding, self.report)

    def link(self, finding: FindingFacts) -> tuple[str, str] | None:
        """Where to read on."""
        return LINKS.get(finding.bullet) if finding.bullet else None

    def bullet_name(self, bullet: str) -> str:
        """A bullet of the guide in words."""
        return NAMES.get(bullet, bullet)

    def first_shown(self, finding: FindingFacts, name: str) -> str:
        """The anchor of the finding that already shows this evidence; empty the first time."""
        mine = self.anchor(finding.check)
        first = self._shown.setdefault(name, mine)
        return "" if first == mine else first

    def evidence(self, finding: FindingFacts) -> Sequence[Piece]:
        """What a finding rests on, each once on the page."""
        stored = self.report.observations
        names = [name for name in dict.fromkeys(finding.evidence) if stored.named(name) is not None]
        return [
            piece_of(self.report, f"{self.anchor(finding.check)}-{name_at}", name) for name_at, name in enumerate(names)
        ]

    def _row(self, name: str, bullet: BulletFacts | None) -> _Row:
        findings = {finding.check: finding for finding in self.report.findings}
        because = [findings[check] for check in bullet.because if check in findings] if bullet else []
        reasons = tuple(
            _Reason(title=each.title, measured=each.measured, anchor=self.anchor(each.check)) for each in because
        )
        return _Row(name=NAMES[name], outcome=bullet.outcome if bullet else Outcome.NOT_TESTED, because=reasons)
