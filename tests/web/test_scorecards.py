"""Scorecards: a call on the phone, what has to stand there before it is filed, who sees it when, and what it counts."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from djudge.web.accounts.models import User
from djudge.web.hiring.models import Application
from djudge.web.interviews import actions, selectors
from djudge.web.interviews.kits import spread
from djudge.web.interviews.models import Interview, Kit, Scorecard
from djudge.web.organizations.models import AuditEvent, Membership
from djudge.web.workspace import selectors as sittings
from tests.reports import sample_reports
from tests.web.browsing import BACKEND
from tests.web.cast import Cast, filed, graded, planned

#: Everything that a senior says, by position in the call.
SENIOR = {
    "heard-1": ["knows", "select", "prefetch", "when"],
    "quote-1": "For one thing select_related, for many prefetch_related.",
    "heard-2": ["abstraction", "optimisation", "migrations", "relationships"],
    "quote-2": "Querysets are lazy, and I read the SQL.",
    "heard-3": ["drf", "serializers", "viewsets", "rest"],
    "quote-3": "View sets, and a serializer that refuses.",
}


def _as(client: Client, who: User) -> Client:
    client.force_login(who, backend=BACKEND)
    return client


def _called(client: Client, cast: Cast) -> str:
    """Rita calls; the address of her scorecard."""
    answer = _as(client, cast.rita).post(reverse("interviews:phone-screen", args=[cast.application.pk]))
    return str(answer["Location"])


def _member(cast: Cast, who: User) -> Membership:
    return cast.team.memberships.select_related("team").get(user=who)


def test_a_recruiter_ticks_what_was_said_and_files_it_without_judging_anything(cast: Cast, client: Client) -> None:
    address = _called(client, cast)
    page = client.get(address)
    for question in ("How do you avoid N+1 queries?", "What is Django&#x27;s ORM?", "How do you build APIs?"):
        assert question in page.content.decode()
    answer = client.post(address, {**SENIOR, "file": "1"}, follow=True)
    assert "Filed." in answer.content.decode()
    card = Scorecard.objects.get()
    assert card.filed_at is not None
    assert [rating.anchor for rating in card.ratings.all()] == ["senior"] * 3, "where the ticks put them"
    assert card.ratings.all()[0].anchor_text.startswith("Names both tools")
    assert AuditEvent.objects.filter(verb="filed a scorecard on", actor=cast.rita).exists()


def test_calling_twice_comes_back_to_the_same_scorecard(cast: Cast, client: Client) -> None:
    assert _called(client, cast) == _called(client, cast)
    assert Interview.objects.count() == 1


def test_senior_is_only_who_said_all_of_it_and_the_form_says_what_was_missing(cast: Cast, client: Client) -> None:
    address = _called(client, cast)
    named = {**SENIOR, "heard-1": ["knows", "select", "prefetch"], "anchor-1": "senior", "file": "1"}
    answer = client.post(address, named)
    assert answer.status_code == 422
    assert "Explains when to use which" in answer.content.decode()
    assert "For one thing select_related" in answer.content.decode(), "nothing that was written is lost"
    assert Scorecard.objects.get().filed_at is None
    assert client.post(address, {**named, "anchor-1": "middle"}).status_code == 302, "lower than the ticks is allowed"
    assert Scorecard.objects.get().ratings.get(position=1).anchor == "middle"


def test_each_answer_needs_a_quote_or_was_not_asked(cast: Cast, client: Client) -> None:
    address = _called(client, cast)
    answer = client.post(address, {**SENIOR, "quote-3": "  ", "file": "1"})
    assert (answer.status_code, "Please write down what they said" in answer.content.decode()) == (422, True)
    both = {**SENIOR, "skip-3": "on", "file": "1"}
    assert "was it asked after all?" in client.post(address, both).content.decode()
    only = {name: value for name, value in SENIOR.items() if not name.endswith("3")}
    assert client.post(address, {**only, "skip-3": "on", "file": "1"}).status_code == 302
    asked = [rating.was_asked for rating in Scorecard.objects.get().ratings.all()]
    assert asked == [True, True, False]


def test_forgotten_ticks_put_nobody_at_the_lowest_anchor(cast: Cast, client: Client) -> None:
    address = _called(client, cast)
    silent = {name: value for name, value in SENIOR.items() if name != "heard-1"}
    answer = client.post(address, {**silent, "file": "1"})
    assert (answer.status_code, "Nothing is ticked" in answer.content.decode()) == (422, True)
    assert client.post(address, {**silent, "anchor-1": "junior", "file": "1"}).status_code == 302, "by a person's word"
    assert Scorecard.objects.get().ratings.get(position=1).anchor == "junior"


def test_nothing_asked_is_nothing_to_file(cast: Cast, client: Client) -> None:
    address = _called(client, cast)
    skipped = {f"skip-{number}": "on" for number in (1, 2, 3)}
    assert "nothing to file" in client.post(address, {**skipped, "file": "1"}).content.decode()
    assert client.post(address, {**skipped, "save": "1"}).status_code == 302, "kept all the same"


def test_what_was_saved_is_there_again_for_its_rater_alone(cast: Cast, client: Client) -> None:
    address = _called(client, cast)
    client.post(address, {"heard-1": ["knows"], "quote-1": "A loop that asks the database.", "save": "1"})
    assert "A loop that asks the database." in client.get(address).content.decode()
    assert "A loop that asks the database." not in _as(client, cast.olga).get(address).content.decode()


def test_typing_saves_by_itself_and_says_when(cast: Cast, client: Client) -> None:
    address = _called(client, cast)
    answer = client.post(address, {"quote-1": "Half a sen"}, headers={"HX-Request": "true"})
    assert "saved at" in answer.content.decode()
    assert Scorecard.objects.get().ratings.get(position=1).quote == "Half a sen"
    assert Scorecard.objects.get().filed_at is None


def test_what_is_too_long_to_be_kept_is_said_and_takes_nothing_away(cast: Cast, client: Client) -> None:
    address = _called(client, cast)
    client.post(address, {**SENIOR, "save": "1"})
    answer = client.post(address, {**SENIOR, "quote-1": "x" * 4001}, headers={"HX-Request": "true"})
    assert "not all of it is saved" in answer.content.decode()
    assert "saved at" not in answer.content.decode()
    rating = Scorecard.objects.get().ratings.get(position=1)
    assert (rating.quote, rating.anchor) == (SENIOR["quote-1"], "senior")


def test_an_anchor_that_was_chosen_without_ticks_is_there_again(cast: Cast, client: Client) -> None:
    address = _called(client, cast)
    client.post(address, {"anchor-1": "junior", "quote-1": "Never heard of it.", "save": "1"})
    page = client.get(address).content.decode()
    chosen = re.search(r'<input[^>]*name="anchor-1"[^>]*checked[^>]*>', page)
    assert chosen is not None
    assert 'value="junior"' in chosen[0]


def test_boxes_and_anchors_that_nobody_offered_are_refused(cast: Cast, client: Client) -> None:
    address = _called(client, cast)
    for wrong in ({"heard-1": ["everything"]}, {"anchor-1": "genius"}, {"quote-1": "x" * 4001}):
        assert client.post(address, {**SENIOR, **wrong, "file": "1"}).status_code == 422
    assert Scorecard.objects.get().filed_at is None


def test_a_filed_card_stays_as_it_is(cast: Cast, client: Client) -> None:
    address = _called(client, cast)
    client.post(address, {**SENIOR, "file": "1"})
    page = client.post(address, {**SENIOR, "quote-1": "Something better.", "file": "1"}, follow=True)
    card = Scorecard.objects.get()
    assert "Something better." not in page.content.decode()
    assert card.ratings.get(position=1).quote == SENIOR["quote-1"]
    with pytest.raises(actions.FiledError):
        actions.save(scorecard=card, answers={}, remarks="later")


def test_nobody_sees_what_others_heard_before_they_have_filed_their_own(cast: Cast) -> None:
    call = planned(cast, cast.application, cast.ines, cast.hamid)
    filed(call.scorecards.get(rater=cast.ines), "junior")
    ines, hamid, olga = (_member(cast, who) for who in (cast.ines, cast.hamid, cast.olga))
    assert selectors.filed_ratings(ines).count() == 3, "her own"
    assert selectors.filed_ratings(olga).count() == 3, "she has none to file"
    assert selectors.filed_ratings(hamid).count() == 0
    assert selectors.owes_a_scorecard(hamid, cast.application)
    filed(call.scorecards.get(rater=cast.hamid), "senior")
    assert selectors.filed_ratings(hamid).count() == 6
    assert not selectors.owes_a_scorecard(hamid, cast.application)


def test_a_cancelled_interview_is_not_owed_and_keeps_what_was_filed(cast: Cast) -> None:
    call = planned(cast, cast.application, cast.ines, cast.hamid)
    filed(call.scorecards.get(rater=cast.ines))
    actions.cancel(actor=cast.rita, interview=call)
    hamid = _member(cast, cast.hamid)
    assert not selectors.to_file(hamid).exists()
    assert selectors.filed_ratings(hamid).count() == 3


def _bullet(application: Application, viewer: Membership, name: str) -> tuple[str, bool]:
    sitting = sittings.sitting_of(application)
    assert sitting is not None
    placed = sittings.placed_for(viewer, sitting, sittings.results_of([sitting])[sitting.pk])
    assert placed is not None
    found = next(each for each in placed.bullets if each.bullet == name)
    return found.outcome.value, found.independent


def test_a_rated_answer_is_the_second_piece_of_what_a_task_has_shown(cast: Cast) -> None:
    application = graded(cast, "Tess Tested", sample_reports.good())
    olga = _member(cast, cast.olga)
    shown = [each for each in sample_reports.good().bullets if each.outcome.value == "shown"]
    bullet = next(each.bullet for each in shown if each.bullet in ("query-optimization", "orm-queries", "drf-apis"))
    assert _bullet(application, olga, bullet) == ("shown", False)
    filed(planned(cast, application, cast.ines).scorecards.get(), "senior")
    assert _bullet(application, olga, bullet) == ("shown", True)


def test_what_others_rated_moves_no_level_for_who_has_not_filed(cast: Cast) -> None:
    application = graded(cast, "Tess Tested", sample_reports.good())
    call = planned(cast, application, cast.ines, cast.hamid)
    filed(call.scorecards.get(rater=cast.ines), "senior")
    assert _bullet(application, _member(cast, cast.olga), "drf-apis")[0] == "partly"
    assert _bullet(application, _member(cast, cast.hamid), "drf-apis")[0] == "not_tested"


def test_architecture_is_shown_by_two_raters_and_not_by_one(cast: Cast) -> None:
    application = graded(cast, "Archie Tect", sample_reports.good())
    olga = _member(cast, cast.olga)
    talk = planned(cast, application, cast.ines, cast.hamid, kit=Kit.ARCHITECT)
    filed(talk.scorecards.get(rater=cast.ines), "senior")
    assert _bullet(application, olga, "scalable-architecture") == ("not_tested", False)
    filed(planned(cast, application, cast.ines, kit=Kit.ARCHITECT).scorecards.get(), "senior")
    assert _bullet(application, olga, "scalable-architecture") == ("not_tested", False), "one voice, twice"
    filed(talk.scorecards.get(rater=cast.hamid), "senior")
    assert _bullet(application, olga, "scalable-architecture") == ("shown", True)


def test_two_raters_of_one_name_are_two_voices(cast: Cast) -> None:
    User.objects.filter(pk__in=[cast.ines.pk, cast.hamid.pk]).update(name="Kim")
    application = graded(cast, "Archie Tect", sample_reports.good())
    talk = planned(cast, application, cast.ines, cast.hamid, kit=Kit.ARCHITECT)
    for card in talk.scorecards.all():
        filed(card, "senior")
    assert _bullet(application, _member(cast, cast.olga), "scalable-architecture") == ("shown", True)


def test_only_a_person_raises_the_sign_that_somebody_does_not_know_what_django_is_for(cast: Cast) -> None:
    olga = _member(cast, cast.olga)
    talk = planned(cast, cast.application, cast.ines, kit=Kit.DEVELOPER)
    assert not selectors.red_flags(cast.application, olga)
    filed(talk.scorecards.get(), "junior", "It is what the course used.")
    [flag] = selectors.red_flags(cast.application, olga)
    assert (flag.scorecard.rater, flag.quote) == (cast.ines, "It is what the course used.")
    assert flag.anchor_text.startswith("Can't say what it does")
    filed(planned(cast, cast.application, cast.hamid, kit=Kit.DEVELOPER).scorecards.get(), "middle")
    assert len(selectors.red_flags(cast.application, olga)) == 1, "a better answer raises none"


@pytest.mark.parametrize(("minutes", "weights"), [(12, [4, 4, 4]), (52, [3, 15, 15, 15, 12]), (37, [20, 15]), (5, [])])
def test_the_minutes_of_a_plan_add_up(minutes: int, weights: list[int]) -> None:
    shares = spread(minutes, weights)
    assert sum(shares) == (minutes if weights else 0)
    assert all(share >= minutes * weight // sum(weights) for share, weight in zip(shares, weights, strict=True))
