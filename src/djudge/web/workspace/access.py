"""The one door to sittings: a signed link, which is all that a candidate has."""

from __future__ import annotations

import uuid

from django.core import signing
from django.http import Http404

from djudge.web.hiring.access import LINK_AGE
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
