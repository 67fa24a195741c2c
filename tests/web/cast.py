"""Who plays in the tests: Olga owns a team, Rita recruits, Hamid hires, Ines interviews; Eve owns another team."""

from __future__ import annotations

from dataclasses import dataclass

from djudge.engine.reports.document import Report
from djudge.web.accounts.models import User
from djudge.web.assessments import actions as assessments
from djudge.web.assessments.models import Assessment, Lane
from djudge.web.grading import reports
from djudge.web.grading.models import Result, State, Submission
from djudge.web.hiring import actions as hiring
from djudge.web.hiring.models import Application, Job, UseCase
from djudge.web.organizations import actions as organizations
from djudge.web.organizations.models import Membership, Role, Team
from djudge.web.workspace import actions as workspace

#: Small tasks, so that grading them in a test is quick.
TASKS = ("python/retry-decorator", "shop/workshop-models")


@dataclass(frozen=True)
class Cast:
    """Everybody, and what there is."""

    team: Team
    olga: User
    rita: User
    hamid: User
    ines: User
    ida: User
    eve: User
    job: Job
    other_job: Job
    assessment: Assessment
    application: Application

    @classmethod
    def make(cls) -> Cast:
        """About fifty statements."""
        olga, rita, hamid, ines, ida, eve = (person(name) for name in ("Olga", "Rita", "Hamid", "Ines", "Ida", "Eve"))
        team = organizations.register_team(owner=olga, name="Olga's team").team
        for user, role in (
            (rita, Role.RECRUITER), (hamid, Role.HIRING_MANAGER), (ines, Role.INTERVIEWER), (ida, Role.INTERVIEWER),
        ):  # fmt: skip
            Membership.objects.create(team=team, user=user, role=role)
        other = organizations.register_team(owner=eve, name="Eve's team").team
        assessment = assessments.create(
            actor=olga, team=team, title="Short", lane=Lane.DJANGO_READY, tasks=TASKS, answers={}
        )
        job = hiring.create_job(
            actor=olga, team=team, fields={"title": "Developer", "use_case": UseCase.SHOP, "assessment": assessment}
        )
        hiring.name_members(actor=olga, job=job, roles={ines: Role.INTERVIEWER})
        other_job = hiring.create_job(actor=eve, team=other, fields={"title": "Secret", "use_case": UseCase.CMS})
        application = hiring.apply(job=job, name="Ada Applicant", email="ada@example.org", lane=Lane.DJANGO_READY)
        return cls(team, olga, rita, hamid, ines, ida, eve, job, other_job, assessment, application)


def graded(cast: Cast, name: str, report: Report) -> Application:
    """Somebody who began, and whose first task was handed in and came back with this report. Nothing was run."""
    application = hiring.apply(
        job=cast.job, name=name, email=f"{name.replace(' ', '.').lower()}@example.org", lane=Lane.DJANGO_READY
    )
    sitting = workspace.begin(workspace.invite(actor=cast.rita, application=application))
    work = sitting.works.get(position=1)
    work.submission = Submission.objects.create(task=work.task, files={}, state=State.GRADED)
    work.save()
    Result.objects.create(submission=work.submission, **reports.columns(report.to_json()))
    application.refresh_from_db()
    return application


def person(name: str) -> User:
    """Somebody who can sign in."""
    return User.objects.create_user(f"{name.lower()}@example.org", "a good password", name=f"{name} Name")
