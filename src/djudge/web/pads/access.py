"""The one door to pads: for members by the interview, for the candidate by a signed link. Absent and forbidden are the
same 404."""

from __future__ import annotations

import uuid

from django.http import Http404

from djudge.web.hiring.access import applications_for
from djudge.web.interviews.access import interview_for
from djudge.web.interviews.models import Interview
from djudge.web.organizations.models import Membership
from djudge.web.organizations.permissions import May
from djudge.web.pads.models import Pad, PadRun
from djudge.web.pads.selectors import pads
from djudge.web.workspace import access as workspace


def pad_of(membership: Membership, interview_id: uuid.UUID, what: May | None = None) -> Pad:
    """The pad of an interview that somebody may see; else Http404. PermissionDenied where they may not do `what`.

    Three statements.
    """
    interview = interview_for(membership, interview_id, what)
    found = pad_in(interview)
    if found is None:
        raise Http404
    return found


def pad_in(interview: Interview) -> Pad | None:
    """The pad of an interview that a door has let through, with its sitting and what has changed last; None where there
    is none. One statement."""
    found = pads().filter(interview=interview.pk).first()
    if found is not None:
        found.interview = interview
    return found


def watched(membership: Membership, interview_id: uuid.UUID) -> Pad:
    """The same pad for looking again and again: access and what has changed in one statement."""
    mine = pads().filter(interview__application__in=applications_for(membership))
    found = mine.filter(interview=interview_id).first()
    if found is None:
        raise Http404
    return found


def pad_by(token: str) -> Pad:
    """The pad of a candidate's link; a wrong or an old link, or one of another kind, is Http404. One statement."""
    found = pads().filter(sitting=workspace.key_of(token)).first()
    if found is None:
        raise Http404
    return found


def run_of(pad: Pad, run_id: uuid.UUID) -> PadRun:
    """A run of a pad, with its submission and result; else Http404. One statement."""
    found = pad.runs.select_related("submission__result").defer("submission__files").filter(pk=run_id).first()
    if found is None:
        raise Http404
    return found
