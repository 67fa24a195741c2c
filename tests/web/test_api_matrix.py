"""Every endpoint and method of the API, by everybody, and by a token that was made for something else.

The endpoints come from the URLconf itself: one that is not in the table fails the test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from django.db import transaction
from django.urls import reverse
from rest_framework.test import APIClient

from djudge.web.api.scopes import Scope
from djudge.web.hiring import actions as hiring
from djudge.web.hiring.models import Application
from djudge.web.interviews.models import Scorecard
from tests.web import addresses
from tests.web.everything import Everything
from tests.web.programs import program_of

pytestmark = pytest.mark.django_db

METHODS: Final = ("get", "post", "put", "patch", "delete")
EVERYBODY: Final = ("olga", "rita", "hamid", "ines", "ida", "eve", "guest")

MEMBERS: Final = {**dict.fromkeys(EVERYBODY, 200), "guest": 401}
OF_THE_JOB: Final = {**MEMBERS, "ida": 404, "eve": 404}
OF_THE_TEAM: Final = {**MEMBERS, "eve": 404}
#: Writing: 201 for who may, 403 for a role; what somebody may not see is a mistake in the field that names it.
WRITERS: Final = {**dict.fromkeys(("olga", "rita", "hamid"), 201), "ines": 403, "ida": 422, "eve": 422, "guest": 401}
CHANGERS: Final = {**OF_THE_JOB, "ines": 403}


@dataclass(frozen=True)
class Row:
    """What everybody gets at an endpoint by a method, and the scope without which a token gets 403."""

    gets: Mapping[str, int]
    scope: Scope | None
    args: Callable[[Everything], list[Any]] = lambda _: []
    body: Callable[[Everything], dict[str, Any]] = field(default=lambda _: {})


def _application(it: Everything) -> list[Any]:
    return [it.cast.application.pk]


def _submission(it: Everything) -> list[Any]:
    return [it.work.submission_id]


def _ines_card(it: Everything) -> list[Any]:
    return [it.talk.scorecards.get(rater=it.cast.ines).pk]


def _hamids_card(it: Everything) -> list[Any]:
    return [it.talk.scorecards.get(rater=it.cast.hamid).pk]


def _alone(it: Everything) -> Application:
    """Somebody who applied and was not invited yet."""
    return hiring.apply(job=it.cast.job, name="Al One", email="al@example.org", lane="django-ready")


def _about(**more: Any) -> Callable[[Everything], dict[str, Any]]:
    return lambda it: {"application": str(it.cast.application.pk), **more}


_JOB: Final = {"title": "One more", "builds": ["api"], "use_case": "backend"}
#: What others filed Olga and Hamid don't see before they have filed their own on the same candidate.
_FILED_BY_INES: Final = {**OF_THE_JOB, "olga": 404, "hamid": 404}
_OPEN_OF_HAMID: Final = {**dict.fromkeys(EVERYBODY, 404), "hamid": 200, "guest": 401}

ROWS: Final[Mapping[tuple[str, str], Row]] = {
    ("api:me-list", "get"): Row(MEMBERS, None),
    ("api:job-list", "get"): Row(MEMBERS, Scope.READ_JOBS),
    ("api:job-list", "post"): Row(
        {**dict.fromkeys(EVERYBODY, 201), "ines": 403, "ida": 403, "guest": 401}, Scope.WRITE_JOBS, body=lambda _: _JOB
    ),
    ("api:job-detail", "get"): Row(OF_THE_JOB, Scope.READ_JOBS, lambda it: [it.cast.job.pk]),
    ("api:job-detail", "patch"): Row(
        CHANGERS, Scope.WRITE_JOBS, lambda it: [it.cast.job.pk], lambda _: {"reply_days": 4}
    ),
    ("api:assessment-list", "get"): Row(MEMBERS, Scope.READ_JOBS),
    ("api:assessment-detail", "get"): Row(OF_THE_TEAM, Scope.READ_JOBS, lambda it: [it.cast.assessment.pk]),
    ("api:candidate-list", "get"): Row(MEMBERS, Scope.READ_CANDIDATES),
    ("api:candidate-detail", "get"): Row(
        OF_THE_JOB, Scope.READ_CANDIDATES, lambda it: [it.cast.application.candidate_id]
    ),
    ("api:application-list", "get"): Row(MEMBERS, Scope.READ_CANDIDATES),
    ("api:application-list", "post"): Row(
        WRITERS, Scope.WRITE_CANDIDATES,
        body=lambda it: {"job": str(it.cast.job.pk), "name": "New One", "email": "one@example.org"},
    ),
    ("api:application-detail", "get"): Row(OF_THE_JOB, Scope.READ_CANDIDATES, _application),
    ("api:application-move", "post"): Row(
        CHANGERS, Scope.WRITE_CANDIDATES, _application, lambda _: {"stage": "submitted"}
    ),
    ("api:application-extra-time", "post"): Row(
        CHANGERS, Scope.WRITE_CANDIDATES, _application, lambda _: {"extra_time": 1.5}
    ),
    ("api:application-level", "get"): Row(OF_THE_JOB, Scope.READ_EVIDENCE, _application),
    ("api:invitation-list", "get"): Row(MEMBERS, Scope.READ_CANDIDATES),
    ("api:invitation-list", "post"): Row(
        WRITERS, Scope.WRITE_CANDIDATES, body=lambda it: {"application": str(_alone(it).pk)}
    ),
    ("api:invitation-detail", "get"): Row(OF_THE_JOB, Scope.READ_CANDIDATES, lambda it: [it.graded.pk]),
    ("api:submission-list", "get"): Row(MEMBERS, Scope.READ_EVIDENCE),
    ("api:submission-detail", "get"): Row(OF_THE_JOB, Scope.READ_EVIDENCE, _submission),
    ("api:submission-report", "get"): Row(OF_THE_JOB, Scope.READ_EVIDENCE, _submission),
    ("api:submission-grade-again", "post"): Row(CHANGERS, Scope.WRITE_EVIDENCE, _submission),
    ("api:note-list", "get"): Row(MEMBERS, Scope.READ_NOTES),
    ("api:note-list", "post"): Row({**WRITERS, "ines": 201}, Scope.WRITE_NOTES, body=_about(text="Seen.")),
    ("api:note-detail", "get"): Row(
        OF_THE_JOB, Scope.READ_NOTES, lambda it: [it.cast.application.notes.values_list("pk", flat=True)[0]]
    ),
    ("api:decision-list", "get"): Row(MEMBERS, Scope.READ_CANDIDATES),
    ("api:decision-list", "post"): Row(
        {**WRITERS, "rita": 403}, Scope.WRITE_DECISIONS,
        body=lambda it: {"application": str(_alone(it).pk), "outcome": "advance", "reason": "Good."},
    ),
    ("api:decision-detail", "get"): Row(
        OF_THE_JOB, Scope.READ_CANDIDATES, lambda it: [it.decided.decisions.values_list("pk", flat=True)[0]]
    ),
    ("api:interview-list", "get"): Row(MEMBERS, Scope.READ_NOTES),
    ("api:interview-detail", "get"): Row(OF_THE_JOB, Scope.READ_NOTES, lambda it: [it.talk.pk]),
    ("api:scorecard-list", "get"): Row(MEMBERS, Scope.READ_NOTES),
    ("api:scorecard-detail", "get"): Row(_FILED_BY_INES, Scope.READ_NOTES, _ines_card),
    ("api:scorecard-detail", "patch"): Row(
        _OPEN_OF_HAMID, Scope.WRITE_NOTES, _hamids_card, lambda _: {"remarks": "A good talk."}
    ),
    ("api:scorecard-file", "post"): Row(
        _OPEN_OF_HAMID, Scope.WRITE_NOTES, _hamids_card,
        lambda it: {"answers": list(_answers(it.talk.scorecards.get(rater=it.cast.hamid)))},
    ),
    ("api:nothing", "get"): Row({**dict.fromkeys(EVERYBODY, 404), "guest": 401}, None),
}  # fmt: skip

#: For everybody, member or not: what describes the API.
PUBLIC: Final = ("api:schema", "api:docs", "api:docs-script")
#: Opened by a candidate's link, whoever asks: tests/web/test_submit.py has them.
BY_LINK: Final = ("api:workspaces", "api:workspace", "api:workspace-files", "api:workspace-hand-in")
#: What other systems call by contracts of their own: tests/web/test_ats.py has each of them.
BY_CONTRACT: Final = "ats:"


def _answers(card: Scorecard) -> Iterator[dict[str, Any]]:
    for rating in card.ratings.all():
        if rating.position == 1:
            yield {"position": 1, "quote": "I count queries.", "ticked": [], "anchor": "junior"}
        else:
            yield {"position": rating.position, "was_asked": False}


@pytest.fixture(autouse=True)
def patience(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here everybody asks often."""
    for each in ("asking", "writing", "guest"):
        monkeypatch.setitem(settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], each, "100000/minute")


def test_no_endpoint_is_left_out_of_the_table() -> None:
    there = set()
    for name, pattern in addresses.of_the_api().items():
        if name not in (*PUBLIC, *BY_LINK, "api:nothing") and not name.startswith(BY_CONTRACT):
            there |= {(name, method) for method in pattern.callback.actions if method in METHODS}
    assert there == set(ROWS) - {("api:nothing", "get")}


def test_everybody_gets_what_is_theirs_at_every_endpoint_and_nothing_else(everything: Everything) -> None:
    askers = {who: _program(everything, who) for who in EVERYBODY}
    wrong = []
    for (name, method), row in ROWS.items():
        for who, expected in row.gets.items():
            got = _ask(askers[who], name, method, row, everything)
            if got != expected:
                wrong.append(f"{who} {method} {name}: {got}, not {expected}")
    assert not wrong, "\n".join(wrong)


def test_a_token_that_was_made_for_everything_else_is_refused_everywhere(everything: Everything) -> None:
    """Hamid may do all of it, and so each refusal is the token's."""
    cast, wrong = everything.cast, []
    for (name, method), row in ROWS.items():
        if row.scope is None:
            continue
        answer = _answer(program_of(cast.hamid, cast.team, set(Scope) - {row.scope}), name, method, row, everything)
        if (answer.status_code, answer.json()["type"].rpartition("#")[2]) != (403, "scope"):
            wrong.append(f"{method} {name} without {row.scope}: {answer.status_code}")
        assert row.scope.value in answer["WWW-Authenticate"]
    assert not wrong, "\n".join(wrong)


def test_a_method_that_an_endpoint_does_not_have_is_405_for_members_and_401_for_guests(everything: Everything) -> None:
    hamid, guest = _program(everything, "hamid"), _program(everything, "guest")
    by_name = {name: row for (name, _), row in ROWS.items() if name != "api:nothing"}
    for name, row in by_name.items():
        for method in (*METHODS, "options"):
            if (name, method) not in ROWS:
                answer = _answer(hamid, name, method, row, everything)
                assert answer.status_code == 405, f"{method} {name}"
                assert "Allow" in answer
                assert _ask(guest, name, method, row, everything) == 401, f"{method} {name}"


def test_nothing_of_another_team_is_in_any_list(everything: Everything) -> None:
    """Eve's lists are empty but for what is hers: in Olga's team there is a row for each."""
    eve, olga = _program(everything, "eve"), _program(everything, "olga")
    for (name, method), _row in ROWS.items():
        if name.endswith("-list") and method == "get" and name != "api:me-list":
            theirs = {each["id"] for each in eve.get(reverse(name)).json()["results"]}
            ours = {each["id"] for each in olga.get(reverse(name)).json()["results"]}
            assert ours, name
            assert not theirs & ours, name


def _program(it: Everything, who: str) -> APIClient:
    if who == "guest":
        return APIClient()
    user = getattr(it.cast, who)
    return program_of(user, user.memberships.get().team)


def _ask(asker: APIClient, name: str, method: str, row: Row, it: Everything) -> int:
    status: int = _answer(asker, name, method, row, it).status_code
    return status


def _answer(asker: APIClient, name: str, method: str, row: Row, it: Everything) -> Any:
    """Whatever it changes is taken back."""
    address = "/api/v1/nothing/" if name == "api:nothing" else reverse(name, args=row.args(it))
    body = row.body(it) if method in ("post", "put", "patch") else None
    with transaction.atomic():
        answer = getattr(asker, method)(address, body, format="json")
        transaction.set_rollback(True)
    return answer
