"""Making the sample team and taking it away."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from djudge.web.accounts.models import User
from djudge.web.assessments import proposals
from djudge.web.assessments.models import Lane
from djudge.web.grading import library
from djudge.web.hiring import actions as hiring
from djudge.web.hiring.models import Application, Builds, Candidate, Job, UseCase
from djudge.web.organizations import actions as organizations
from djudge.web.organizations.models import Membership, Role, Team
from djudge.web.resumes import actions as resumes
from djudge.web.samples import conversations, resume
from djudge.web.workspace import actions as workspace
from djudge.web.workspace.models import Sitting
from djudge.web.workspace.personal_data import erase

#: Who works in it, by role; their passwords are drawn anew.
PEOPLE: Final[Mapping[str, tuple[str, str]]] = {
    Role.OWNER: ("Olga Owner", "olga@sample.example"),
    Role.RECRUITER: ("Rita Recruiter", "rita@sample.example"),
    Role.HIRING_MANAGER: ("Hamid Hiring-Manager", "hamid@sample.example"),
    Role.INTERVIEWER: ("Ines Interviewer", "ines@sample.example"),
}

#: Who applied, and which of the packs' solutions they handed in.
CANDIDATES: Final = (
    ("Jun Ito", "jun@sample.example", "junior"),
    ("Carla Competente", "carla@sample.example", "competent"),
    ("Emre Usta", "emre@sample.example", "expert"),
)


@dataclass(frozen=True, slots=True)
class SignIn:
    """How somebody signs in who was made for the sample."""

    role: str
    email: str
    password: str


@transaction.atomic
def make() -> Sequence[SignIn]:
    """The team with its people, a job, three candidates whose work is graded after the commit, and two who wait. With
    two of them somebody has talked, and one sent a résumé, which is read after the commit.

    Only where there is nobody yet: whoever removed it does not get it back, and nobody who took one of these addresses
    meanwhile becomes an administrator.
    """
    if User.objects.exists():
        return ()
    signs = [_person(role, name, email) for role, (name, email) in PEOPLE.items()]
    owner = User.objects.get(email=PEOPLE[Role.OWNER][1])
    team = organizations.register_team(owner=owner, name=_("Sample team"), is_sample=True).team
    for role, (_name, email) in PEOPLE.items():
        Membership.objects.get_or_create(team=team, user=User.objects.get(email=email), defaults={"role": role})
    job = _job(team, owner)
    applications = [_handed_in(job, owner, name, email, solution) for name, email, solution in CANDIDATES]
    _talked(*applications)
    hiring.apply(job=job, name="Wen Li", email="wen@sample.example", lane=Lane.DJANGO_READY)
    hiring.apply(job=job, name="Paul Python", email="paul@sample.example", lane=Lane.PYTHON_STRONG)
    return signs


def _person(role: str, name: str, email: str) -> SignIn:
    password = secrets.token_urlsafe(9)
    runs_it = role == Role.OWNER
    User.objects.create_user(email, password, name=name, is_staff=runs_it, is_superuser=runs_it)
    return SignIn(str(Role(role).label), email, password)


def _job(team: Team, owner: User) -> Job:
    fields = proposals.for_job(
        team,
        owner,
        title=_("Django developer for a shop"),
        builds=[Builds.FULL_STACK, Builds.DATA],
        use_case=UseCase.SHOP,
    )
    description = _(
        "You look after the catalogue and the checkout of a growing shop: models with many relations, pages that stay "
        "quick, and an admin that people like to work with."
    )
    job = hiring.create_job(actor=owner, team=team, fields={**fields, "description": description})
    interviewer = User.objects.get(email=PEOPLE[Role.INTERVIEWER][1])
    hiring.name_members(actor=owner, job=job, roles={interviewer: Role.INTERVIEWER})
    return job


def _handed_in(job: Job, owner: User, name: str, email: str, solution: str) -> Application:
    sent = resume.file() if email.startswith("carla") else None
    application = hiring.apply(job=job, name=name, email=email, lane=Lane.DJANGO_READY, resume=sent)
    resumes.read_soon(application)
    sitting = workspace.invite(actor=owner, application=application)
    workspace.begin(sitting)
    for work in sitting.works.order_by("position"):
        work.files = library.solution(work.task, solution)
        work.save(update_fields=["files"])
        work.sitting = sitting
        workspace.hand_in(work)
    application.refresh_from_db()
    return application


def _talked(junior: Application, competent: Application, _expert: Application) -> None:
    olga, rita, hamid, ines = (User.objects.get(email=email) for _name, email in PEOPLE.values())
    conversations.call(junior, rita, "junior")
    conversations.call(competent, rita, "middle")
    conversations.interview(competent, olga, ines, hamid)


@transaction.atomic
def remove() -> None:
    """The sample team with everything in it, its people too where they belong to no other team."""
    for team in Team.objects.filter(is_sample=True):
        people = list(User.objects.filter(memberships__team=team))
        for candidate in Candidate.objects.filter(team=team).select_related("team"):
            erase(candidate)
        Sitting.objects.filter(assessment__team=team).delete()
        Job.objects.filter(team=team).delete()
        team.delete()
        for person in people:
            if not person.memberships.exists():
                person.delete()
