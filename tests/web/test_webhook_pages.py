"""What owners see and do about webhooks, and the data that end."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from djudge.web.organizations import audit
from djudge.web.webhooks import actions, delivering, sending, signing, tasks
from djudge.web.webhooks.models import Attempt, Delivery, Endpoint
from djudge.web.workspace.personal_data import copy_of, erase
from tests.web.cast import Cast
from tests.web.receiver import HOST, Receiver
from tests.web.test_webhooks import BACKEND, deliver_all, everything_happens, listening, receiver, told_of

__all__ = ["listening", "receiver"]


def test_an_owner_sees_a_secret_once_and_never_again(cast: Cast, client: Client) -> None:
    client.force_login(cast.olga, backend=BACKEND)
    fields = {"address": "https://hooks.example.org/in?token=abc", "events": ["work.graded"]}
    answer = client.post(reverse("webhooks:new"), fields)
    found = re.search(r"whsec_[A-Za-z0-9+/=]+", answer.content.decode().replace("&#x2B;", "+"))
    assert found is not None
    assert "no-store" in answer["Cache-Control"]
    endpoint = Endpoint.objects.get()
    assert signing.secrets_of(endpoint) == [found[0]]
    again = client.post(reverse("webhooks:new"), fields)
    assert (again.status_code, "has this address already" in again.content.decode()) == (422, True)
    for address in (
        reverse("webhooks:endpoints"), reverse("webhooks:endpoint", args=[endpoint.pk]), reverse("organizations:audit")
    ):  # fmt: skip
        page = client.get(address).content.decode()
        assert "whsec_" not in page
        assert endpoint.secret not in page
    assert "token=abc" not in client.get(reverse("organizations:audit")).content.decode(), "the log knows the host"
    renewed = client.post(reverse("webhooks:secret", args=[endpoint.pk])).content.decode()
    assert "whsec_" in renewed
    assert found[0] not in renewed
    refused = client.post(reverse("webhooks:secret", args=[endpoint.pk]), follow=True).content.decode()
    assert "still valid" in refused
    assert "whsec_" not in refused


def test_an_address_that_is_not_called_comes_back_with_the_reason_and_what_was_chosen(
    cast: Cast, client: Client
) -> None:
    client.force_login(cast.olga, backend=BACKEND)
    answer = client.post(reverse("webhooks:new"), {"address": "http://10.0.0.1/", "events": ["work.graded"]})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "a private network" in page
    assert 'value="http://10.0.0.1/"' in page
    assert re.search(r'value="work.graded"[^>]*checked', page)
    assert not re.search(r'value="application.made"[^>]*checked', page)
    assert not Endpoint.objects.exists()
    nothing = client.post(reverse("webhooks:new"), {"address": "https://example.org/"})
    assert "Please choose one at least." in nothing.content.decode()


def test_what_was_given_up_is_sent_again_by_a_button_with_the_same_id(
    cast: Cast, receiver: Receiver, listening: tuple[Endpoint, str], client: Client
) -> None:
    endpoint = listening[0]
    for _ in range(3):
        told_of(cast)
    receiver.mood = "refuses"
    deliver_all()
    client.force_login(cast.olga, backend=BACKEND)
    change = reverse("webhooks:change", args=[endpoint.pk])
    client.post(change, {"what": "off"})
    assert set(Delivery.objects.values_list("state", flat=True)) == {"given_up"}
    one = Delivery.objects.latest("created_at")
    refused = client.post(reverse("webhooks:send-again", args=[one.pk]), follow=True).content.decode()
    assert "the endpoint is off" in refused
    client.post(change, {"what": "on"})
    receiver.mood = "well"
    page = client.post(reverse("webhooks:send-again", args=[one.pk]), follow=True).content.decode()
    assert "on its way again" in page
    deliver_all()
    assert receiver.told[-1].headers["webhook-id"] == str(one.event_id)
    assert Delivery.objects.filter(state="delivered").count() == 1
    assert (
        "Send again what was given up" in client.get(reverse("webhooks:endpoint", args=[endpoint.pk])).content.decode()
    )
    assert "2 messages" in client.post(change, {"what": "send-missed"}, follow=True).content.decode()
    deliver_all()
    assert Delivery.objects.filter(state="delivered").count() == 3
    heard = [each.headers["webhook-id"] for each in receiver.told]
    assert (len(heard), len(set(heard))) == (6, 3)
    assert client.post(reverse("webhooks:send-again", args=[one.pk])).status_code == 302
    deliver_all()
    assert len(receiver.told) == 7, "what was heard can be sent again, too"


def test_a_page_shows_what_was_sent_and_answered_and_everything_else_can_be_done_there(
    cast: Cast, receiver: Receiver, listening: tuple[Endpoint, str], client: Client
) -> None:
    endpoint = listening[0]
    client.force_login(cast.olga, backend=BACKEND)
    change = reverse("webhooks:change", args=[endpoint.pk])
    assert "A test is on its way" in client.post(change, {"what": "ping"}, follow=True).content.decode()
    receiver.mood = "refuses"
    deliver_all()
    page = client.get(reverse("webhooks:delivery", args=[Delivery.objects.get().pk])).content.decode()
    for shown in ("500", "No \N{REPLACEMENT CHARACTER}!", str(endpoint.pk), "given up"):
        assert shown in page
    client.post(reverse("webhooks:endpoint", args=[endpoint.pk]), {"events": ["work.graded"]})
    endpoint.refresh_from_db()
    assert endpoint.events == ["work.graded"]
    assert client.post(reverse("webhooks:endpoint", args=[endpoint.pk]), {"events": ["ping"]}).status_code == 422
    client.post(reverse("webhooks:secret", args=[endpoint.pk]))
    client.post(change, {"what": "end-former"})
    assert Endpoint.objects.get().former_secret == ""
    assert client.post(change, {"what": "nothing"}).status_code == 302
    assert client.post(change, {"what": "remove"})["Location"] == reverse("webhooks:endpoints")
    assert not Endpoint.objects.exists()
    assert audit.first_broken(cast.team) is None


def test_a_team_has_twenty_at_most(cast: Cast, client: Client) -> None:
    client.force_login(cast.olga, backend=BACKEND)
    for number in range(actions.MOST_ENDPOINTS):
        Endpoint.objects.create(team=cast.team, address=f"https://{number}.example.org", secret="-")
    answer = client.post(reverse("webhooks:new"), {"address": "https://example.org", "events": ["work.graded"]})
    assert (answer.status_code, "at most 20" in answer.content.decode()) == (422, True)


# --- Data that end


def test_a_candidate_reads_who_was_told_what_and_erasing_empties_it_and_tells_the_others(
    cast: Cast, receiver: Receiver, listening: tuple[Endpoint, str], client: Client
) -> None:
    everything_happens(cast)
    other = told_of(cast)
    application = cast.job.applications.get(candidate__email="bea@example.org")
    receiver.mood = "says hostile things"
    mine = list(Delivery.objects.filter(about=application.pk))
    delivering.deliver(mine[0].pk, 0)
    copy = copy_of(application.candidate)
    facts = json.loads(zipfile.ZipFile(io.BytesIO(copy)).read("about-you.json"))
    assert len(facts["what other systems were told"]) == len(mine)
    assert {each["to"] for each in facts["what other systems were told"]} == {HOST}
    erase(application.candidate)
    for each in Delivery.objects.filter(pk__in=[each.pk for each in mine]):
        assert (each.body, each.about, each.state) == ("", None, "given_up")
    assert set(Attempt.objects.values_list("answer", flat=True)) == {""}
    other.refresh_from_db()
    assert other.body
    receiver.mood, before = "well", len(receiver.told)
    deliver_all()
    kinds = [each.data["type"] for each in receiver.told[before:]]
    assert kinds.count("candidate.erased") == 1
    assert (
        str(application.pk)
        not in b"".join(
            each.body for each in receiver.told[before:] if each.data["type"] != "candidate.erased"
        ).decode()
    )
    client.force_login(cast.olga, backend=BACKEND)
    page = client.get(reverse("webhooks:delivery", args=[mine[0].pk])).content.decode()
    assert "data were erased" in page
    assert "Send it again" not in page
    assert "was erased" in client.post(reverse("webhooks:send-again", args=[mine[0].pk]), follow=True).content.decode()
    actions.send_missed(actor=cast.olga, endpoint=Endpoint.objects.get())
    assert not Delivery.objects.filter(body="", state="waiting").exists()


def test_what_is_answered_after_the_end_is_not_kept(
    cast: Cast, receiver: Receiver, listening: tuple[Endpoint, str]
) -> None:
    told = told_of(cast)
    taken = delivering._take(told.pk, 0)
    assert taken is not None
    answer = delivering._send(taken)
    actions.forget(team=cast.team, about=[told.about])  # type: ignore[list-item]
    delivering._record(taken, sending.Answer(status=500, text="I know Bea."))
    assert answer.status == 204
    told.refresh_from_db()
    assert (told.tries.get().answer, told.state) == ("", "given_up")


def test_after_thirty_days_the_log_forgets_and_what_still_waits_does_not(
    cast: Cast, receiver: Receiver, listening: tuple[Endpoint, str]
) -> None:
    told_of(cast)
    deliver_all()
    waiting = told_of(cast)
    Delivery.objects.update(created_at=timezone.now() - timedelta(days=31))
    fresh = told_of(cast)
    assert tasks.forget_old() is None
    assert set(Delivery.objects.values_list("pk", flat=True)) == {waiting.pk, fresh.pk}
    assert not Attempt.objects.exists()
