"""The one door to interviews and scorecards: absent and forbidden are the same 404."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.http import Http404

from djudge.web.hiring.access import application_for, applications_for
from djudge.web.interviews.models import Interview, Scorecard
from djudge.web.organizations.models import Membership
from djudge.web.organizations.permissions import May


def interviews_for(membership: Membership) -> QuerySet[Interview]:
    """The interviews of candidates whom somebody may see. No statement yet."""
    return Interview.objects.filter(application__in=applications_for(membership))


def interview_for(membership: Membership, interview_id: uuid.UUID, what: May | None = None) -> Interview:
    """One of them, with application, job and candidate; else Http404. PermissionDenied where they may see it, and not
    do `what`. Two statements."""
    found = interviews_for(membership).filter(pk=interview_id).first()
    if found is None:
        raise Http404
    found.application = application_for(membership, found.application_id, what)
    return found


def my_scorecard(membership: Membership, interview: Interview) -> Scorecard | None:
    """The viewer's own scorecard of an interview, with its ratings; None who has none. Two statements."""
    mine = interview.scorecards.filter(rater=membership.user_id).prefetch_related("ratings").first()
    if mine is not None:
        mine.interview = interview
    return mine
