"""The one door to sittings: a signed link, which is all that a candidate has; for the team, to what was handed in."""

from __future__ import annotations

import uuid
from functools import reduce
from operator import or_
from typing import Final

from django.core import signing
from django.db.models import Q, QuerySet
from django.http import Http404

from djudge.web.grading.models import Submission
from djudge.web.hiring.access import LINK_AGE, applications_for
from djudge.web.hiring.models import Application
from djudge.web.organizations.models import Membership
from djudge.web.workspace.models import Sitting, Work

_SALT = "djudge.sitting"


def token_of(sitting: Sitting) -> str:
    """What stands in the link to a sitting."""
    return signing.dumps(str(sitting.pk), salt=_SALT)


def key_of(token: str) -> uuid.UUID:
    """Of which sitting a link is; a wrong or an old one is Http404. No statement."""
    try:
        return uuid.UUID(signing.loads(token, salt=_SALT, max_age=LINK_AGE))
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise Http404 from error


def sitting_by(token: str) -> Sitting:
    """The sitting of a link, with its assessment and application; a wrong or an old link is Http404. One statement."""
    found = (
        Sitting.objects.select_related("assessment__team", "application__job__team", "application__candidate")
        .filter(pk=key_of(token))
        .first()
    )
    if found is None:
        raise Http404
    return found


def work_of(sitting: Sitting, position: int) -> Work:
    """The work at a position of the sitting, with its submission and trial; else Http404. One statement."""
    found = sitting.works.select_related("submission", "trial").filter(position=position).first()
    if found is None:
        raise Http404
    found.sitting = sitting
    return found


#: From a submission to the work that it is, was, or may become the one of.
_WAYS: Final = ("work__", "former__work__", "regrade__work__")


def submission_for(membership: Membership, submission_id: uuid.UUID) -> tuple[Submission, Application]:
    """A submission of somebody whom the member may see, a former or a new one, too; else Http404. One statement."""
    visible = applications_for(membership)
    found = (
        Submission.objects.select_related("result", *(f"{way}sitting__application__job__team" for way in _WAYS))
        .filter(reduce(or_, (Q(**{f"{way}sitting__application__in": visible}) for way in _WAYS)), pk=submission_id)
        .first()
    )
    if found is None:
        raise Http404
    holder = next(getattr(found, name) for name in ("work", "former", "regrade") if hasattr(found, name))
    work = getattr(holder, "work", holder)
    assert work.sitting.application is not None
    return found, work.sitting.application


def sittings_for(membership: Membership) -> QuerySet[Sitting]:
    """The sittings of candidates whom the member may see. No statement yet."""
    return Sitting.objects.filter(application__in=applications_for(membership))


def sitting_for(membership: Membership, sitting_id: uuid.UUID) -> Sitting:
    """One of them, with assessment, application and job; else Http404. One statement."""
    found = sittings_for(membership).select_related("assessment", "application__job").filter(pk=sitting_id).first()
    if found is None:
        raise Http404
    return found
