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
from djudge.web.interviews import actions as interviews
from djudge.web.interviews import kits
from djudge.web.interviews.bank import questions
from djudge.web.interviews.models import Interview, Kit, Scorecard
from djudge.web.organizations import actions as organizations
from djudge.web.organizations.models import Membership, Role, Team
from djudge.web.workspace import actions as workspace
from tests.reports import sample_reports

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


def planned(cast: Cast, application: Application, *raters: User, kit: str = Kit.PHONE) -> Interview:
    """An interview of a kit as it is proposed, with an empty scorecard for each of these."""
    return interviews.plan(
        actor=cast.rita,
        application=application,
        kit=kit,
        minutes=kits.MINUTES[kit][0],
        questions=kits.proposed(kit, cast.job),
        raters=raters,
    )


def filed(
    scorecard: Scorecard, anchor: str = "", quote: str = "I count queries in a test.", remarks: str = ""
) -> Scorecard:
    """With this anchor for every answer, or where all its ticks put it."""
    answers = {}
    for rating in scorecard.ratings.all():
        question = questions()[rating.question_id]
        ticked = sorted(question.needs[anchor or "senior"])
        answers[rating.position] = interviews.Answer(ticked=ticked, anchor=anchor or "senior", quote=quote)
    interviews.file(scorecard=scorecard, answers=answers, remarks=remarks)
    return scorecard


#: More than ten lines that are neither in the start of the first task nor in any of our solutions.
OWN_WORK = """
import logging
import random

log = logging.getLogger(__name__)


class Attempts:
    def __init__(self, limit, pauses):
        self.limit = limit
        self.pauses = list(pauses)
        self.history = []

    def __iter__(self):
        for number in range(self.limit):
            if number >= {number}:
                log.warning("attempt %s is far too late", number)
            yield number

    def note(self, number, problem):
        self.history.append((number, repr(problem)))
        if len(self.history) > self.limit // 2:
            log.info("half of them were in vain: %r", self.history[-1])

    def pause_after(self, number):
        base = self.pauses[min(number, len(self.pauses) - 1)]
        return base * (1 + random.random() / 10) if base else 0


def retry(attempts=3, on=(Exception,), pauses=(0,), sleep=None):
    def wrap(function):
        def call(*args, **kwargs):
            tried = Attempts(attempts, pauses)
            last = None
            for number in tried:
                try:
                    return function(*args, **kwargs)
                except on as problem:
                    last = problem
                    tried.note(number, problem)
                    if sleep is not None and number + 1 < attempts:
                        sleep(tried.pause_after(number))
            raise last
        return call
    return wrap
"""


def handed_in_alike(application: Application, actor: User, number: int = 100) -> Submission:
    """Somebody handed in OWN_WORK for the first task, and it was graded. Nothing was run."""
    sitting = workspace.begin(workspace.invite(actor=actor, application=application))
    work = sitting.works.get(position=1)
    work.files = {"toolbelt/retrying.py": OWN_WORK.replace("{number}", str(number))}
    work.submission = Submission.objects.create(task=work.task, files=work.files, state=State.GRADED)
    work.save()
    Result.objects.create(submission=work.submission, **reports.columns(sample_reports.good().to_json()))
    application.refresh_from_db()
    return work.submission


def person(name: str) -> User:
    """Somebody who can sign in."""
    return User.objects.create_user(f"{name.lower()}@example.org", "a good password", name=f"{name} Name")
