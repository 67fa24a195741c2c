"""What each role may do, as one table. Nothing else in the application asks for a role."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from djudge.web.organizations.models import Role


class May(StrEnum):
    """Something that a person may do in a team; the sentences stand in the documentation's table of roles."""

    MANAGE_TEAM = "manage the team"
    READ_AUDIT = "read the audit log"
    EDIT_JOBS = "create and change jobs and assessments"
    SEE_EVERY_JOB = "see every job and its candidates"
    MANAGE_CANDIDATES = "add, invite and move candidates"
    WRITE_NOTES = "write notes and ratings"
    DECIDE = "decide about candidates"


_ALL: Final = frozenset(May)
_WITHOUT_THE_TEAM: Final = _ALL - {May.MANAGE_TEAM, May.READ_AUDIT}

#: An interviewer sees the jobs in which they were named, and no others.
ALLOWED: Final[Mapping[str, frozenset[May]]] = {
    Role.OWNER: _ALL,
    Role.RECRUITER: _WITHOUT_THE_TEAM - {May.DECIDE},
    Role.HIRING_MANAGER: _WITHOUT_THE_TEAM,
    Role.INTERVIEWER: frozenset({May.WRITE_NOTES}),
}


def allowed_to(role: str) -> frozenset[May]:
    """What the role may do; an unknown one nothing."""
    return ALLOWED.get(role, frozenset())


def allows(role: str, what: May) -> bool:
    """Whether the role may do this."""
    return what in allowed_to(role)


def by_name(allowed: frozenset[May]) -> dict[str, bool]:
    """For templates: `may.edit_jobs` and so on."""
    return {what.name.lower(): True for what in allowed}
