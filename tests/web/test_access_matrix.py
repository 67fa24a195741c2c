"""Every address, by everybody: who gets in, who is led to the sign-in, who is told that there is nothing.

The addresses come from the URLconf itself: one that is not in the table fails the test. Those of allauth and of the
back office have tables of their own in `test_access_of_accounts.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from djudge.web.accounts.models import User
from djudge.web.api import actions as api
from djudge.web.grading.models import Result, State, Submission
from djudge.web.hiring.access import token_of
from djudge.web.hiring.models import SavedFilter
from djudge.web.interviews import actions as interviews
from djudge.web.interviews.bank import questions
from djudge.web.interviews.models import Interview
from djudge.web.organizations import actions as organizations
from djudge.web.organizations.models import TeamInvitation
from djudge.web.pads import actions as pads
from djudge.web.resumes import actions as resumes
from djudge.web.resumes.models import Reading
from djudge.web.webhooks import actions as webhooks
from djudge.web.workspace import access, actions, appeals
from djudge.web.workspace.models import Sitting
from tests.reports import sample_reports
from tests.web import addresses, resume_files
from tests.web.cast import Cast, planned

#: What somebody gets: 200 or a redirect inside, 403 for a role that may not, 404 for what is not theirs.
EVERYBODY = ("olga", "rita", "hamid", "ines", "ida", "eve", "guest")
MEMBERS = {"olga": 200, "rita": 200, "hamid": 200, "ines": 200, "ida": 200, "eve": 200, "guest": 302}
OWNER = {"olga": 200, "rita": 403, "hamid": 403, "ines": 403, "ida": 403, "eve": 200, "guest": 302}
EDITORS = {"olga": 200, "rita": 200, "hamid": 200, "ines": 403, "ida": 403, "eve": 200, "guest": 302}
#: Of Olga's team: Ines was named in the job and Ida was not; Eve is of another team.
OF_THE_JOB = {"olga": 200, "rita": 200, "hamid": 200, "ines": 200, "ida": 404, "eve": 404, "guest": 302}
EDIT_THE_JOB = {"olga": 200, "rita": 200, "hamid": 200, "ines": 403, "ida": 404, "eve": 404, "guest": 302}
OF_THE_TEAM = {"olga": 200, "rita": 200, "hamid": 200, "ines": 200, "ida": 200, "eve": 404, "guest": 302}
PUBLIC = dict.fromkeys(EVERYBODY, 200)

#: By the name of the address, for a GET. Those that take only POST answer 405 to whoever may.
GETS: Mapping[str, Mapping[str, int]] = {
    "home": {**dict.fromkeys(EVERYBODY, 302), "guest": 200},
    "guide": PUBLIC,
    "systems": MEMBERS,
    "livez": PUBLIC,
    "readyz": PUBLIC,
    "organizations:team": MEMBERS,
    "organizations:outbox": OWNER,
    "organizations:audit": OWNER,
    "webhooks:endpoints": OWNER,
    "webhooks:new": OWNER,
    "webhooks:endpoint": {**OWNER, "eve": 404},
    "webhooks:delivery": {**OWNER, "eve": 404},
    "organizations:choose": MEMBERS,
    "organizations:no-team": MEMBERS,
    # Nobody of them lacks what their team asks for: tests/web/test_second_factor.py has those who do.
    "organizations:second-factor": dict.fromkeys(EVERYBODY, 302),
    "organizations:join": {**dict.fromkeys(EVERYBODY, 200)},
    "assessments:tasks": MEMBERS,
    "assessments:task": MEMBERS,
    "assessments:list": MEMBERS,
    "assessments:new": EDITORS,
    "assessments:assessment": OF_THE_TEAM,
    "interviews:questions": MEMBERS,
    "interviews:question": MEMBERS,
    "interviews:practise": MEMBERS,
    "interviews:museum": PUBLIC,
    "interviews:exhibit": PUBLIC,
    "interviews:exhibit-sheet": MEMBERS,
    "interviews:to-file": MEMBERS,
    "interviews:interview": OF_THE_JOB,
    "interviews:calibration": MEMBERS,
    "interviews:calibration-download": MEMBERS,
    # Ines owes a scorecard, and is led to it.
    "debriefs:debrief": {**OF_THE_JOB, "ines": 302},
    "debriefs:said-and-did": OF_THE_JOB,
    "interviews:kits": MEMBERS,
    "interviews:change": EDIT_THE_JOB,
    "interviews:calendar": OF_THE_JOB,
    "interviews:candidate-calendar": PUBLIC,
    "debriefs:plan": EDIT_THE_JOB,
    "debriefs:kit": OF_THE_JOB,
    "debriefs:coverage": OF_THE_JOB,
    "pads:pad": OF_THE_JOB,
    "pads:live": OF_THE_JOB,
    "pads:report": OF_THE_JOB,
    **dict.fromkeys(("pads:work", "pads:work-live", "pads:work-report"), PUBLIC),
    "hiring:job-list": MEMBERS,
    "hiring:new-job": EDITORS,
    "hiring:job": OF_THE_JOB,
    "hiring:change-job": EDIT_THE_JOB,
    "hiring:members": EDIT_THE_JOB,
    "hiring:new-candidate": EDIT_THE_JOB,
    "workspace:enter-many": EDIT_THE_JOB,
    "hiring:resume": {**OF_THE_JOB, "olga": 200},
    "resumes:list": MEMBERS,
    "resumes:reading": OF_THE_JOB,
    "resumes:mine": PUBLIC,
    "resumes:send": PUBLIC,
    "insights:team-figures": MEMBERS,
    "insights:team-rates": EDITORS,
    "insights:team-rows": EDITORS,
    "insights:job-figures": OF_THE_JOB,
    "insights:job-rates": EDIT_THE_JOB,
    "insights:job-rows": EDIT_THE_JOB,
    "insights:shared": {**EDIT_THE_JOB, "rita": 403},
    "insights:report-as-pdf": OF_THE_JOB,
    "insights:metrics": dict.fromkeys(EVERYBODY, 404),
    "workspace:application": OF_THE_JOB,
    "workspace:compare": OF_THE_JOB,
    "workspace:regrade": EDIT_THE_JOB,
    "workspace:erase": {**OWNER, "eve": 404},
    "workspace:invite": EDIT_THE_JOB,
    "workspace:level": OF_THE_JOB,
    "workspace:team-report": OF_THE_JOB,
    "workspace:apply": PUBLIC,
    "workspace:status": PUBLIC,
    "workspace:personal-data": PUBLIC,
    "workspace:appeal": PUBLIC,
    "workspace:try": PUBLIC,
    "workspace:sitting": PUBLIC,
    "workspace:work": PUBLIC,
    "workspace:report": PUBLIC,
    "workspace:run": PUBLIC,
    "workspace:download": PUBLIC,
}
#: The API's pages and OAuth's own addresses; the endpoints have a table in test_api_matrix.py.
GETS = {
    **GETS,
    "api:about": PUBLIC,
    "api:keys": MEMBERS,
    "ats:systems": OWNER,
    "ats:ashby": OWNER,
    # Whoever signed in some time ago is asked for the password once more: test_api_keys.py has those who gave it.
    "api:new-token": dict.fromkeys(EVERYBODY, 302),
    "api:new-client": dict.fromkeys(EVERYBODY, 302),
    # Without saying for which program.
    "oauth2_provider:authorize": {**dict.fromkeys(EVERYBODY, 400), "guest": 302},
    "oauth2_provider:oauth-server-metadata": PUBLIC,
}
#: Addresses that only take a POST, and what a POST with nothing in it gets: a redirect back where somebody may.
POSTS: Mapping[str, Mapping[str, int]] = {
    "organizations:change-member": {**OWNER, "olga": 302, "eve": 404},
    "organizations:withdraw": {**OWNER, "olga": 302, "eve": 404},
    "organizations:require-totp": {**OWNER, "olga": 302, "eve": 302},
    "webhooks:change": {**OWNER, "olga": 302, "eve": 404},
    "webhooks:secret": {**OWNER, "eve": 404},
    "webhooks:send-again": {**OWNER, "olga": 302, "eve": 404},
    "assessments:archive": {**EDIT_THE_JOB, "olga": 302, "rita": 302, "hamid": 302, "ida": 403},
    "hiring:save-filter": {**OF_THE_JOB, **dict.fromkeys(("olga", "rita", "hamid", "ines"), 302)},
    "hiring:forget-filter": {**OF_THE_JOB, **dict.fromkeys(("olga", "rita", "hamid", "ines"), 302)},
    "workspace:answer-appeal": {**EDIT_THE_JOB, "olga": 302, "rita": 302, "hamid": 302},
    "hiring:move": {**EDIT_THE_JOB, "olga": 302, "rita": 302, "hamid": 302},
    "hiring:add-note": {**OF_THE_JOB, "olga": 302, "rita": 302, "hamid": 302, "ines": 302},
    "interviews:phone-screen": {**OF_THE_JOB, **dict.fromkeys(("olga", "rita", "hamid", "ines"), 302)},
    "interviews:join": {**OF_THE_JOB, **dict.fromkeys(("olga", "rita", "hamid", "ines"), 302)},
    # It is Hamid's: whoever owns the team finds nothing.
    "interviews:calibration-erase-one": {**dict.fromkeys(EVERYBODY, 404), "hamid": 302, "guest": 302},
    "interviews:calibration-erase": dict.fromkeys(EVERYBODY, 302),
    "interviews:take-off": {**EDIT_THE_JOB, "olga": 302, "rita": 302, "hamid": 302},
    "interviews:cancel": {**EDIT_THE_JOB, "olga": 302, "rita": 302, "hamid": 302},
    "pads:run": {**OF_THE_JOB, **dict.fromkeys(("olga", "rita", "hamid", "ines"), 302)},
    "pads:end": {**OF_THE_JOB, **dict.fromkeys(("olga", "rita", "hamid", "ines"), 302)},
    "pads:work-run": dict.fromkeys(EVERYBODY, 302),
    "hiring:decide": {**EDIT_THE_JOB, "olga": 302, "rita": 403, "hamid": 302},
    "hiring:extra-time": {**EDIT_THE_JOB, "olga": 302, "rita": 302, "hamid": 302},
    "resumes:blind": {**OF_THE_JOB, **dict.fromkeys(("olga", "rita", "hamid", "ines"), 302)},
    "resumes:answer": {**OF_THE_JOB, **dict.fromkeys(("olga", "rita", "hamid", "ines"), 422)},
    "resumes:again": {**EDIT_THE_JOB, "olga": 302, "rita": 302, "hamid": 302},
    "workspace:preview": {**OF_THE_TEAM, **dict.fromkeys(("olga", "rita", "hamid", "ines", "ida"), 302)},
    "workspace:grade-again": {**EDIT_THE_JOB, "olga": 302, "rita": 302, "hamid": 302},
    "samples:remove": {**OWNER, "olga": 404, "eve": 404},
    "api:revoke-token": {**OWNER, "olga": 302, "rita": 404, "hamid": 404, "ines": 404, "ida": 404, "eve": 404},
    "api:shut-out": {**OF_THE_TEAM, **dict.fromkeys(("olga", "rita", "hamid", "ines", "ida"), 302)},
    "api:remove-client": {**OWNER, "olga": 302, "eve": 404},
    "oauth2_provider:token": dict.fromkeys(EVERYBODY, 400),
    "oauth2_provider:revoke-token": dict.fromkeys(EVERYBODY, 400),
    "workspace:withdraw": dict.fromkeys(EVERYBODY, 302),
    "workspace:redo": dict.fromkeys(EVERYBODY, 302),
    "workspace:finish": dict.fromkeys(EVERYBODY, 302),
    "workspace:save": dict.fromkeys(EVERYBODY, 400),
    "workspace:change-files": dict.fromkeys(EVERYBODY, 302),
    "workspace:upload": dict.fromkeys(EVERYBODY, 302),
    "workspace:hand-in": dict.fromkeys(EVERYBODY, 302),
    "workspace:again": dict.fromkeys(EVERYBODY, 302),
}


#: Addresses of a candidate about one of their tasks.
AT_A_TASK = (
    "work", "save", "change-files", "hand-in", "again", "report", "appeal", "download", "run", "upload",
)  # fmt: skip


def test_no_address_is_left_out_of_the_table() -> None:
    assert sorted(addresses.ours()) == sorted([*GETS, *POSTS])


@pytest.fixture
def arguments(cast: Cast) -> dict[str, list[Any]]:
    """Something of Olga's team for each address that wants it."""
    sitting = actions.invite(actor=cast.olga, application=cast.application)
    actions.begin(sitting)
    work = sitting.works.get(position=1)
    work.sitting = sitting
    work.files = {"toolbelt/retrying.py": "# nothing works any more\n"}
    work.save()
    work = actions.hand_in(work)
    assert work.submission is not None
    Submission.objects.filter(pk=work.submission_id).update(state=State.GRADED)
    Result.objects.create(submission=work.submission, document=_document(), canonical_sha256="0", headline="a headline")
    asks = appeals.appeal(access.work_of(sitting, 1), kind="person", check="", title="", text="Please look.")
    told, _secret = webhooks.add_endpoint(
        actor=cast.olga, team=cast.team, address="https://example.org", events=["work.graded"]
    )
    webhooks.ping(actor=cast.olga, endpoint=told)
    kept = SavedFilter.objects.create(user=cast.olga, job=cast.job, name="Mine", query="q=ada")
    cast.application.resume.save("cv.pdf", _pdf())
    cast.application.resume_name = "cv.pdf"
    cast.application.save()
    reading = resumes.read_soon(cast.application)
    assert reading is not None
    Reading.objects.filter(pk=reading.pk).update(state="read", reader="1 a-reader", content=resume_files.READ)
    asked = organizations.invite_member(actor=cast.olga, team=cast.team, email="new@example.org", role="interviewer")
    talk = planned(cast, cast.application, cast.ines)
    sample = questions()["n-plus-one"].samples[0]
    interviews.keep_for_calibration(actor=cast.hamid, question_id="n-plus-one", anchors={sample.key: "middle"})
    Interview.objects.update(at=timezone.now() + timedelta(days=3))
    pad = pads.open_pad(actor=cast.ines, interview=talk, task="shop/slow-product-list")
    asked_of_it = pads.ask(pad, "growth", "candidate")
    Result.objects.create(
        submission=asked_of_it.submission, document=_document(), canonical_sha256="0", headline="a headline"
    )
    pad_token = access.token_of(pad.sitting)
    member = cast.team.memberships.get(user=cast.rita)
    mine = cast.team.memberships.get(user=cast.olga)
    key, _secret = api.make_token(membership=mine, name="Key", scopes=["jobs:read"], days=1)
    program, _secret = api.register_client(
        actor=cast.olga, team=cast.team, name="Program", redirect_uris="https://example.org/", is_confidential=True
    )
    sitting_token, token = access.token_of(sitting), token_of(cast.application)
    by_start = {
        "job_id": [cast.job.pk], "application_id": [cast.application.pk], "submission_id": [work.submission_id],
        "member_id": [member.pk], "invitation_id": [asked.pk], "assessment_id": [cast.assessment.pk],
        "name": ["shop/slow-product-list"], "question_id": ["n-plus-one"],
        "pack": ["shop"], "slug": ["price-list"],
        "token_id": [key.pk], "client_id": [program.pk],
        "appeal_id": [asks.pk], "filter_id": [kept.pk], "position": [1], "interview_id": [talk.pk],
        "endpoint_id": [told.pk], "delivery_id": [told.deliveries.get().pk],
        "signal": ["production"],
        "rating_id": [cast.hamid.calibration_ratings.get().pk],
        "run_id": [asked_of_it.pk],
    }  # fmt: skip
    special = {
        "organizations:join": [organizations.token_of(asked)],
        "workspace:status": [token], "workspace:withdraw": [token], "workspace:personal-data": [token],
        "resumes:mine": [token], "resumes:send": [token],
        "workspace:redo": [sitting_token],
        "interviews:candidate-calendar": [token, talk.pk],
        "workspace:sitting": [sitting_token], "workspace:finish": [sitting_token],
        **{f"workspace:{name}": [sitting_token, 1] for name in AT_A_TASK},
        **{f"pads:{name}": [pad_token] for name in ("work", "work-live", "work-run")},
        "pads:work-report": [pad_token, asked_of_it.pk],
    }  # fmt: skip
    found = {}
    every = dict(addresses.patterns())
    for name in [*GETS, *POSTS]:
        pattern = every[name]
        wanted = list(pattern.pattern.converters)
        found[name] = special.get(name) or [value for each in wanted for value in by_start[each]]
    return found


def _document() -> str:
    return sample_reports.good().to_json()


def _pdf() -> Any:
    return ContentFile(b"%PDF-1.7 nothing")


def test_everybody_gets_what_is_theirs_at_every_address_and_nothing_else(
    cast: Cast, arguments: dict[str, list[Any]], client: Client
) -> None:
    wrong = []
    for name, table in GETS.items():
        for who, expected in table.items():
            answer = _as(client, cast, who).get(reverse(name, args=arguments[name]))
            _read(answer)
            if answer.status_code != expected:
                wrong.append(f"{who} at {name}: {answer.status_code}, not {expected}")
    assert not wrong, "\n".join(wrong)


def test_everybody_may_do_what_is_theirs_and_nothing_else(
    cast: Cast, arguments: dict[str, list[Any]], client: Client
) -> None:
    wrong = []
    for name, table in POSTS.items():
        for who, expected in table.items():
            address = reverse(name, args=arguments[name])
            answer = _as(client, cast, who).post(address)
            if answer.status_code != expected:
                wrong.append(f"{who} posts to {name}: {answer.status_code}, not {expected}")
            looked = client.get(address).status_code
            if looked not in (405, 302):
                wrong.append(f"{who} gets {name}: {looked}, not 405")
    assert not wrong, "\n".join(wrong)


def test_a_link_with_another_signature_or_of_another_kind_leads_nowhere(cast: Cast, client: Client) -> None:
    sitting = Sitting.objects.create(application=cast.application, assessment=cast.assessment)
    good, other = access.token_of(sitting), token_of(cast.application)
    assert client.get(reverse("workspace:sitting", args=[good])).status_code == 200
    assert client.get(reverse("workspace:sitting", args=[other])).status_code == 404
    assert client.get(reverse("workspace:status", args=[good])).status_code == 404
    assert client.get(reverse("workspace:sitting", args=[good[:-2] + "xx"])).status_code == 404
    assert client.get(reverse("workspace:status", args=["nonsense"])).status_code == 404


def test_an_invitation_works_once_and_not_when_it_was_withdrawn(cast: Cast, client: Client) -> None:
    asked = organizations.invite_member(actor=cast.olga, team=cast.team, email="new@example.org", role="recruiter")
    address = reverse("organizations:join", args=[organizations.token_of(asked)])
    answer = client.post(address, {"name": "New", "password": "another good one"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert cast.team.memberships.get(user__email="new@example.org").role == "recruiter"
    client.logout()
    assert client.get(address).status_code == 410
    TeamInvitation.objects.all().delete()
    again = organizations.invite_member(actor=cast.olga, team=cast.team, email="late@example.org", role="owner")
    organizations.withdraw_invitation(actor=cast.olga, invitation=again)
    assert client.get(reverse("organizations:join", args=[organizations.token_of(again)])).status_code == 410
    assert not User.objects.filter(email="late@example.org").exists()


def _read(answer: Any) -> bytes:
    """To the end: a file that is sent is closed then."""
    return b"".join(answer) if isinstance(answer, StreamingHttpResponse) else answer.content


def _as(client: Client, cast: Cast, who: str) -> Client:
    client.logout()
    if who != "guest":
        client.force_login(getattr(cast, who), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
