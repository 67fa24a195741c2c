"""Reading sittings with what came of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from djudge.web.grading import reports
from djudge.web.grading.library import BULLETS
from djudge.web.grading.models import Result
from djudge.web.grading.reports import AssessedBulletFacts, AssessmentReport, RatedAnswer
from djudge.web.hiring.models import ENDED, Application
from djudge.web.interviews.models import Rating
from djudge.web.interviews.selectors import rated_answers, red_flags_of
from djudge.web.organizations.models import Membership
from djudge.web.workspace.models import Appeal, FormerSubmission, Regrade, Sitting, Work


def works_of(sitting: Sitting) -> QuerySet[Work]:
    """The tasks of a sitting with state and headline, without a report's document. One statement."""
    found = sitting.works.select_related("submission__result").defer(
        "submission__result__document", "submission__files"
    )
    return found.order_by("position")


def sitting_of(application: Application) -> Sitting | None:
    """Somebody's sitting, if they were invited. One statement."""
    found = Sitting.objects.select_related("assessment").filter(application=application).first()
    if found is not None:
        found.application = application
    return found


def open_regrade(work: Work) -> Regrade | None:
    """The preview of a new grading that nobody has ended, with its result. One statement."""
    return Regrade.objects.filter(work=work, ended_at=None).select_related("submission__result").first()


def appeals_of(sitting: Sitting) -> QuerySet[Appeal]:
    """What a candidate has asked about all tasks, the newest first. One statement."""
    asked = Appeal.objects.filter(work__sitting=sitting).select_related("work", "answered_by")
    return asked.defer("work__files")


def former_of(sitting: Sitting) -> QuerySet[FormerSubmission]:
    """What stood in the place of the present submissions, with headlines. One statement."""
    found = FormerSubmission.objects.filter(work__sitting=sitting).select_related("work", "submission__result", "by")
    return found.defer("work__files", "submission__files", "submission__result__document")


def out_of_time() -> list[uuid.UUID]:
    """Sittings whose time is over and that nobody has handed in. One statement over those who sit at work."""
    at_work = Sitting.objects.filter(started_at__isnull=False, handed_in_at=None, application__isnull=False)
    found = at_work.exclude(application__stage__in=ENDED).select_related("assessment", "application")
    return [sitting.pk for sitting in found if sitting.is_out_of_time]


def results_of(sittings: Iterable[Sitting]) -> dict[uuid.UUID, list[Result]]:
    """The reports of each sitting by its id, in the order of the tasks, with their documents. One statement."""
    found: dict[uuid.UUID, list[Result]] = {}
    graded = (
        Result.objects.filter(submission__work__sitting__in=list(sittings))
        .select_related("submission__work")
        .defer("submission__files", "submission__work__files")
        .order_by("submission__work__position")
    )
    for result in graded:
        found.setdefault(result.submission.work.sitting_id, []).append(result)
    return found


def placed(sitting: Sitting, results: Sequence[Result], rated: Iterable[RatedAnswer] = ()) -> AssessmentReport | None:
    """Where the results so far place somebody, with what people rated; None without a result. Some milliseconds: it
    reads the documents."""
    asked = sitting.assessment
    return reports.level_of(asked.title, asked.lane, asked.tasks, results, rated) if asked else None


def placed_for(viewer: Membership, sitting: Sitting, results: Sequence[Result]) -> AssessmentReport | None:
    """The same with those ratings that this viewer may know. One statement, and the milliseconds."""
    assert sitting.application is not None
    return placed(sitting, results, rated_answers([sitting.application], viewer).get(sitting.application.pk, ()))


@dataclass(frozen=True, slots=True)
class Compared:
    """Somebody in a comparison, with where the evidence places them; `placed` is None while there is none. `raised` are
    warning signs that people raised."""

    application: Application
    placed: AssessmentReport | None
    outcomes: Mapping[str, AssessedBulletFacts]
    raised: Sequence[Rating] = ()


def comparable(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Those of whose work something was graded, by name: a comparison ranks nobody. No statement yet."""
    graded = Result.objects.filter(submission__work__sitting__application=OuterRef("pk"))
    return applications.filter(Exists(graded)).select_related("candidate").order_by("candidate__name", "pk")


def compared(viewer: Membership, applications: Sequence[Application]) -> list[Compared]:
    """Each with their level and bullets, as this viewer may know them. Four statements for any number, and some
    milliseconds a report."""
    sittings = Sitting.objects.select_related("assessment").filter(application__in=applications)
    by_application = {sitting.application_id: sitting for sitting in sittings}
    results = results_of(by_application.values())
    rated = rated_answers(applications, viewer)
    raised = red_flags_of(applications, viewer)
    return [
        _compared(each, by_application.get(each.pk), results, rated.get(each.pk, ()), raised.get(each.pk, ()))
        for each in applications
    ]


def side_by_side(found: Sequence[Compared]) -> list[tuple[int, str, list[AssessedBulletFacts | None]]]:
    """The guide's bullets with their level, and of each what is known of everybody. Pure."""
    return [(level, bullet, [each.outcomes.get(bullet) for each in found]) for bullet, level in BULLETS.items()]


def _compared(
    application: Application,
    sitting: Sitting | None,
    results: Mapping[uuid.UUID, Sequence[Result]],
    rated: Iterable[RatedAnswer],
    raised: Sequence[Rating],
) -> Compared:
    level = placed(sitting, results.get(sitting.pk, ()), rated) if sitting else None
    return Compared(application, level, {each.bullet: each for each in level.bullets} if level else {}, raised)
