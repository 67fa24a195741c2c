"""What scoring takes and gives, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from djudge.engine.values import Finding, Outcome


class Check(Protocol):
    """A check as task.toml declares it; the packs' model fits, and any value with these attributes."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def asks(self) -> str: ...
    @property
    def bullet(self) -> str | None: ...
    @property
    def gate(self) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A finding after the gates: `outcome` is what counts, `lowered_by` the gates that lowered it."""

    check: Check
    finding: Finding
    outcome: Outcome
    lowered_by: tuple[str, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether it stands for a bullet: gates only lower, so they never do."""
        return self.check.bullet is not None and not self.check.gate


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletScore:
    """One bullet of the guide, with the checks that decided it."""

    bullet: str
    level: int
    outcome: Outcome
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The first line of a report: what was shown, and as large beside it what was not tested."""

    shown: int
    partly: int
    not_shown: int
    tested: int
    text: str
    not_tested: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something to ask in the interview, `because` of a measurement, and what to listen for in the answer."""

    text: str
    because: str
    listen_for: str
    check: str | None = None


#: The outcomes that say something about the candidate, from the least merit to the most.
MERIT: Final = (Outcome.NOT_SHOWN, Outcome.PARTLY, Outcome.SHOWN)
