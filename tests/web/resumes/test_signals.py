"""What each signal finds, what it leaves alone, and what it says where something could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from djudge.web.interviews.bank import questions
from djudge.web.resumes.document import Document, Line
from djudge.web.resumes.signals import SIGNALS, Finding, Signal, State, find
from djudge.web.resumes.signals.passages import MOST_LETTERS
from tests.web.resumes.labelled_set import labelled

WORK: Final = "Experience"
FOUND, NOT_FOUND, COULD_NOT_READ = State.FOUND, State.NOT_FOUND, State.COULD_NOT_READ


def resume(*texts: str, section: str = WORK, unread: Sequence[str] = ()) -> Document:
    """Lines below one heading; "# " begins another."""
    lines = []
    for text in texts:
        if text.startswith("# "):
            section = text[2:]
            text = section
        lines.append(Line(page=1, text=text, section=section))
    return Document(lines=lines, pages=1, unread=unread)


def of(signal: str, document: Document) -> Finding:
    return next(each for each in find(document) if each.signal == signal)


STRONG: Final = {
    "own-projects": [
        "Built Seatfinder, a Django application that shows free seats in four libraries.",
        "Vereinsverwaltung mit Django: Beiträge, Lehrgänge, Meldungen der Turner.",
    ],
    "tools": [
        "Mails of the Django shop leave through Celery 5.3 with retries.",
        "Wrote the public interface with djangorestframework and object permissions.",
        "Redis holds the carts of guests in our Python service.",
    ],
    "performance": [
        "Python service: cut the response time from 900 ms to 120 ms.",
        "Reduced query time by 80 % in the Django report.",
        "The order list of our Django site made 300 queries, now 4 queries.",
        "Import in Python is 12x faster since rows are written in bulk.",
        "Antwortzeit der Suche in Django von 6 s auf 0,8 s gesenkt.",
    ],
    "relations": [
        "A Django service with one schema per customer.",
        "Players join squads of the Django league through models with dates.",
        "Django project with 45 models, several of them polymorphic.",
        "Mandantenfähige Abrechnung mit Django.",
    ],
    "production": [
        "Django booking site, 40,000 users a month.",
        "On call for the Django services one week in four.",
        "We deploy the Django monolith behind feature flags and watch it in Sentry; releases twice a day.",
        "Maklerportal mit Django, Rufbereitschaft jede vierte Woche.",
    ],
    "python": ["Django developer at a publisher of maps."],
    "orm": ["Wrote templates and forms of the Django site of a zoo, and scripts in Python."],
    "batteries": [
        "Django shop: wrote our own login and session handling from scratch.",
        "Replaced Django's ORM by a mapper over stored procedures.",
        "Built a custom admin panel instead of the Django admin.",
        "Eigene Benutzerverwaltung von Grund auf entwickelt, neben Django.",
    ],
}
WEAKER: Final = {
    "own-projects": resume("# Links", "django-tidewatch"),
    "tools": resume("# Skills", "Python, Django, DRF, Celery, Redis"),
    "performance": resume("Sped up the Django site considerably by removing repeated queries."),
    "relations": resume("Django developer", "# Skills", "Django, multi-tenancy, polymorphic models"),
    "production": resume("Small Django site for a choir, deployed on PythonAnywhere."),
    "python": resume("Django developer at a publisher of maps.", "# Skills", "Python, Django"),
    "orm": resume("Django developer at a publisher of maps.", "# Skills", "PostgreSQL, Django"),
    "batteries": resume("Django archive: wrote our own login from scratch because regulation forbids software tokens."),
}
#: By signal: what looks like it and is not.
DECOYS: Final = {
    "own-projects": [
        "Blog in Django, from a tutorial.",
        "Netflix clone with Django.",
        "Polls application with Django.",
        "To-do list, Django.",
        "Wrote Django views, forms and templates, fixed bugs.",
        "Played guitar in a trio that honours Django Reinhardt.",
        "I would like to build a Django application for my village and its library.",
    ],
    "tools": [
        "I want to learn Celery and Redis after Django.",
        "Django: two years. No experience with DRF, never used Celery, have not worked with Redis.",
        "Commis chef: celery, leeks and stock. Python in the evening.",
        "Kenntnisse in Redis möchte ich aufbauen, Django kann ich.",
    ],
    "performance": [
        "Raised test coverage of the Django project from 30 % to 80 %.",
        "Grew revenue of the Django shop by 80 %.",
        "80 % test coverage in Python.",
        "Reduced infrastructure cost of our Python services by 20 %.",
        "Bug reports of the Django site down 40 %.",
        "Ten years of Python, 8 of them with Django.",
    ],
    "relations": [
        "Property manager with 320 tenants in multi-tenant office buildings; some Python.",
        "Reported to three hierarchies of a Django agency.",
        "Booked 20+ models for fashion shows; Python on Sundays.",
    ],
    "production": [
        "Django blog with 3 users (my family).",
        "On call as a nurse, 40 patients a night.",
        "Fixed 40 tickets a month of a Django site.",
        "Taught Django to 400 people.",
    ],
    "python": [
        "Django developer; Python tools for log files.",
        "Nine years of Rails.",
        "Played Django Reinhardt on the guitar.",
        "I want to learn Django.",
    ],
    "orm": [
        "Django developer, wrote migrations.",
        "Django and SQL at a bank.",
        "Nine years of Rails.",
        "Django site of a zoo, prefetch_related in the right places.",
    ],
    "expert": [
        "Django expert. Built Seatfinder, a Django application that shows free seats in four libraries.",
        "I am no Django expert. Blog in Django.",
        "Expert in search engine marketing. Blog in Django.",
        "Django expert.",
        "Blog in Django.",
        "Master of Science. Blog in Django.",
    ],
    "batteries": [
        "Django: introduced a custom user model and customised the Django admin.",
        "Used Django's own auth and admin.",
        "Wrote a template engine in Python to understand Django's.",
        "Django portal, built from scratch in four months.",
    ],
}


@pytest.mark.parametrize(("signal", "text"), [(signal, text) for signal, texts in STRONG.items() for text in texts])
def test_it_finds_it_and_quotes_the_sentence(signal: str, text: str) -> None:
    finding = of(signal, resume("Somebody", "", text, "Riding a bicycle."))
    assert (finding.state, finding.weaker) == (FOUND, False)
    assert all(quote.text in text for quote in finding.quotes)
    assert finding.quotes


@pytest.mark.parametrize("signal", list(WEAKER))
def test_it_finds_it_weaker_and_asks_otherwise(signal: str) -> None:
    finding = of(signal, WEAKER[signal])
    assert (finding.state, finding.weaker) == (FOUND, True)
    assert finding.quotes
    assert finding.question == SIGNALS[signal].ask_when_weaker


@pytest.mark.parametrize(("signal", "text"), [(signal, text) for signal, texts in DECOYS.items() for text in texts])
def test_it_leaves_alone_what_only_looks_like_it(signal: str, text: str) -> None:
    finding = of(signal, resume("Somebody", text))
    assert (finding.state, finding.quotes) == (NOT_FOUND, ())


@pytest.mark.parametrize("signal", list(SIGNALS))
def test_a_resume_about_other_things_shows_nothing(signal: str) -> None:
    finding = of(signal, resume("Baker at a mill, 2009 to 2024.", "Bread, rolls, and four apprentices."))
    assert (finding.state, finding.quotes) == (NOT_FOUND, ())
    assert finding.question == SIGNALS[signal].ask_otherwise


@pytest.mark.parametrize("signal", list(SIGNALS))
def test_where_a_page_could_not_be_read_it_might_stand_there(signal: str) -> None:
    document = resume("Baker at a mill, 2009 to 2024.", unread=("Page 2 is a picture.",))
    assert of(signal, document).state == COULD_NOT_READ


@pytest.mark.parametrize("signal", list(SIGNALS))
def test_a_file_without_a_word_could_not_be_read(signal: str) -> None:
    assert of(signal, Document(lines=(), pages=1)).state == COULD_NOT_READ


@pytest.mark.parametrize("signal", ["own-projects", "tools", "performance", "relations", "production", "batteries"])
def test_what_was_found_stays_found_where_another_page_could_not_be_read(signal: str) -> None:
    assert of(signal, resume(STRONG[signal][0], unread=("Page 2 is a picture.",))).state == FOUND


@pytest.mark.parametrize("signal", ["python", "orm"])
def test_what_seems_to_be_missing_is_no_doubt_where_a_page_could_not_be_read(signal: str) -> None:
    missing = STRONG[signal][0]
    assert of(signal, resume(missing)).state == FOUND
    assert of(signal, resume(missing, unread=("Page 2 is a picture.",))).state == COULD_NOT_READ


@pytest.mark.parametrize(("signal", "text"), [("python", "Python tools."), ("orm", "Migrations by the dozen, in SQL.")])
def test_a_doubt_that_the_readable_part_rules_out_stays_ruled_out(signal: str, text: str) -> None:
    document = resume(STRONG[signal][0], f"Wrote these: {text}", unread=("Page 2 is a picture.",))
    assert of(signal, document).state == NOT_FOUND


EXPERT: Final = ("# Profile", "Django expert with passion.", "# Projects", "Blog in Django", "Twitter clone, Django")


def test_an_expert_with_course_projects_alone_is_asked_about_and_both_places_are_quoted() -> None:
    finding = of("expert", resume(*EXPERT))
    assert finding.state == FOUND
    assert [quote.text for quote in finding.quotes] == [EXPERT[1], EXPERT[3], EXPERT[4]]


@pytest.mark.parametrize("left_out", ["Django expert with passion.", "Blog in Django"])
def test_one_of_both_is_no_doubt(left_out: str) -> None:
    texts = [text for text in EXPERT[:4] if text != left_out]
    assert of("expert", resume(*texts)).state == NOT_FOUND


def test_an_expert_with_something_of_their_own_is_none_even_where_a_page_is_missing() -> None:
    document = resume(*EXPERT, STRONG["own-projects"][0], unread=("Page 2 is a picture.",))
    assert of("expert", document).state == NOT_FOUND


def test_an_expert_whose_other_pages_could_not_be_read_is_not_doubted() -> None:
    assert of("expert", resume(*EXPERT, unread=("Page 2 is a picture.",))).state == COULD_NOT_READ


def test_signals_come_in_the_guides_order_and_have_its_colours() -> None:
    assert [signal.guide_line for signal in SIGNALS.values()] == [101, 102, 103, 104, 105, 107, 108, 109, 110]
    assert [signal.is_green for signal in SIGNALS.values()] == [True] * 5 + [False] * 4
    assert [each.signal for each in find(resume("Django"))] == list(SIGNALS)


@pytest.mark.parametrize("signal", list(SIGNALS.values()), ids=lambda signal: signal.id)
def test_it_leads_to_questions_that_the_bank_has(signal: Signal) -> None:
    assert set(signal.bank) <= set(questions())
    assert signal.bank or signal.id == "python"


@pytest.mark.parametrize("signal", list(SIGNALS.values()), ids=lambda signal: signal.id)
def test_no_text_says_what_somebody_understands_or_rates_them(signal: Signal) -> None:
    for text in (str(getattr(signal, field.name)).casefold() for field in fields(signal)):
        for verdict in ("understand", "does not know", "unqualified", "score", "reject", "poor", "bad", "fail"):
            assert verdict not in text.split()
        assert "does not understand" not in text
        assert "doesn't understand" not in text
    for question in (signal.ask_when_found, signal.ask_when_weaker, signal.ask_otherwise):
        assert "?" in question


def test_performance_asks_how_it_was_measured() -> None:
    assert "measured" in of("performance", resume(STRONG["performance"][0])).question


def test_a_missing_database_is_said_to_be_not_mentioned() -> None:
    assert of("orm", resume(STRONG["orm"][0])).question.startswith("Not mentioned")


def test_what_a_line_ends_with_goes_on_in_the_next_and_the_quote_keeps_both() -> None:
    lines = [
        Line(page=1, text=text, section=WORK, left=0.1, top=0.1 + 0.02 * number, width=width, height=0.012)
        for number, (text, width) in enumerate([
            ("Moved mails of the Django shop, which kept visitors wait-", 0.8),
            ("ing at the till, into Celery.", 0.4),
            ("Riding a bicycle.", 0.2),
        ])
    ]  # fmt: skip
    (quote,) = of("tools", Document(lines=lines, pages=1)).quotes
    assert quote.text == f"{lines[0].text}\n{lines[1].text}"
    assert (quote.line, quote.page) == (0, 1)


def test_short_items_below_each_other_are_not_taken_for_one_sentence() -> None:
    lines = [
        Line(page=1, text=text, section="Links", left=0.1, top=0.1 + 0.02 * number, width=0.2, height=0.012)
        for number, text in enumerate(["example.test/me", "django-tidewatch", "django-bunting"])
    ]
    finding = of("own-projects", Document(lines=lines, pages=1))
    assert [quote.text for quote in finding.quotes] == ["django-tidewatch", "django-bunting"]


def test_a_quote_says_its_page_and_its_line() -> None:
    lines = [
        Line(page=1, text="Somebody"),
        Line(page=2, text="Experience", section=WORK),
        Line(page=2, text="Riding. Redis holds the carts of our Python service.", section=WORK),
    ]
    (quote,) = of("tools", Document(lines=lines, pages=2)).quotes
    assert (quote.page, quote.line, quote.text) == (2, 2, "Redis holds the carts of our Python service.")


def test_what_lies_beyond_a_dozen_full_pages_counts_as_not_read() -> None:
    filler = ["Rode a bicycle along the river, and back again in the evening."] * (MOST_LETTERS // 60)
    assert of("tools", resume(*filler, STRONG["tools"][0])).state == COULD_NOT_READ
    assert of("tools", resume(STRONG["tools"][0], *filler)).state == FOUND


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1.",
        "no redis, ",
        "It took 1 s with Django. ",
        "A. ",
        ",",
        "w",
        "django-a",
        "10 aa bb ",
        "own login django; ",
    ],
)
@pytest.mark.timeout(60)
def test_a_hostile_text_costs_seconds_and_no_more(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    lines = [
        Line(page=1, text=text[start : start + 90], left=0.1, top=start / 3e5, width=0.8, height=0.01)
        for start in range(0, len(text), 90)
    ]
    find(Document(lines=lines, pages=1))
    find(Document(lines=(Line(page=1, text=text),), pages=1))


#: Nothing in them is about software, projects, or figures.
UNRELATED: Final = st.sampled_from([
    "Riding a bicycle along the river.",
    "Born in a village by the sea, moved often.",
    "Sang in a choir, mostly alto.",
    "References on request.",
    "Married, two cats.",
])  # fmt: skip
RESUMES: Final = st.sampled_from(labelled())


@settings(max_examples=60, deadline=None)
@given(RESUMES, st.lists(UNRELATED, min_size=1, max_size=4), st.booleans())
def test_unrelated_lines_never_remove_a_quote(written: object, texts: Sequence[str], first: bool) -> None:
    document = written.document  # type: ignore[attr-defined]
    added = tuple(Line(page=1, text=text, section="Further") for text in texts)
    lines = (*added, *document.lines) if first else (*document.lines, *added)
    longer = Document(lines=lines, pages=1, unread=document.unread)
    for before, after in zip(find(document), find(longer), strict=True):
        assert after.state == before.state
        assert [quote.text for quote in after.quotes] == [quote.text for quote in before.quotes]


TEXTS: Final = st.text(
    st.one_of(st.characters(codec="utf-8", exclude_characters="\n"), st.sampled_from("  .-,:;|1%İß•")), max_size=80
) | st.sampled_from([text for texts in STRONG.values() for text in texts])
PLACED: Final = st.builds(
    Line,
    page=st.integers(1, 3),
    text=TEXTS,
    section=st.sampled_from(["", WORK, "Skills", "Goals", "Education"]),
    left=st.floats(0, 0.5),
    top=st.floats(0, 1),
    width=st.floats(0, 1),
    height=st.floats(0, 0.1),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PLACED, max_size=12))
def test_places_always_point_at_the_quoted_words(lines: list[Line]) -> None:
    document = Document(lines=lines, pages=3)
    for finding in find(document):
        for quote in finding.quotes:
            assert document.text[quote.start : quote.end] == quote.text
            assert quote.text.strip()
            before = document.text[: quote.start]
            assert (quote.line, quote.page) == (before.count("\n"), lines[quote.line].page)


@settings(max_examples=40, deadline=None)
@given(st.lists(PLACED, max_size=12))
def test_the_same_document_gives_the_same_findings(lines: list[Line]) -> None:
    assert find(Document(lines=lines, pages=3)) == find(Document(lines=tuple(lines), pages=3))
