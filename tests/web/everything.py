"""One team in which everything was done once: a row in each table of ours at least, made as the product makes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db.models import Model
from django.utils import timezone

from djudge.engine.reports.document import Report
from djudge.web.api import actions as api
from djudge.web.api.models import Client, Creation, Token
from djudge.web.ats import actions as ats
from djudge.web.ats.models import Order, System
from djudge.web.grading import reports
from djudge.web.grading.models import Result, State, Submission, Trial
from djudge.web.hiring import actions as hiring
from djudge.web.hiring.models import Application, SavedFilter
from djudge.web.insights import actions as insights
from djudge.web.interviews import actions as interviews
from djudge.web.interviews import kits
from djudge.web.interviews.bank import questions
from djudge.web.interviews.models import Interview, Kit
from djudge.web.organizations import actions as organizations
from djudge.web.organizations.models import TeamInvitation
from djudge.web.pads import actions as pads
from djudge.web.pads.models import Pad
from djudge.web.resumes import actions as resumes
from djudge.web.resumes.models import Reading
from djudge.web.webhooks import actions as webhooks
from djudge.web.webhooks.models import TOLD, Attempt, Delivery, Endpoint
from djudge.web.workspace import access, actions, appeals, editing, regrading
from djudge.web.workspace.models import Appeal, Regrade, Sitting, Work
from tests.reports import sample_reports
from tests.web import codes, resume_files
from tests.web.cast import TASKS, Cast, filed, graded, handed_in_alike, planned

FILE = "toolbelt/retrying.py"

#: Of the program that may ask to come in, and what its people bring to the page on which they are asked.
CLIENT_ID = "calendar"
AUTHORIZE = (
    f"?response_type=code&client_id={CLIENT_ID}&redirect_uri=https://calendar.example.org/back&scope=jobs:read"
    "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&state=s"
)

#: What the visible tests said: a request with a repeated statement and its plan, as a worker stores it.
OUTCOME = {
    "status": 1,
    "output": "test_retries: FAILED",
    "requests": [
        {
            "what": "GET /products/",
            "count": 12,
            "repeated": [["SELECT name FROM seller WHERE id = $1", 10]],
            "slowest": "SELECT * FROM product",
            "plan": [{"depth": 0, "what": "Seq Scan", "on": "product", "rows": 100, "blocks": 12}],
        }
    ],
}


@dataclass(frozen=True)
class Everything:
    """Who and what there is. `graded` has its first task handed in and graded; `working` is at work, with a trial; in
    `redone` the first task was contested, opened once more, handed in and is graded again; `appeal` is open; the work
    of `alike` is another's, too; of `heard` two people said opposite things. Rita has two-factor sign-in."""

    cast: Cast
    graded: Sitting
    work: Work
    working: Sitting
    invited: Sitting
    practice: Sitting
    decided: Application
    asked: TeamInvitation
    alike: Application
    redone: Sitting
    regrade: Regrade
    appeal: Appeal
    saved_filter: SavedFilter
    talk: Interview
    token: Token
    client: Client
    told: Delivery
    heard: Application
    talk_ahead: Interview
    pad: Pad

    @classmethod
    def make(cls, cast: Cast) -> Everything:
        """Some hundred statements."""
        told = _told(cast)
        _sent_from_elsewhere(cast)
        sat, work = _graded(cast)
        redone, regrade = _redone(cast)
        decided = _applied(cast, "Dora Decided")
        hiring.decide(
            actor=cast.olga, application=decided, outcome="reject", reason="Another was first.", message="Good luck."
        )
        actions.pulse()
        codes.set_up(cast.rita)
        EmailAddress.objects.create(user=cast.olga, email=cast.olga.email, primary=True)
        Group.objects.create(name="Support")
        return cls(
            cast=cast,
            graded=sat,
            work=work,
            working=_working(actions.begin(actions.invite(actor=cast.rita, application=_applied(cast, "Wanda Works")))),
            invited=actions.invite(actor=cast.rita, application=_applied(cast, "Ivan Invited")),
            practice=_working(actions.practise("python/retry-decorator")),
            decided=decided,
            asked=organizations.invite_member(
                actor=cast.olga, team=cast.team, email="new@example.org", role="interviewer"
            ),
            alike=_alike(cast),
            redone=redone,
            regrade=regrade,
            appeal=_asked(access.work_of(redone, 1), "finding"),
            saved_filter=SavedFilter.objects.create(
                user=cast.olga, job=cast.job, name="Those at work", query="stage=working"
            ),
            talk=(talk := _talk(cast)),
            token=_token(cast),
            client=_client(cast),
            told=told,
            heard=_heard(cast),
            talk_ahead=_talk_ahead(cast),
            pad=_pad(cast, talk),
        )


def _token(cast: Cast) -> Token:
    """Olga's, by which something was created."""
    mine = cast.team.memberships.select_related("team", "user").get(user=cast.olga)
    Creation.objects.create(team=cast.team, user=cast.olga, key="k-1", digest="0", status=201, body="{}", location="/")
    return api.make_token(membership=mine, name="Our intranet", scopes=["jobs:read"], days=30)[0]


def _client(cast: Cast) -> Client:
    client, _secret = api.register_client(
        actor=cast.olga, team=cast.team, name="Our calendar", redirect_uris="https://calendar.example.org/back",
        is_confidential=True,
    )  # fmt: skip
    client.client_id = CLIENT_ID
    client.save()
    return client


def _talk(cast: Cast) -> Interview:
    """Ines has filed what she heard in a call, Hamid has not yet, and nor has Olga in a longer one."""
    call = planned(cast, cast.application, cast.ines, cast.hamid)
    filed(call.scorecards.get(rater=cast.ines))
    planned(cast, cast.application, cast.olga, kit=Kit.DEVELOPER)
    return call


def _told(cast: Cast) -> Delivery:
    """Another system is told everything from now on; its first message was refused, with a few words. Nothing is
    sent."""
    endpoint, _secret = webhooks.add_endpoint(
        actor=cast.olga, team=cast.team, address="https://hooks.example.org/djudge", events=TOLD
    )
    webhooks.ping(actor=cast.olga, endpoint=endpoint)
    Endpoint.objects.filter(pk=endpoint.pk).update(failures=1, failing_since=timezone.now())
    told = endpoint.deliveries.get()
    Attempt.objects.create(delivery=told, status=500, answer="Out of order", trouble="It broke.", milliseconds=12)
    return told


def _sent_from_elsewhere(cast: Cast) -> None:
    """Greenhouse sent the assessment to somebody, could not be told, and did not understand us."""
    ats.enter_key(actor=cast.olga, team=cast.team, key="a-key-of-ashby")
    order = ats.send(
        actor=cast.olga, job=cast.job, system=System.GREENHOUSE, name="Gina Greenhouse", email="gina@example.org",
        callback="https://app.example.org/tests/1", key="djudge_key",
    )  # fmt: skip
    Order.objects.filter(pk=order.pk).update(trouble="No answer within 15 seconds.", attempts=1)
    ats.complain(
        membership=cast.team.memberships.get(user=cast.olga), system=System.GREENHOUSE, about="test_status",
        texts=["partner_score is missing"], order=order,
    )  # fmt: skip


def _heard(cast: Cast) -> Application:
    """Somebody whose task was graded, and of whom two people heard opposite things; Olga practises rating."""
    application = graded(cast, "Hedda Heard", sample_reports.junior())
    for kit in (Kit.PHONE, Kit.DEVELOPER):
        talk = planned(cast, application, cast.ines, cast.hamid, kit=kit)
        filed(talk.scorecards.get(rater=cast.ines), "junior", "It is what the course used.")
        filed(talk.scorecards.get(rater=cast.hamid), "senior", remarks="Friendly, and tired.")
    sample = questions()["n-plus-one"].samples[0]
    interviews.keep_for_calibration(actor=cast.olga, question_id="n-plus-one", anchors={sample.key: "middle"})
    return application


def _talk_ahead(cast: Cast) -> Interview:
    """Ines and Olga listen in two weeks; the candidate was told when, where and whom they meet."""
    return interviews.plan(
        actor=cast.rita,
        application=cast.application,
        kit=Kit.ARCHITECT,
        minutes=45,
        questions=[OWN, *kits.proposed(Kit.ARCHITECT, cast.job)],
        raters=[cast.ines, cast.olga],
        appointment=interviews.Appointment(
            at=timezone.now() + timedelta(days=14), zone="Europe/Berlin", place="Room 4", names_listeners=True
        ),
        domain="beds of a hospital",
    )


#: As made from what was measured.
OWN = interviews.Planned(text="Why prefetch here?", because="101 statements.", listen_for="The loop.", minutes=5)


def _pad(cast: Cast, talk: Interview) -> Pad:
    """Over the slow list; the candidate has begun, changed a file and asked, and it has come back."""
    pad = pads.open_pad(actor=cast.ines, interview=talk, task="shop/slow-product-list")
    work = access.work_of(actions.begin(pad.sitting), 1)
    editing.save(work, path="catalogue/views.py", text="# at work\n", version=0)
    pads.see(pad, "catalogue/views.py")
    for what in ("growth", "report"):
        run = pads.ask(pad, what, "candidate")
        _comes_back(run.submission, sample_reports.junior())
    return pad


def _applied(cast: Cast, name: str) -> Application:
    email = f"{name.split()[0].lower()}@example.org"
    return hiring.apply(job=cast.job, name=name, email=email, lane="django-ready")


def _alike(cast: Cast) -> Application:
    """One of two whose work is the same, and was compared."""
    one, other = _applied(cast, "Ann Alike"), _applied(cast, "Bob Alike")
    for application in (one, other):
        handed_in_alike(application, cast.rita)
    insights.compare(cast.team.pk, TASKS[0])
    return one


def _graded(cast: Cast) -> tuple[Sitting, Work]:
    """Somebody with a résumé and a note, whose first task was graded and looked at."""
    _read(cast)
    hiring.add_note(actor=cast.rita, application=cast.application, text="Asked good questions.", rating=3)
    sitting = actions.begin(actions.invite(actor=cast.olga, application=cast.application))
    work = access.work_of(sitting, 1)
    editing.save(work, path=FILE, text="# nothing works any more\n", version=0)
    work = actions.hand_in(work)
    assert work.submission is not None
    document = sample_reports.junior().to_json()
    Result.objects.create(submission=work.submission, **reports.columns(document))
    work.submission.state, work.submission.finished_at = State.GRADED, timezone.now()
    work.submission.save()
    hiring.open_evidence(actor=cast.olga, application=cast.application)
    return sitting, work


def _read(cast: Cast) -> None:
    """A résumé that was read, corrected by the candidate, and answered about, as a worker leaves it."""
    cast.application.resume.save("cv.pdf", ContentFile(b"%PDF-1.7 nothing"))
    cast.application.resume_name = "cv.pdf"
    cast.application.save()
    reading = resumes.read_soon(cast.application)
    assert reading is not None
    Reading.objects.filter(pk=reading.pk).update(
        state="read", reader="1 a-reader", content=resume_files.READ, finished_at=timezone.now(), sha256="0" * 64
    )
    reading.refresh_from_db()
    made = resumes.correct(reading=reading, sections=[("Experience", "Built a shop with Django.")], against=reading.pk)
    assert made is not None
    resumes.answer(
        actor=cast.rita, reading=reading, about=made.pk, signal="production", said="not found", verdict="confirmed",
        note="Asked on the phone.",
    )  # fmt: skip


def _asked(work: Work, kind: str) -> Appeal:
    return appeals.appeal(work, kind=kind, check="growth", title="Constant number", text="It is constant, I think.")


def _redone(cast: Cast) -> tuple[Sitting, Regrade]:
    """Somebody who did the first task once more; the preview of another grading has come back."""
    first = graded(cast, "Rhea Redone", sample_reports.junior())
    sitting = Sitting.objects.get(application=first)
    actions.finish(sitting)
    asked = _asked(access.work_of(sitting, 1), "redo")
    appeals.answer(asked, actor=cast.hamid, text="Of course.", grants_redo=True)
    appeals.begin_redo(access.sitting_by(access.token_of(sitting)))
    sitting = access.sitting_by(access.token_of(sitting))
    work = access.work_of(sitting, 1)
    editing.save(work, path=FILE, text="# once more\n", version=0)
    actions.hand_in(access.work_of(sitting, 1))
    work = access.work_of(access.sitting_by(access.token_of(sitting)), 1)
    _comes_back(work.submission, sample_reports.competent())
    regrade = regrading.begin(access.work_of(work.sitting, 1), actor=cast.rita)
    _comes_back(regrade.submission, sample_reports.good())
    return work.sitting, regrade


def _comes_back(submission: Submission | None, report: Report) -> None:
    assert submission is not None
    Submission.objects.filter(pk=submission.pk).update(state=State.GRADED, finished_at=timezone.now())
    Result.objects.create(submission=submission, **reports.columns(report.to_json()))


def _working(sitting: Sitting) -> Sitting:
    """Something saved, and a trial that has ended."""
    work = access.work_of(sitting, 1)
    editing.save(work, path=FILE, text="# at work\n", version=0)
    work.trial = Trial.objects.create(task=work.task, files=work.files, state=State.GRADED, outcome=OUTCOME)
    work.save()
    return sitting


def models() -> list[type[Model]]:
    """Every table of ours: a new one is in here by itself."""
    return [model for model in apps.get_models() if model.__module__.startswith("djudge.web.")]


def empty_tables() -> Iterator[str]:
    """Which of them have no row."""
    for model in models():
        if not model._default_manager.exists():
            yield model._meta.label
