"""No request waits for grading or for mail: none starts a process, speaks to a mail server or sleeps, whatever it does.

Every address of ours and of allauth is in the table or takes no POST. A mail server is set that nobody could reach.
"""

from __future__ import annotations

import io
import re
import smtplib
import socket
import subprocess
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs

import pytest
import redis
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from djudge.web.accounts.models import User
from djudge.web.grading import actions as grading
from djudge.web.grading import library
from djudge.web.grading.models import State, Submission, Trial
from djudge.web.hiring.access import token_of as status_token
from djudge.web.mail import actions as mail
from djudge.web.mail.models import Message
from djudge.web.organizations.actions import token_of as invitation_token
from djudge.web.resumes.models import Correction
from djudge.web.webhooks.models import Endpoint
from djudge.web.workspace.access import token_of
from tests.web import addresses, codes
from tests.web.browsing import BACKEND, just_signed_in
from tests.web.everything import AUTHORIZE, FILE, Everything
from tests.web.test_access_of_accounts import KEYS
from tests.web.test_accessibility import PAGES
from tests.web.watching import watched


@dataclass(frozen=True)
class Write:
    """What somebody really does by a POST; `mails`, `jobs` and `tells` say that it leads to some, or that others
    are told."""

    args: Callable[[Everything], list[Any]] = lambda _: []
    fields: Callable[[Everything], dict[str, Any]] = lambda _: {}
    who: str = "olga"
    status: int = 302
    mails: bool = False
    jobs: bool = False
    tells: bool = False
    #: Whether the page is opened first, because it leads to the address of its form.
    opens: bool = False


def _job(it: Everything) -> list[Any]:
    return [it.cast.job.pk]


def _application(it: Everything) -> list[Any]:
    return [it.cast.application.pk]


def _invited(it: Everything) -> list[Any]:
    return [it.invited.application_id]


def _endpoint(it: Everything) -> list[Any]:
    """Nothing has failed there yet: what failed is left to beat."""
    Endpoint.objects.update(failures=0)
    return [it.told.endpoint_id]


def _said(**fields: Any) -> Callable[[Everything], dict[str, Any]]:
    return lambda _: fields


def _archive(_: Everything) -> dict[str, Any]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(FILE, "# from elsewhere\n")
    return {"archive": SimpleUploadedFile("work.zip", packed.getvalue())}


def _table(_: Everything) -> dict[str, Any]:
    content = b"name,email\nTabea,tabea@example.org\n"
    return {"table": SimpleUploadedFile("people.csv", content), "invite": "on"}


def _resume(_: Everything) -> dict[str, Any]:
    return {"resume": SimpleUploadedFile("cv.pdf", b"%PDF-1.7 another")}


def _present(it: Everything) -> Any:
    """The text that holds of a résumé."""
    return Correction.objects.filter(reading__application=it.cast.application).latest("created_at").pk


def _assessment(_: Everything) -> dict[str, Any]:
    tasks = ["shop/slow-product-list"]
    reasons = {f"why_{wish.guard}": "It is asked in the interview." for wish in library.wishes("django-ready", tasks)}
    return {"title": "Another", "lane": "django-ready", "tasks": tasks, "ai_policy": "declared", "save": "1"} | reasons


def _listened(who: User) -> dict[str, Any]:
    """Others cover all of the kit, so that something has to be chosen."""
    asked = {"kit": "developer", "shown": "developer", "minutes": "60", "ask": "slow-query", "who": str(who.pk)}
    return {**asked, "day": "2031-07-01", "time": "10:00", "zone": "UTC"}


def _members(it: Everything) -> dict[str, Any]:
    return {f"as_{it.cast.team.memberships.get(user=it.cast.ida).pk}": "interviewer"}


def _required(it: Everything) -> dict[str, Any]:
    """An owner has to have it first."""
    codes.set_up(it.cast.olga)
    return {"required": "1"}


def _asked_in() -> dict[str, Any]:
    return {name: each for name, (each,) in parse_qs(AUTHORIZE[1:]).items()} | {"allow": "1"}


def _password(name: str) -> dict[str, Any]:
    return {"login": f"{name}@example.org", "password": "a good password"}


NEW_PASSWORD: Final = {"password1": "quite another one", "password2": "quite another one"}
#: In this order, because some of it changes what comes later.
WRITES: Final[Mapping[str, Write]] = {
    "organizations:team": Write(fields=_said(email="n@example.org", role="interviewer"), mails=True),
    "organizations:change-member": Write(
        lambda it: [it.cast.team.memberships.get(user=it.cast.rita).pk], _said(role="hiring_manager")
    ),
    "organizations:choose": Write(
        fields=lambda it: {"membership": it.cast.team.memberships.get(user=it.cast.olga).pk}
    ),
    "organizations:no-team": Write(fields=_said(name="A second one"), who="ida"),
    "organizations:join": Write(
        lambda it: [invitation_token(it.asked)], _said(name="New", password="another good one"), who=""
    ),
    "organizations:withdraw": Write(lambda it: [it.asked.pk]),
    "webhooks:new": Write(
        fields=_said(address="https://other.example.org/", events=["work.graded"]), status=200
    ),
    "webhooks:endpoint": Write(_endpoint, _said(events=["work.graded", "application.decided"])),
    "webhooks:change": Write(_endpoint, _said(what="ping"), tells=True),
    "webhooks:secret": Write(_endpoint, status=200),
    "webhooks:send-again": Write(lambda it: [it.told.pk], tells=True),
    "assessments:new": Write(fields=_assessment),
    "interviews:practise": Write(lambda _: ["n-plus-one"], status=422),
    "hiring:new-job": Write(fields=_said(title="One more", builds=["full-stack"], use_case="shop")),
    "hiring:change-job": Write(
        _job,
        lambda it: {
            "title": "Changed", "level_bar": 2, "reply_days": 3, "state": "open", "assessment": it.cast.assessment.pk
        },
    ),
    "hiring:members": Write(_job, _members),
    "hiring:new-candidate": Write(
        _job, _said(name="Entered", email="entered@example.org", lane="django-ready"), mails=True
    ),
    "workspace:enter-many": Write(_job, _table, status=200, mails=True),
    "hiring:save-filter": Write(_job, _said(name="Another", q="ada")),
    "hiring:forget-filter": Write(lambda it: [it.cast.job.pk, it.saved_filter.pk]),
    "workspace:preview": Write(lambda it: [it.cast.assessment.pk]),
    "workspace:appeal": Write(
        lambda it: [token_of(it.redone), 1], _said(kind="person", text="Please look."), who="", mails=True
    ),
    "workspace:answer-appeal": Write(lambda it: [it.appeal.pk], _said(text="We looked."), mails=True),
    "workspace:redo": Write(lambda it: [token_of(it.redone)], who=""),
    "workspace:regrade": Write(lambda it: [it.cast.application.pk, 1], jobs=True),
    "interviews:phone-screen": Write(_application),
    "interviews:interview": Write(lambda it: [it.talk.pk], _said(save="1", remarks="Clear."), who="hamid"),
    "interviews:change": Write(
        lambda it: [it.talk_ahead.pk], _said(day="2031-07-02", time="09:15", zone="Europe/Berlin", move="1"), mails=True
    ),
    "debriefs:plan": Write(_application, lambda it: _listened(it.cast.hamid), mails=True),
    "interviews:take-off": Write(
        lambda it: [it.talk_ahead.pk], lambda it: {"who": str(it.cast.ines.pk)}, mails=True
    ),
    "interviews:join": Write(lambda it: [it.talk.pk]),
    "interviews:calibration-erase-one": Write(lambda it: [it.cast.olga.calibration_ratings.get().pk]),
    "interviews:calibration-erase": Write(),
    "pads:work-run": Write(
        lambda it: [token_of(it.pad.sitting)],
        _said(what="growth", path="catalogue/views.py", text="# more\n", version="1"),
        who="",
        jobs=True,
    ),
    "pads:run": Write(lambda it: [it.pad.interview_id], _said(what="report"), jobs=True),
    "pads:work": Write(lambda it: [token_of(it.pad.sitting)], who=""),
    "pads:pad": Write(lambda it: [it.cast.application.interviews.first().pk], _said(task="shop/facets")),
    "pads:end": Write(lambda it: [it.pad.interview_id]),
    "interviews:cancel": Write(lambda it: [it.talk.pk]),
    "hiring:add-note": Write(_application, _said(text="Seen.", rating="3")),
    "hiring:extra-time": Write(_invited, _said(extra_time="1.5")),
    "hiring:move": Write(_invited, _said(stage="submitted")),
    "hiring:decide": Write(
        _application, _said(outcome="advance", reason="Good.", message="Come!"), mails=True, tells=True
    ),
    "workspace:invite": Write(_invited, mails=True),
    "workspace:grade-again": Write(lambda it: [it.work.submission_id], jobs=True),
    "workspace:apply": Write(
        _job, _said(name="Zoe", email="zoe@example.org", lane="django-ready"), who="", status=200, mails=True
    ),
    "resumes:blind": Write(_application, _said(blind="on")),
    "resumes:answer": Write(
        lambda it: [it.cast.application.pk, "production"], lambda it: {"verdict": "confirmed", "about": _present(it)}),
    "resumes:again": Write(_application),
    "resumes:mine": Write(
        lambda it: [status_token(it.cast.application)],
        lambda it: {"against": _present(it), "count": "1", "text-0": "Other words."}, who="",
    ),
    "resumes:send": Write(lambda it: [status_token(it.cast.application)], _resume, who=""),
    "workspace:sitting": Write(lambda it: [token_of(it.invited)], _said(agree="1"), who=""),
    "workspace:try": Write(who=""),
    "workspace:upload": Write(lambda it: [token_of(it.practice), 1], _archive, who=""),
    "workspace:save": Write(
        lambda it: [token_of(it.working), 1], _said(path=FILE, text="# more\n", version="1"), who=""
    ),
    "workspace:change-files": Write(
        lambda it: [token_of(it.working), 1], _said(what="make", to="toolbelt/more.py", version="2"), who=""
    ),
    "workspace:run": Write(lambda it: [token_of(it.working), 1], who="", jobs=True),
    "workspace:hand-in": Write(lambda it: [token_of(it.working), 1], who="", jobs=True),
    "workspace:again": Write(lambda it: [token_of(it.practice), 1], who=""),
    "workspace:finish": Write(lambda it: [token_of(it.graded)], who=""),
    "workspace:withdraw": Write(lambda it: [status_token(it.cast.application)], who=""),
    "workspace:personal-data": Write(lambda it: [status_token(it.decided)], who="", status=200),
    "workspace:erase": Write(lambda it: [it.decided.pk], _said(name="Dora Decided")),
    "ats:ashby": Write(fields=_said(key="a-key")),
    "api:new-token": Write(fields=_said(name="Mine", scopes=["jobs:read"], days=30), status=201),
    "api:revoke-token": Write(lambda it: [it.token.pk]),
    "api:new-client": Write(fields=_said(name="Theirs", redirect_uris="https://example.org/"), status=201),
    "oauth2_provider:authorize": Write(fields=lambda _: _asked_in()),
    "api:shut-out": Write(lambda it: [it.client.pk]),
    "oauth2_provider:token": Write(fields=_said(grant_type="authorization_code", code="nothing"), who="", status=401),
    "oauth2_provider:revoke-token": Write(fields=_said(token="nothing"), who="", status=401),
    "api:remove-client": Write(lambda it: [it.client.pk]),
    "assessments:archive": Write(lambda it: [it.cast.assessment.pk]),
    "account_signup": Write(
        fields=_said(team="Theirs", name="Sam", email="sam@example.org", password1="quite a good one"),
        who="", mails=True,
    ),
    "account_login": Write(fields=lambda _: _password("ines"), who=""),
    "account_logout": Write(who="ines"),
    "account_reset_password": Write(fields=_said(email="ines@example.org"), who="", mails=True),
    "account_reset_password_from_key": Write(
        lambda it: [user_pk_to_url_str(it.cast.ines), default_token_generator.make_token(it.cast.ines)],
        _said(**NEW_PASSWORD), who="", opens=True,
    ),
    "account_confirm_email": Write(lambda _: ["nothing"], who="", status=404),
    "account_email": Write(fields=_said(email="second@example.org", action_add="1"), who="hamid", mails=True),
    "account_change_password": Write(fields=_said(oldpassword="a good password", **NEW_PASSWORD), who="hamid"),
    "account_reauthenticate": Write(fields=_said(password="a good password"), who="rita"),
    "organizations:require-totp": Write(fields=_required),
    # Without a sign-in in its middle; with one, and with right codes, in test_second_factor.py.
    "mfa_authenticate": Write(fields=_said(code="123456"), who=""),
    "mfa_activate_totp": Write(fields=_said(code="123456"), who="ida", status=200),
    "mfa_reauthenticate": Write(fields=lambda it: {"code": codes.shown(codes.key_of(it.cast.rita))}, who="rita"),
    "mfa_generate_recovery_codes": Write(who="rita"),
    "mfa_download_recovery_codes": Write(who="rita", status=405),
    "mfa_deactivate_totp": Write(who="rita"),
    "account_set_password": Write(fields=_said(**NEW_PASSWORD)),
    "account_confirm_login_code": Write(fields=_said(code="123456"), who=""),
    "account_request_reauthentication_code": Write(),
    "account_confirm_reauthentication_code": Write(fields=_said(code="123456")),
    # Last, because a team goes with it.
    "samples:remove": Write(who="eve"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def mail_server(settings: Any) -> None:
    """One is set, at an address from which nothing answers."""
    settings.MAIL_IS_DELIVERED = True
    options = {"host": "127.0.0.1", "port": 9, "timeout": 1}
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}


@pytest.mark.django_db(transaction=True)
def test_nothing_that_somebody_does_waits_for_grading_or_mail(everything: Everything, broker: redis.Redis) -> None:
    cast = everything.cast
    Submission.objects.filter(pk=everything.work.submission_id).update(state=State.OUR_FAULT)
    other = cast.eve.memberships.get().team
    other.is_sample = True
    other.save()
    wrong = []
    for name, write in WRITES.items():
        fields, address = write.fields(everything), reverse(name, args=write.args(everything))
        client = _signed_in(getattr(cast, write.who) if write.who else None)
        mails, jobs = Message.objects.count(), int(broker.llen("grading"))  # type: ignore[arg-type]
        told = broker.llen("webhooks")
        with watched() as noted:
            if write.opens:
                address = client.get(address, follow=True).request["PATH_INFO"]
            answer = client.post(address, fields)
        wrong += [f"{name} {each}" for each in noted]
        if answer.status_code != write.status:
            wrong.append(f"{name}: {answer.status_code}, not {write.status}: {_errors(answer.content.decode())}")
        if write.mails and Message.objects.count() == mails:
            wrong.append(f"{name} wrote no mail")
        if write.jobs and broker.llen("grading") == jobs:
            wrong.append(f"{name} queued no job")
        if write.tells and broker.llen("webhooks") == told:
            wrong.append(f"{name} told nobody")
    cast.team.refresh_from_db()
    assert cast.team.requires_totp
    assert not wrong, "\n".join(wrong)


def test_what_is_not_in_the_table_takes_no_post(everything: Everything, client: Client) -> None:
    client.force_login(everything.cast.olga, backend=BACKEND)
    for name in [*addresses.ours(), *addresses.of_allauth()]:
        if name not in WRITES:
            where = PAGES.get(name)
            args = where.args(everything) if where else KEYS.get(name) or _arguments(name, everything)
            assert client.post(reverse(name, args=args)).status_code == 405, f"{name} is in no table"


def test_nothing_that_somebody_looks_at_waits(everything: Everything) -> None:
    wrong = []
    for name, where in PAGES.items():
        client = _signed_in(None if where.as_guest else everything.cast.olga)
        address = reverse(name.partition(" ")[0], args=where.args(everything)) + where.query
        with watched() as noted:
            client.get(address)
        wrong += [f"{name} {each}" for each in noted]
    for name, who in (("livez", None), ("readyz", None), ("insights:report-as-pdf", everything.cast.olga)):
        with watched() as noted:
            assert _signed_in(who).get(reverse(name, args=_arguments(name, everything))).status_code == 200
        wrong += [f"{name} {each}" for each in noted]
    assert not wrong, "\n".join(wrong)


def test_the_watch_sees_processes_connections_and_sleep() -> None:
    with watched() as noted:
        subprocess.run(["/bin/true"], check=True)
        time.sleep(0.001)
        with socket.socket() as other, pytest.raises(OSError):  # noqa: PT011 (any refusal will do)
            other.connect(("127.0.0.1", 9))
        with pytest.raises(OSError):  # noqa: PT011
            smtplib.SMTP("127.0.0.1", 9, timeout=1)
    told = "\n".join(noted)
    assert "started a process" in told
    assert "slept" in told
    assert "connected to ('127.0.0.1', 9)" in told
    assert "smtplib.connect" in told
    with watched() as noted:
        pass
    assert noted == []


@pytest.mark.django_db(transaction=True)
def test_the_watch_sees_what_workers_do_in_the_place_of_requests(broker: redis.Redis) -> None:
    message = mail.write(to="somebody@example.org", subject="Hello", body="text")
    with watched() as noted:
        assert not mail.deliver(message.pk)
    assert any("smtplib.connect" in each for each in noted)
    trial = Trial.objects.create(task="python/retry-decorator", files={FILE: "# nothing\n"})
    with watched() as noted:
        grading.run_trial(trial.pk)
    assert any("started a process" in each for each in noted)


def _arguments(name: str, everything: Everything) -> list[Any]:
    """For addresses that show no page."""
    of_work = [token_of(everything.graded), 1]
    wanted = {"workspace:download": of_work, "hiring:resume": _application(everything)}
    wanted |= {
        "interviews:calendar": [everything.talk_ahead.pk],
        "interviews:candidate-calendar": [status_token(everything.cast.application), everything.talk_ahead.pk],
    }
    wanted |= {"insights:job-rows": _job(everything), "insights:report-as-pdf": _application(everything)}
    wanted |= {"pads:live": [everything.pad.interview_id], "pads:work-live": [token_of(everything.pad.sitting)]}
    return wanted.get(name, [])


def _signed_in(who: User | None) -> Client:
    return Client() if who is None else just_signed_in(who)


def _errors(text: str) -> str:
    return " ".join(re.findall(r'class="errorlist"[^>]*>(.*?)</ul>', text))[:300]
