"""A team that grows: its candidates with all that hangs on them, made in portions, so that memory stays bounded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Self

from django.db import transaction
from django.utils import timezone

from djudge.web.accounts.models import User
from djudge.web.assessments import actions as assessments
from djudge.web.assessments.models import Assessment, Lane
from djudge.web.grading import actions as grading
from djudge.web.grading import library
from djudge.web.grading.models import Result, State, Submission
from djudge.web.hiring import actions as hiring
from djudge.web.hiring.models import Application, Candidate, Job, Note, Stage, UseCase
from djudge.web.mail.models import Message
from djudge.web.organizations import actions as organizations
from djudge.web.organizations.audit import sealed
from djudge.web.organizations.models import AuditEvent, Team
from djudge.web.workspace import actions as workspace
from djudge.web.workspace.models import Sitting, Work

TASKS: Final = ("python/retry-decorator", "shop/workshop-models")
JOBS: Final = 50
PORTION: Final = 1000

#: Twenty-five of each among the first hundred: more than a column of the board shows.
STAGES: Final = (Stage.APPLIED, Stage.INVITED, Stage.INTERVIEW, Stage.REJECTED)

#: Everybody's promise is past: the most that "late" can have to count.
PROMISED: Final = date(2026, 1, 10)
MAIL: Final = "We have your application, and you hear from us within five days.\n" * 6


@dataclass(frozen=True, slots=True)
class Growing:
    """The team, its job, and two of its people: one whose work was graded, one at work."""

    team: Team
    owner: User
    job: Job
    graded: Application
    working: Sitting

    @classmethod
    def make(cls) -> Self:
        """A team with fifty jobs, before anybody else applied; grades two tasks (some seconds)."""
        owner = User.objects.create_user("owner@example.org", "a good password", name="Olga Owner")
        team = organizations.register_team(owner=owner, name="A team that grows").team
        assessment = assessments.create(
            actor=owner, team=team, title="Short", lane=Lane.DJANGO_READY, tasks=TASKS, answers={}
        )
        jobs = [_job(owner, team, assessment, f"Job {number:02}") for number in range(JOBS)]
        job = jobs[-1]
        return cls(team, owner, job, _graded(job, owner), _working(job, owner))

    def grow(self, before: int, after: int) -> None:
        """Further candidates for the one job, each with notes, mails, audit entries, a sitting, a report."""
        for low in range(before, after, PORTION):
            with transaction.atomic():
                self._portion(range(low, min(after, low + PORTION)))

    def _portion(self, numbers: Sequence[int]) -> None:
        candidates = Candidate.objects.bulk_create(
            Candidate(team=self.team, name=f"Candidate {number:06}", email=f"candidate-{number:06}@example.org")
            for number in numbers
        )
        applications = Application.objects.bulk_create(
            Application(
                job=self.job,
                candidate=candidate,
                stage=STAGES[number % len(STAGES)],
                reply_by=PROMISED + timedelta(days=number // 5000),
            )
            for number, candidate in zip(numbers, candidates, strict=True)
        )
        Note.objects.bulk_create(
            Note(application=each, author=self.owner, text="Seen.", rating=3) for each in applications
        )
        Message.objects.bulk_create(
            Message(team=self.team.pk, to=each.email, subject="Your application", body=MAIL) for each in candidates
        )
        AuditEvent.objects.bulk_create(self._events(applications))
        self._work(applications)

    def _events(self, applications: Sequence[Application]) -> Iterator[AuditEvent]:
        last = AuditEvent.objects.filter(team=self.team).latest("number")
        for number, each in enumerate(applications, last.number + 1):
            event = AuditEvent(
                team=self.team, number=number, actor_name="candidate", verb="applied", subject=str(each)[:300],
                subject_id=each.pk, details={"lane": each.lane},
            )  # fmt: skip
            event.seal = sealed(event, last.seal)
            last = event
            yield event

    def _work(self, applications: Sequence[Application]) -> None:
        now = timezone.now()
        sittings = Sitting.objects.bulk_create(
            Sitting(assessment=self.job.assessment, application=each, started_at=now, handed_in_at=now)
            for each in applications
        )
        submissions = Submission.objects.bulk_create(
            Submission(task=TASKS[0], files={"a.py": "pass\n"}, state=State.GRADED, finished_at=now) for _ in sittings
        )
        Work.objects.bulk_create(
            Work(sitting=sitting, task=TASKS[0], position=1, submission=submission)
            for sitting, submission in zip(sittings, submissions, strict=True)
        )
        Result.objects.bulk_create(
            Result(submission=each, document="{}", canonical_sha256="0" * 64, headline="none") for each in submissions
        )


def _job(owner: User, team: Team, assessment: Assessment, title: str) -> Job:
    fields = {"title": title, "use_case": UseCase.SHOP, "assessment": assessment}
    return hiring.create_job(actor=owner, team=team, fields=fields)


def _begun(job: Job, owner: User, name: str, email: str) -> Sitting:
    application = hiring.apply(job=job, name=name, email=email, lane=Lane.DJANGO_READY)
    return workspace.begin(workspace.invite(actor=owner, application=application))


def _working(job: Job, owner: User) -> Sitting:
    return _begun(job, owner, "Wanda Working", "wanda@example.org")


def _graded(job: Job, owner: User) -> Application:
    """Somebody whose expert work went through the judge, as it is."""
    sitting = _begun(job, owner, "Greta Graded", "greta@example.org")
    for work in sitting.works.order_by("position"):
        work.files = library.solution(work.task, "expert")
        work.save(update_fields=["files"])
        work.sitting = sitting
        submission = workspace.hand_in(work).submission
        assert submission is not None
        grading.grade(submission.pk)
    if Result.objects.filter(submission__work__sitting=sitting).count() != len(TASKS):
        raise SystemExit("bench: the judge gave no report.")
    assert sitting.application is not None
    return Application.objects.get(pk=sitting.application.pk)
