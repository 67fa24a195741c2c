"""Names of technology, and words that every developer's résumé has and that say nothing particular."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from djudge.web.resumes.signals import claims
from djudge.web.resumes.signals.claims import is_claimed
from djudge.web.resumes.signals.passages import Passages, Sentence
from djudge.web.resumes.signals.sections import Kind
from djudge.web.resumes.signals.words import Words

#: The framework and what can only be done with it.
DJANGO: Final = Words(
    "django, django*, *django, wagtail, geodjango, drf, djangorestframework, django rest framework, django cms",
    "django rest, mezzanine cms, django_*",
)
#: Others of that name: the guitarist, the western, a dog.
NOT_DJANGO: Final = Words(
    "django reinhardt, reinhardt, django unchained, western, restoration, guitarist, manouche, collie, dog, trio",
    "film, franco nero, jazz, hund, kater, cat",
)

#: Python itself, and libraries that nobody uses without writing Python.
PYTHON: Final = Words(
    "python, python 2, python 3, python2, python3, pythonic, cpython, micropython, pandas, numpy, scipy, asyncio",
    "flask, fastapi, pytest, jupyter, pyspark, sqlalchemy, pydantic, scikit_learn, pytorch, matplotlib, pyqt",
)

OTHER_STACKS: Final = Words(
    "rails, ruby, laravel, symfony, php, spring, java ee, java, node, nestjs, express, wordpress, .net, asp.net",
    "go, kotlin, swift, typo3, magento, perl, cobol, c#",
)

#: Taken out before asking what is left of a sentence that is particular.
NAMES: Final = Words(
    "python, django*, *django, drf, rest, rest api, rest apis, api, apis, celery, redis, postgres*, mysql",
    "mariadb, sqlite, oracle, mongodb, docker, kubernetes, aws, gcp, azure, heroku, linux, nginx, html, css",
    "html5, css3, js, javascript, typescript, react, vue, angular, jquery, bootstrap, tailwind, htmx, git, github",
    "gitlab, sql, ldap, json, jwt, oauth, oauth2, graphql, rabbitmq, kafka, elasticsearch, stripe, cms, orm",
    "flask, fastapi, pandas, pythonanywhere, leaflet, wagtail, framework, mvc, crud, ajax, scss, sass, pytest",
    "selenium, terraform, ansible, channels, postgis, geodjango, java, php, c, go, node, pip, jinja, mvt",
)
GENERIC: Final = Words(
    "a, an, and, the, of, in, on, with, for, from, to, by, at, as, is, was, were, are, be, been, it, its, i, my",
    "me, we, our, us, their, them, they, that, which, who, this, these, those, than, then, or, not, no, using",
    "used, use, via, between, into, over, under, per, also, all, any, some, both, own, new, old, first, second",
    "last, two, three, four, five, six, several, many, various, multiple, different, more, most, other, others",
    "well, very, good, basic, basics, small, smaller, large, larger, simple, complex, complete, full, stack",
    "full stack, front, back, end, frontend, backend, front end, back end, web, software, senior, junior, lead",
    "principal, staff, full time, part time, remote, developer, developers, developed, develop, developing",
    "development, engineer, engineers, engineering, programmer, freelance, freelancer, intern, internship",
    "student, consultant, architect, architecture, team, teams, member, experience, experienced, years, year, yrs",
    "months, month, today, present, now, current, currently, since, until, building, built, build, builds, wrote",
    "write, writing, written, created, create, creating, made, make, making, design*, implement*, maintain*",
    "worked, work, works, working, responsible, responsibility, responsibilities, fixed, fixing, fix, bug, bugs",
    "feature, features, view, views, form, forms, template, templates, model, models, test, tests, testing",
    "tested, code, coded, coding, clean, review, reviews, reviewed, deploy*, app, apps, application, applications",
    "website, websites, site, sites, project, projects, page, pages, service, services, system, systems, platform",
    "platforms, tool, tools, module, modules, package, packages, plugin, plugins, library, libraries, server",
    "servers, database, databases, data, user, users, client, clients, customer, customers, company, companies",
    "product, products, business, solution, solutions, technology, technologies, modern, dynamic, robust",
    "scalable, secure, reusable, best, best practices, agile, scrum, endpoint, endpoints, serializers, viewsets",
    "migrations, admin, production, cloud, microservices, performance, high, quality, fast, responsive, interface",
    "interfaces, integration, role, professional, strong, knowledge, skills, skill, profound, passionate",
    "motivated, expert, beginner, advanced, about, based, including, etc, hosted, online, live, open, source",
    "personal, private, public, together, mostly, sometimes, seven, eight, nine, ten, eleven, twelve, thirteen",
    "fourteen, fifteen, twenty, thirty, hundred, exp, one, time, daily, out, up, down, course, courses, tutorial",
    "tutorials, learned, learnt, plus, part, und, oder, der, die, das, den, dem, des, ein, eine, einer, eines",
    "einem, einen, mit, für, von, im, am, zu, zum, zur, auf, aus, bei, als, ist, ich, wir, entwicklung",
    "entwickelt, entwickler, entwicklerin, softwareentwickler*, webentwickler*, anwendung, anwendungen",
    "webanwendung*, projekt, projekte, seit, heute, jahre, programmiert, erstellt, gebaut, kenntnisse",
    "grundkenntnisse, erfahrung, verschiedene, diverse, seite, eigene",
)
_WORD: Final = re.compile(r"[^\W\d_][\w'’-]*")
#: Any software at all: whoever has none of it means a vegetable by Celery, and a dog by Django.
_ANY: Final = Words(
    "the django, a django, our django, of django, eine django, einer django, der django, die django, neben django",
    "django-*, django's, djangorestframework, django rest framework, geodjango, wagtail, django shop, django portal",
    "django booking*, django system*, django service*, django report*, django archive, django view*, django blog",
    "services, microservice*, monolith, deploy*, login, admin panel, orm, query, queries, database*, datenbank*",
    "python, django_cms, django app*, django team*, django site, django project*, django_*entwickler*, in django",
    "with django, mit django, framework, frameworks, web app*, website, api, apis, web developer, webentwickler*",
    "drf, perl, cobol, assembler, c++, rust, scala, typescript, backend, full_stack, programs, code, sql, java",
    "php, javascript, node, nestjs, ruby, rails, docker, linux, kubernetes, git, laravel, fastapi, flask",
    "software, developer, programming, entwickler*, programmier*, golang, postgres*, mysql, helm, html",
)


def specific_words(text: str) -> Sequence[str]:
    """What a sentence says beyond technology and the words of every such résumé."""
    rest = GENERIC.without(NAMES.without(text))
    return [word for word in _WORD.findall(rest) if len(word) > 2]


def is_stack(text: str) -> bool:
    """Whether it is a list of technologies and names nothing else."""
    return claims.is_list(text) and not specific_words(text)


def django_mentions(passages: Passages) -> Sequence[tuple[Sentence, int]]:
    """Sentences that claim something about Django, and where its name stands in each.

    Where nothing else is about software, Django is somebody's ferret.
    """
    found = []
    is_about_software = is_technical(passages)
    for sentence in passages.sentences:
        span = DJANGO.first(sentence.text) if is_about_software else None
        if span and is_claimed(sentence, span[0]) and not NOT_DJANGO.within(sentence.text):
            found.append((sentence, span[0]))
    return found


def is_of_software(text: str) -> bool:
    """Whether a text names any technology: a kitchen's times are none of ours."""
    return _ANY.within(text) or DJANGO.within(text) or NAMES.within(text) or PYTHON.within(text)


def is_technical(passages: Passages) -> bool:
    """Whether the résumé is about software at all."""
    return any(
        _ANY.within(sentence.text) or (sentence.kind is Kind.SKILLS and DJANGO.within(sentence.text))
        for sentence in passages.sentences
    )
