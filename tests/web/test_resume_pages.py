"""From the file that somebody sends to the questions that somebody asks: read by a worker, corrected by the candidate,
answered by people; blind for those who look first at what was done."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from djudge.web.hiring import actions as hiring
from djudge.web.hiring.access import token_of
from djudge.web.hiring.models import Application, Decision
from djudge.web.organizations.models import AuditEvent
from djudge.web.resumes import actions, selectors
from djudge.web.resumes.documents import corrected, read_of, sections_of
from djudge.web.resumes.models import Answer, Correction, Reading, State
from djudge.web.workspace.personal_data import erase
from tests.web import resume_files as files
from tests.web.browsing import BACKEND, bring_session
from tests.web.cast import Cast

PDF = files.pdf(files.ONE_COLUMN)


def sent(application: Application, content: bytes = PDF, name: str = "cv.pdf") -> Reading:
    """A file that was sent and waits to be read."""
    application.resume.save(name, ContentFile(content))
    application.resume_name = name
    application.save()
    reading = actions.read_soon(application)
    assert reading is not None
    return reading


@pytest.fixture
def reading(cast: Cast) -> Reading:
    """A résumé that was really read."""
    found = sent(cast.application)
    actions.read(found.pk)
    found.refresh_from_db()
    assert found.state == State.READ
    return found


@pytest.fixture
def rita(cast: Cast, client: Client) -> Client:
    """Signed in as the recruiter."""
    client.force_login(cast.rita, backend=BACKEND)
    return client


def page_of(application: Application) -> str:
    return reverse("resumes:reading", args=[application.pk])


def mine(application: Application) -> str:
    return reverse("resumes:mine", args=[token_of(application)])


# --- The team's page


def test_the_team_sees_the_text_with_places_questions_with_quotes_and_no_score(
    cast: Cast, reading: Reading, rita: Client
) -> None:
    text = rita.get(page_of(cast.application)).content.decode()
    assert text.index("Experience") < text.index("Education") < text.index("Skills")
    for told in ("page 1, top", "Reduced query time by 80 %", "Something made faster, with a number", "found"):
        assert told in text
    assert text.count('id="signal-') == 9
    assert 'href="#line-5"' in text
    assert 'id="line-5"' in text
    assert "Nothing was left out, as far as the reader can tell: 1 page." in text
    for forbidden in ("/9", "score:", "points", "of 9", "rating"):
        assert forbidden not in text.lower()


def test_a_page_says_what_could_not_be_read_and_asks_all_the_same(cast: Cast, rita: Client) -> None:
    actions.read(sent(cast.application, files.pdf(files.PICTURE)).pk)
    text = rita.get(page_of(cast.application)).content.decode()
    assert "Page 2 is a picture or drawn, and has no text. Nothing of it was read." in text
    assert "could not read" in text
    listed = rita.get(reverse("resumes:list")).content.decode()
    assert "Page 2 is a picture" in listed


def test_without_a_file_or_before_it_is_read_the_page_says_so(cast: Cast, rita: Client) -> None:
    assert "There is no résumé." in rita.get(page_of(cast.application)).content.decode()
    sent(cast.application)
    assert "It is being read." in rita.get(page_of(cast.application)).content.decode()
    assert "It is being read." in rita.get(mine(cast.application)).content.decode()


def test_a_person_confirms_or_dismisses_with_a_note_which_is_noted_and_changes_nothing_else(
    cast: Cast, reading: Reading, rita: Client
) -> None:
    stage, moved = cast.application.stage, Decision.objects.count()
    address = reverse("resumes:answer", args=[cast.application.pk, "performance"])
    fields = {"about": reading.pk, "verdict": "confirmed", "note": "With EXPLAIN, she says."}
    assert rita.post(address, fields).status_code == 302
    given = Answer.objects.get()
    assert (given.signal, given.said, given.verdict, given.by) == ("performance", "found", "confirmed", cast.rita)
    text = rita.get(page_of(cast.application)).content.decode()
    assert "With EXPLAIN, she says." in text
    assert "Answer anew" in text
    rita.post(address, fields | {"verdict": "dismissed", "note": ""})
    assert selectors.answers_of(reading)["performance"].verdict == "dismissed"
    assert Answer.objects.count() == 2, "the former answer stays"
    event = AuditEvent.objects.filter(verb="answered about the résumé of").latest("number")
    assert event.details == {"signal": "performance", "verdict": "dismissed"}
    cast.application.refresh_from_db()
    assert (cast.application.stage, Decision.objects.count()) == (stage, moved)


def test_an_answer_that_can_not_be_taken_comes_back_as_it_was_typed(cast: Cast, reading: Reading, rita: Client) -> None:
    address = reverse("resumes:answer", args=[cast.application.pk, "orm"])
    long = "A word. " * 400
    for fields, says in (
        ({"about": reading.pk, "note": "Typed"}, "This field is required."),
        ({"about": reading.pk, "verdict": "rejected", "note": "Typed"}, "Select a valid choice"),
        ({"about": reading.pk, "verdict": "confirmed", "note": long}, "at most 2000 characters"),
    ):
        answer = rita.post(address, fields)
        assert answer.status_code == 422
        text = answer.content.decode()
        assert says in text
        assert str(fields["note"]).strip()[-20:] in text
    assert not Answer.objects.exists()
    nobody = reverse("resumes:answer", args=[cast.application.pk, "nothing"])
    assert rita.post(nobody, {"about": reading.pk, "verdict": "confirmed"}).status_code == 404


def test_an_answer_about_a_text_that_changed_meanwhile_is_asked_for_again(
    cast: Cast, reading: Reading, rita: Client
) -> None:
    made = actions.correct(reading=reading, sections=[("Skills", "Python")], against=reading.pk)
    assert made is not None
    address = reverse("resumes:answer", args=[cast.application.pk, "performance"])
    answer = rita.post(address, {"about": reading.pk, "verdict": "confirmed", "note": "Typed before"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "has corrected the text meanwhile" in text
    assert "Typed before" in text
    assert f'name="about" value="{made.pk}"' in text, "the next click is about what they see now"
    assert rita.post(address, {"about": made.pk, "verdict": "confirmed"}).status_code == 302


def test_an_answer_about_the_text_before_a_correction_is_shown_as_such(
    cast: Cast, reading: Reading, rita: Client
) -> None:
    actions.answer(
        actor=cast.rita, reading=reading, about=reading.pk, signal="performance", said="found", verdict="confirmed",
        note="",
    )  # fmt: skip
    assert "about another text" not in rita.get(page_of(cast.application)).content.decode()
    actions.correct(reading=reading, sections=[("Skills", "Python")], against=reading.pk)
    assert "about another text, in which it said: found" in rita.get(page_of(cast.application)).content.decode()


# --- Blind

WHO = ("Ada", "Applicant", "ada@example.org", "5550123", "github.com/ada", "University of Cologne")


def test_interviewers_look_first_at_what_was_done_and_everybody_else_may(
    cast: Cast, reading: Reading, client: Client
) -> None:
    for user, blind in ((cast.ines, True), (cast.rita, False), (cast.olga, False), (cast.hamid, False)):
        client.force_login(user, backend=BACKEND)
        text = client.get(page_of(cast.application)).content.decode()
        for word in WHO:
            assert (word in text) != blind, f"{word} for {user}"
        for kept in ("Developer, Acme", "2019 – 2023", "Reduced query time by 80 %", "BSc Computer Science", "Redis"):
            assert kept in text
        assert "cv.pdf" not in text
        assert (reverse("hiring:resume", args=[cast.application.pk]) + '"' in text) != blind


def test_whoever_switches_it_is_noted_and_sees_it_of_this_application_alone(
    cast: Cast, reading: Reading, client: Client
) -> None:
    other = hiring.apply(job=cast.job, name="Bea Other", email="bea@example.org", lane="django-ready")
    actions.read(sent(other, files.pdf(files.ONE_COLUMN.replace("Ada Applicant", "Bea Other"))).pk)
    client.force_login(cast.ines, backend=BACKEND)
    switch = reverse("resumes:blind", args=[cast.application.pk])
    client.post(switch, {"blind": "off"})
    client.post(switch, {"blind": "off"})
    event = AuditEvent.objects.get(verb="saw the person in the résumé of")
    assert (event.actor, event.subject_id) == (cast.ines, cast.application.pk), "once, though clicked twice"
    assert "Ada Applicant" in client.get(page_of(cast.application)).content.decode()
    assert "Bea Other" not in client.get(page_of(other)).content.decode()
    client.post(switch, {"blind": "on"})
    assert "Ada Applicant" not in client.get(page_of(cast.application)).content.decode()
    assert AuditEvent.objects.filter(verb="hid the person in the résumé of").count() == 1
    client.force_login(cast.rita, backend=BACKEND)
    client.post(switch, {"blind": "on"})
    assert "Ada Applicant" not in client.get(page_of(cast.application)).content.decode(), "anybody may"


def test_in_an_interviewers_list_nobody_has_a_name(cast: Cast, reading: Reading, client: Client) -> None:
    client.force_login(cast.ines, backend=BACKEND)
    text = client.get(reverse("resumes:list")).content.decode()
    assert page_of(cast.application) in text
    assert "Applicant" not in text
    client.force_login(cast.ida, backend=BACKEND)
    assert page_of(cast.application) not in client.get(reverse("resumes:list")).content.decode()
    client.force_login(cast.eve, backend=BACKEND)
    assert page_of(cast.application) not in client.get(reverse("resumes:list")).content.decode()


def test_quotes_corrections_and_notes_are_blind_too(cast: Cast, reading: Reading, client: Client) -> None:
    words = "Ada Applicant reduced query time by 80 % with Django, see https://github.com/ada/shop"
    made = actions.correct(reading=reading, sections=[("About Ada Applicant", words)], against=reading.pk)
    assert made is not None
    actions.answer(
        actor=cast.rita, reading=reading, about=made.pk, signal="performance", said="found", verdict="confirmed",
        note="Ada told me how.",
    )  # fmt: skip
    client.force_login(cast.ines, backend=BACKEND)
    text = client.get(page_of(cast.application)).content.decode()
    for word in WHO:
        assert word not in text, word
    assert "reduced query time by 80 % with Django" in text
    assert "told me how." in text


# --- The candidate's page


def test_candidates_see_what_was_read_and_what_was_not_and_correct_it(
    cast: Cast, client: Client, reading: Reading
) -> None:
    token = token_of(cast.application)
    status = client.get(reverse("workspace:status", args=[token])).content.decode()
    assert reverse("resumes:mine", args=[token]) in status
    text = client.get(mine(cast.application)).content.decode()
    for line in read_of(reading).lines:
        assert escape(line.text) in text
    fields = typed(text)
    assert fields["heading-1"] == "Experience"
    fields["text-1"] += "\nSpoke about Django at a conference."
    fields["heading-2"] = fields["text-2"] = ""
    answer = client.post(mine(cast.application), fields, follow=True)
    assert "Your words hold from now on." in answer.content.decode()
    made = Correction.objects.get()
    headings = [heading for heading, _text in made.sections]
    assert headings == ["", "Experience", "Skills"]
    assert "Spoke about Django at a conference." in answer.content.decode()
    assert "University of Cologne" in answer.content.decode(), "what was read stays beside it"
    reading.refresh_from_db()
    assert "University of Cologne" in json.dumps(reading.content)
    client.force_login(cast.rita, backend=BACKEND)
    team = client.get(page_of(cast.application)).content.decode()
    assert "The candidate corrected this text" in team
    assert "typed in by the candidate" in team
    assert "What was read of the file" in team
    assert AuditEvent.objects.get(verb="corrected what was read").actor_name == "candidate"


def typed(page: str) -> dict[str, Any]:
    """What a browser would send of the form as it is."""
    parser = _Fields()
    parser.feed(page)
    return parser.found


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._area = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        told = dict(attrs)
        if tag == "input" and told.get("name"):
            self.found[told["name"]] = told.get("value") or ""
        self._area = told.get("name", "") if tag == "textarea" else self._area
        if tag == "textarea":
            self.found[self._area] = ""

    def handle_endtag(self, tag: str) -> None:
        self._area = "" if tag == "textarea" else self._area

    def handle_data(self, data: str) -> None:
        if self._area:
            self.found[self._area] += data.lstrip("\n") if not self.found[self._area] else data


def test_signals_follow_from_the_candidates_words(cast: Cast, reading: Reading, rita: Client) -> None:
    def says(signal: str) -> str:
        text = rita.get(page_of(cast.application)).content.decode()
        part = text[text.index(f'id="signal-{signal}"') :]
        return part[: part.index("</p>")]

    assert ">found" in says("performance")
    actions.correct(reading=reading, sections=[("Skills", "Python")], against=reading.pk)
    assert "not found" in says("performance")


def test_what_candidates_type_is_never_lost(cast: Cast, client: Client, reading: Reading) -> None:
    fields = typed(client.get(mine(cast.application)).content.decode())
    fields["text-1"] = "Something that took an hour to type."
    actions.correct(reading=reading, sections=[("Skills", "From another window")], against=reading.pk)
    answer = client.post(mine(cast.application), fields)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "was changed meanwhile" in text
    assert "Something that took an hour to type." in text
    assert client.post(mine(cast.application), typed(text)).status_code == 302, "sent once more, it holds"
    fields = typed(client.get(mine(cast.application)).content.decode())
    everything = {name: "" for name in fields if name.startswith(("text-", "heading-"))}
    assert "There is nothing left." in client.post(mine(cast.application), fields | everything).content.decode()
    too_much = client.post(mine(cast.application), fields | {"text-0": "Django " * 30_000, "text-1": "Kept."})
    assert too_much.status_code == 422
    assert "Kept." in too_much.content.decode()
    for senseless in ({"count": "many"}, {"count": "-1"}, {"count": "9" * 50}, {"against": "x"}, {}):
        answer = client.post(mine(cast.application), {"text-0": "Typed in vain?", "against": reading.pk} | senseless)
        assert answer.status_code == 422
        assert "Typed in vain?" in answer.content.decode()
    Reading.objects.update(state=State.WAITING)
    answer = client.post(mine(cast.application), fields | {"text-0": "While the file was replaced."})
    assert answer.status_code == 422
    assert "While the file was replaced." in answer.content.decode()


def test_nothing_changed_is_nothing_kept_and_there_is_an_end_to_it(
    cast: Cast, client: Client, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post(mine(cast.application), typed(client.get(mine(cast.application)).content.decode()))
    assert Correction.objects.count() <= 1
    before = Correction.objects.count()
    client.post(mine(cast.application), typed(client.get(mine(cast.application)).content.decode()))
    assert Correction.objects.count() == before
    monkeypatch.setattr(actions, "MOST_CORRECTIONS", before)
    fields = typed(client.get(mine(cast.application)).content.decode()) | {"text-0": "Once more."}
    answer = client.post(mine(cast.application), fields)
    assert answer.status_code == 422
    assert "Please write to the team" in answer.content.decode()
    assert "Once more." in answer.content.decode()


def test_a_file_that_could_not_be_read_can_be_written_by_hand(cast: Cast, client: Client) -> None:
    actions.read(sent(cast.application, files.locked()).pk)
    text = client.get(mine(cast.application)).content.decode()
    assert "locked with a password" in text
    fields = typed(text) | {"heading-0": "Experience", "text-0": "Reduced query time by 80 % with Django."}
    assert client.post(mine(cast.application), fields).status_code == 302
    client.force_login(cast.rita, backend=BACKEND)
    team = client.get(page_of(cast.application)).content.decode()
    assert "Reduced query time by 80 %" in team
    assert "locked with a password" in team


@pytest.mark.django_db(transaction=True)
def test_candidates_add_a_file_later_and_replace_it_and_the_former_one_goes(cast: Cast, client: Client) -> None:
    address = reverse("resumes:send", args=[token_of(cast.application)])
    assert client.post(address).status_code == 422
    assert client.post(address, {"resume": SimpleUploadedFile("cv.pdf", b"GIF89a")}).status_code == 422
    assert client.post(address, {"resume": SimpleUploadedFile("cv.pdf", PDF)}).status_code == 302
    cast.application.refresh_from_db()
    first = str(cast.application.resume.name)
    reading = selectors.reading_of(cast.application)
    assert reading is not None
    actions.read(reading.pk)
    reading.refresh_from_db()
    actions.correct(reading=reading, sections=[("Skills", "About the first file")], against=reading.pk)
    content = files.word(("Experience",), "Another one with Django.")
    assert client.post(address, {"resume": SimpleUploadedFile("cv.docx", content)}).status_code == 302
    cast.application.refresh_from_db()
    assert not default_storage.exists(first)
    assert default_storage.exists(str(cast.application.resume.name))
    second = selectors.reading_of(cast.application)
    assert second is not None
    assert second.state == State.WAITING
    actions.read(second.pk)
    text = client.get(mine(cast.application)).content.decode()
    assert "Another one with Django." in text
    assert "About the first file" not in text
    assert Reading.objects.filter(application=cast.application).count() == 2, "what people answered hangs on it"
    assert list(AuditEvent.objects.filter(verb__endswith="résumé").values_list("verb", flat=True)) == [
        "replaced the résumé", "added a résumé",
    ]  # fmt: skip


def test_after_the_end_and_after_too_many_nothing_is_taken(
    cast: Cast, client: Client, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = reverse("resumes:send", args=[token_of(cast.application)])
    monkeypatch.setattr(actions, "MOST_FILES", 1)
    answer = client.post(address, {"resume": SimpleUploadedFile("cv.pdf", PDF)})
    assert answer.status_code == 422
    assert "this many files" in answer.content.decode()
    fields = typed(client.get(mine(cast.application)).content.decode()) | {"text-0": "Too late."}
    hiring.withdraw(application=cast.application)
    assert (
        "This application has ended"
        in client.post(address, {"resume": SimpleUploadedFile("cv.pdf", PDF)}).content.decode()
    )
    late = client.post(mine(cast.application), fields)
    assert late.status_code == 422
    assert "Too late." in late.content.decode(), "what was typed is still there to be copied"
    assert "This is right" not in client.get(mine(cast.application)).content.decode()
    assert not Correction.objects.exists()


def test_no_link_but_ones_own_leads_to_a_resume(cast: Cast, client: Client, reading: Reading) -> None:
    token = token_of(cast.application)
    for name in ("mine", "send"):
        assert client.get(reverse(f"resumes:{name}", args=[token])).status_code == 200
        for wrong in (token[:-2] + "xx", "nothing", str(cast.application.pk)):
            address = reverse(f"resumes:{name}", args=[wrong])
            assert client.get(address).status_code == 404
            assert client.post(address, {"text-0": "x"}).status_code == 404


# --- Their data


def test_the_copy_has_readings_corrections_and_answers_and_the_end_takes_them(
    cast: Cast, reading: Reading, client: Client, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    made = actions.correct(reading=reading, sections=[("Skills", "In my own words")], against=reading.pk)
    assert made is not None
    actions.answer(
        actor=cast.rita, reading=reading, about=made.pk, signal="orm", said="not found", verdict="dismissed",
        note="Asked, and knows it well.",
    )  # fmt: skip
    packed = client.post(reverse("workspace:personal-data", args=[token_of(cast.application)]))
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        facts = archive.read("about-you.json").decode()
        assert archive.read("1/resume.pdf") == PDF
    for told in ("Reduced query time by 80 %", "In my own words", "Asked, and knows it well.", "dismissed"):
        assert told in facts, told
    assert "Rita" not in facts
    file = reading.file
    with django_capture_on_commit_callbacks(execute=True):
        erase(cast.application.candidate)
    assert not Reading.objects.exists()
    assert not Correction.objects.exists()
    assert not Answer.objects.exists()
    assert not default_storage.exists(file)


# --- Texts and places


def test_corrected_lines_that_stand_in_the_file_keep_their_place_and_others_have_none(reading: Reading) -> None:
    original = read_of(reading)
    sections = list(sections_of(original))
    assert corrected(original, sections).lines == original.lines, "nothing changed is nothing changed"
    changed = corrected(original, [("Experience", "Developer, Acme  2019 – 2023\nSomething new")])
    assert [(line.page, line.text) for line in changed.lines] == [
        (1, "Experience"), (1, "Developer, Acme  2019 – 2023"), (0, "Something new"),
    ]  # fmt: skip
    assert changed.unread == original.unread


def test_a_resume_of_many_sections_is_corrected_without_losing_one(cast: Cast, client: Client) -> None:
    lines = [[1, text, f"Heading {n}", 0, 0, 0, 0] for n in range(90) for text in (f"Heading {n}", f"Text {n}")]
    reading = sent(cast.application)
    Reading.objects.filter(pk=reading.pk).update(state=State.READ, content={**files.READ, "lines": lines})
    fields = typed(client.get(mine(cast.application)).content.decode())
    client.post(mine(cast.application), fields | {"text-0": "Text 0, corrected"})
    kept = json.dumps(Correction.objects.get().sections)
    assert all(f"Text {n}" in kept and f"Heading {n}" in kept for n in range(90))


# --- In a browser


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "page", [{}, {"java_script_enabled": False}], ids=["as usual", "without JavaScript"], indirect=True
)
def test_by_hand_a_candidate_corrects_and_a_recruiter_answers(
    page: Page, complaints: list[str], live_server: LiveServer, cast: Cast
) -> None:
    actions.read(sent(cast.application).pk)
    page.goto(live_server.url + mine(cast.application))
    page.locator("textarea[name=text-3]").fill("Python, Django and much of Kafka")
    page.get_by_role("button", name="This is right").click()
    assert "Your words hold from now on." in page.content()
    bring_session(page.context, live_server, cast.rita)
    page.goto(live_server.url + page_of(cast.application))
    assert "much of Kafka" in page.content()
    item = page.locator("#signal-performance")
    item.get_by_text("Confirm or dismiss").click()
    item.get_by_label("Note").fill("By EXPLAIN.")
    item.get_by_role("button", name="Confirm").click()
    page.wait_for_url("**#signal-performance")
    assert "By EXPLAIN." in item.inner_text()
    page.get_by_role("button", name="Hide who it is").click()
    assert "Ada Applicant" not in page.locator("main").inner_text()
    assert complaints == []
