"""Projects that a résumé names: which are the writer's own, which are of the kind that courses let everybody build."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from djudge.web.resumes.signals import batteries, claims, crowds, technology
from djudge.web.resumes.signals.claims import is_claimed
from djudge.web.resumes.signals.passages import Passages, Sentence
from djudge.web.resumes.signals.sections import Kind
from djudge.web.resumes.signals.words import Words

#: What the usual courses and books have their readers build.
_COURSE_TITLES: Final = Words(
    "poll app*, polls, polls app*, poll application, polling app*, voting app*, umfrage app*, umfrage",
    "to do app*, todo app*, to do list*, todo list*, to do liste*, todo, to do, todos, task manager, notes app, note app",
    "blog, blogs, blog app*, blog application, personal blog, blog site, blogging platform, guestbook, guest book",
    "*clone, clone, *clones, klon, *klon, weather app*, weather dashboard, wetter app, weather site, calculator",
    "quiz app*, online quiz, quiz, chat app*, chat application, portfolio site, portfolio website, personal portfolio",
    "portfolio, library management system, student management system, school management system, hospital management",
    "employee management system, attendance system, tic tac toe, snake, snake game, url shortener, link shortener",
    "expense tracker, budget tracker, number guessing game, guessing game, currency converter, recipe app, movie app",
    "contact book, address book, hello world, mysite, first app, image gallery, social network project",
)
#: Where a project came from, said in so many words.
_COURSE_SOURCES: Final = Words(
    "tutorial, tutorials, official tutorial, from a course, online course, udemy, youtube, followed along, following along",
    "video, videos, video course, playlist, codecademy, freecodecamp, nach einem kurs, aus einem kurs",
    "django for beginners, django girls, university assignment, from the book, step by step",
)
#: Somebody made it.
_MADE: Final = Words(
    "built, build, builds, building, wrote, write, written, rewrote, rewritten, develop*, design*, created, made, own",
    "maintain*, implement*, rebuilt, rebuild, run, runs, architected, started, founded",
    "launched, programmed, introduced, responsible, work on, worked on, maintained, kept, sold, took over, prototype*",
    "moved, owned, looked after, look after, contribut*, extended, replaced, my part, i did",
    "gebaut, entwickel*, entwickl*, programmier*, erstellt, aufgebaut, umgesetzt, *entwicklung, betreu*, konzipiert",
    "eigenentwicklung, geschrieben, abschlussprojekt, realisier*",
)
#: A thing that people make with Django.
_THING: Final = Words(
    "application, app, apps, web app*, platform, *platform, system, *system, portal, *portal, site, *site, website, shop",
    "*shop, service, api, apis, register, registry, database, catalogue, catalog, tool, dashboard, product, crm, cms, erp",
    "marketplace, back office, back end, module, modules, board, project, intranet, archive, tracker, planner, finder",
    "monolith, exchange, map, directory, editor, ledger, workflow, software, engine, pipeline, clone, back ends",
    "*verwaltung, anwendung, *anwendung, *planung, *planer, *verfolgung, seite, *seite, *ausgabe, *buchung",
    "reservation*, booking*, scheduling, management, *tool, calendar, feed, wiki, forum, helpdesk, inventory, checkout",
)
#: What somebody did to a project that is not building it.
_NOT_BUILDING: Final = Words(
    "taught, teach, teaching, tutor, raised, penetration tests, pen tests, tested, qa, speaker, participated, rotation",
    "gave a talk, a talk, workshops, workshop on, other people's, reviewed, read, installed, learned django, interest",
    "recruited, years of experience, code base, codebase, upgraded, deprecations, test coverage, site reliability",
    "firm on, company on, a firm, code reviews, rescue work",
)
#: The title of a job is no project.
_ROLE: Final = Words(
    "developer, engineer, programmer, architect, consultant, intern, trainee, freelancer, contractor, *entwickler, lead",
    "*entwicklerin, programmierer, programmiererin, guru, expert, team lead, tech lead, cto, founder, trainer",
)
_ADMINISTERED: Final = Words("installed, set up, administer, administered, configured")
#: A name of one's own: a package, a repository.
_PACKAGE: Final = re.compile(r"(?<![\w/])django-[a-z][a-z0-9-]{3,}\b")
_KNOWN_PACKAGES: Final = Words(
    "django-allauth, django-filter, django-polymorphic, django-treebeard, django-mptt, django-guardian, django-tenants",
    "django-redis, django-environ, django-storages, django-extensions, django-debug-toolbar, django-rest-framework",
    "django-channels, django-celery-beat, django-htmx, django-import-export, django-crispy-forms, django-silk",
    "django-model-utils, django-reversion, django-compressor, django-ninja, django-cms, django-admin, django-basiert*",
)
_FEWEST_WORDS: Final = 3
_FEWEST_IN_ENTRY: Final = 4
#: So many say which thing it is, even if no word says "thing".
_ENOUGH: Final = 6


@dataclass(frozen=True, slots=True)
class Projects:
    """Sentences by what they name."""

    own: Sequence[Sentence]
    named_only: Sequence[Sentence]
    of_courses: Sequence[Sentence]
    #: Work with Django that names no project.
    other_work: Sequence[Sentence]


def projects_of(passages: Passages) -> Projects:
    """Every sentence in which Django is claimed, or that stands in an entry where it is."""
    near = {sentence.entry for sentence, _ in technology.django_mentions(passages)}
    near |= {sentence.entry for sentence in passages.sentences if technology.DJANGO.within(sentence.section)}
    paragraphs = {sentence.block for sentence, _ in technology.django_mentions(passages)}
    sorted_out: dict[str, list[Sentence]] = {"own": [], "named": [], "course": [], "work": []}
    for sentence in passages.sentences:
        paragraph = passages.paragraphs[sentence.block] if sentence.block in paragraphs else ""
        if sentence.entry in near and (kind := _sort(sentence, paragraph)):
            sorted_out[kind].append(sentence)
    return Projects(sorted_out["own"], sorted_out["named"], sorted_out["course"], sorted_out["work"])


def _sort(sentence: Sentence, paragraph: str) -> str:
    """What one sentence names; nothing for most. `paragraph` is the one around it if that names Django."""
    text = sentence.text
    if sentence.kind in (Kind.SKILLS, Kind.WISHES):
        return ""
    if is_of_a_course(sentence):
        return "course"
    if batteries.is_built_anew(sentence) or batteries.is_to_learn(sentence):
        return ""
    if _is_package(text) and not claims.is_heard_of(sentence):
        return "own" if len(technology.specific_words(text)) >= _FEWEST_IN_ENTRY else "named"
    span = technology.DJANGO.first(text)
    says_django = span is not None and is_claimed(sentence, span[0]) and not technology.NOT_DJANGO.within(text)
    if claims.is_study(sentence) or _NOT_BUILDING.within(text):
        return ""
    if _is_title_of_a_job(sentence):
        return "work" if says_django else ""
    if _ADMINISTERED.within(text):
        return "named" if says_django and _MADE.within(text) else ""
    if says_django:
        return _of_django(text, paragraph)
    begins = paragraph.startswith(text) and not sentence.is_title
    return "own" if begins and _is_told(paragraph, _FEWEST_IN_ENTRY) else ""


def _of_django(text: str, paragraph: str) -> str:
    if technology.is_stack(text):
        return ""
    words = len(technology.specific_words(text))
    if words >= _FEWEST_IN_ENTRY or _is_told(text, _FEWEST_WORDS):
        return "own"
    if words and (_is_told(paragraph, _FEWEST_IN_ENTRY) or len(technology.specific_words(paragraph)) >= _ENOUGH):
        return "own"
    return "named" if _is_told(text, 1) else "work" if _MADE.within(text) else ""


def _is_title_of_a_job(sentence: Sentence) -> bool:
    text = sentence.text
    if not _ROLE.within(text):
        return False
    # "Django developer: filing of documents by solicitors" says more than the title.
    if len(technology.specific_words(text.partition(": ")[2])) >= _FEWEST_WORDS:
        return False
    return sentence.is_title or not (_THING.within(text) or _MADE.within(_ROLE.without(text)))


def _is_told(text: str, fewest: int) -> bool:
    """Whether there is a thing, and enough words that say which."""
    return (_THING.within(text) or _MADE.within(text)) and len(technology.specific_words(text)) >= fewest


def _is_package(text: str) -> bool:
    match = _PACKAGE.search(text)
    return match is not None and not _KNOWN_PACKAGES.within(match.group())


def is_of_a_course(sentence: Sentence) -> bool:
    """Whether it is a project that courses let everybody build; people who use it make it one's own."""
    if sentence.kind in (Kind.SKILLS, Kind.WISHES):
        return False
    if is_from_a_course(sentence):
        return True
    return _COURSE_TITLES.within(sentence.text) and not crowds.uses(sentence.text)


def is_from_a_course(sentence: Sentence) -> bool:
    """Whether it says so."""
    return _COURSE_SOURCES.within(sentence.text)
