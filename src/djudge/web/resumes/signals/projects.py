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
    "to do app*",
    "todo app*, to do list*, todo list*, to do liste*, todo, to do, todos, task manager, notes app, note app",
    "blog, blogs, blog app*, blog application, personal blog, blog site, blogging platform, guestbook",
    "guest book",
    "*clone, clone, *clones, klon, *klon, weather app*, weather dashboard, wetter app, weather site",
    "calculator",
    "quiz app*, online quiz, quiz, chat app*, chat application, portfolio site, portfolio website",
    "personal portfolio, portfolio, library management system, student management system",
    "school management system, hospital management, employee management system, attendance system, tic tac toe",
    "snake, snake game, url shortener, link shortener, expense tracker, budget tracker, number guessing game",
    "guessing game, currency converter, recipe app, movie app, contact book, address book, hello world, mysite",
    "first app, image gallery, social network project",
)
#: Where a project came from, said in so many words.
_COURSE_SOURCES: Final = Words(
    "tutorial, tutorials, official tutorial, from a course, online course, udemy, youtube, followed along",
    "following along, video, videos, video course, playlist, codecademy, freecodecamp, nach einem kurs",
    "aus einem kurs, django for beginners, django girls, university assignment, from the book, step by step",
)
#: Somebody made it.
_MADE: Final = Words(
    "built, build, builds, building, wrote, write, written, rewrote, rewritten, develop*, design*",
    "created, made",
    "own, maintain*, implement*, rebuilt, rebuild, run, runs, architected, started, founded, launched",
    "programmed",
    "introduced, responsible, work on, worked on, maintained, kept, sold, took over, prototype*, moved, owned",
    "looked after, look after, contribut*, extended, replaced, my part, i did, gebaut, entwickel*, entwickl*",
    "programmier*, erstellt, aufgebaut, umgesetzt, *entwicklung, betreu*, konzipiert, eigenentwicklung",
    "geschrieben, abschlussprojekt, realisier*",
)
#: A thing that people make with Django.
_THING: Final = Words(
    "application, app, apps, web app*, platform, *platform, system, *system, portal, *portal, site, *site",
    "website, shop, *shop, service, api, apis, register, registry, database, catalogue, catalog, tool",
    "dashboard",
    "product, crm, cms, erp, marketplace, back office, back end, module, modules, board, project, intranet",
    "archive, tracker, planner, finder, monolith, exchange, map, directory, editor, ledger, workflow, software",
    "engine, pipeline, clone, back ends, *verwaltung, anwendung, *anwendung, *planung, *planer, *verfolgung",
    "seite, *seite, *ausgabe, *buchung, reservation*, booking*, scheduling, management, *tool, calendar, feed",
    "wiki, forum, helpdesk, inventory, checkout",
)
#: What somebody did to a project that is not building it.
_NOT_BUILDING: Final = Words(
    "taught, teach, teaching, tutor, raised, penetration tests, pen tests, tested, qa, speaker, participated",
    "rotation, gave a talk, a talk, workshops, workshop on, other people's, reviewed, read, installed",
    "learned django, interest, recruited, years of experience, code base, codebase, upgraded, deprecations",
    "test coverage, site reliability, firm on, company on, a firm, code reviews, rescue work",
)
#: The title of a job is no project.
_ROLE: Final = Words(
    "developer, engineer, programmer, architect, consultant, intern, trainee, freelancer, contractor",
    "*entwickler",
    "lead, *entwicklerin, programmierer, programmiererin, guru, master, ninja, wizard, expert, experte",
    "expertin, profi, team lead",
    "tech lead, cto, founder, trainer",
)
_ADMINISTERED: Final = Words("installed, set up, administer, administered, configured")
#: A name of one's own: a package, a repository.
_PACKAGE: Final = re.compile(r"(?<![\w/])django-[a-z][a-z0-9-]{3,}\b")
_KNOWN_PACKAGES: Final = Words(
    "django-allauth, django-filter, django-polymorphic, django-treebeard, django-mptt, django-guardian",
    "django-tenants, django-redis, django-environ, django-storages, django-extensions, django-debug-toolbar",
    "django-rest-framework, django-channels, django-celery-beat, django-htmx, django-import-export",
    "django-crispy-forms, django-silk, django-model-utils, django-reversion, django-compressor, django-ninja",
    "django-cms, django-admin, django-basiert*, django-expert*, django-entwickl*, django-anwendung*",
    "django-projekt*, django-app*",
    "django-seite*, django-system*, django-kurs*, django-based, django-powered, django-developer*",
    "django-team*",
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
    mentions = technology.django_mentions(passages)
    near = {sentence.entry for sentence, _ in mentions}
    near |= {sentence.entry for sentence in passages.sentences if technology.DJANGO.within(sentence.section)}
    of_things = {sentence.block for sentence, _ in mentions if not _is_title_of_a_job(sentence)}
    tells = {block: _tells(passages.paragraphs[block]) for block in of_things}
    sorted_out: dict[str, list[Sentence]] = {"own": [], "named": [], "course": [], "work": []}
    before = -1
    for sentence in passages.sentences:
        if sentence.entry in near:
            is_first = sentence.block != before
            if kind := _sort(sentence, tells.get(sentence.block, False), is_first=is_first):
                sorted_out[kind].append(sentence)
        before = sentence.block
    return Projects(sorted_out["own"], sorted_out["named"], sorted_out["course"], sorted_out["work"])


def _tells(paragraph: str) -> bool:
    """Whether a paragraph that names Django says which thing it is about."""
    words = len(technology.specific_words(paragraph))
    return words >= _ENOUGH or (words >= _FEWEST_IN_ENTRY and _names_a_thing(paragraph))


def _sort(sentence: Sentence, paragraph_tells: bool, *, is_first: bool) -> str:
    """What one sentence names; nothing for most. `paragraph_tells` is said of the paragraph around it."""
    text = sentence.text
    if sentence.kind in (Kind.SKILLS, Kind.WISHES):
        return ""
    if is_of_a_course(sentence):
        return "course"
    if batteries.is_built_anew(sentence) or batteries.is_to_learn(sentence):
        return ""
    if _is_package(text) and not claims.is_heard_of(sentence):
        return "own" if len(technology.specific_words(text)) >= _FEWEST_IN_ENTRY else "named"
    if claims.is_study(sentence) or _NOT_BUILDING.within(text):
        return ""
    return _of_work(sentence, paragraph_tells, is_first=is_first)


def _of_work(sentence: Sentence, paragraph_tells: bool, *, is_first: bool) -> str:
    text = sentence.text
    span = technology.DJANGO.first(text)
    says_django = span is not None and is_claimed(sentence, span[0]) and not technology.NOT_DJANGO.within(text)
    if _is_title_of_a_job(sentence):
        return "work" if says_django else ""
    if _ADMINISTERED.within(text):
        return "named" if says_django and _MADE.within(text) else ""
    if says_django:
        return _of_django(text, paragraph_tells)
    return "own" if is_first and paragraph_tells and not sentence.is_title else ""


def _of_django(text: str, paragraph_tells: bool) -> str:
    if technology.is_stack(text):
        return ""
    words = len(technology.specific_words(text))
    if words >= _FEWEST_IN_ENTRY or (words >= _FEWEST_WORDS and _names_a_thing(text)) or (words and paragraph_tells):
        return "own"
    return "named" if words and _names_a_thing(text) else "work" if _MADE.within(text) else ""


def _names_a_thing(text: str) -> bool:
    return _THING.within(text) or _MADE.within(text)


def _is_title_of_a_job(sentence: Sentence) -> bool:
    text = sentence.text
    if not _ROLE.within(text):
        return False
    # "Django developer: filing of documents by solicitors" says more than the title.
    if len(technology.specific_words(text.partition(": ")[2])) >= _FEWEST_WORDS:
        return False
    return sentence.is_title or not (_THING.within(text) or _MADE.within(_ROLE.without(text)))


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
