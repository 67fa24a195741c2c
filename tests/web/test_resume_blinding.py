"""Blind: who somebody is stands hidden in their résumé, what they did stands there, and nothing else is touched."""

from __future__ import annotations

from itertools import pairwise

import pytest

from djudge.web.resumes.blinding import hidden, hidden_in
from djudge.web.resumes.document import Document, Line

NAME = "Ada Marie Applicant"


def shown(*lines: tuple[str, str], name: str = NAME) -> list[str]:
    """The lines as somebody sees them, with what is hidden in brackets."""
    document = Document(lines=tuple(Line(page=1, section=section, text=text) for section, text in lines), pages=1)
    text, at = "", 0
    for span in hidden(document, name=name):
        text += document.text[at : span.start] + f"[{span.what}]"
        at = span.end
    return (text + document.text[at:]).split("\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ada Applicant", "[name]"),
        ("ADA M. APPLICANT", "[name]"),
        ("Applicant, Ada", "[name], [name]"),
        ("Dr. Ada Applicant – Django developer", "Dr. [name] – Django developer"),
        ("ada@example.org", "[e-mail address]"),
        ("E-mail: a.applicant+jobs@mail.example.co.uk · Cologne", "E-mail: [e-mail address] · Cologne"),
        ("ada (at) example.org", "[e-mail address]"),
        ("+49 221 555-01 23", "[telephone number]"),
        ("(0221) 5550123", "[telephone number]"),
        ("Mobil: 0171/5550123", "Mobil: [telephone number]"),
        ("https://ada.dev/cv?x=1", "[link]"),
        ("github.com/ada-a | linkedin.com/in/ada", "[link] | [link]"),
        ("GitHub: adacodes · ada.dev", "GitHub: [link] · [link]"),
        ("Date of birth: 12.03.1990", "Date of birth: [about the person]"),
        ("geb. 12. März 1990 in Köln", "geb. [about the person]"),
        ("*12.03.1990", "*[about the person]"),
        ("Nationality: Austrian | Born 1990", "Nationality: [about the person] | Born [about the person]"),
        ("35 years old", "[about the person]"),
        ("Senior Django developer, 8 years of Python", "Senior Django developer, 8 years of Python"),
        ("ASP.NET, Node.js, Django 5.2", "ASP.NET, Node.js, Django 5.2"),
    ],
)  # fmt: skip
def test_in_the_lines_about_the_person_what_tells_who_it_is_is_hidden(text: str, expected: str) -> None:
    assert shown(("", text)) == [expected]
    assert shown(("Contact", text)) == [expected]
    assert shown(("Persönliche Daten", text)) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Reduced query time by 80 % between 2019 and 2023",
        "06/2019 – 05/2023  Acme GmbH, Cologne",
        "01.06.2019 - 31.05.2023",
        "2019-2023",
        "Served 10 000 000 requests a day and 1.200.000 users",
        "Handled 12345678 rows in 1.5 s",
        "ASP.NET, Node.js, socket.io, Django REST framework 3.15.2",
        "Taught at the University of Cologne for three years",
        "Will maintain it: a grant of the city, in March and May",
        "Master of the release, school of hard knocks",
        "University Hospital Bonn, Python developer since 2019",
        "Built a contact form, an address book and a phone directory",
        "Children's shop with Django, pages by age group",
    ],
)
def test_what_somebody_did_stands_there_whole(text: str) -> None:
    assert shown(("Experience", text)) == [text]
    assert shown(("Projects", text)) == [text]


def test_their_name_and_how_to_reach_them_are_hidden_wherever_they_stand() -> None:
    assert shown(("Experience", "Applicant & Sons, founded by Ada Applicant")) == ["[name] & Sons, founded by [name]"]
    assert shown(("References", "Ask bob@example.com or +49 171 5550123")) == [
        "Ask [e-mail address] or [telephone number]"
    ]
    assert shown(("Projects", "https://github.com/ada/shop, a shop with Django")) == ["[link], a shop with Django"]


def test_a_name_that_is_a_word_of_the_trade_hides_the_word_beside_the_name_alone() -> None:
    lines = (("", "Django Will"), ("Experience", "Django and Redis. Will maintain it"), ("", "Django Will, page 2"))
    assert shown(*lines, name="Django Will") == ["[name]", "Django and Redis. Will maintain it", "[name], page 2"]


def test_accents_and_case_make_no_difference_to_a_name() -> None:
    assert shown(("", "JOSÉ GARCÍA"), name="Jose Garcia") == ["[name]"]
    assert shown(("Experience", "Jose Garcia built it"), name="José García") == ["[name] built it"]
    assert shown(("", "عادل إمام"), name="عادل إمام") == ["[name]"]


def test_another_name_in_the_first_line_than_the_one_they_applied_with_is_hidden_and_a_title_is_not() -> None:
    assert shown(("", "Adelheid Bewerberin"), name="Heidi B.")[0] == "[name]"
    assert shown(("", "Curriculum Vitae"), ("", "Ada Applicant")) == ["Curriculum Vitae", "[name]"]
    assert shown(("", "Django Developer"), name="Heidi B.")[0] == "Django Developer"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BSc Computer Science, University of Cologne  2016", "BSc Computer Science, [school]  [year]"),
        ("10/2012 – 09/2016  M.Sc. Informatik, TU München", "[year] – [year]  M.Sc. Informatik, [school]"),
        ("MIT, Master of Science in Physics (2011–2013)", "[school], Master of Science in Physics ([year]–[year])"),
        ("Städtisches Gymnasium Köln | Abitur 2009", "[school] | Abitur [year]"),
        ("Sorbonne – Licence, 2008", "[school] – [school], [year]"),
        ("Bachelor of Arts at Imperial College London", "Bachelor of Arts at [school]"),
        ("Thesis: how PostgreSQL plans joins over many tables", "Thesis: how PostgreSQL plans joins over many tables"),
        ("Grade: 1.3", "Grade: 1.3"),
        ("Bachelor mit Auszeichnung", "Bachelor mit Auszeichnung"),
    ],
)
def test_below_a_heading_of_education_schools_and_years_are_hidden_and_degrees_are_not(
    text: str, expected: str
) -> None:
    assert shown(("Education", text)) == [expected]
    assert shown(("AUSBILDUNG", text)) == [expected]


def test_elsewhere_a_school_is_hidden_where_somebody_graduated_and_not_where_they_worked() -> None:
    assert shown(("Profile", "Graduated from Imperial College London in 2015, now with Django")) == [
        "Graduated from [school] in [year], now with Django"
    ]
    worked = "Developer at University of Cologne, 2016 – 2019"
    assert shown(("Experience", worked)) == [worked]
    assert shown(("Weiterbildung", "Django-Kurs 2021, Volkshochschule")) == ["Django-Kurs 2021, Volkshochschule"]


def test_only_the_lines_above_the_first_heading_are_about_the_person_however_long_a_text_is() -> None:
    lines = [("", f"Built something in release 1.{n}, 12.03.2019") for n in range(30)]
    kept = [line for line in shown(*lines) if "about" not in line]
    assert len(kept) == 20


def test_what_colleagues_wrote_hides_the_name_too() -> None:
    text = "Ada told us on the phone: ada@example.org is new."
    spans = [text[span.start : span.end] for span in hidden_in(text, name=NAME)]
    assert spans == ["Ada", "ada@example.org"]


def test_nothing_is_hidden_twice_and_places_fit_the_text() -> None:
    text = "Ada Applicant, University of Cologne 2016, ada@example.org"
    lines = tuple(Line(page=1, section="Education", text=text) for _ in range(9))
    document = Document(lines=lines, pages=1)
    spans = hidden(document, name=NAME)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert all("\n" not in document.text[span.start : span.end] for span in spans)
