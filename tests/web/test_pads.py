"""Two people work together on a pad: both see the same facts, nobody is graded, and nothing is kept."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from djudge.web.grading import actions as grading
from djudge.web.grading import library, running
from djudge.web.grading.measured import measured
from djudge.web.grading.models import Result, State, Submission, Trial
from djudge.web.hiring.models import Application, Stage
from djudge.web.interviews import actions as interviews
from djudge.web.pads import access, actions, selectors
from djudge.web.pads.models import Pad, PadRun
from djudge.web.workspace import actions as workspace
from djudge.web.workspace import editing
from djudge.web.workspace.access import token_of, work_of
from djudge.web.workspace.models import Sitting, Work
from tests.reports import sample_reports
from tests.web.browsing import BACKEND, is_wrong, sign_in
from tests.web.cast import Cast, planned

SLOW = "shop/slow-product-list"
TICKETS = "shop/last-ten-tickets"
VIEWS = "catalogue/views.py"


def opened(cast: Cast, task: str = SLOW) -> Pad:
    """A pad in an interview of Ines's."""
    talk = planned(cast, cast.application, cast.ines)
    return actions.open_pad(actor=cast.ines, interview=talk, task=task)


def begun(cast: Cast, task: str = SLOW) -> Pad:
    """One whose candidate has read the notice."""
    pad = opened(cast, task)
    workspace.begin(pad.sitting)
    return pad


def written(pad: Pad, path: str, text: str) -> Work:
    """The candidate's work with a file saved."""
    work = work_of(Sitting.objects.get(pk=pad.sitting_id), 1)
    editing.save(work, path=path, text=text, version=work.version)
    return work


def theirs(pad: Pad, name: str = "work") -> str:
    """An address of the candidate."""
    return reverse(f"pads:{name}", args=[token_of(pad.sitting)])


def ours(pad: Pad, name: str = "pad") -> str:
    """An address of the interviewer."""
    return reverse(f"pads:{name}", args=[pad.interview_id])


@pytest.fixture
def ines(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.ines, backend=BACKEND)
    return client


def came_back(run: PadRun) -> None:
    """With a report that somebody else measured. Nothing was run."""
    Submission.objects.filter(pk=run.submission_id).update(state=State.GRADED, finished_at=timezone.now())
    document = sample_reports.junior().to_json()
    Result.objects.create(submission=run.submission, document=document, canonical_sha256="0", headline="x")


@pytest.mark.django_db(transaction=True)
def test_before_and_after_stand_beside_each_other_and_both_see_the_same_curve(
    cast: Cast, client: Client, ines: Client
) -> None:
    pad = begun(cast)
    ines.post(ours(pad, "run"), {"what": "growth"})
    run = pad.runs.get()
    assert (run.asked_by, run.submission.files, run.submission.assessment) == ("interviewer", {}, "practice")
    assert "waiting" in client.get(theirs(pad)).content.decode()
    grading.grade(run.submission_id)
    start = client.get(theirs(pad)).content.decode()
    assert '<svg class="chart"' in start, "nothing was changed yet, and the curve of the start is drawn"
    work = work_of(Sitting.objects.get(pk=pad.sitting_id), 1)
    for path, text in library.solution(SLOW, "expert").items():
        work.version = editing.save(work, path=path, text=text, version=work.version)
    client.post(theirs(pad, "work-run"), {"what": "growth"})
    grading.grade(pad.runs.first().submission_id)
    mine, yours = (one.get(at).content.decode() for one, at in ((client, theirs(pad)), (ines, ours(pad))))
    for page in (mine, yours):
        assert page.count('<svg class="chart"') >= 2
        assert "products on all pages" in page
        assert "asked by the candidate" in page
        assert "asked by the interviewer" in page
        assert "shown</span> <b>Constant number of statements" in page
        assert "not shown</span> <b>Constant number of statements" in page
        assert "seconds" in page
    report = client.get(reverse("pads:work-report", args=[token_of(pad.sitting), run.pk]))
    assert report.content == ines.get(reverse("pads:report", args=[pad.interview_id, run.pk])).content
    times = [axis.times for axis in measured(run.submission.result, "growth").growth[0].axes]
    assert any(8 <= each <= 12 for each in times), f"the button says about ten times, and it is {times}"


@pytest.mark.django_db(transaction=True)
def test_six_who_buy_at_once_are_counted_with_what_was_lost(cast: Cast, client: Client, ines: Client) -> None:
    pad = begun(cast, TICKETS)
    page = client.get(theirs(pad)).content.decode()
    assert "Six at the same moment" in page
    assert "ten times" not in page, "the task does not measure that"
    client.post(theirs(pad, "work-run"), {"what": "race"})
    run = pad.runs.get()
    grading.grade(run.submission_id)
    sold = measured(Result.objects.get(submission=run.submission_id), "race")
    assert max(sale.buyers for sale in sold.sales) == 6
    assert any(sale.sold > sale.stock and sale.lost for sale in sold.sales), "the start sells what it does not have"
    assert max(len(matrix.rows) for _, matrix in sold.races) >= 1
    for one, at in ((client, theirs(pad)), (ines, ours(pad))):
        page = one.get(at).content.decode()
        assert "What the database holds afterwards" in page
        assert "While the judge held the table of variants" in page
        assert "Never more than there is" in page


@pytest.mark.parametrize("task", [name for name, card in library.cards().items() if card.scene.is_one])
def test_a_button_says_what_the_judge_really_measures(task: str) -> None:
    """What was read from the task's text, against what a grading of it leaves behind."""
    scene = library.card(task).scene
    ended = running.run(task, {}, lambda phase: None, assessment="practice")
    seen = [each for each in json.loads(ended.report)["observations"]["seen"].values() if isinstance(each, dict)]
    growths = [each for each in seen if each.get("kind") == "growth"]
    racers = [len(each["racers"]) for each in seen if each.get("kind") == "race"]
    assert scene.grows == bool(growths)
    assert scene.at_once == max(racers, default=0)
    for growth in growths:
        times = [axis["points"][-1]["n"] / axis["points"][0]["n"] for axis in growth["axes"]]
        assert any(8 <= each <= 12 for each in times), times


def test_code_that_can_not_be_measured_says_why(cast: Cast, client: Client) -> None:
    pad = begun(cast)
    written(pad, VIEWS, "import nothing_like_it\n")
    actions.ask(pad, "growth", "candidate")
    grading.grade(pad.runs.get().submission_id)
    page = client.get(theirs(pad)).content.decode()
    assert "nothing_like_it" in page
    assert '<svg class="chart"' not in page


def test_a_fault_of_ours_is_told_as_ours(cast: Cast, client: Client, ines: Client) -> None:
    pad = begun(cast)
    run = actions.ask(pad, "growth", "candidate")
    Submission.objects.filter(pk=run.submission_id).update(state=State.OUR_FAULT, finished_at=timezone.now())
    for one, at in ((client, theirs(pad)), (ines, ours(pad))):
        assert "that is our fault" in one.get(at).content.decode()
    actions.ask(pad, "growth", "candidate")


def test_the_same_is_asked_once_at_a_time_and_something_else_beside_it(cast: Cast, client: Client) -> None:
    pad = begun(cast)
    for what in ("growth", "growth", "report", "race", "nonsense", ""):
        client.post(theirs(pad, "work-run"), {"what": what})
    assert sorted(pad.runs.values_list("what", flat=True)) == ["growth", "report"]
    told = [str(each) for each in client.get(theirs(pad)).context["messages"]]
    assert told[0].startswith("This is being measured already")
    assert told[1:] == ["This task can't be asked that."] * 3
    came_back(pad.runs.get(what="growth"))
    assert client.post(theirs(pad, "work-run"), {"what": "growth"}).status_code == 302
    assert pad.runs.filter(what="growth").count() == 2


def test_a_press_saves_what_was_typed_and_loses_nothing_where_it_can_not(cast: Cast, client: Client) -> None:
    pad = begun(cast)
    typed = {"what": "growth", "path": VIEWS, "text": "x = 1\n", "version": 0}
    answer = client.post(theirs(pad, "work-run"), typed)
    assert answer["Location"].endswith("?file=catalogue%2Fviews.py#measured")
    assert pad.runs.get().submission.files == {VIEWS: "x = 1\n"}
    answer = client.post(theirs(pad, "work-run"), {**typed, "what": "report", "text": "y = 2\n"})
    assert answer.status_code == 422
    assert "changed in another window" in answer.content.decode()
    assert "y = 2" in answer.content.decode()
    assert pad.runs.count() == 1, "nothing is measured that somebody did not mean"
    answer = client.post(theirs(pad, "work-run"), {**typed, "path": "manage.py"})
    assert answer.status_code == 422


def test_the_visible_tests_are_run_by_either_side(cast: Cast, client: Client, ines: Client) -> None:
    pad = begun(cast)
    ines.post(ours(pad, "run"), {"what": "tests"})
    assert Trial.objects.count() == 1
    client.post(theirs(pad, "work-run"), {"what": "tests"})
    assert Trial.objects.count() == 1, "the one before is forgotten"
    for one, at in ((client, theirs(pad)), (ines, ours(pad))):
        assert "The visible tests" in one.get(at).content.decode()


def test_first_runs_are_forgotten_where_there_are_many(cast: Cast) -> None:
    pad = begun(cast)
    for _ in range(selectors.MOST_RUNS + 3):
        came_back(actions.ask(pad, "growth", "candidate"))
    assert pad.runs.count() == Submission.objects.count() == Result.objects.count() == selectors.MOST_RUNS


def test_the_notice_comes_first_and_is_short(cast: Cast, client: Client) -> None:
    pad = opened(cast)
    page = client.get(theirs(pad)).content.decode()
    assert "no camera, no recording" in page
    assert "Nothing is graded" in page
    assert "A conversation over code" in client.get(theirs(pad), {"file": VIEWS}).content.decode()
    assert client.post(reverse("workspace:run", args=[token_of(pad.sitting), 1])).status_code == 302
    assert not Trial.objects.exists(), "nothing is run before"
    client.post(theirs(pad))
    assert "About ten times the data" in client.get(theirs(pad)).content.decode()


def test_in_a_conversation_nothing_is_handed_in_whatever_address_is_asked(cast: Cast, client: Client) -> None:
    pad = begun(cast)
    written(pad, VIEWS, "x = 1\n")
    page = client.get(theirs(pad)).content.decode()
    assert "Hand in" not in page
    token = token_of(pad.sitting)
    for name in ("hand-in", "again", "report", "appeal", "save", "upload"):
        client.post(reverse(f"workspace:{name}", args=[token, 1]), {"hand-in": "1", "agree": "1"})
    client.post(reverse("workspace:finish", args=[token]))
    client.post(reverse("workspace:sitting", args=[token]), {"agree": "1"})
    assert not Submission.objects.exists()
    for answer in (
        client.get(reverse("workspace:sitting", args=[token])),
        client.get(reverse("workspace:work", args=[token, 1]), {"file": VIEWS}),
    ):
        assert answer["Location"].startswith(reverse("pads:work", args=[token]))
    assert answer["Location"].endswith("/?file=catalogue%2Fviews.py")
    work = written(pad, VIEWS, "x = 2\n")
    assert work.files[VIEWS] == "x = 2\n", "it is still open"


def test_an_unchanged_pad_costs_one_statement_and_nothing_comes(cast: Cast, client: Client, ines: Client) -> None:
    pad = begun(cast)
    written(pad, VIEWS, "x = 1\n")
    came_back(actions.ask(pad, "growth", "candidate"))
    client.get(theirs(pad))
    looks = [(client, str(client.get(theirs(pad)).context["look"]), client.get(theirs(pad)).context["known"], 1)]
    # Whose session, which user and which team are three more, as on every page of members.
    looks += [(ines, str(ines.get(ours(pad)).context["look"]), ines.get(ours(pad)).context["known"], 1 + 3)]
    for one, look, known, most in looks:
        with CaptureQueriesContext(connection) as captured:
            answer = one.get(look, {"known": known})
        assert (answer.status_code, answer.content) == (204, b"")
        assert len(captured) == most, [each["sql"] for each in captured.captured_queries]
    written(pad, VIEWS, "x = 2\n")
    assert client.get(looks[0][1], {"known": looks[0][2]}).status_code == 204, "their own text is no news to them"
    part = ines.get(looks[1][1], {"known": looks[1][2]}).content.decode()
    assert "x = 2" in part
    assert 'id="live"' in part
    assert 'id="measured"' not in part, "what has not changed does not come again"
    actions.ask(pad, "growth", "interviewer")
    for one, look, known, _ in looks:
        assert 'id="measured"' in one.get(look, {"known": known}).content.decode()


def test_the_page_needs_as_many_statements_for_many_runs_as_for_few(cast: Cast, client: Client, ines: Client) -> None:
    pad = begun(cast)
    counts = []
    for more in (3, 8):
        for _ in range(more):
            came_back(actions.ask(pad, "growth", "candidate"))
        counts.append([_statements(client, theirs(pad)), _statements(ines, ours(pad))])
    assert counts[0] == counts[1]
    assert counts[0] == [4, 8]


def _statements(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_interviewer_sees_who_is_there_and_in_which_file(cast: Cast, client: Client, ines: Client) -> None:
    pad = opened(cast)
    assert "has not opened the link" in ines.get(ours(pad)).content.decode()
    client.post(theirs(pad))
    client.get(theirs(pad), {"file": "catalogue/models.py"}, headers={"accept": "application/json"})
    page = ines.get(ours(pad)).content.decode()
    assert "The candidate is in" in page
    assert "catalogue/models.py</code>" in page
    assert "class Product" in page
    client.get(theirs(pad), {"file": "no/such/file.py"}, headers={"accept": "application/json"})
    assert "catalogue/models.py</code>" in ines.get(ours(pad)).content.decode()
    Pad.objects.update(seen_at=timezone.now() - timedelta(minutes=3))
    assert "was last here at" in ines.get(ours(pad)).content.decode()
    client.get(theirs(pad, "work-live"))
    assert "The candidate is in" in ines.get(ours(pad)).content.decode(), "looking on is being there"


def test_hostile_names_and_texts_stay_texts_in_the_live_view(cast: Cast, ines: Client) -> None:
    pad = begun(cast)
    name, text = "catalogue/x&<b onload=1>\u202e.py", "</code></ol><script>alert(1)</script>\u202e{{ 7|add:7 }}\n"
    Work.objects.filter(sitting=pad.sitting_id).update(files={name: text, VIEWS: None}, version=7)
    Pad.objects.update(file=name)
    for at in (ours(pad), ours(pad, "live")):
        page = ines.get(at).content.decode()
        assert "<script>alert" not in page
        assert "<b onload" not in page
        assert "&lt;script&gt;alert(1)" in page
        assert "{{ 7|add:7 }}" in page
        assert "\u202e" not in page, "what would turn the reading round is made visible"
        assert "deleted" in page


def test_a_long_text_is_cut_off_with_a_line_that_says_so(cast: Cast, ines: Client) -> None:
    pad = begun(cast)
    written(pad, VIEWS, "x = 1\n" * 5000)
    actions.see(pad, VIEWS)
    assert "3000 more lines" in ines.get(ours(pad)).content.decode()


def test_a_pad_ends_and_the_link_answers_in_a_sentence(cast: Cast, client: Client, ines: Client) -> None:
    pad = begun(cast)
    run = actions.ask(pad, "growth", "candidate")
    came_back(run)
    assert ines.post(ours(pad, "end")).status_code == 302
    page = client.get(theirs(pad))
    assert (page.status_code, "This conversation has ended" in page.content.decode()) == (200, True)
    for name in ("work-live", "work-run"):
        answer = client.post(theirs(pad, name)) if name == "work-run" else client.get(theirs(pad, name))
        assert answer.status_code in (204, 302)
    assert client.get(theirs(pad, "work-live"))["HX-Refresh"] == "true", "an open page is led to the sentence"
    fields = {"path": VIEWS, "text": "x = 9\n", "version": 0}
    saved = client.post(reverse("workspace:save", args=[token_of(pad.sitting), 1]), fields)
    assert (saved.status_code, "has ended" in saved.content.decode()) == (422, True)
    assert client.get(reverse("pads:work-report", args=[token_of(pad.sitting), run.pk])).status_code == 302
    with pytest.raises(actions.NotNowError):
        actions.ask(access.pad_by(token_of(pad.sitting)), "growth", "interviewer")
    assert pad.runs.count() == 1
    assert "which ended at" in ines.get(ours(pad)).content.decode()
    assert ines.post(ours(pad, "end")).status_code == 302, "twice is once"


def test_a_pad_that_nobody_ends_ends_after_a_day_and_is_erased_a_day_later(cast: Cast, client: Client) -> None:
    pad = begun(cast)
    link = theirs(pad)
    written(pad, VIEWS, "x = 1\n")
    workspace.try_out(work_of(Sitting.objects.get(pk=pad.sitting_id), 1))
    came_back(actions.ask(pad, "growth", "candidate"))
    actions.tidy()
    assert Pad.objects.exists()
    _passes(timedelta(hours=25))
    assert "has ended" in client.get(link).content.decode()
    actions.tidy()
    assert Pad.objects.exists(), "it waits for a day"
    _passes(timedelta(hours=24))
    other = workspace.practise(SLOW)
    actions.tidy()
    for table in (Pad, PadRun, Submission, Result, Trial):
        assert not table.objects.exists(), table
    assert list(Sitting.objects.filter(application=None)) == [other], "other practice is left alone"
    assert client.get(link).status_code == 404


def _passes(time: timedelta) -> None:
    for sitting in Sitting.objects.filter(shared_until__isnull=False):
        Sitting.objects.filter(pk=sitting.pk).update(shared_until=sitting.shared_until - time)


def test_a_pad_ends_with_its_interview_or_the_application(cast: Cast, client: Client, ines: Client) -> None:
    pad = begun(cast)
    interviews.cancel(actor=cast.rita, interview=pad.interview)
    assert "has ended" in client.get(theirs(pad)).content.decode()
    assert ines.post(ours(pad), {"task": SLOW}).status_code == 422
    actions.tidy()
    assert Sitting.objects.get(pk=pad.sitting_id).has_closed
    another = begun(cast)
    Application.objects.update(stage=Stage.WITHDRAWN)
    assert "has ended" in client.get(theirs(another)).content.decode()
    client.post(theirs(another, "work-run"), {"what": "growth"})
    assert not Submission.objects.exists()
    assert "cancelled, or the application has ended" in ines.post(ours(another), {"task": SLOW}).content.decode()


def test_opening_twice_is_one_pad_and_another_one_forgets_the_ended_one(cast: Cast, ines: Client) -> None:
    talk = planned(cast, cast.application, cast.ines)
    at = reverse("pads:pad", args=[talk.pk])
    assert "Open a pad" in ines.get(at).content.decode()
    for task in (SLOW, TICKETS):
        assert ines.post(at, {"task": task}).status_code == 302
    first = Pad.objects.get()
    assert first.sitting.works.get().task == SLOW
    came_back(actions.ask(first, "growth", "candidate"))
    actions.end(actor=cast.ines, pad=first)
    ines.post(at, {"task": TICKETS})
    assert Pad.objects.get().sitting.works.get().task == TICKETS
    assert not Submission.objects.exists()
    assert Sitting.objects.filter(shared_until__isnull=False).count() == 1


def test_a_task_by_which_the_candidate_is_assessed_is_not_given_away(cast: Cast, ines: Client) -> None:
    """The cast's assessment asks the workshop catalogue, which has a race as well."""
    talk = planned(cast, cast.application, cast.ines)
    at = reverse("pads:pad", args=[talk.pk])
    page = ines.get(at).content.decode()
    assert "Not for this candidate yet" in page
    refused = ines.post(at, {"task": "shop/workshop-models"})
    assert (refused.status_code, Pad.objects.exists()) == (422, False)
    for task in ("python/retry-decorator", "no/such", ""):
        assert ines.post(at, {"task": task}).status_code == 422, "nothing can be tried live with it"
    sitting = workspace.begin(workspace.invite(actor=cast.rita, application=cast.application))
    assert "shop/workshop-models" in selectors.still_assessed(talk.application), "they are at it"
    work = sitting.works.get(task="shop/workshop-models")
    work.submission = Submission.objects.create(task=work.task, files={})
    work.save()
    assert selectors.still_assessed(talk.application) == {"python/retry-decorator"}, "the other one is still to come"
    assert ines.post(at, {"task": "shop/workshop-models"}).status_code == 302, "they have handed it in"
    workspace.finish(sitting)
    assert selectors.still_assessed(talk.application) == frozenset()
    granted = {"redo_of": work.position, "redo_until": timezone.now() + timedelta(days=1)}
    Sitting.objects.filter(pk=sitting.pk).update(**granted)
    assert selectors.still_assessed(talk.application) == {work.task}, "they may do it once more"


def test_a_link_to_a_work_sample_is_none_to_a_pad_and_runs_of_others_are_not_found(cast: Cast, client: Client) -> None:
    pad, sitting = begun(cast), workspace.invite(actor=cast.rita, application=cast.application)
    assert client.get(reverse("pads:work", args=[token_of(sitting)])).status_code == 404
    assert client.get(reverse("pads:work", args=["nonsense"])).status_code == 404
    other = begun(cast)
    run = actions.ask(other, "growth", "candidate")
    came_back(run)
    assert client.get(reverse("pads:work-report", args=[token_of(pad.sitting), run.pk])).status_code == 404
    assert client.get(reverse("pads:work-report", args=[token_of(other.sitting), run.pk])).status_code == 200


def test_who_opened_and_ended_is_in_the_audit_log(cast: Cast) -> None:
    pad = opened(cast)
    actions.end(actor=cast.ines, pad=access.pad_by(token_of(pad.sitting)))
    verbs = list(cast.team.audit_events.filter(actor=cast.ines).values_list("verb", flat=True))
    assert sorted(verbs) == ["ended a pad with", "opened a pad with"]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_what_a_candidate_types_is_seen_within_seconds_and_both_see_the_curve(
    browser: Browser, page: Page, live_server: LiveServer, cast: Cast, complaints: list[str]
) -> None:
    talk = planned(cast, cast.application, cast.ines)
    sign_in(page, live_server, "ines")
    page.goto(live_server.url + reverse("interviews:interview", args=[talk.pk]))
    page.get_by_role("link", name="Work together on a pad").click()
    page.get_by_label("This query is slow: the product list").check()
    page.get_by_role("button", name="Open it").click()
    link = page.locator("#link").inner_text()
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    other = context.new_page()
    other.on("console", lambda said: complaints.append(said.text) if is_wrong(said) else None)
    other.on("pageerror", lambda error: complaints.append(str(error)))
    other.goto(live_server.url + urlsplit(link).path)
    other.get_by_role("button", name="Begin").click()
    expect(page.locator("#presence")).to_contain_text("The candidate is in", timeout=5000)
    expect(page.get_by_label("Follow what they type")).to_be_checked()
    other.locator(".cm-content").click()
    other.keyboard.press("Control+End")
    other.keyboard.type("\nTRIES = 3\n")
    expect(page.locator("#source .added").last).to_have_text("TRIES = 3", timeout=8000)
    expect(page.locator(".diff tr.added").last).to_contain_text("TRIES = 3")
    line, box = (page.locator(each).last.bounding_box() for each in ("#source .added", "#source"))
    assert line is not None
    assert box is not None
    assert box["y"] <= line["y"] <= box["y"] + box["height"], "the text follows what is typed"
    assert page.locator("#source").evaluate("each => each.scrollTop") > 0
    page.get_by_role("button", name="About ten times the data").click()
    expect(page.locator("#measured")).to_contain_text("waiting")
    expect(other.locator("#measured")).to_contain_text("waiting", timeout=5000)
    page.get_by_role("button", name="About ten times the data").click()
    expect(page.locator("#told")).to_contain_text("being measured already")
    grading.grade(PadRun.objects.get().submission_id)
    for one in (page, other):
        expect(one.locator("#measured svg.chart").first).to_be_visible(timeout=8000)
    other.keyboard.type("FOUR = 4\n")
    other.get_by_role("button", name="Everything").click()
    expect(other.locator("#measured")).to_contain_text("waiting")
    asked = PadRun.objects.get(what="report")
    [text] = asked.submission.files.values()
    assert text.endswith("TRIES = 3\nFOUR = 4\n"), "what was typed is saved before"
    page.get_by_role("button", name="End it").click()
    expect(page.get_by_text("Ended. Files and results are erased in a day.")).to_be_visible()
    expect(other.get_by_role("heading", name="This conversation has ended")).to_be_visible(timeout=8000)
    context.close()
    assert complaints == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_nobody_asks_while_nobody_looks(page: Page, live_server: LiveServer, cast: Cast) -> None:
    pad = begun(cast)
    page.goto(live_server.url + theirs(pad))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/live/" in request.url else None)
    page.wait_for_timeout(4500)
    assert len(asked) >= 2
    page.evaluate("Object.defineProperty(document, 'hidden', { get: () => true })")
    page.wait_for_timeout(2200)
    before = len(asked)
    page.wait_for_timeout(4500)
    assert len(asked) == before


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("page", [{"java_script_enabled": False}], indirect=True)
def test_without_javascript_both_look_again_by_a_link(page: Page, live_server: LiveServer, cast: Cast) -> None:
    pad = begun(cast)
    page.goto(f"{live_server.url}{theirs(pad)}?file={VIEWS}")
    area = page.locator("textarea#text")
    area.fill(area.input_value() + "\nBY_HAND = 1\n")
    page.get_by_role("button", name="About ten times the data").click()
    expect(page.locator("#measured")).to_contain_text("waiting")
    assert "BY_HAND = 1" in page.locator("textarea#text").input_value(), "and it is the same file"
    came_back(pad.runs.get())
    page.get_by_role("link", name="Look again").click()
    expect(page.locator("#measured svg.chart").first).to_be_visible()
    sign_in(page, live_server, "ines")
    page.goto(live_server.url + ours(pad))
    expect(page.locator("#live")).to_contain_text("BY_HAND = 1")
    expect(page.get_by_role("link", name="Look again")).to_be_visible()
    page.get_by_role("button", name="Run the visible tests").click()
    expect(page.get_by_role("heading", name="The visible tests")).to_be_visible()
