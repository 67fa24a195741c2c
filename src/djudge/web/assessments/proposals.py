"""What is proposed for a job from what its holder will build."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from djudge.web.accounts.models import User
from djudge.web.assessments import actions
from djudge.web.assessments.models import Assessment, Lane
from djudge.web.grading import library
from djudge.web.organizations.models import Team


def for_job(team: Team, actor: User, *, title: str, builds: Sequence[str], use_case: str) -> dict[str, Any]:
    """Fields of a new job: the ready assessment of its use case for those who know Django, that of the Python lane
    beside it, the guide's minimum as the level, five days until an answer.

    Where no assessment was made for the use case, the first one for that lane is proposed; the page says what it tests.
    """
    return {
        "title": title,
        "builds": list(builds),
        "use_case": use_case,
        "assessment": _proposed(team, actor, Lane.DJANGO_READY, use_case),
        "python_assessment": _proposed(team, actor, Lane.PYTHON_STRONG, "python-strong"),
    }


def _proposed(team: Team, actor: User, lane: str, wanted: str) -> Assessment | None:
    fitting = [ready for ready in library.ready() if ready.lane == lane]
    chosen = next((ready for ready in fitting if ready.id == wanted), fitting[0] if fitting else None)
    return actions.adopt(actor=actor, team=team, ready=chosen) if chosen else None
