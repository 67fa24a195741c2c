"""What the section of a résumé is about, told by its heading, or by the label with which a line begins."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Final

from djudge.web.resumes.signals.words import Words, folded


class Kind(Enum):
    """Who reads "Celery" below "Skills" reads a claim; below "Goals" a wish; below "Courses" something heard of."""

    SKILLS = auto()
    WISHES = auto()
    STUDY = auto()
    LEISURE = auto()
    OTHER = auto()


#: In this order: "Tools I wrote" are projects, "Skills I want to learn" a wish, "Skills and interests" are skills.
_HEADINGS: Final = (
    (Kind.OTHER, Words("wrote, built, made, did, done, written, projects, projekte, experience, work, gebaut")),
    (
        Kind.WISHES,
        Words(
            "wish, wishes, wants, has tried, goals, ambition, ambitions, looking for, objective, career objective",
            "learning, learns, want to learn, next, not yet, aspirations, wunsch, wünsche, ziel, ziele",
            "berufsziel, lernziele, plans",
        ),
    ),
    (
        Kind.SKILLS,
        Words(
            "*skills, skill set, skills and tools, stack, tech stack, technologies, tech, technology, tools",
            "toolbox, competencies, competences, competence, expertise, kenntnisse, *kenntnisse, fähigkeiten",
            "kompetenzen, schwerpunkte, technologien, werkzeuge, know, know how, technical, keywords",
            "stack i know, rating, languages and tools, focus areas",
        ),
    ),
    (
        Kind.STUDY,
        Words(
            "education, studies, study, courses, coursework, course work, certificates, certifications, training",
            "degree, school, qualification*, academic background, ausbildung, studium, weiterbildung, schule",
            "zertifikate, schulungen, abschluss, formation, bildung",
        ),
    ),
    (
        Kind.LEISURE,
        Words(
            "hobbies, hobby, hobbys, interests, loisirs, interessen, leisure, personal, music, awards, talks",
            "speaking, vorträge",
        ),
    ),
)
#: "Languages" are spoken ones or programming ones: a list in either case.
_LISTS: Final = Words("languages, sprachen")
_LABEL: Final = re.compile(r"\s*([^\W\d_][\w &/]{2,28}?)\s*(?::|\s{2,}|\|)\s*\S")


def kind_of(heading: str, text: str = "") -> Kind:
    """Of a heading; a line that begins with a label of its own ("Skills: …", a table's first cell) counts by that."""
    label = _LABEL.match(folded(text[:80]))
    if label and (kind := _kind(label.group(1))) is not Kind.OTHER:
        return kind
    return _kind(folded(heading))


def _kind(heading: str) -> Kind:
    if not heading or len(heading.split()) > 5:
        return Kind.OTHER
    if _LISTS.within(heading):
        return Kind.SKILLS
    return next((kind for kind, words in _HEADINGS if words.within(heading)), Kind.OTHER)
