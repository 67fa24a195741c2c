"""Links are all that candidates have: at every page of theirs an old, a foreign or a broken one leads nowhere.

The pages come from the URLconf itself: whichever takes a token is asked here, also one that is added later.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from djudge.web.grading.models import Submission
from djudge.web.hiring import access as hiring
from djudge.web.hiring.access import LINK_AGE
from djudge.web.hiring.models import Application, Stage
from djudge.web.organizations import actions as organizations
from djudge.web.workspace import access, actions, editing
from djudge.web.workspace import urls as workspace_urls
from djudge.web.workspace.models import Sitting, Work
from tests.web.cast import Cast

FILE: Final = "toolbelt/retrying.py"

#: Every page that is reached by a link, with what stands in its address behind the token.
PAGES: Final = {
    str(pattern.name): [1] if "position" in pattern.pattern.converters else []
    for pattern in workspace_urls.urlpatterns
    if "token" in pattern.pattern.converters
}
#: Those that lead to an application; the others lead to a sitting.
OF_THE_APPLICATION: Final = {"status", "withdraw", "personal-data"}


def signed_long_ago(token: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> str:
    """As a mail has it that is older than links are good for."""
    with monkeypatch.context() as then:
        moment = time.time() - (LINK_AGE + timedelta(minutes=1)).total_seconds()
        then.setattr(signing.time, "time", lambda: moment)
        return token()


@pytest.fixture
def sitting(cast: Cast) -> Sitting:
    begun = actions.begin(actions.invite(actor=cast.rita, application=cast.application))
    editing.save(access.work_of(begun, 1), path=FILE, text="# mine\n", version=0)
    return begun


@pytest.fixture
def wrong(cast: Cast, sitting: Sitting, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, Mapping[bool, str]]:
    """Each wrong link for pages of an application (True) and of a sitting (False)."""
    asked = organizations.invite_member(actor=cast.olga, team=cast.team, email="new@example.org", role="interviewer")
    application, seat = hiring.token_of(cast.application), access.token_of(sitting)
    colleague = organizations.token_of(asked)
    return {
        "expired": {
            True: signed_long_ago(lambda: hiring.token_of(cast.application), monkeypatch),
            False: signed_long_ago(lambda: access.token_of(sitting), monkeypatch),
        },
        "of the other kind": {True: seat, False: application},
        "a colleague's invitation": {True: colleague, False: colleague},
        "another salt": {
            True: signing.dumps(str(cast.application.pk), salt="another"),
            False: signing.dumps(str(sitting.pk), salt="another"),
        },
        "another key": {
            True: signing.dumps(str(cast.application.pk), key="another", salt="djudge.candidate"),
            False: signing.dumps(str(sitting.pk), key="another", salt="djudge.sitting"),
        },
        "truncated": {True: application[:-4], False: seat[:-4]},
        "without a signature": {True: application.split(":")[0], False: seat.split(":")[0]},
        "of nobody": {
            True: signing.dumps(str(sitting.pk), salt="djudge.candidate"),
            False: signing.dumps(str(cast.application.pk), salt="djudge.sitting"),
        },
        "no id in it": {
            True: signing.dumps("everything", salt="djudge.candidate"),
            False: signing.dumps("everything", salt="djudge.sitting"),
        },
        "nonsense": {True: "nonsense", False: "..%2F"},
    }


def test_the_table_knows_pages_of_both_kinds() -> None:
    assert set(PAGES) >= {"status", "withdraw", "sitting", "finish", "work", "save", "hand-in", "report", "download"}


def test_no_page_opens_to_a_wrong_link_and_nothing_changes(
    wrong: Mapping[str, Mapping[bool, str]], cast: Cast, sitting: Sitting, client: Client
) -> None:
    opened = []
    for page, more in PAGES.items():
        for kind, tokens in wrong.items():
            address = reverse(f"workspace:{page}", args=[tokens[page in OF_THE_APPLICATION], *more])
            fields = {"path": FILE, "text": "# theirs\n", "version": "1", "agree": "1"}
            found = {client.get(address).status_code, client.post(address, fields).status_code}
            if not found <= {404, 405} or 404 not in found:
                opened.append(f"{page} with a link that is {kind}: {found}")
    assert not opened, "\n".join(opened)
    assert Work.objects.get(sitting=sitting, position=1).files == {FILE: "# mine\n"}
    assert not Submission.objects.exists()
    assert Sitting.objects.get().handed_in_at is None
    assert Application.objects.get(pk=cast.application.pk).stage == Stage.WORKING


def test_every_page_opens_to_its_own_link_until_its_last_day(
    cast: Cast, sitting: Sitting, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as then:
        moment = time.time() - (LINK_AGE - timedelta(minutes=1)).total_seconds()
        then.setattr(signing.time, "time", lambda: moment)
        application, seat = hiring.token_of(cast.application), access.token_of(sitting)
    for page, more in PAGES.items():
        token = application if page in OF_THE_APPLICATION else seat
        status = client.get(reverse(f"workspace:{page}", args=[token, *more])).status_code
        assert status in (200, 302, 405), page


def test_a_link_opens_its_own_sitting_and_no_place_that_it_has_not(sitting: Sitting, client: Client) -> None:
    """Of another candidate's sitting there is nothing to guess: a place is one of the link's own."""
    other = actions.practise("python/retry-decorator")
    theirs = access.token_of(other)
    assert "# mine" not in client.get(reverse("workspace:work", args=[theirs, 1])).content.decode()
    for page, more in PAGES.items():
        if more:
            address = reverse(f"workspace:{page}", args=[theirs, 2])
            assert 404 in {client.get(address).status_code, client.post(address).status_code}, page
