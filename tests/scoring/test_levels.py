"""Levels: more evidence of merit never lowers one, withholding never raises one, and order never matters."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from djudge.engine.scoring.implications import IMPLICATIONS, NEVER_IMPLIED
from djudge.engine.scoring.level_words import lacking, level_headline, python_headline, unconfirmed
from djudge.engine.scoring.levels import Kind, Minimum, Piece, Placement, Scope, place
from djudge.engine.scoring.model import MERIT
from djudge.engine.values import BULLETS, Outcome

SHOWN, PARTLY, NOT_SHOWN = Outcome.SHOWN, Outcome.PARTLY, Outcome.NOT_SHOWN
NOT_TESTED, OUR_FAULT = Outcome.NOT_TESTED, Outcome.INFRASTRUCTURE_ERROR

#: Two tasks of level 1, three of level 2: five bullets below level 3, two of level 3.
SCOPE = Scope(
    {
        "A1": ("models-views-urls", "mvt"),
        "A2": ("forms", "migrations-design"),
        "B1": ("query-optimization", "orm-queries"),
        "B2": ("auth-permissions",),
        "B3": ("orm-queries", "tests"),
        "C1": ("caching", "decorators"),
    }
)


def task(source: str, **outcomes: Outcome) -> list[Piece]:
    return [Piece(bullet=name.replace("_", "-"), outcome=each, source=source) for name, each in outcomes.items()]


def rated(bullet: str, outcome: Outcome, by: str = "Ada") -> Piece:
    return Piece(bullet=bullet, outcome=outcome, source=by, kind=Kind.PERSON)


def everything(outcome: Outcome = SHOWN) -> list[Piece]:
    return [
        Piece(bullet=each, outcome=outcome, source=source) for source, served in SCOPE.tasks.items() for each in served
    ]


def given_instead(pieces: list[Piece], source: str, bullet: str, outcome: Outcome) -> list[Piece]:
    return [
        replace(each, outcome=outcome) if (each.source, each.bullet) == (source, bullet) else each for each in pieces
    ]


def outcome_of(placement: Placement, bullet: str) -> Outcome:
    return next(each.outcome for each in placement.bullets if each.bullet == bullet)


# Properties

OUTCOMES = st.sampled_from(list(Outcome))
TASKS = ("T1", "T2", "T3")
SOME = ("models-views-urls", "forms", "orm-queries", "auth-permissions", "caching", "scalable-architecture")
#: Few bullets, and each task serves several, so that tasks contradict each other and levels are reached all the same.
served_by_one = st.lists(st.sampled_from(SOME[:4]), min_size=2, unique=True) | st.lists(
    st.sampled_from(SOME), min_size=1, unique=True
)

scopes = st.builds(Scope, st.dictionaries(st.sampled_from(TASKS), served_by_one.map(tuple), min_size=1))
pieces_of_tasks = st.builds(
    Piece,
    bullet=st.sampled_from(SOME),
    outcome=st.sampled_from([SHOWN, SHOWN, *Outcome]),
    source=st.sampled_from(TASKS),
)
pieces_of_people = st.builds(
    Piece,
    bullet=st.sampled_from(SOME),
    outcome=st.sampled_from(MERIT),
    source=st.sampled_from(["Ada", "Bo", "Cem"]),
    kind=st.just(Kind.PERSON),
)
any_piece = pieces_of_tasks | pieces_of_people


@st.composite
def handed_in(draw: st.DrawFn) -> tuple[Scope, list[Piece]]:
    """A scope, an answer to most of what it asks, and some evidence that nobody asked for."""
    scope = draw(scopes)
    asked = [(source, bullet) for source, served in scope.tasks.items() for bullet in served]
    answers = [
        Piece(bullet=bullet, outcome=draw(st.sampled_from([*[SHOWN] * 8, NOT_SHOWN, *Outcome])), source=source)
        for source, bullet in asked
        if draw(st.integers(0, 9))
    ]
    return scope, answers + draw(st.lists(any_piece, max_size=3))


def levels(placement: Placement) -> tuple[int, int]:
    return placement.level, placement.confirmed


def no_bullet_is_lower(after: Placement, before: Placement) -> bool:
    return all(
        not was.positive or (now.positive and MERIT.index(now.outcome) >= MERIT.index(was.outcome))
        for was, now in zip(before.bullets, after.bullets, strict=True)
    )


def at_least(after: Placement, before: Placement) -> bool:
    """In every respect: levels, the minimum, and each bullet."""
    return (
        after.level >= before.level
        and after.confirmed >= before.confirmed
        and (before.minimum is not Minimum.YES or after.minimum is Minimum.YES)
        and no_bullet_is_lower(after, before)
    )


@settings(max_examples=300)
@given(handed_in(), any_piece, st.sampled_from([PARTLY, SHOWN]))
def test_one_more_positive_piece_never_lowers_anything(given_, piece, outcome) -> None:
    scope, pieces = given_
    assert at_least(place(scope, [*pieces, replace(piece, outcome=outcome)]), place(scope, pieces))


@settings(max_examples=300)
@given(handed_in(), st.data())
def test_a_piece_that_is_taken_away_never_raises_a_level_whatever_it_said(given_, data) -> None:
    scope, pieces = given_
    if not pieces:
        return
    left = [*pieces]
    left.pop(data.draw(st.integers(0, len(pieces) - 1)))
    with_it, without = place(scope, pieces), place(scope, left)
    assert levels(without)[0] <= levels(with_it)[0]
    assert levels(without)[1] <= levels(with_it)[1]
    assert no_bullet_is_lower(with_it, without)


@settings(max_examples=300)
@given(handed_in(), st.data())
def test_a_better_answer_never_lowers_anything(given_, data) -> None:
    scope, pieces = given_
    if not pieces:
        return
    at = data.draw(st.integers(0, len(pieces) - 1))
    if pieces[at].outcome not in MERIT:
        return
    better = data.draw(st.sampled_from(MERIT[MERIT.index(pieces[at].outcome) :]))
    raised = [*pieces[:at], replace(pieces[at], outcome=better), *pieces[at + 1 :]]
    assert at_least(place(scope, raised), place(scope, pieces))


@given(handed_in(), st.randoms(use_true_random=False))
def test_the_order_of_pieces_and_tasks_never_matters(given_, random) -> None:
    scope, pieces = given_
    before = place(scope, pieces)
    random.shuffle(pieces)
    tasks = list(scope.tasks.items())
    random.shuffle(tasks)
    assert place(Scope(dict(tasks)), pieces) == before


@given(handed_in())
def test_evidence_that_comes_twice_counts_once(given_) -> None:
    scope, pieces = given_
    assert place(scope, [*pieces, *pieces]) == place(scope, pieces)


@given(handed_in())
def test_a_level_contains_those_below_and_confirmed_means_indicated(given_) -> None:
    placement = place(*given_)
    for level in range(1, placement.level + 1):
        assert all(each.positive for each in placement.upto(level) if each.counts)
    assert placement.confirmed <= placement.level
    assert (placement.minimum is Minimum.YES) == (placement.level >= 2)


@given(handed_in())
def test_whatever_the_evidence_each_level_is_indicated_or_says_what_it_lacks(given_) -> None:
    placement = place(*given_)
    for level in (1, 2, 3):
        assert bool(lacking(placement, level)) is not placement.indicated(level)
    assert level_headline(placement).text
    assert python_headline(placement).text


@given(handed_in(), st.sampled_from(TASKS), st.lists(st.sampled_from(SOME), min_size=1, unique=True))
def test_a_further_task_that_shows_all_it_asks_never_lowers_a_level(given_, source, served) -> None:
    scope, pieces = given_
    if source in scope.tasks:
        return
    more = Scope({**scope.tasks, source: tuple(bullet for bullet in served if bullet != "scalable-architecture")})
    answers = [Piece(bullet=bullet, outcome=SHOWN, source=source) for bullet in more.tasks[source]]
    known = [piece for piece in pieces if piece.source != source]
    assert place(more, [*known, *answers]).level >= place(scope, known).level


# Rules, one by one


def test_a_level_is_indicated_with_one_partly_a_level_and_not_with_two() -> None:
    one = given_instead(everything(), "B2", "auth-permissions", PARTLY)
    two = given_instead(one, "A2", "migrations-design", PARTLY)
    elsewhere = given_instead(one, "A2", "forms", PARTLY)

    assert place(SCOPE, one).level == 3
    assert place(SCOPE, two).level == 1
    assert place(SCOPE, elsewhere).level == 3
    assert lacking(place(SCOPE, two), 2) == (
        "More than one bullet is only partly shown: migrations and database design, authentication and permissions.",
    )


def test_what_is_not_shown_keeps_its_level_and_those_above_from_being_indicated() -> None:
    placement = place(SCOPE, given_instead(everything(), "B2", "auth-permissions", NOT_SHOWN))

    assert (placement.level, placement.minimum) == (1, Minimum.NO)
    assert lacking(placement, 2) == ("Not shown: authentication and permissions.",)
    assert lacking(placement, 3) == ("Level 2 is not satisfied.",)
    assert lacking(placement, 1) == ()


def test_two_bullets_of_a_level_have_to_be_asked_for() -> None:
    scope = Scope({"A": ("forms", "mvt"), "B": ("orm-queries",), "C": ("tests",)})
    pieces = task("A", forms=SHOWN, mvt=SHOWN) + task("B", orm_queries=SHOWN)

    assert place(scope, [*pieces, *task("C", tests=SHOWN)]).level == 2
    fewer = Scope({name: scope.tasks[name] for name in ("A", "B")})
    assert place(fewer, pieces).level == 1
    assert place(fewer, pieces).minimum is Minimum.NOT_ENOUGH_EVIDENCE
    assert "one bullet only of level 2" in lacking(place(fewer, pieces), 2)[0]


def test_the_headline_carries_its_coverage_as_large_as_the_level() -> None:
    headline = level_headline(place(SCOPE, given_instead(everything(), "C1", "caching", NOT_SHOWN)))

    assert headline.text == "Level 2 indicated on 7 of 9 bullets; not tested: admin, REST APIs with DRF"
    assert headline.not_tested.startswith("admin, REST APIs with DRF, scalable architecture")
    nothing = level_headline(place(SCOPE, []))
    assert nothing.text == "No level indicated; 0 of 14 bullets tested"


def test_level_3_says_whose_territory_it_is() -> None:
    text = level_headline(place(SCOPE, everything())).text
    assert text.startswith("Level 3, expert (senior/staff territory), indicated on 9 of 14 bullets; not tested: admin,")


def test_a_bullet_shown_in_one_task_and_not_in_another_is_partly() -> None:
    mixed = place(SCOPE, given_instead(everything(), "B3", "orm-queries", NOT_SHOWN))
    assert outcome_of(mixed, "orm-queries") is PARTLY
    agreed = place(SCOPE, given_instead(everything(), "B3", "orm-queries", PARTLY))
    assert outcome_of(agreed, "orm-queries") is SHOWN


def test_a_task_that_was_not_handed_in_is_not_tested_and_takes_the_rest_no_further_than_partly() -> None:
    without = [piece for piece in everything() if piece.source != "B3"]
    placement = place(SCOPE, without)

    assert outcome_of(placement, "tests") is NOT_TESTED
    assert outcome_of(placement, "orm-queries") is PARTLY
    assert (placement.level, placement.minimum) == (1, Minimum.NOT_ENOUGH_EVIDENCE)
    assert lacking(placement, 2) == ("Not enough evidence: missing tests (nothing came from B3).",)


def test_a_fault_on_our_side_costs_nothing_where_others_tell_and_places_nothing_where_none_does() -> None:
    placement = place(SCOPE, given_instead(everything(), "B3", "orm-queries", OUR_FAULT))
    assert outcome_of(placement, "orm-queries") is SHOWN
    alone = place(SCOPE, given_instead(everything(), "B2", "auth-permissions", OUR_FAULT))
    assert (alone.level, alone.minimum) == (1, Minimum.NOT_ENOUGH_EVIDENCE)


def test_the_minimum_is_missed_only_where_no_missing_task_could_make_up_for_it() -> None:
    failed = [piece for piece in everything() if piece.source != "B2"]
    assert place(SCOPE, failed).minimum is Minimum.NOT_ENOUGH_EVIDENCE
    assert place(SCOPE, given_instead(failed, "A2", "forms", NOT_SHOWN)).minimum is Minimum.NO
    assert place(SCOPE, []).minimum is Minimum.NOT_ENOUGH_EVIDENCE


def test_a_rating_supports_what_a_task_showed_and_alone_it_is_partly() -> None:
    scope = Scope({"A": ("forms", "mvt")})
    shown = task("A", forms=SHOWN, mvt=SHOWN)

    assert outcome_of(place(scope, [rated("forms", SHOWN)]), "forms") is PARTLY
    assert outcome_of(place(scope, [*shown, rated("forms", NOT_SHOWN)]), "forms") is SHOWN
    assert outcome_of(place(scope, [*task("A", forms=NOT_SHOWN), rated("forms", SHOWN)]), "forms") is PARTLY
    assert outcome_of(place(scope, [*shown, rated("admin", SHOWN)]), "admin") is PARTLY
    for outcome in MERIT:
        assert place(scope, [*shown, rated("admin", outcome), rated("models-views-urls", outcome)]).level == 1


def test_confirmed_needs_two_independent_pieces_on_every_bullet_of_the_guide() -> None:
    lower = [bullet for bullet, level in BULLETS.items() if level == 1]
    scope = Scope({"A": tuple(lower), "B": tuple(lower)})
    first = [Piece(bullet=bullet, outcome=SHOWN, source="A") for bullet in lower]
    second = [replace(piece, source="B") for piece in first]

    assert levels(place(scope, [*first, *second])) == (1, 1)
    assert level_headline(place(scope, [*first, *second])).text == "Level 1 confirmed on 4 of 4 bullets"
    alone = Scope({"A": tuple(lower)})
    assert levels(place(alone, first)) == (1, 0)
    assert levels(place(alone, [*first, *(rated(bullet, SHOWN) for bullet in lower)])) == (1, 1)
    assert levels(place(alone, [*first, *first])) == (1, 0)
    assert levels(place(alone, [*first, *(rated(bullet, NOT_SHOWN) for bullet in lower)])) == (1, 0)
    assert unconfirmed(place(alone, [*first, rated("admin", PARTLY)]), 1) == tuple(
        bullet for bullet in lower if bullet != "admin"
    )


def test_two_raters_alone_confirm_only_what_no_task_can_tell() -> None:
    scope = Scope({})
    two = [rated("forms", SHOWN, by) for by in ("Ada", "Bo")]
    assert not next(each for each in place(scope, two).bullets if each.bullet == "forms").confirmed


@pytest.mark.parametrize(
    ("ratings", "outcome"),
    [
        ([("Ada", SHOWN)], NOT_TESTED),
        ([("Ada", SHOWN), ("Ada", SHOWN)], NOT_TESTED),
        ([("Ada", SHOWN), ("Bo", SHOWN)], SHOWN),
        ([("Ada", SHOWN), ("Bo", PARTLY)], PARTLY),
        ([("Ada", SHOWN), ("Bo", NOT_SHOWN)], NOT_SHOWN),
        ([("Ada", SHOWN), ("Bo", NOT_SHOWN), ("Cem", SHOWN)], SHOWN),
    ],
)
def test_scalable_architecture_is_what_two_raters_agree_on(ratings, outcome) -> None:
    pieces = [rated("scalable-architecture", each, by) for by, each in ratings]
    small_proof = task("C9", scalable_architecture=SHOWN)
    scope = Scope({"C9": ("scalable-architecture",)})

    assert outcome_of(place(Scope({}), pieces), "scalable-architecture") is outcome
    assert outcome_of(place(scope, [*pieces, *small_proof]), "scalable-architecture") is outcome


def test_a_higher_bullet_shows_what_it_implies_where_nobody_asked_for_that() -> None:
    scope = Scope({"B2": ("auth-permissions",)})
    implied = place(scope, task("B2", auth_permissions=SHOWN))
    assert outcome_of(implied, "models-views-urls") is SHOWN
    assert next(each for each in implied.bullets if each.bullet == "models-views-urls").implied_by == (
        "auth-permissions",
    )
    assert outcome_of(place(scope, task("B2", auth_permissions=PARTLY)), "models-views-urls") is NOT_TESTED
    asked = Scope({**scope.tasks, "A1": ("models-views-urls",)})
    contradicted = task("B2", auth_permissions=SHOWN) + task("A1", models_views_urls=NOT_SHOWN)
    assert outcome_of(place(asked, contradicted), "models-views-urls") is PARTLY
    in_part = task("B2", auth_permissions=SHOWN) + task("A1", models_views_urls=PARTLY)
    assert outcome_of(place(asked, in_part), "models-views-urls") is PARTLY


def test_nothing_implies_admin_or_forms_and_every_row_has_its_reason() -> None:
    assert not {row.lower for row in IMPLICATIONS} & NEVER_IMPLIED
    for row in IMPLICATIONS:
        assert BULLETS[row.higher] > BULLETS[row.lower] > 0
        assert len(row.reason.split()) > 8


def test_years_of_experience_are_no_input() -> None:
    inputs = {field.name for kind in (Piece, Scope) for field in fields(kind)}
    assert inputs == {"bullet", "outcome", "source", "kind", "tasks"}
    assert set(place.__annotations__) == {"scope", "pieces", "return"}


def test_python_has_three_results_and_no_level() -> None:
    scope = Scope({"PY1": ("decorators", "async"), "PY2": ("context-managers",)})
    placement = place(scope, task("PY1", decorators=SHOWN, **{"async": PARTLY}) + task("PY2", context_managers=SHOWN))

    assert python_headline(placement).text == "2 of 3 Python results shown, 1 partly"
    assert (placement.level, placement.minimum) == (0, Minimum.NOT_ENOUGH_EVIDENCE)


def test_a_bullet_that_the_guide_does_not_have_is_refused() -> None:
    with pytest.raises(KeyError):
        place(Scope({}), [Piece(bullet="seniority", outcome=SHOWN, source="A")])
