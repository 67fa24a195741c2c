"""Making assessments and putting them away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from djudge.web.accounts.models import User
from djudge.web.assessments.models import Assessment
from djudge.web.grading import library
from djudge.web.organizations import audit
from djudge.web.organizations.models import Team


class TitleTakenError(ValueError):
    """The team has an assessment of this title; the message says so."""


@transaction.atomic
def adopt(*, actor: User, team: Team, ready: library.Ready) -> Assessment:
    """The team's own copy of an assessment that comes with the packs; the one that is there already, if it is."""
    there = Assessment.objects.filter(team=team, title=ready.title, archived_at=None).first()
    return there or create(
        actor=actor, team=team, title=ready.title, lane=ready.lane, tasks=ready.tasks, answers=ready.answers
    )


@transaction.atomic
def create(
    *,
    actor: User,
    team: Team,
    title: str,
    lane: str,
    tasks: Sequence[str],
    answers: Mapping[str, str],
    ai_policy: str = "declared",
) -> Assessment:
    """A new assessment. Raises TitleTakenError."""
    try:
        with transaction.atomic():
            made = Assessment.objects.create(
                team=team, title=title, lane=lane, tasks=list(tasks), answers=dict(answers), ai_policy=ai_policy
            )
    except IntegrityError as error:
        raise TitleTakenError(_("There is an assessment of this title already.")) from error
    audit.note(team, "made the assessment", made, actor=actor, tasks=list(tasks), reasons=dict(answers))
    return made


@transaction.atomic
def archive(*, actor: User, assessment: Assessment) -> None:
    """No longer offered; who was invited to it still takes it."""
    assessment.archived_at = timezone.now()
    assessment.save(update_fields=["archived_at"])
    audit.note(assessment.team, "put away the assessment", assessment, actor=actor)
