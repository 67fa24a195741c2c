"""What Ashby asks of us and what it is told, in its own envelope."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from django.urls import reverse

from djudge.web.ats import actions
from djudge.web.ats.models import AshbyKey, Order, Told
from djudge.web.hiring.models import Note
from djudge.web.mail.models import Message
from djudge.web.workspace import actions as workspace
from djudge.web.workspace.models import Sitting
from tests.web.cast import Cast
from tests.web.receiver import HOST, Receiver, receiving
from tests.web.test_ats import (
    ASHBY,
    ASHBYS_KEY,
    UPDATE,
    Elsewhere,
    basic,
    begun,
    graded,
    start,
    tell_all,
    theirs,
)

__all__ = ["theirs"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def ashby(cast: Cast, settings: Any) -> Iterator[Receiver]:
    """Ashby's own side, on loopback."""
    settings.WEBHOOK_NETWORKS = [f"{HOST}/32"]
    with receiving() as running:
        settings.ASHBY_ADDRESS = f"http://{HOST}:{running.port}/assessment.update"
        yield running


def started(cast: Cast, theirs: Elsewhere) -> Order:
    status, body = theirs.ask(ASHBY + "assessment.start", start(cast))
    assert (status, body["success"]) == (200, True)
    return Order.objects.get(pk=body["results"]["assessment_id"])


def test_ashby_lists_starts_and_cancels_in_its_envelope(cast: Cast, theirs: Elsewhere) -> None:
    status, body = theirs.ask(ASHBY + "assessment.list", {})
    assert (status, body["success"]) == (200, True)
    assert [set(each) for each in body["results"]] == [{"assessment_type_id", "name", "description"}]
    assert body["results"][0]["assessment_type_id"] == str(cast.job.pk)
    assert theirs.post(ASHBY + "assessment.list").status_code == 200, "without a body, too"
    assert started(cast, theirs) == started(cast, theirs)
    assert Message.objects.filter(to="zoe@example.org").count() == 1


def test_ashby_reads_problems_in_its_envelope(cast: Cast, theirs: Elsewhere) -> None:
    status, body = theirs.ask(ASHBY + "assessment.start", start(cast, candidate={"first_name": "Zoe"}))
    assert (status, body["success"]) == (422, False)
    assert "candidate.email" in body["errors"][0]
    status, body = Elsewhere().ask(ASHBY + "assessment.list", {})
    assert (status, set(body)) == (401, {"success", "errors"})


def test_ashby_is_told_of_the_beginning_and_the_end_by_the_teams_own_key(
    cast: Cast, theirs: Elsewhere, ashby: Receiver
) -> None:
    found = started(cast, theirs)
    begun(found.application)
    assert tell_all() == 0, "nobody has entered its key yet"
    actions.enter_key(actor=cast.olga, team=cast.team, key=ASHBYS_KEY)
    assert tell_all() == 1
    assert tell_all() == 0
    graded(found.application)
    assert tell_all() == 1
    assert tell_all() == 0
    for told in ashby.told:
        jsonschema.validate(told.data, UPDATE)
        assert (told.method, told.headers["authorization"]) == ("POST", basic(ASHBYS_KEY))
        assert told.data["assessment_id"] == str(found.pk)
    first, second = (told.data for told in ashby.told)
    assert first["assessment_status"]["value"] == "Started"
    assert "assessment_result" not in first
    assert second["assessment_result"]["type"] == "string", "a text, and no score"
    assert second["timestamp"] > first["timestamp"]


def test_ashby_that_says_no_with_200_has_not_heard(cast: Cast, theirs: Elsewhere, settings: Any) -> None:
    settings.WEBHOOK_NETWORKS = [f"{HOST}/32"]
    actions.enter_key(actor=cast.olga, team=cast.team, key=ASHBYS_KEY)
    found = started(cast, theirs)
    begun(found.application)
    with receiving() as running:
        settings.ASHBY_ADDRESS = f"http://{HOST}:{running.port}/assessment.update"
        running.mood = "says no in its envelope"
        tell_all()
    found.refresh_from_db()
    assert (found.told, found.attempts) == (Told.NOTHING, 1)
    assert "Ashby did not take it" in found.trouble


def test_what_ashby_cancels_stays_with_the_people_who_read_it_in_a_note(
    cast: Cast, theirs: Elsewhere, ashby: Receiver
) -> None:
    actions.enter_key(actor=cast.olga, team=cast.team, key=ASHBYS_KEY)
    found = started(cast, theirs)
    for _ in range(2):
        status, body = theirs.ask(ASHBY + "assessment.cancel", {"assessment_id": str(found.pk)})
        assert (status, body["results"]) == (200, {"assessment_id": str(found.pk)})
    assert "their link still works" in Note.objects.get(application=found.application).text
    assert workspace.begin(Sitting.objects.get(application=found.application)).started_at
    assert tell_all() == 0
    assert ashby.connections == 0


def test_ashbys_key_is_entered_kept_encrypted_never_shown_and_removed(cast: Cast, as_: Any) -> None:
    client, address = as_(cast.olga), reverse("ats:ashby")
    assert client.post(address, {"key": "with blanks: in it"}).status_code == 422
    assert client.post(address, {"key": ASHBYS_KEY}).status_code == 302
    assert ASHBYS_KEY not in AshbyKey.objects.get(team=cast.team).key
    for page in (address, reverse("ats:systems")):
        assert ASHBYS_KEY not in client.get(page).content.decode()
    assert client.post(address, {"key": ""}).status_code == 302
    assert not AshbyKey.objects.exists()


def test_a_key_that_can_not_be_read_any_more_is_told_as_such(
    cast: Cast, theirs: Elsewhere, ashby: Receiver, settings: Any
) -> None:
    actions.enter_key(actor=cast.olga, team=cast.team, key=ASHBYS_KEY)
    begun(started(cast, theirs).application)
    settings.SECRET_KEY = "another one"
    tell_all()
    assert "can't be read" in Order.objects.get().trouble
    assert ashby.connections == 0


def test_what_ashby_starts_again_after_it_was_done_or_cancelled_is_told_again(
    cast: Cast, theirs: Elsewhere, ashby: Receiver
) -> None:
    actions.enter_key(actor=cast.olga, team=cast.team, key=ASHBYS_KEY)
    found = started(cast, theirs)
    graded(found.application)
    assert tell_all() == 1
    assert started(cast, theirs) == found
    assert tell_all() == 1
    theirs.ask(ASHBY + "assessment.cancel", {"assessment_id": str(found.pk)})
    assert started(cast, theirs) == found
    assert tell_all() == 1
    assert len(ashby.told) == 3
