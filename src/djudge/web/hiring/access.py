"""The one door to jobs and applications: absent and forbidden are the same 404."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404
from django.utils.translation import gettext as _

from djudge.web.hiring.models import Application, Job, JobMember
from djudge.web.organizations.models import Membership
from djudge.web.organizations.permissions import May, allowed_to, allows

#: A candidate's link works for so long; a new mail brings a new one.
LINK_AGE = timedelta(days=180)
_SALT = "djudge.candidate"


def jobs_for(membership: Membership) -> QuerySet[Job]:
    """The jobs that somebody may see: the team's, or those in which they were named. No statement yet."""
    jobs = Job.objects.filter(team=membership.team_id)
    if allows(membership.role, May.SEE_EVERY_JOB):
        return jobs
    return jobs.filter(members__user=membership.user_id)


def job_for(membership: Membership, job_id: uuid.UUID, what: May | None = None) -> Job:
    """One of them, with its assessments; else Http404. PermissionDenied where they may see it, and not do `what`.

    One statement.
    """
    found = (
        jobs_for(membership)
        .select_related("team", "assessment", "python_assessment")
        .annotate(asked_as=_role_of(membership, "pk"))
        .filter(pk=job_id)
        .first()
    )
    if found is None:
        raise Http404
    found.my_role = found.asked_as
    _require(membership, found, what)
    return found


def allowed(membership: Membership, job: Job) -> frozenset[May]:
    """What somebody may do about a job that one of these doors fetched: by their role in the team, and in the job."""
    return allowed_to(membership.role) | allowed_to(job.my_role or "")


def _role_of(membership: Membership, job: str) -> Subquery:
    return Subquery(JobMember.objects.filter(job=OuterRef(job), user=membership.user_id).values("role")[:1])


def _require(membership: Membership, job: Job, what: May | None) -> None:
    if what is not None and what not in allowed(membership, job):
        raise PermissionDenied(_("In your role you can't do this. Whoever owns the team can give you another one."))


def applications_for(membership: Membership) -> QuerySet[Application]:
    """The applications for jobs that somebody may see. No statement yet."""
    mine = Application.objects.filter(job__team=membership.team_id)
    if allows(membership.role, May.SEE_EVERY_JOB):
        return mine
    return mine.filter(job__members__user=membership.user_id)


def application_for(membership: Membership, application_id: uuid.UUID, what: May | None = None) -> Application:
    """One of them, with job and candidate; else Http404. PermissionDenied where they may see it, and not do `what`.

    One statement.
    """
    found = (
        applications_for(membership)
        .select_related("job__team", "job__assessment", "job__python_assessment", "candidate")
        .annotate(asked_as=_role_of(membership, "job"))
        .filter(pk=application_id)
        .first()
    )
    if found is None:
        raise Http404
    found.job.my_role = found.asked_as
    _require(membership, found.job, what)
    return found


def open_job(job_id: uuid.UUID) -> Job:
    """A job that anybody may apply for; else Http404. One statement."""
    found = Job.objects.select_related("team").filter(pk=job_id, state=Job.State.OPEN).first()
    if found is None:
        raise Http404
    return found


def token_of(application: Application) -> str:
    """What stands in a candidate's link. It holds the id and a signature, and nothing to guess."""
    return signing.dumps(str(application.pk), salt=_SALT)


def application_by(token: str) -> Application:
    """The application of a candidate's link; a wrong or an old link is Http404. One statement."""
    try:
        key = uuid.UUID(signing.loads(token, salt=_SALT, max_age=LINK_AGE))
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise Http404 from error
    found = Application.objects.select_related("job__team", "candidate").filter(pk=key).first()
    if found is None:
        raise Http404
    return found
