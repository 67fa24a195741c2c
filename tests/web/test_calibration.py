"""Calibration: the figures against published ones and slow oracles; what is kept, for whom, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise, product
from math import isclose, sqrt
from statistics import fmean

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from djudge.web.accounts.models import User
from djudge.web.interviews import actions
from djudge.web.interviews.bank import ANCHORS, questions
from djudge.web.interviews.calibrating import compared_with
from djudge.web.interviews.calibration import (
    FEWEST,
    Interval,
    crossed,
    leniency,
    quadratic,
    student,
    weighted_kappa,
)
from djudge.web.interviews.models import CalibrationRating, Kit
from djudge.web.interviews.templatetags.interviews import signed
from djudge.web.organizations.models import AuditEvent
from tests.web.browsing import BACKEND
from tests.web.cast import Cast, filed, planned
from tests.web.test_question_bank import keys

#: Two diagnosticians, in percent of 200: Cohen (1968) and, with other counts, Fleiss, Cohen and Everitt (1969).
COHEN = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
FLEISS = [[106, 10, 4], [22, 28, 10], [2, 12, 6]]
#: Two dermatologists: the worked example of a widely used statistics package.
SKIN = [[10, 4, 1, 0], [5, 10, 12, 2], [2, 4, 12, 5], [0, 2, 6, 13]]


def identity(size: int) -> list[list[float]]:
    return [[float(row == column) for column in range(size)] for row in range(size)]


def linear(size: int) -> list[list[float]]:
    return [[1 - abs(row - column) / (size - 1) for column in range(size)] for row in range(size)]


def error_of(found: Interval | None) -> float:
    assert found is not None
    assert found.low is not None
    return (found.value - found.low) / 1.959964


@pytest.mark.parametrize(
    ("counts", "weights", "kappa", "error"),
    [
        (COHEN, identity(3), 0.492, None),
        (COHEN, [[1 - lost / 6 for lost in row] for row in ([0, 1, 3], [1, 0, 6], [3, 6, 0])], 0.348, None),
        (FLEISS, identity(3), 0.429, 0.054),
        (SKIN, identity(4), 0.3449, 0.0724),
        (SKIN, linear(4), 0.5082, 0.0655),
    ],
)
def test_kappa_and_its_error_are_those_that_were_published(
    counts: list[list[int]], weights: list[list[float]], kappa: float, error: float | None
) -> None:
    found = weighted_kappa(counts, weights)
    assert found is not None
    assert found.value == pytest.approx(kappa, abs=0.0006)
    if error is not None:
        assert error_of(found) == pytest.approx(error, abs=0.0006)


@pytest.mark.parametrize(
    ("one", "other", "size", "kappa"),
    [
        ([1, 2, 3], [1, 2, 3], 3, 1.0),
        ([1, 2, 1], [1, 2, 2], 2, 0.4),
        ([1, 2, 3, 1, 2, 2, 3], [1, 2, 3, 1, 2, 3, 2], 3, 0.75),
    ],
)
def test_kappa_with_quadratic_weights_is_that_of_known_small_cases(
    one: list[int], other: list[int], size: int, kappa: float
) -> None:
    pairs = [(a - 1, b - 1) for a, b in zip(one, other, strict=True)]
    found = weighted_kappa(crossed(pairs, size), quadratic(size))
    assert found is not None
    assert found.value == pytest.approx(kappa)


places = st.integers(0, 2)
rated_twice = st.lists(st.tuples(places, places), min_size=2, max_size=40)


def slow_kappa(pairs: Sequence[tuple[int, int]]) -> float | None:
    """By its meaning: the mean squared distance that was seen, to that of everybody's first with everybody's second."""
    seen = fmean((one - other) ** 2 for one, other in pairs)
    by_chance = fmean((one - other) ** 2 for (one, _), (_, other) in product(pairs, pairs))
    return None if by_chance == 0 else 1 - seen / by_chance


@given(rated_twice)
def test_kappa_is_what_a_slow_count_over_all_pairs_gives(pairs: list[tuple[int, int]]) -> None:
    found, slow = weighted_kappa(crossed(pairs, 3), quadratic(3)), slow_kappa(pairs)
    assert (found is None) == (slow is None)
    if found is not None and slow is not None:
        assert isclose(found.value, slow, abs_tol=1e-9)
        assert -1 <= found.value <= 1 + 1e-9
        if found.low is not None and found.high is not None:
            assert -1 <= found.low <= found.value <= found.high <= 1


@given(rated_twice)
def test_kappa_is_lins_concordance_and_the_same_for_both_and_upside_down(pairs: list[tuple[int, int]]) -> None:
    """Quadratic weights make it 2 cov / (var + var + (mean - mean)²)."""
    found = weighted_kappa(crossed(pairs, 3), quadratic(3))
    one, other = zip(*pairs, strict=True)
    a, b = fmean(one), fmean(other)
    spread = fmean((x - a) ** 2 for x in one) + fmean((y - b) ** 2 for y in other) + (a - b) ** 2
    if found is None:
        assert spread == 0
        return
    assert isclose(found.value, 2 * fmean((x - a) * (y - b) for x, y in pairs) / spread, abs_tol=1e-9)
    for turned in ([(y, x) for x, y in pairs], [(2 - x, 2 - y) for x, y in pairs], pairs[::-1]):
        again = weighted_kappa(crossed(turned, 3), quadratic(3))
        assert again is not None
        assert isclose(again.value, found.value, abs_tol=1e-9)


def share_kappa(share: Sequence[Sequence[float]]) -> float:
    size = range(3)
    rows, columns = [sum(row) for row in share], [sum(column) for column in zip(*share, strict=True)]
    seen = sum(share[i][j] * (i - j) ** 2 for i, j in product(size, size))
    return 1 - seen / sum(rows[i] * columns[j] * (i - j) ** 2 for i, j in product(size, size))


def slow_error(counts: Sequence[Sequence[int]]) -> float:
    """The delta method with slopes by small steps: how kappa moves with each cell's share, times how those vary."""
    number, step = sum(map(sum, counts)), 1e-6
    share = [[count / number for count in row] for row in counts]

    def moved(i: int, j: int, by: float) -> float:
        return share_kappa([[share[a][b] + by * ((a, b) == (i, j)) for b in range(3)] for a in range(3)])

    cells = list(product(range(3), range(3)))
    slope = {cell: (moved(*cell, step) - moved(*cell, -step)) / (2 * step) for cell in cells}
    mean = sum(share[i][j] * slope[i, j] for i, j in cells)
    return sqrt(max(0, sum(share[i][j] * slope[i, j] ** 2 for i, j in cells) - mean**2) / number)


@given(st.lists(st.lists(st.integers(1, 30), min_size=3, max_size=3), min_size=3, max_size=3))
def test_its_error_is_what_the_delta_method_gives_by_small_steps(counts: list[list[int]]) -> None:
    found = weighted_kappa(counts, quadratic(3))
    assert found is not None
    if found.low is not None and found.low > -1:
        assert error_of(found) == pytest.approx(slow_error(counts), rel=1e-3)


def test_where_everything_is_in_one_place_kappa_can_not_be_told() -> None:
    assert weighted_kappa(crossed([(1, 1)] * 20, 3), quadratic(3)) is None
    assert weighted_kappa([[0, 0], [0, 0]], quadratic(2)) is None


def test_full_agreement_has_no_interval_because_nothing_varies() -> None:
    assert weighted_kappa([[6, 0, 0], [0, 6, 0], [0, 0, 6]], quadratic(3)) == Interval(1.0, None, None)


@pytest.mark.parametrize(
    ("freedom", "quantile"), [(5, 2.571), (10, 2.228), (17, 2.1098), (30, 2.0423), (41, 2.0195), (120, 1.9799)]
)
def test_students_quantile_is_that_of_the_tables(freedom: int, quantile: float) -> None:
    assert student(freedom) == pytest.approx(quantile, abs=0.001 if freedom < 17 else 0.0001)


def test_students_quantile_falls_towards_the_normal_one() -> None:
    every = [student(freedom) for freedom in range(5, 200)]
    assert all(more > less > 1.95996 for more, less in pairwise(every))


def test_leniency_is_the_mean_with_students_interval() -> None:
    found = leniency([1, 0, 1, 0, 1, 0, 1, 0, 1, 0])
    assert found is not None
    # mean 1/2, deviation sqrt(10/36), 2.262 for nine degrees of freedom
    assert (found.value, found.low, found.high) == pytest.approx((0.5, 0.1230, 0.8770), abs=0.0005)
    assert (found.is_above, found.is_below) == (True, False)
    assert leniency([1]) is None
    assert leniency([0, 0, 0]) == Interval(0, None, None)


@given(st.lists(st.integers(-2, 2), min_size=2, max_size=40))
def test_leniency_turns_its_sign_with_its_distances(distances: list[int]) -> None:
    found, turned = leniency(distances), leniency([-each for each in distances])
    assert found is not None
    assert turned is not None
    assert isclose(found.value, -turned.value, abs_tol=1e-12)
    if found.low is not None and found.high is not None and turned.low is not None:
        assert found.low < found.value < found.high
        assert isclose(found.high, -turned.low, abs_tol=1e-9)


@pytest.mark.parametrize(
    ("value", "told"), [(0.5, "+0.50"), (-0.25, "\N{MINUS SIGN}0.25"), (0.001, "0.00"), (0, "0.00")]
)
def test_what_is_signed_has_its_sign_unless_it_is_nothing(value: float, told: str) -> None:
    assert signed(value) == told


def test_others_are_those_of_the_same_answer_and_each_own_one_counts_once(cast: Cast) -> None:
    me, first, second = cast.ines.pk, cast.hamid.pk, cast.olga.pk
    one, two, three = ((cast.application.pk, name) for name in ("one", "two", "three"))
    found = compared_with(
        me, {one: [(me, 2), (first, 0), (second, 1)], two: [(me, 1), (first, 1)], three: [(first, 0), (second, 2)]}
    )
    assert (found.answers, found.pairs) == (2, 3), "of the third one nothing is mine"
    assert (found.same, found.one_apart, found.two_apart) == (1, 1, 1)
    alone = compared_with(me, {one: [(me, 2)], two: [(me, 0), (me, 2)]})
    assert (alone.answers, alone.pairs) == (0, 0), "nobody differs from themselves"


def practised(client: Client, name: str, *, keep: bool, anchor: str = "senior") -> str:
    address = reverse("interviews:practise", args=[name])
    fields = {f"anchor-{key}": anchor for key in keys(client.get(address).content.decode())}
    return client.post(address, fields | ({"keep": "on"} if keep else {})).content.decode()


def test_practising_keeps_nothing_unless_somebody_asks_for_it(cast: Cast, client: Client) -> None:
    client.force_login(cast.ines, backend=BACKEND)
    page = client.get(reverse("interviews:practise", args=["n-plus-one"])).content.decode()
    assert 'name="keep"' in page
    assert 'name="keep" checked' not in page, "off by default"
    assert "Nothing of it is kept." in practised(client, "n-plus-one", keep=False)
    assert not CalibrationRating.objects.exists()
    told = practised(client, "n-plus-one", keep=True)
    assert "Kept for you alone." in told
    assert 'name="keep"' not in told, "afterwards everybody knows"
    kept = CalibrationRating.objects.all()
    assert {(each.user, each.question_id, each.anchor) for each in kept} == {(cast.ines, "n-plus-one", "senior")}
    assert {each.sample for each in kept} == {sample.key for sample in questions()["n-plus-one"].samples}


def test_of_the_same_answer_the_first_time_stays(cast: Cast, client: Client) -> None:
    client.force_login(cast.ines, backend=BACKEND)
    practised(client, "n-plus-one", keep=True, anchor="junior")
    practised(client, "n-plus-one", keep=True, anchor="senior")
    assert set(CalibrationRating.objects.values_list("anchor", flat=True)) == {"junior"}


def test_half_an_attempt_keeps_nothing_and_the_tick_stays(cast: Cast, client: Client) -> None:
    client.force_login(cast.ines, backend=BACKEND)
    answer = client.post(reverse("interviews:practise", args=["n-plus-one"]), {"keep": "on"})
    assert answer.status_code == 422
    assert 'name="keep" checked' in answer.content.decode()
    assert not CalibrationRating.objects.exists()


def keep(user: User, number: int, *, apart: int = 0) -> None:
    """So many ratings of recorded answers; every third one, a junior's, `apart` anchors higher than recorded."""
    every = [(each.id, sample) for each in questions().values() for sample in each.samples][:number]
    for question, sample in every:
        place = ANCHORS.index(sample.anchor) + (apart if sample.anchor == "junior" else 0)
        actions.keep_for_calibration(actor=user, question_id=question, anchors={sample.key: ANCHORS[place]})


def own(client: Client, who: User) -> str:
    client.force_login(who, backend=BACKEND)
    return client.get(reverse("interviews:calibration")).content.decode()


def test_too_few_ratings_tell_nothing_and_the_page_says_how_many_are_lacking(cast: Cast, client: Client) -> None:
    assert 2 * len(ANCHORS) ** 2 == FEWEST
    keep(cast.ines, FEWEST - 1, apart=1)
    page = own(client, cast.ines)
    assert "Too few to tell." in page
    assert "so 1 are lacking" in page
    assert "weighted kappa" not in page
    keep(cast.ines, FEWEST, apart=1)
    page = own(client, cast.ines)
    assert "Too few to tell." not in page
    assert "weighted kappa" in page


def test_agreement_and_leniency_stand_there_with_their_intervals(cast: Cast, client: Client) -> None:
    keep(cast.ines, 18, apart=1)
    page = own(client, cast.ines)
    # Six juniors put one higher: kappa 1 - (6/18) / (chance), mean 6/18.
    pairs = [(0, 1), (1, 1), (2, 2)] * 6
    kappa = weighted_kappa(crossed(pairs, 3), quadratic(3))
    assert kappa is not None
    assert kappa.low is not None
    assert kappa.high is not None
    assert f"<dd>{kappa.value:.2f}</dd>" in page
    assert f"95 % interval {kappa.low:.2f} to {kappa.high:.2f}" in page
    assert "+0.33 anchors" in page
    assert "You rate higher than they do." in page
    assert "the same anchor 12 times, one apart 6, two apart 0" in page


def test_who_agrees_with_all_of_it_is_told_that_sureness_can_not_be_told(cast: Cast, client: Client) -> None:
    keep(cast.ines, 18)
    page = own(client, cast.ines)
    assert "<dd>1.00</dd>" in page
    assert "Nothing varies" in page
    assert "Never higher and never lower." in page


def test_an_answer_that_is_worded_anew_does_not_count_any_more(cast: Cast, client: Client) -> None:
    CalibrationRating.objects.create(user=cast.ines, question_id="n-plus-one", sample="0" * 12, anchor="middle")
    CalibrationRating.objects.create(user=cast.ines, question_id="long-gone", sample="1" * 12, anchor="middle")
    page = own(client, cast.ines)
    assert page.count("it is not counted") == 2
    assert "You have kept 0 ratings" in page


def test_ratings_in_interviews_stand_beside_those_of_others_of_the_same_answer(cast: Cast, client: Client) -> None:
    call = planned(cast, cast.application, cast.ines, cast.hamid)
    filed(call.scorecards.get(rater=cast.ines), "senior")
    assert "Nothing yet" in own(client, cast.ines)
    filed(call.scorecards.get(rater=cast.hamid), "junior")
    page = own(client, cast.ines)
    assert "3 of your ratings" in page
    assert "3 pairs, the same anchor 0 times, one apart 0, two apart 3" in page
    assert "15 of 18 are lacking" in page
    assert "Hamid" not in page, "others are not named"


def test_from_eighteen_answers_on_it_is_told_whether_one_leans(cast: Cast, client: Client) -> None:
    for number in range(6):
        call = planned(cast, cast.application, cast.ines, cast.hamid)
        filed(call.scorecards.get(rater=cast.ines), "senior")
        filed(call.scorecards.get(rater=cast.hamid), "junior" if number % 2 else "middle")
    page = own(client, cast.hamid)
    assert "You rate lower than they do." in page


def test_what_others_rated_is_not_read_from_it_before_one_has_filed(cast: Cast, client: Client) -> None:
    filed(planned(cast, cast.application, cast.ines).scorecards.get(), "junior")
    call = planned(cast, cast.application, cast.ines, cast.hamid)
    filed(call.scorecards.get(rater=cast.hamid), "senior")
    assert "Nothing yet" in own(client, cast.ines), "she owes one"
    filed(call.scorecards.get(rater=cast.ines), "junior")
    assert "Nothing yet" not in own(client, cast.ines)


def test_nobody_else_sees_any_of_it_whoever_owns_the_team(cast: Cast, client: Client) -> None:
    keep(cast.ines, 18, apart=1)
    rating = cast.ines.calibration_ratings.all()[0]
    for who in (cast.olga, cast.rita, cast.hamid, cast.eve):
        page = own(client, who)
        assert "You have kept 0 ratings" in page
        asked = client.get(reverse("interviews:calibration"), {"user": str(cast.ines.pk), "rater": cast.ines.email})
        assert "You have kept 0 ratings" in asked.content.decode()
        assert json.loads(client.get(reverse("interviews:calibration-download")).content) == []
        for name in ("calibration", "calibration-download"):
            address = reverse(f"interviews:{name}") + f"{cast.ines.pk}/"
            assert client.get(address).status_code == 404
        assert client.post(reverse("interviews:calibration-erase-one", args=[rating.pk])).status_code == 404
        client.post(reverse("interviews:calibration-erase"))
    assert cast.ines.calibration_ratings.count() == 18
    assert not AuditEvent.objects.filter(actor=cast.ines).exists(), "not in the log of the team either"


def test_in_the_back_office_stands_that_something_was_kept_and_neither_whose_nor_what(
    cast: Cast, client: Client
) -> None:
    keep(cast.ines, 3)
    User.objects.filter(pk=cast.olga.pk).update(is_staff=True, is_superuser=True)
    client.force_login(cast.olga, backend=BACKEND)
    rating = cast.ines.calibration_ratings.all()[0]
    for name, args in (("changelist", []), ("change", [rating.pk])):
        page = client.get(reverse(f"admin:interviews_calibrationrating_{name}", args=args)).content.decode()
        assert rating.sample in page
        assert not [word for word in ("Ines", "ines@", "Junior", "junior", "Senior", "senior") if word in page]


def test_one_takes_it_along_and_erases_one_or_all_of_it(cast: Cast, client: Client) -> None:
    keep(cast.ines, 3, apart=1)
    keep(cast.hamid, 3)
    client.force_login(cast.ines, backend=BACKEND)
    answer = client.get(reverse("interviews:calibration-download"))
    assert answer["Content-Disposition"] == 'attachment; filename="calibration.json"'
    rows = json.loads(answer.content)
    assert [(row["mine"], row["recorded"]) for row in rows] == [
        ("middle", "junior"), ("middle", "middle"), ("senior", "senior"),
    ]  # fmt: skip
    one = cast.ines.calibration_ratings.all()[0]
    assert client.post(reverse("interviews:calibration-erase-one", args=[one.pk])).status_code == 302
    assert cast.ines.calibration_ratings.count() == 2
    told = client.post(reverse("interviews:calibration-erase"), follow=True).content.decode()
    assert "2 ratings are erased." in told
    assert cast.ines.calibration_ratings.count() == 0
    assert cast.hamid.calibration_ratings.count() == 3
    assert "nothing to erase" in client.post(reverse("interviews:calibration-erase"), follow=True).content.decode()


def test_it_ends_with_the_account(cast: Cast) -> None:
    keep(cast.ines, 3)
    filed(planned(cast, cast.application, cast.ines, kit=Kit.PHONE).scorecards.get())
    cast.ines.delete()
    assert not CalibrationRating.objects.exists()
