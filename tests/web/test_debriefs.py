"""The debrief: who sees it when, where two differ, what stands beside what was measured, where else ratings show."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import combinations

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from djudge.engine.reports.document import RedFlagFacts, Report
from djudge.web.accounts.models import User
from djudge.web.debriefs.comparing import asked, compared
from djudge.web.hiring import actions as hiring
from djudge.web.hiring.access import token_of
from djudge.web.hiring.models import Application, EvidenceView
from djudge.web.interviews import actions
from djudge.web.interviews.bank import ANCHORS, questions
from djudge.web.interviews.models import Interview, Kit, Rating, Scorecard
from djudge.web.resumes.models import Reading
from tests.reports import sample_reports
from tests.web.browsing import BACKEND, bring_session
from tests.web.cast import Cast, filed, graded, person, planned
from tests.web.test_hostile_texts import LONG
from tests.web.test_keyboard import walk
from tests.web.test_pdf import fetched, words_of

FIRST, NEXT, AGREED, BY_ONE = "Talk about this first", "One anchor apart", "In agreement", "Rated by one person"


def rated(card: Scorecard, *anchors: str, quote: str = "As I said.") -> Scorecard:
    """Filed with an anchor for each question in turn; an empty one was not asked."""
    answers = {}
    for rating, anchor in zip(card.ratings.all(), anchors, strict=True):
        ticked = sorted(questions()[rating.question_id].needs[anchor]) if anchor else []
        said = f"{card.rater}: {quote}" if anchor else ""
        answers[rating.position] = actions.Answer(was_asked=bool(anchor), ticked=ticked, anchor=anchor, quote=said)
    actions.file(scorecard=card, answers=answers, remarks="")
    return card


def seen(client: Client, who: User, application: Application, name: str = "debrief") -> str:
    client.force_login(who, backend=BACKEND)
    answer = client.get(reverse(f"debriefs:{name}", args=[application.pk]))
    assert answer.status_code == 200
    return answer.content.decode().replace("&#x27;", "'")


def part(page: str, title: str) -> str:
    """From one heading of the second rank to the next one."""
    found = re.search(rf"<h2[^>]*>{re.escape(title)}</h2>(.*?)(<h2|</main>)", page, re.S)
    assert found is not None, title
    return found[1]


@pytest.fixture
def heard(cast: Cast) -> Interview:
    """A call: two apart on the first question, one on the second, agreed on the third."""
    call = planned(cast, cast.application, cast.ines, cast.hamid)
    rated(call.scorecards.get(rater=cast.ines), "junior", "middle", "senior")
    rated(call.scorecards.get(rater=cast.hamid), "senior", "junior", "senior")
    return call


def test_where_two_differ_by_two_anchors_both_quotes_stand_side_by_side_first_of_all(
    heard: Interview, cast: Cast, client: Client
) -> None:
    page = seen(client, cast.olga, cast.application)
    assert page.index(FIRST) < page.index(NEXT) < page.index(AGREED)
    first = part(page, FIRST)
    assert "How do you avoid N+1 queries?" in first
    question = questions()["n-plus-one"]
    low, high = first.index("Ines Name: As I said."), first.index("Hamid Name: As I said.")
    assert low < high, "the lower one first"
    assert question.anchors["junior"] in first[low:high], "each with what their anchor says"
    assert question.anchors["senior"] in first[high:]
    assert "Ticked nothing." in first[low:high]
    for box in question.boxes:
        assert (f"<li>{box.label}</li>" in first[high:]) == (box.id in question.needs["senior"]), "and what each ticked"
    assert "ORM?" in part(page, NEXT)
    assert "How do you build APIs?" in part(page, AGREED)
    assert BY_ONE not in page


def test_the_scale_shows_everybody_in_their_place_by_name_and_no_number(
    heard: Interview, cast: Cast, client: Client
) -> None:
    page = seen(client, cast.olga, cast.application)
    scale = re.findall(r'<ol class="scale".*?</ol>', part(page, FIRST), re.S)[0]
    junior, middle, senior = re.split(r"<p><b>(?:Junior|In between|Senior)</b></p>", scale)[1:]
    assert ("Ines Name" in junior, "nobody" in middle, "Hamid Name" in senior) == (True, True, True)
    assert "Hamid" not in junior + middle
    told = re.sub(r"<[^>]+>", " ", "".join(part(page, title) for title in (FIRST, NEXT, AGREED)))
    assert not re.search(r"\d", told.replace("N+1", "")), "no average, no total, no rank"


def test_what_was_heard_by_whom_and_by_nobody(heard: Interview, cast: Cast, client: Client) -> None:
    boxes = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", part(seen(client, cast.olga, cast.application), FIRST)))
    names = {label: re.sub(r"<[^>]+>", "", who) for label, who in boxes.items()}
    assert names["Names select_related"] == "Hamid Name"
    assert names["Says how to find it: counting queries in a test, a toolbar, a log"] == "nobody"


def test_who_owes_a_scorecard_is_led_to_it_and_told_why(cast: Cast, client: Client) -> None:
    call = planned(cast, cast.application, cast.ines, cast.hamid)
    rated(call.scorecards.get(rater=cast.ines), "junior", "junior", "junior")
    client.force_login(cast.hamid, backend=BACKEND)
    answer = client.get(reverse("debriefs:debrief", args=[cast.application.pk]), follow=True)
    assert answer.redirect_chain == [(reverse("interviews:interview", args=[call.pk]), 302)]
    assert "File your own scorecard first" in answer.content.decode()
    assert "Ines Name: As I said." not in answer.content.decode()
    beside = seen(client, cast.hamid, cast.application, "said-and-did")
    assert "Ines Name: As I said." not in beside
    assert "once you have filed your own scorecard" in beside
    rated(call.scorecards.get(rater=cast.hamid), "junior", "junior", "")
    assert "Ines Name: As I said." in seen(client, cast.hamid, cast.application)
    assert "Ines Name: As I said." in seen(client, cast.hamid, cast.application, "said-and-did")


def test_an_open_scorecard_of_another_candidate_hides_nothing_here(
    heard: Interview, cast: Cast, client: Client
) -> None:
    other = graded(cast, "Otto Other", sample_reports.good())
    planned(cast, other, cast.olga)
    assert FIRST in seen(client, cast.olga, cast.application)


def test_what_one_person_alone_rated_is_compared_with_nothing(cast: Cast, client: Client) -> None:
    rated(planned(cast, cast.application, cast.ines).scorecards.get(), "junior", "middle", "")
    page = seen(client, cast.olga, cast.application)
    assert (FIRST in page, NEXT in page, AGREED in page) == (False, False, False)
    assert part(page, BY_ONE).count('class="scale"') == 2, "what was not asked is not there"


def test_one_person_who_asked_twice_does_not_disagree_with_themselves(cast: Cast, client: Client) -> None:
    for anchor in ("junior", "senior"):
        filed(planned(cast, cast.application, cast.ines).scorecards.get(), anchor)
    page = seen(client, cast.olga, cast.application)
    assert FIRST not in page
    assert "asked in more than one talk" in part(page, BY_ONE)
    filed(planned(cast, cast.application, cast.hamid).scorecards.get(), "middle")
    assert NEXT in seen(client, cast.olga, cast.application)


def test_two_of_one_name_are_told_apart_and_who_has_left_is_not_forgotten(
    heard: Interview, cast: Cast, client: Client
) -> None:
    User.objects.filter(pk__in=[cast.ines.pk, cast.hamid.pk]).update(name="Kim")
    page = part(seen(client, cast.olga, cast.application), FIRST)
    assert "Kim (ines@example.org)" in page
    assert "Kim (hamid@example.org)" in page
    cast.ines.delete()
    page = part(seen(client, cast.olga, cast.application), FIRST)
    assert "somebody who has left" in page
    assert "Kim (" not in page


def test_what_was_cancelled_after_somebody_filed_is_still_heard(heard: Interview, cast: Cast, client: Client) -> None:
    actions.cancel(actor=cast.rita, interview=heard)
    assert FIRST in seen(client, cast.olga, cast.application)


def test_remarks_stand_below_with_whose_they_are(cast: Cast, client: Client) -> None:
    call = planned(cast, cast.application, cast.ines, cast.hamid)
    filed(call.scorecards.get(rater=cast.ines), remarks="They were tired.")
    actions.save(scorecard=call.scorecards.get(rater=cast.hamid), answers={}, remarks="Not filed.")
    page = seen(client, cast.olga, cast.application)
    assert "They were tired." in part(page, "What else was remarked")
    assert "Not filed." not in page


def test_the_warning_sign_of_line_37_stands_there_with_person_anchor_and_quote(cast: Cast, client: Client) -> None:
    talk = planned(cast, cast.application, cast.ines, cast.hamid, kit=Kit.DEVELOPER)
    filed(talk.scorecards.get(rater=cast.hamid), "middle")
    filed(talk.scorecards.get(rater=cast.ines), "junior", "It is what the course used.")
    sign = part(seen(client, cast.olga, cast.application), "A warning sign, raised by a person")
    for told in ("Rated by Ines Name", questions()["what-is-django-for"].anchors["junior"], "It is what the course"):
        assert told in sign
    assert "Hamid" not in sign


def test_what_nobody_has_seen_is_neither_measured_nor_asked(cast: Cast, client: Client) -> None:
    application = graded(cast, "Tess Tested", sample_reports.good())
    before = part(seen(client, cast.olga, application), "What nobody has seen yet")
    assert "REST APIs with DRF" in before
    assert "query optimisation" not in before, "a task has measured it"
    filed(planned(cast, application, cast.ines).scorecards.get())
    after = part(seen(client, cast.olga, application), "What nobody has seen yet")
    assert "REST APIs with DRF" not in after, "it was asked on the phone"
    assert "caching" in after


def test_who_has_not_filed_is_named_with_since_when(cast: Cast, client: Client) -> None:
    call = planned(cast, cast.application, cast.ines, cast.hamid)
    Interview.objects.filter(pk=call.pk).update(at=timezone.now() - timedelta(days=3))
    Scorecard.objects.update(created_at=timezone.now() - timedelta(days=5))
    rated(call.scorecards.get(rater=cast.ines), "junior", "junior", "junior")
    later = planned(cast, cast.application, cast.rita, kit=Kit.DEVELOPER)
    Interview.objects.filter(pk=later.pk).update(at=timezone.now() + timedelta(days=2))
    waiting = part(seen(client, cast.olga, cast.application), "Not everybody has filed")
    assert re.search(r"Hamid Name.*waited for since .*\(3\s+days\)", waiting.replace("\xa0", " "), re.S)
    assert re.search(r"Rita Name.*planned for", waiting, re.S)
    assert "Ines" not in waiting


def test_only_who_may_decide_is_led_to_deciding(heard: Interview, cast: Cast, client: Client) -> None:
    to_decide = reverse("workspace:application", args=[cast.application.pk]) + "#decisions"
    assert to_decide in seen(client, cast.hamid, cast.application)
    assert to_decide not in seen(client, cast.ines, cast.application)


def test_looking_at_the_debrief_is_not_looking_at_the_work(heard: Interview, cast: Cast, client: Client) -> None:
    seen(client, cast.olga, cast.application)
    assert not EvidenceView.objects.filter(user=cast.olga).exists()


anchors_of_people = st.lists(st.tuples(st.integers(0, 4), st.sampled_from(ANCHORS)), min_size=1, max_size=9)


@given(anchors_of_people)
def test_everybody_stands_once_on_the_scale_and_the_two_who_differ_most_are_two_people(
    given_: list[tuple[int, str]],
) -> None:
    people = [User(name=f"Person {number}", email=f"{number}@example.org") for number in range(5)]
    ratings = [
        Rating(scorecard=Scorecard(rater=people[who], interview=Interview()), question_id="slow-query", anchor=anchor)
        for who, anchor in given_
    ]
    [one] = asked(ratings)
    assert sorted(mark.rating.pk for place in one.scale for mark in place.marks) == sorted(each.pk for each in ratings)
    assert all(mark.rating.anchor == place.anchor for place in one.scale for mark in place.marks)
    places = [(who, ANCHORS.index(anchor)) for who, anchor in given_]
    gaps = [abs(a - b) for (who, a), (other, b) in combinations(places, 2) if who != other]
    assert one.apart == max(gaps, default=0)
    assert (one.pair is None) == (not gaps)
    if one.pair:
        assert one.pair[0].voice != one.pair[1].voice
    assert len(one.others) + len(one.pair or ()) == len(ratings)
    found = compared(ratings)
    groups = (found.two_apart, found.one_apart, found.agreed, found.by_one)
    assert [len(group) for group in groups].count(1) == 1, "in one of the lists, and once"


def with_sign(report: Report, line: int) -> Report:
    """The same with the guide's warning sign of a line."""
    flag = RedFlagFacts(
        kind="plain-views", guide_line=line, what="JsonResponse is returned where the framework belongs.",
        innocent="One health check as a plain view is fine.", text=(), behaviour=(),
    )  # fmt: skip
    return report.model_copy(update={"red_flags": (flag,)})


def test_said_senior_and_did_less_invites_to_ask_and_names_innocent_reasons(cast: Cast, client: Client) -> None:
    application = graded(cast, "Sam Said", sample_reports.junior())
    quote = "select_related for one, the other for many."
    filed(planned(cast, application, cast.ines).scorecards.get(), "senior", quote)
    row = part(seen(client, cast.olga, application, "said-and-did"), "Query optimisation")
    for told in (
        quote,
        "Names prefetch_related",
        "as Ines Name rated it",
        "not shown",
        "20 statements with 6 products, 74 with 24",
        "reaches further than what was measured. Ask.",
        "Nerves",
        "another version",
        "habits of a former team",
    ):
        assert told in row, told
    assert not re.search(r"\b(lie|lied|lying|false|fraud|dishonest)\b", row), "nobody is caught"


def test_said_less_than_they_did_invites_to_ask_as_well(cast: Cast, client: Client) -> None:
    application = graded(cast, "Dan Did", sample_reports.good())
    filed(planned(cast, application, cast.ines).scorecards.get(), "junior", "I don't know that word.")
    row = part(seen(client, cast.olga, application, "said-and-did"), "Query optimisation")
    assert "shows more than what was said" in row
    assert "The words may be missing and not the skill" in row


def test_what_fits_together_is_said_without_a_warning(cast: Cast, client: Client) -> None:
    application = graded(cast, "Fay Fits", sample_reports.good())
    filed(planned(cast, application, cast.ines).scorecards.get(), "senior")
    row = part(seen(client, cast.olga, application, "said-and-did"), "Query optimisation")
    assert "fit together" in row
    assert "banner" not in row


def test_two_raters_on_both_sides_of_what_was_measured_are_told_so(cast: Cast, client: Client) -> None:
    application = graded(cast, "Bo Both", sample_reports.competent())
    outcome = {each.bullet: each.outcome.value for each in sample_reports.competent().bullets}
    [bullet] = [name for name in ("query-optimization", "orm-queries") if outcome[name] == "partly"]
    call = planned(cast, application, cast.ines, cast.hamid)
    filed(call.scorecards.get(rater=cast.ines), "junior")
    filed(call.scorecards.get(rater=cast.hamid), "senior")
    row = part(
        seen(client, cast.olga, application, "said-and-did"),
        {"query-optimization": "Query optimisation", "orm-queries": "ORM queries"}[bullet],
    )
    assert "Some heard more than was measured, and some less." in row


def test_said_drf_and_did_plain_views_stand_beside_each_other_with_the_sign_of_line_67(
    cast: Cast, client: Client
) -> None:
    application = graded(cast, "Dora Rest", with_sign(sample_reports.good(), 67))
    filed(planned(cast, application, cast.ines).scorecards.get(), "senior", "Always DRF with serializers.")
    row = part(seen(client, cast.olga, application, "said-and-did"), "REST APIs with DRF")
    assert row.index("Always DRF with serializers.") < row.index("JsonResponse is returned")
    assert "line 67 of the guide" in row
    assert "One health check as a plain view is fine." in row
    assert "reaches further than what was measured" in row
    other = graded(cast, "Dora Other", with_sign(sample_reports.good(), 62))
    filed(planned(cast, other, cast.ines).scorecards.get(), "senior")
    assert "JsonResponse" not in part(seen(client, cast.olga, other, "said-and-did"), "REST APIs with DRF")


def test_the_three_questions_of_the_phone_stand_there_with_a_side_missing_or_both(cast: Cast, client: Client) -> None:
    page = seen(client, cast.olga, cast.application, "said-and-did")
    for title in ("Query optimisation", "ORM queries", "REST APIs with DRF"):
        row = part(page, title)
        assert "Nobody has asked." in row
        assert "Nothing was measured yet." in row
        assert "Ask." not in row, "where a side is missing there is nothing to compare"
    assert page.count('class="said-and-did"') == 3
    application = graded(cast, "Tess Tested", sample_reports.good())
    filed(planned(cast, application, cast.ines, kit=Kit.ARCHITECT).scorecards.get())
    page = seen(client, cast.olga, application, "said-and-did")
    assert "No task of theirs could tell." in part(page, "REST APIs with DRF")
    assert ">Caching<" not in page, "asked, and not measured"


def read(application: Application, *lines: str) -> None:
    """A résumé of these lines, as a worker leaves it."""
    application.resume.save("cv.pdf", ContentFile(b"%PDF-1.7 nothing"))
    content = {"pages": 1, "gaps": [], "lines": [[1, line, "Experience", 0, 0, 0, 0] for line in lines]}
    Reading.objects.create(
        application=application, file=str(application.resume.name), state="read", content=content,
        finished_at=timezone.now(),
    )  # fmt: skip


WROTE_DRF = "Built the booking API of a clinic with Django REST Framework for 40 doctors."
WROTE_FASTER = "Cut the load time of the Django order list from 9 s to 400 ms by removing N+1 queries."


def test_what_the_resume_claims_stands_beside_what_was_said_and_done(cast: Cast, client: Client) -> None:
    application = graded(cast, "Will Wrote", sample_reports.junior())
    filed(planned(cast, application, cast.ines).scorecards.get(), "junior")
    assert ">Wrote<" not in seen(client, cast.olga, application, "said-and-did"), "no résumé, no column"
    read(application, "Experience", WROTE_DRF, WROTE_FASTER, "Moved slow mails into Celery with Redis as its broker.")
    page = seen(client, cast.olga, application, "said-and-did")
    apis, queries = part(page, "REST APIs with DRF"), part(page, "Query optimisation")
    assert WROTE_DRF in apis
    assert "Celery" not in apis, "of the tools only REST Framework is this bullet"
    assert WROTE_FASTER in queries
    assert queries.index(">Wrote<") < queries.index(">Said<") < queries.index(">Did<")
    assert "Nothing that we look for in a résumé." in part(page, "ORM queries")
    assert "fit together" in queries, "a claim on paper is compared with nothing"


def test_who_it_is_stays_hidden_in_what_they_wrote_where_it_is_hidden_in_the_resume(cast: Cast, client: Client) -> None:
    application = graded(cast, "Will Wrote", sample_reports.junior())
    read(application, "Experience", f"Will Wrote: {WROTE_DRF}")
    for who, is_hidden in ((cast.ines, True), (cast.rita, False)):
        quoted = part(seen(client, who, application, "said-and-did"), "REST APIs with DRF")
        assert "REST Framework" in quoted
        assert ("Will Wrote" not in quoted) == is_hidden


def test_a_resume_that_breaks_out_of_its_quote_does_not(cast: Cast, client: Client) -> None:
    application = graded(cast, "Will Wrote", sample_reports.junior())
    read(application, "Experience", WROTE_DRF.replace("clinic", "clinic <svg onload=alert(1)>"))
    page = seen(client, cast.olga, application, "said-and-did")
    assert "&lt;svg onload=alert(1)&gt;" in page
    assert "<svg onload" not in page


def test_the_level_says_what_a_person_rated_and_that_it_confirms(cast: Cast, client: Client) -> None:
    application = graded(cast, "Connie Confirmed", sample_reports.good())
    client.force_login(cast.olga, backend=BACKEND)
    address = reverse("workspace:level", args=[application.pk])
    assert "rated by" not in client.get(address).content.decode()
    assert "one piece of evidence" in client.get(address).content.decode()
    filed(planned(cast, application, cast.ines).scorecards.get(), "senior")
    page = client.get(address).content.decode()
    assert "rated by Ines Name: shown" in page
    assert "confirmed: two independent pieces of evidence" in page
    assert "rated by Ines Name: shown" in words_of(fetched(client, application))
    compare = client.get(reverse("workspace:compare", args=[cast.job.pk])).content.decode()
    assert "rated by Ines Name: shown" in compare


def test_one_rater_of_architecture_is_not_enough_and_every_page_says_so(cast: Cast, client: Client) -> None:
    application = graded(cast, "Archie Tect", sample_reports.good())
    client.force_login(cast.olga, backend=BACKEND)
    talk = planned(cast, application, cast.ines, cast.hamid, kit=Kit.ARCHITECT)

    def pages() -> list[str]:
        return [
            client.get(reverse("workspace:level", args=[application.pk])).content.decode(),
            words_of(fetched(client, application)),
            client.get(reverse("workspace:compare", args=[cast.job.pk])).content.decode(),
        ]

    filed(talk.scorecards.get(rater=cast.ines), "senior")
    assert all("It counts once a second one has, and they agree." in page for page in pages())
    filed(talk.scorecards.get(rater=cast.hamid), "senior")
    assert not any("It counts once a second one has" in page for page in pages())


def test_the_sign_of_line_37_stands_among_the_warning_signs_on_every_page(cast: Cast, client: Client) -> None:
    application = graded(cast, "Nora Noidea", sample_reports.good())
    talk = planned(cast, application, cast.ines, cast.hamid, kit=Kit.DEVELOPER)
    filed(talk.scorecards.get(rater=cast.ines), "junior", "It is what the course used.")
    client.force_login(cast.olga, backend=BACKEND)
    says = questions()["what-is-django-for"].anchors["junior"].replace("'", "&#x27;")
    level = client.get(reverse("workspace:level", args=[application.pk])).content.decode()
    compare = client.get(reverse("workspace:compare", args=[cast.job.pk])).content.decode()
    for page in (level, compare):
        for told in ("Rated by Ines Name", says, "It is what the course used."):
            assert told in page
    paper = words_of(fetched(client, application))
    assert "rated by Ines Name" in paper
    assert "It is what the course used." in paper
    client.force_login(cast.hamid, backend=BACKEND)
    for name, key in (("workspace:level", application.pk), ("workspace:compare", cast.job.pk)):
        page = client.get(reverse(name, args=[key])).content.decode()
        assert "It is what the course used." not in page, "Hamid has not filed yet"
    assert "It is what the course used." not in words_of(fetched(client, application))


def test_the_job_says_whose_scorecards_are_waited_for_and_since_when(cast: Cast, client: Client) -> None:
    client.force_login(cast.olga, backend=BACKEND)
    address = reverse("hiring:job", args=[cast.job.pk])
    assert "waited for" not in client.get(address).content.decode()
    call = planned(cast, cast.application, cast.ines, cast.hamid)
    filed(call.scorecards.get(rater=cast.ines))
    later = planned(cast, cast.application, cast.rita)
    Interview.objects.filter(pk=later.pk).update(at=timezone.now() + timedelta(days=1))
    page = client.get(address).content.decode()
    assert "1 scorecard is waited for" in page
    assert "Hamid Name" in page
    assert "Rita Name" not in page, "her talk is tomorrow"
    hiring.open_evidence(actor=cast.olga, application=cast.application)
    hiring.decide(actor=cast.olga, application=cast.application, outcome="reject", reason="No.", message="Sorry.")
    assert "waited for" not in client.get(address).content.decode(), "of who was answered nothing is owed"


def test_candidates_see_their_stage_and_nothing_of_what_was_heard(heard: Interview, cast: Cast, client: Client) -> None:
    client.logout()
    page = client.get(reverse("workspace:status", args=[token_of(cast.application)])).content.decode()
    assert "As I said." not in page
    assert not re.search(r"Ines|Hamid|scorecard|Junior|Senior|interview", page, re.I)
    for name in ("debrief", "said-and-did"):
        assert client.get(reverse(f"debriefs:{name}", args=[cast.application.pk])).status_code == 302, "to the sign-in"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_hostile_quotes_break_nothing_at_any_width_and_everything_is_reached_by_keyboard(
    page: Page, live_server: LiveServer, cast: Cast, complaints: list[str]
) -> None:
    application = graded(cast, "Hedda Heard", sample_reports.junior())
    talk = planned(cast, application, cast.ines, cast.hamid, person("أمينة" + "x" * 40), kit=Kit.DEVELOPER)
    quotes = (LONG.format(n=1), "x" * 3000, "‮ قال لي إنه لا يعرف\n\n" * 20)
    for card, anchor, quote in zip(talk.scorecards.all(), ("junior", "senior", "middle"), quotes, strict=True):
        filed(card, anchor, quote, remarks=quote)
    bring_session(page.context, live_server, cast.olga)
    for name in ("debriefs:debrief", "debriefs:said-and-did", "workspace:level"):
        page.goto(live_server.url + reverse(name, args=[application.pk]))
        for width in (360, 768, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} at {width} px"
    page.goto(live_server.url + reverse("debriefs:debrief", args=[application.pk]))
    expect(page.get_by_role("heading", name=FIRST)).to_be_visible()
    stops = [stop.text for stop in walk(page)]
    assert any("Decide" in text for text in stops)
    assert complaints == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_on_paper_every_quote_is_there_and_nothing_to_click(
    page: Page, live_server: LiveServer, heard: Interview, cast: Cast
) -> None:
    bring_session(page.context, live_server, cast.olga)
    page.goto(live_server.url + reverse("debriefs:debrief", args=[cast.application.pk]))
    page.emulate_media(media="print")
    for name in ("Decide", "Decide, with your reason"):
        expect(page.get_by_role("link", name=name, exact=True)).not_to_be_visible()
    for each in page.locator("blockquote").all():
        expect(each).to_be_visible()
    assert page.locator("blockquote").count() == 6
    assert page.locator(".scale > .taken").count() == 5
