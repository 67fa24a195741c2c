"""When an interview is: who is told of it, of changes and of its end, and what their calendars get."""

from __future__ import annotations

import email
import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from typing import Any
from typing import cast as typed

import pytest
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar, Event

from djudge.web.accounts.models import User
from djudge.web.hiring import actions as hiring
from djudge.web.hiring.access import token_of
from djudge.web.interviews import actions, kits
from djudge.web.interviews.actions import Appointment, TooLateError
from djudge.web.interviews.models import Interview, Kit
from djudge.web.mail import actions as mail
from djudge.web.mail.models import Message
from djudge.web.organizations.models import AuditEvent
from djudge.web.workspace.personal_data import erase
from tests.web.browsing import BACKEND
from tests.web.cast import Cast, filed

NOON = datetime(2031, 7, 1, 12, tzinfo=UTC)
BERLIN = Appointment(at=NOON, zone="Europe/Berlin", place="Room 4; ask for Rita, please")


def _as(client: Client, who: User) -> Client:
    client.force_login(who, backend=BACKEND)
    return client


def _planned(cast: Cast, *raters: User, appointment: Appointment = BERLIN) -> Interview:
    return actions.plan(
        actor=cast.rita, application=cast.application, kit=Kit.DEVELOPER, minutes=60,
        questions=kits.proposed(Kit.DEVELOPER, cast.job), raters=raters or [cast.ines], appointment=appointment,
    )  # fmt: skip


def _mails(to: str) -> list[Message]:
    return list(Message.objects.filter(to=to, subject__icontains="interview").order_by("created_at"))


def _event(calendar: str | bytes) -> tuple[str, Event]:
    """The method and the one event of a file, as a calendar reads it."""
    read = Calendar.from_ical(calendar)
    [event] = read.walk("VEVENT")
    return str(read["METHOD"]), typed(Event, event)


def test_everybody_who_listens_is_told_with_the_kit_and_a_file_for_the_calendar(cast: Cast) -> None:
    talk = _planned(cast, cast.ines, cast.hamid)
    for who in (cast.ines, cast.hamid):
        [told] = _mails(who.email)
        assert told.subject == "You listen: interview with Ada Applicant"
        assert "Tue 1 Jul 2031, 14:00 Europe/Berlin, 60 minutes" in told.body
        assert reverse("debriefs:kit", args=[talk.pk]) in told.body
        method, event = _event(told.calendar)
        assert (method, event["ATTENDEE"], event["ORGANIZER"]) == (
            "REQUEST", f"mailto:{who.email}", "mailto:rita@example.org"
        )  # fmt: skip
        assert event.decoded("DTSTART") == NOON
        assert event.decoded("DTEND") == NOON + timedelta(hours=1)
        assert event["LOCATION"] == "Room 4; ask for Rita, please", "separators are escaped and come back"
        assert event["SUMMARY"] == "Interview of a developer: Ada Applicant"


def test_times_in_calendars_are_in_utc_and_need_no_table_of_zones(cast: Cast) -> None:
    _planned(cast)
    [told] = _mails(cast.ines.email)
    assert "DTSTART:20310701T120000Z" in told.calendar
    assert "VTIMEZONE" not in told.calendar


def test_a_mail_carries_the_file_as_an_invitation(cast: Cast, settings: Any) -> None:
    settings.MAIL_IS_DELIVERED = True
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    _planned(cast)
    [told] = _mails(cast.ines.email)
    outbox.outbox = []
    assert mail.deliver(told.pk)
    sent = email.message_from_bytes(outbox.outbox[0].message().as_bytes(), policy=default)
    assert isinstance(sent, EmailMessage)
    [part] = sent.iter_attachments()
    assert part.get_content_type() == "text/calendar"
    assert part["Content-Type"].params["method"] == "REQUEST"
    assert part.get_filename() == "interview.ics"
    method, event = _event(part.get_content())
    assert (method, event["SEQUENCE"]) == ("REQUEST", 0)


def test_the_candidate_is_told_the_time_and_neither_who_listens_nor_what_is_asked(cast: Cast, client: Client) -> None:
    talk = _planned(cast, cast.ines, cast.hamid)
    [told] = _mails("ada@example.org")
    page = client.get(reverse("workspace:status", args=[token_of(cast.application)])).content.decode()
    file = client.get(reverse("interviews:candidate-calendar", args=[token_of(cast.application), talk.pk]))
    assert file["Content-Type"] == "text/calendar; charset=utf-8"
    for text in (told.body, page):
        assert "Tue 1 Jul 2031, 14:00 Europe/Berlin" in text
        assert "Room 4; ask for Rita, please" in text
    for text in (told.body, told.calendar, page, file.content.decode()):
        unfolded = text.replace("\r\n ", "")
        for secret in ("Ines", "Hamid", "ines@", "hamid@", "rita@", "slow", "ORM", "models", "developer:"):
            assert secret not in unfolded, secret
    method, event = _event(file.content)
    assert (method, event["ATTENDEE"]) == ("REQUEST", "mailto:ada@example.org")
    assert event["SUMMARY"] == "Interview: Developer, Olga's team"
    assert f"/status/{token_of(cast.application)[:8]}" in event["DESCRIPTION"]


def test_they_are_told_who_listens_where_the_team_wants_that(cast: Cast, client: Client) -> None:
    _planned(cast, cast.ines, cast.hamid, appointment=Appointment(at=NOON, names_listeners=True))
    [told] = _mails("ada@example.org")
    page = client.get(reverse("workspace:status", args=[token_of(cast.application)])).content.decode()
    assert "With: Hamid Name, Ines Name" in told.body or "With: Ines Name, Hamid Name" in told.body
    assert "Ines Name" in page
    assert "ines@" not in told.body + told.calendar + page, "names, and no addresses"


def test_without_a_time_the_candidate_hears_nothing_and_no_calendar_either(cast: Cast, client: Client) -> None:
    talk = _planned(cast, cast.ines, appointment=Appointment())
    assert _mails("ada@example.org") == []
    [told] = _mails(cast.ines.email)
    assert told.calendar == ""
    assert (
        "Your interviews"
        not in client.get(reverse("workspace:status", args=[token_of(cast.application)])).content.decode()
    )
    assert (
        client.get(reverse("interviews:candidate-calendar", args=[token_of(cast.application), talk.pk])).status_code
        == 404
    )
    assert _as(client, cast.ines).get(reverse("interviews:calendar", args=[talk.pk])).status_code == 404


def test_who_calls_at_once_writes_nobody_a_mail(cast: Cast, client: Client) -> None:
    before = Message.objects.count()
    _as(client, cast.rita).post(reverse("interviews:phone-screen", args=[cast.application.pk]))
    assert Message.objects.count() == before


def test_another_time_moves_what_calendars_have(cast: Cast, client: Client) -> None:
    talk = _planned(cast)
    fields = {"day": "2031-07-02", "time": "09:15", "zone": "America/New_York", "place": "Room 5", "move": "1"}
    answer = _as(client, cast.rita).post(reverse("interviews:change", args=[talk.pk]), fields, follow=True)
    assert "Moved." in answer.content.decode()
    talk.refresh_from_db()
    assert (talk.at, talk.place) == (datetime(2031, 7, 2, 13, 15, tzinfo=UTC), "Room 5")
    for to in (cast.ines.email, "ada@example.org"):
        first, second = _mails(to)
        (_, before), (method, after) = _event(first.calendar), _event(second.calendar)
        assert method == "REQUEST"
        assert before["UID"] == after["UID"]
        assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
        assert after.decoded("DTSTART") == talk.at
        assert "Wed 2 Jul 2031, 09:15 America/New_York" in second.body
        assert "another time or place" in second.body
    assert AuditEvent.objects.filter(verb="moved an interview of", actor=cast.rita).exists()


def test_a_time_for_what_had_none_is_news_to_the_candidate(cast: Cast) -> None:
    talk = _planned(cast, appointment=Appointment())
    actions.move(actor=cast.rita, interview=talk, appointment=BERLIN)
    [told] = _mails("ada@example.org")
    assert told.subject == "Your interview: Developer"
    assert "there is a time for your interview" in told.body


def test_a_cancelled_one_is_taken_out_of_calendars_and_told_once(cast: Cast, client: Client) -> None:
    talk = _planned(cast)
    for _ in range(2):
        _as(client, cast.rita).post(reverse("interviews:cancel", args=[talk.pk]))
    for to in (cast.ines.email, "ada@example.org"):
        first, second = _mails(to)
        (_, before), (method, after) = _event(first.calendar), _event(second.calendar)
        assert (method, after["STATUS"], after["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
        assert before["UID"] == after["UID"]
        assert "ancelled" in second.subject
    assert "cancelled" in client.get(reverse("workspace:status", args=[token_of(cast.application)])).content.decode()
    method, _ = _event(_as(client, cast.ines).get(reverse("interviews:calendar", args=[talk.pk])).content)
    assert method == "CANCEL"


def test_nobody_is_told_that_something_is_cancelled_whose_time_is_over(cast: Cast) -> None:
    talk = _planned(cast)
    Interview.objects.filter(pk=talk.pk).update(at=timezone.now() - timedelta(hours=2))
    talk.refresh_from_db()
    actions.cancel(actor=cast.rita, interview=talk)
    assert len(_mails("ada@example.org")) == len(_mails(cast.ines.email)) == 1


def test_somebody_who_listens_as_well_gets_card_and_mail_and_nobody_gets_two(cast: Cast, client: Client) -> None:
    talk = _planned(cast)
    address = reverse("interviews:change", args=[talk.pk])
    page = _as(client, cast.rita).get(address).content.decode()
    offered = re.findall(r'<input type="checkbox" name="who" value="([^"]+)"', page)
    assert str(cast.hamid.pk) in offered
    assert str(cast.ines.pk) not in offered, "she listens already"
    assert str(cast.ida.pk) not in offered, "she does not see the job"
    client.post(address, {"who": [str(cast.hamid.pk)], "add": "1"})
    assert {card.rater for card in talk.scorecards.all()} == {cast.ines, cast.hamid}
    assert [rating.text for rating in talk.scorecards.get(rater=cast.hamid).ratings.all()] == [
        rating.text for rating in talk.scorecards.get(rater=cast.ines).ratings.all()
    ]
    assert (len(_mails(cast.hamid.email)), len(_mails(cast.ines.email))) == (1, 1)
    for wrong in ({"who": [str(cast.ida.pk)], "add": "1"}, {"add": "1"}):
        assert client.post(address, wrong).status_code == 422
    actions.add_listeners(actor=cast.rita, interview=talk, raters=[cast.hamid])
    assert talk.scorecards.count() == 2


def test_who_can_not_come_is_taken_off_and_owes_nothing(cast: Cast, client: Client) -> None:
    talk = _planned(cast, cast.ines, cast.hamid)
    filed(talk.scorecards.get(rater=cast.hamid))
    _as(client, cast.rita).post(reverse("interviews:take-off", args=[talk.pk]), {"who": str(cast.ines.pk)})
    assert [card.rater for card in talk.scorecards.all()] == [cast.hamid]
    _, told = _mails(cast.ines.email)
    method, event = _event(told.calendar)
    assert (method, event["STATUS"]) == ("CANCEL", "CANCELLED")
    assert "taken off" in told.body
    assert len(_mails(cast.hamid.email)) == len(_mails("ada@example.org")) == 1, "nothing changes for them"
    assert AuditEvent.objects.filter(verb="took listeners off an interview of", actor=cast.rita).exists()


def test_nobody_is_taken_off_who_has_written_something_nor_the_last_nor_by_themselves(
    cast: Cast, client: Client
) -> None:
    talk = _planned(cast, cast.ines, cast.hamid, cast.rita)
    address = reverse("interviews:take-off", args=[talk.pk])
    _as(client, cast.ines).post(reverse("interviews:interview", args=[talk.pk]), {"quote-1": "Batteries", "save": "1"})
    filed(talk.scorecards.get(rater=cast.hamid))
    _as(client, cast.rita)
    for who, says in (
        (cast.ines, "nobody takes that away"), (cast.hamid, "nobody takes that away"), (cast.rita, "ask a colleague"),
    ):  # fmt: skip
        assert says in client.post(address, {"who": str(who.pk)}, follow=True).content.decode()
    for nobody in ("", "nonsense", str(cast.eve.pk)):
        assert client.post(address, {"who": nobody}).status_code == 302
    assert talk.scorecards.count() == 3
    alone = _planned(cast)
    answer = client.post(reverse("interviews:take-off", args=[alone.pk]), {"who": str(cast.ines.pk)}, follow=True)
    assert "cancel the interview instead" in answer.content.decode()


@pytest.mark.parametrize("what", ["filed", "cancelled"])
def test_the_plan_of_what_was_held_or_cancelled_stays(what: str, cast: Cast, client: Client) -> None:
    talk = _planned(cast)
    if what == "filed":
        filed(talk.scorecards.get())
    else:
        actions.cancel(actor=cast.rita, interview=talk)
    with pytest.raises(TooLateError):
        actions.add_listeners(actor=cast.rita, interview=talk, raters=[cast.hamid])
    fields = {"day": "2031-07-02", "time": "09:15", "zone": "UTC", "move": "1"}
    answer = _as(client, cast.rita).post(reverse("interviews:change", args=[talk.pk]), fields, follow=True)
    assert ("was held" if what == "filed" else "was cancelled") in answer.content.decode()
    talk.refresh_from_db()
    assert talk.at == NOON


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({}, "Please choose a day and a time"),
        ({"day": "2031-07-02"}, "A time needs both"),
        ({"day": "2031-07-02", "time": "25:00"}, "Enter a valid time"),
        ({"day": "2001-07-02", "time": "10:00"}, "That is over already"),
    ],
)
def test_a_time_that_is_none_moves_nothing_and_what_was_typed_stays(
    wrong: dict[str, str], says: str, cast: Cast, client: Client
) -> None:
    talk = _planned(cast)
    fields = {"zone": "UTC", "place": "Under the old oak", "move": "1"} | wrong
    answer = _as(client, cast.rita).post(reverse("interviews:change", args=[talk.pk]), fields)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert "Under the old oak" in answer.content.decode()
    talk.refresh_from_db()
    assert (talk.at, talk.sequence) == (NOON, 0)


def test_a_file_is_for_members_who_see_the_job_and_the_candidates_own_link(cast: Cast, client: Client) -> None:
    talk = _planned(cast)
    for who, status in ((cast.olga, 200), (cast.ines, 200), (cast.ida, 404), (cast.eve, 404)):
        assert _as(client, who).get(reverse("interviews:calendar", args=[talk.pk])).status_code == status
    client.logout()
    other = actions.plan(
        actor=cast.rita, application=_another(cast), kit=Kit.PHONE, minutes=15,
        questions=kits.proposed(Kit.PHONE, cast.job), raters=[cast.ines], appointment=BERLIN,
    )  # fmt: skip
    token = token_of(cast.application)
    assert client.get(reverse("interviews:candidate-calendar", args=[token, talk.pk])).status_code == 200
    assert client.get(reverse("interviews:candidate-calendar", args=[token, other.pk])).status_code == 404
    assert client.get(reverse("interviews:candidate-calendar", args=[token[:-2] + "xx", talk.pk])).status_code == 404


def _another(cast: Cast) -> Any:
    return hiring.apply(job=cast.job, name="Bea", email="bea@example.org", lane="django-ready")


def test_hostile_names_and_places_stay_inside_their_lines_of_a_file(cast: Cast) -> None:
    cast.application.candidate.name = "Ada\r\nATTENDEE:mailto:evil@example.org;\nBEGIN:VALARM"
    cast.application.candidate.save()
    _planned(cast, appointment=Appointment(at=NOON, place="x\r\nEND:VEVENT\r\nBEGIN:VEVENT\nUID:1"))
    for to in (cast.ines.email, "ada@example.org"):
        [told] = _mails(to)
        read = Calendar.from_ical(told.calendar)
        assert [part.name for part in read.walk()] == ["VCALENDAR", "VEVENT"]
        [event] = read.walk("VEVENT")
        assert event["ATTENDEE"] == f"mailto:{to}"
        assert "\n" not in told.subject


def test_what_was_mailed_about_an_interview_ends_with_the_candidate(cast: Cast) -> None:
    _planned(cast)
    assert Message.objects.filter(calendar__contains="Ada").exists()
    erase(cast.application.candidate)
    assert not Message.objects.filter(calendar__contains="Ada").exists()
    assert not Interview.objects.exists()
