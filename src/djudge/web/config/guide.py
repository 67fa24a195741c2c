"""The hiring guide, line by line and in our own words: where Djudge acts on each, or that it does not yet.

A row is honest or it is not there: `at` names the page that acts on the line, `by` the tasks that measure it; a row
with neither is shown as "not yet".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from djudge.web.config.guide_proofs import PROOFS, Proof
from djudge.web.grading import library


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the guide. `at` is the name of an address without arguments, `label` what the link says."""

    number: int
    says: str
    at: str = ""
    label: str = ""
    is_heading: bool = False

    @property
    def tasks(self) -> list[library.TaskCard]:
        """The tasks that measure it, by what they say of themselves."""
        return [card for card in library.cards().values() if self.number in card.guide_lines]

    @property
    def proofs(self) -> Sequence[Proof]:
        """What holds it, beside the proofs of its tasks."""
        return PROOFS.get(self.number, ())

    @property
    def acts(self) -> bool:
        """Whether anything of ours looks for it in people; that Djudge itself does it is another matter."""
        return bool(self.at or self.tasks or self.is_heading)


def _lines(*rows: tuple[int, str] | tuple[int, str, str, str]) -> Sequence[Line]:
    return tuple(
        Line(number=row[0], says=row[1], at=row[2] if len(row) > 2 else "", label=row[3] if len(row) > 3 else "")
        for row in rows
    )


def _heading(number: int, says: str) -> tuple[Line, ...]:
    return (Line(number=number, says=says, is_heading=True),)


_WIZARD: Final = ("hiring:new-job", "asked when a job is made")

_API: Final = ("api:about", "our own is made so")

_LEVELS: Final = ("assessments:tasks", "tasks by level and what they test")

_RESUMES: Final = ("resumes:list", "quoted from résumés, and asked")

_BANK: Final = ("interviews:questions", "in the question bank")

_MUSEUM: Final = ("interviews:museum", "slow queries to talk about, measured")

_KIT: Final = ("interviews:kits", "in a kit, with minutes and what to listen for")

LINES: Final[Sequence[Line]] = (
    *_heading(1, "What people build with Django"),
    *_lines(
        (2, "Sites and interfaces for other programs.", *_WIZARD),
        (3, "One kind: whole applications that make their pages on the server.", *_WIZARD),
        (4, "What such an application consists of:", *_WIZARD),
        (5, "Templates make the HTML."),
        (6, "Forms take input in and check it."),
        (7, "The admin is there from the start."),
        (8, "People register, sign in and may do some things and not others."),
        (9, "Editors' tools, tools of one company, first versions."),
        (10, "A second kind: interfaces made with Django REST Framework.", *_WIZARD),
        (11, "What an application of interfaces consists of:", *_WIZARD),
        (12, "REST Framework as the common way to build them.", *_API),
        (13, "Serializers check what comes in and shape what goes out.", *_API),
        (14, "View sets and routers order the endpoints.", *_API),
        (15, "Tokens, sessions or OAuth say who is asking.", *_API),
        (16, "For apps on phones, pages that run in the browser, services that talk to each other.", *_API),
        (17, "A third kind: much data with many relations.", *_WIZARD),
        (18, "What an application of much data consists of:", *_WIZARD),
        (19, "The ORM asks the complicated questions."),
        (20, "Migrations take the schema along."),
        (21, "Sums and counts are worked out by the database."),
        (22, "Slow work is done by Celery, beside the requests."),
        (23, "Numbers, reports, pipelines."),
        (24, "A fourth kind: many people at once.", *_WIZARD),
        (25, "What an application of much traffic consists of:", *_WIZARD),
        (26, "Caches in Redis or Memcached."),
        (27, "Queries that stay cheap, connections that are shared."),
        (28, "Several instances behind a balancer."),
        (29, "Static files from a network near the reader."),
        (30, "As the largest sites do it."),
    ),
    *_heading(31, "Levels, and what to look for at each"),
    *_lines(
        (32, "Level 1, basic.", *_LEVELS),
        (33, "Makes models, views and addresses."),
        (34, "Knows which layer something belongs in."),
        (35, "Uses the admin."),
        (36, "Handles simple forms."),
        (37, "A warning sign: no idea what Django is for.", *_KIT),
        (38, "Level 2, competent.", *_LEVELS),
        (39, "Asks the database well through the ORM."),
        (40, "Builds interfaces with Django REST Framework."),
        (41, "Understands migrations and the design of tables."),
        (42, "Gets sign-in and permissions right."),
        (43, "Writes tests."),
        (44, "Level 2 is the least for a Django developer.", "hiring:new-job", "the level of every new job"),
        (45, "Level 3, expert.", *_LEVELS),
        (46, "Makes queries cheap: select_related, prefetch_related, and when neither helps."),
        (47, "Designs for growth.", "interviews:questions", "in the question bank, rated by two people"),
        (48, "Caches on purpose."),
        (49, "Writes middleware and commands of their own."),
        (50, "Knows how Django works inside."),
        (51, "That is senior or staff work; years do not say it.", "hiring:new-job", "no job asks for years"),
    ),
    *_heading(52, "Four uses"),
    *_lines(
        (53, "Content management.", *_WIZARD),
        (54, "Blogs, documentation, what publishers need.", *_WIZARD),
        (55, "There: the admin made to measure, templates, models of content."),
        (56, "A question: how would you build a CMS?", *_KIT),
        (57, "A warning sign: everything made from scratch."),
        (58, "Shops.", *_WIZARD),
        (59, "Shops, and places where many sell.", *_WIZARD),
        (60, "There: models with many relations, payments, stock."),
        (61, "A question: design a catalogue and a cart.", *_KIT),
        (62, "A warning sign: relations misunderstood.", "assessments:tasks", "raised by what code does and says"),
        (63, "Backends of apps.", *_WIZARD),
        (64, "Interfaces for phones and for pages that run in the browser.", *_WIZARD),
        (65, "There: REST Framework, serializers, who may ask."),
        (66, "A question: build an interface for a domain of yours.", *_KIT),
        (67, "A warning sign: plain views where the framework belongs."),
        (68, "Data processing.", *_WIZARD),
        (69, "Pipelines, reports, numbers.", *_WIZARD),
        (70, "There: aggregation, Celery, work beside the requests."),
        (71, "A question: how do you get through a large set of data?", *_KIT),
        (72, "A warning sign: everything inside the request."),
    ),
    *_heading(73, "Mistakes in hiring"),
    *_lines(
        (74, "First: to test nothing but CRUD.", "assessments:new", "a wish that the builder insists on"),
        (75, "To ask for CRUD alone tells nobody apart.", "assessments:new", "a wish that the builder insists on"),
        (76, "Second: to leave Python out.", "assessments:new", "a wish of the builder"),
        (77, "Django is Python: decorators, context managers, async.", "assessments:new", "a wish of the builder"),
        (78, "Third: not to look at the ORM.", "assessments:new", "a wish of the builder"),
        (79, "Whoever does not measure queries does not know.", "assessments:new", "a wish of the builder"),
        (80, "Fourth: to ask for years of Django above all.", "hiring:new-job", "a lane of their own"),
        (
            81,
            "Strong Python people learn Django in weeks: do not leave them out.",
            "hiring:new-job",
            "a lane of their own",
        ),
    ),
    *_heading(82, "Interviews"),
    *_lines(
        (83, "Practical questions for developers.", *_KIT),
        (84, "Scenes from the work, not riddles.", "assessments:tasks", "tickets in running systems"),
        (85, "Model a domain.", *_KIT),
        (86, "Write an endpoint.", *_KIT),
        (87, "A query is slow: what now?", *_MUSEUM),
        (88, "Questions of architecture for those who design.", *_KIT),
        (89, "About shape and size.", *_KIT),
        (90, "An application that grows.", *_KIT),
        (91, "A strategy for caches.", *_KIT),
        (92, "Work in the background.", *_KIT),
    ),
    *_heading(93, "A sheet for recruiters"),
    *_lines(
        (94, "Questions that tell levels apart.", *_BANK),
        (95, "A question, what a junior answers, what a senior answers.", *_BANK),
        (96, "Three of them follow.", *_BANK),
        (97, "Avoiding N+1: not knowing the word, or both tools and when.", *_BANK),
        (98, 'The ORM: "for databases", or abstraction, cost, migrations, relations.', *_BANK),
        (99, "Interfaces: plain views, or the framework and the principles of REST.", *_BANK),
    ),
    *_heading(100, "Good signs in a résumé"),
    *_lines(
        (101, "Projects of their own, not tutorials alone.", *_RESUMES),
        (102, "REST Framework, Celery, Redis.", *_RESUMES),
        (103, "Something made faster, with a number.", *_RESUMES),
        (104, "Models with many relations.", *_RESUMES),
        (105, "Django in production.", *_RESUMES),
    ),
    *_heading(106, "Doubtful signs in a résumé"),
    *_lines(
        (107, "Django without Python around it.", *_RESUMES),
        (108, "Nothing of the ORM.", *_RESUMES),
        (109, '"Expert", with nothing but tutorials.', *_RESUMES),
        (110, "What Django brings along was built anew.", *_RESUMES),
    ),
)
