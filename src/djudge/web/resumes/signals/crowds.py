"""Crowds that something serves: a number, and people, organisations or orders; no unit and no part of code."""

from __future__ import annotations

import re
from typing import Final

from djudge.web.resumes.signals.words import Words

#: "4,000", "2.1 M", "110 000", "300k", "forty", "some 80".
_NUMBER: Final = (
    r"(?:(?<![\d.,'’])(?:\d\d|\d[.,'’]\d|\d(?=[ \u00a0]\d{3}|\s?(?:k|m|mio|million)))[\d.,'’]*(?:[ \u00a0]\d{3}){0,4}"
    r"\s?(?:k|m|million|millions|thousand|mio\.?|tsd\.?|millionen)?\b"
    r"|\b(?:ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy"
    r"|eighty|ninety|hundred|hundreds of|thousand|thousands of|a thousand|zwölf|zwanzig|hundert|tausend)\b)"
)
#: A handful is no crowd; a word that ties stands for something else: "120 bugs before customers did".
_BETWEEN: Final = r"(?:(?!(?:before|after|of|for|in|to|by|when|and|with|from|on|at)\b)[^\W\d]+\s+){0,2}"
#: Those who use software, in nouns that turn up in résumés.
_PEOPLE: Final = (
    "users|registered users|customers|clients|members|people|employees|colleagues|staff|readers|visitors|players|riders"
    "|families|households|residents|citizens|farmers|farms|students|pupils|schools|teachers|universities|institutes"
    "|companies|businesses|firms|shops|stores|branches|offices|hospitals|clinics|practices|nurses|doctors"
    "|patients|agents|officials|merchants|volunteers|participants|applicants|clubs|associations|councils|museums"
    "|libraries|pharmacies|restaurants|hotels|cinemas|gyms|bakeries|dealerships|tenants|accounts|countries|cities|towns"
    "|villages|departments|municipalities|agencies|warehouses|stations|venues|suppliers|subscriptions|devices"
    "|nutzer|nutzerinnen|benutzer|kunden|mitarbeiter|mitarbeitende|mandanten|filialen|schulen|vereine|abteilungen"
    "|haushalte|anwender|anwenderinnen|standorte|händler|kliniken|praxen|ärzte|patienten|leser|mitglieder|firmen"
)
#: "lawyers", "organists", "donors", "librarians": people by what they do; things that end alike are taken out.
_AGENTS: Final = (
    r"(?!(?:numbers|servers|orders|papers|containers|layers|workers|serializers|controllers|errors|sensors|developers"
    r"|processors|answers|filters|letters|headers|counters|parameters|triggers|vectors|managers|meters|factors|others"
    r"|programmers|testers|computers|chapters|posters|monitors|tutors|quarters|clusters|indicators|characters"
    r"|newspapers|winners)\b)"
    r"[^\W\d]{3,}(?:ers|ists|ors|ians|men|innen)"
)
_SERVED: Final = re.compile(rf"{_NUMBER}\s*{_BETWEEN}(?:{_PEOPLE}|{_AGENTS})\b", re.IGNORECASE)
#: "14,000 parcels a day", "900 submissions a second": how much passes through. Not "3 days a week".
_RATE: Final = re.compile(
    rf"{_NUMBER}\s*(?:[^\W\d]+\s+){{0,3}}?(?!days?\b|hours?\b|h\b|nights?\b|times?\b|minutes?\b|mornings?\b|"
    rf"meetings?\b|tage?\b|stunden?\b|releases?\b)[^\W\d]{{4,}}\s+"
    r"(?:(?:a|per|each|every|pro|je|in der|im|am|on a)\s+(?:second|minute|hour|day|night|week|month|year|saturday"
    r"|sunday|sekunde|minute|stunde|tag|nacht|woche|monat|jahr)|daily|monthly|yearly|täglich|monatlich|jährlich)\b"
    rf"|{_NUMBER}\s?/\s?(?:s|sec|day|h|d|tag|week|month)\b",
    re.IGNORECASE,
)
#: "for 60 mechanics", "in 41 wards": served, unless it is time, money, or a part of code.
_FOR: Final = re.compile(
    r"\b(?:for|by|in|at|für|von|in)\s+(?:about\s+|some\s+|over\s+|more than\s+|rund\s+)?\d[\d.,]*k?\s+(?:[^\W\d]+\s+)?"
    r"(?!(?:years|months|weeks|days|hours|minutes|seconds|ms|lines|queries|models|tables|tests|fields?|types|percent"
    r"|languages|projects|steps|courses|endpoints|microservices|services|modules|pages|views|commits|requests|calls"
    r"|releases|sprints|processes|threads|gigabytes|rows|files|photos|students|bugs|jahre|jahren|monate|monaten|tage"
    r"|tagen|stunden|minuten|sekunden|zeilen|tabellen|modelle|sensors|servers|developers|engineers|terms|articles)\b)"
    r"[^\W\d]{3,}s\b",
    re.IGNORECASE,
)
#: "60 breweries rent it", "23 Museen nutzen es": whoever does that is served.
_USING: Final = re.compile(
    rf"{_NUMBER}\s+{_BETWEEN}[^\W\d]{{3,}}\s+(?:use|uses|used|edit|rent|pay|book|booked|depend|rely|order|ordered"
    r"|work with|signed up|contribute|nutzen|benutzen|arbeiten|melden|buchen|bestellen)\b",
    re.IGNORECASE,
)
#: What a developer got through, not what passed through.
_DONE: Final = Words("fixed, closed, resolved, behoben")
#: They are taught, led, hired; or they are the writer's own colleagues in making it: no users.
_NOT_SERVED: Final = Words(
    "taught, hired, team of, led teams, managed, mentor*, staff of, trained, developers, engineers, coached",
)


def uses(text: str) -> bool:
    """Whether a crowd is told of that something serves."""
    if _USING.search(text):
        return True
    if _RATE.search(text):
        return not _DONE.within(text)
    if _NOT_SERVED.within(text):
        return False
    return _SERVED.search(text) is not None or _FOR.search(text) is not None
