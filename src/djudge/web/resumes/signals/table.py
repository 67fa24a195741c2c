"""The guide's nine signs of a résumé (its lines 101 to 110) in our words, and what to ask about each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from djudge.web.resumes.signals.findings import Signal

_GREEN: Final = (
    Signal(
        id="own-projects",
        guide_line=101,
        is_green=True,
        title="Django projects of their own",
        meaning="The résumé tells of a particular thing built with Django and what it was for, beyond what courses "
        "let everybody build (polls, a blog, a to-do list, a clone).",
        ask_when_found="What was your own part in this project, and what would you build differently today?",
        ask_when_weaker="Which Django project did you go furthest with, and which part of it was not in any course?",
        ask_otherwise="Not mentioned: which thing that you built with Django would you like to tell about?",
        bank=("what-is-django-for", "model-a-domain"),
    ),
    Signal(
        id="tools",
        guide_line=102,
        is_green=True,
        title="REST Framework, Celery or Redis at work",
        meaning="A sentence says what one of the usual companions of Django was used for. "
        "A name that stands in a list of skills alone counts as weaker.",
        ask_when_found="What did this tool do in that system, and what went wrong with it once?",
        ask_when_weaker="It stands in your list of skills: where have you used it, and what for?",
        ask_otherwise="Not mentioned: how did you build interfaces, background work and caches so far?",
        bank=("build-an-api", "background-tasks", "caching-strategy"),
    ),
    Signal(
        id="performance",
        guide_line=103,
        is_green=True,
        title="Something made faster, with a number",
        meaning="An action, what was measured, and a number: a share, a factor, times before and after, queries.",
        ask_when_found="How was this number measured, before and after, and which change brought most of it?",
        ask_when_weaker="By how much did it get faster, and how was that measured?",
        ask_otherwise="Not mentioned: tell me about something that you made faster. How did you know that it was?",
        bank=("slow-query", "n-plus-one"),
    ),
    Signal(
        id="relations",
        guide_line=104,
        is_green=True,
        title="Models with many relations",
        meaning="Several customers in one system, many-to-many relations with a table of their own, models of many "
        "kinds, trees, or a great number of models.",
        ask_when_found="Draw the models around this. Where does each relation live, and what happens on deletion?",
        ask_when_weaker="How did the models hang together? Draw those around the most difficult relation.",
        ask_otherwise="Not mentioned: what was the most tangled set of models that you worked with?",
        bank=("model-a-domain", "catalogue-and-cart"),
    ),
    Signal(
        id="production",
        guide_line=105,
        is_green=True,
        title="Django in production",
        meaning="Something with Django ran for others: users, traffic, releases, monitoring, being on call.",
        ask_when_found="What happened the last time something broke there? How did you notice, and what did you do?",
        ask_when_weaker="Who used it, and how did a change of yours get there?",
        ask_otherwise="Not mentioned: what of yours has run for other people, and who looked after it?",
        bank=("structure-for-scale",),
    ),
)

_RED: Final = (
    Signal(
        id="python",
        guide_line=107,
        is_green=False,
        title="Django, and no Python besides",
        meaning="Django is named, work with Python itself is not. "
        "Many leave it out because it goes without saying: ask. Python in a list of skills makes this doubt weak.",
        ask_when_found="Your résumé names Django and not Python itself: "
        "what have you written in Python that had nothing to do with Django?",
        ask_when_weaker="Python stands in your list of skills: what have you written in it apart from Django?",
        ask_otherwise="What have you written in Python that had nothing to do with Django?",
    ),
    Signal(
        id="orm",
        guide_line=108,
        is_green=False,
        title="ORM and database work not mentioned",
        meaning="Django is named, and no word about its ORM, queries, models or a database. "
        "A résumé can't say what somebody knows: not mentioned, ask. A database in a list of skills makes it weak.",
        ask_when_found="Not mentioned, so asked: what does Django's ORM do for you, and when do you look at its SQL?",
        ask_when_weaker="A database stands in your list of skills: what have you done with it through Django's ORM?",
        ask_otherwise="What does Django's ORM do for you, and when do you look at its SQL?",
        bank=("what-is-the-orm", "n-plus-one"),
    ),
    Signal(
        id="expert",
        guide_line=109,
        is_green=False,
        title="Calls themselves an expert, names course projects",
        meaning="The résumé rates its writer an expert in Django, and all projects that it names are of the kind that "
        "courses let everybody build. Both are quoted. Work under secrecy looks the same: ask.",
        ask_when_found="Which Django work of yours is not on the résumé, and what was the hardest part of it?",
        ask_when_weaker="Which Django work of yours went beyond the courses?",
        ask_otherwise="How would you rate yourself in Django, and by what would I notice?",
        bank=("n-plus-one", "structure-for-scale"),
    ),
    Signal(
        id="batteries",
        guide_line=110,
        is_green=False,
        title="Built anew what Django brings along",
        meaning="Signing in, administration, forms and the like were written by hand and are told as an achievement. "
        "There are good reasons for it; where one stands in the sentence, this doubt is weak.",
        ask_when_found="Django brings one along: what made you write your own, and would you again?",
        ask_when_weaker="You give a reason for writing your own: what did Django's lack, and what did yours cost?",
        ask_otherwise="Which parts that Django brings along have you used, and which did you replace, and why?",
        bank=("build-a-cms", "what-is-django-for"),
    ),
)

#: By id, in the guide's order.
SIGNALS: Final[Mapping[str, Signal]] = {signal.id: signal for signal in (*_GREEN, *_RED)}
