"""The document of `djudge check`: what a project's own addresses asked of the database, and whom they let in.

Facts for the operator about their own code; nothing of it is a score. Cleaned and bounded as reports are: addresses,
statements and messages are the project's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final, Literal

from djudge.engine.reports.document import Facts, Line, Sentence

SCHEMA_VERSION: Final = 1

#: Below that many executions of one shape on one page, nobody would call it a loop.
MANY: Final = 5

LookKind = Literal["object", "page"]


class ProjectFacts(Facts):
    """Which project was looked at, and on what it ran."""

    name: Line
    settings: Line
    django: Line
    python: Line
    postgres: Line


class PersonFacts(Facts):
    """Somebody who asked for pages. A guest's name is empty; `made` are ours, everybody else is of the data."""

    name: Line
    staff: bool = False
    powerful: bool = False
    made: bool = False

    @property
    def called(self) -> str:
        """How a report names them."""
        return self.name or "guest"


class DataFacts(Facts):
    """What stood in the database, and what it became: rows in all tables, before and after."""

    times: int
    fixtures: tuple[Line, ...]
    commands: tuple[Line, ...]
    rows: int
    rows_multiplied: int


class UnmultipliedFacts(Facts):
    """A table that did not grow as it should have, and why. `copies` were made of `wanted`."""

    table: Line
    rows: int
    copies: int
    wanted: int
    reason: Line


class OriginFacts(Facts):
    """Where statements come from: a line of the project, a line of a template, a class of theirs; each may be empty.

    `at` is the innermost of them.
    """

    line: Line = ""
    template: Line = ""
    owner: Line = ""
    at: Line = ""
    before: int
    after: int

    @property
    def added(self) -> int:
        """Executions from here that came with the rows."""
        return self.after - self.before


class ShapeFacts(Facts):
    """Statements that differ in values only: how often with the data as it is, how often with more of it."""

    shape: Sentence
    before: int
    after: int
    origins: tuple[OriginFacts, ...] = ()

    @property
    def added(self) -> int:
        """Executions that came with the rows."""
        return self.after - self.before


class AddressFacts(Facts):
    """An address as PostgreSQL saw it: statements and rows of its second request, before and after."""

    address: Line
    route: Line
    view: Line
    person: Line
    before: int
    after: int
    rows_before: int
    rows_after: int
    shapes: tuple[ShapeFacts, ...] = ()

    @property
    def added(self) -> int:
        """Statements that came with the rows."""
        return self.after - self.before

    @property
    def grows(self) -> bool:
        """More than one statement more; one is what a count of pages or a second batch costs."""
        return self.added > 1

    @property
    def growing(self) -> tuple[ShapeFacts, ...]:
        """The shapes that became more, the steepest first."""
        return tuple(sorted((each for each in self.shapes if each.added > 0), key=lambda each: -each.added))

    @property
    def repeated(self) -> tuple[ShapeFacts, ...]:
        """Shapes that run often without becoming more: a full page, or a loop over what was not multiplied."""
        return tuple(each for each in self.shapes if each.added <= 0 and each.after >= MANY)


class CauseFacts(Facts):
    """A place whose statements became more, with the page where they did most. `routes`: on how many it was seen."""

    at: Line
    routes: int
    address: Line
    shape: Sentence
    before: int
    after: int


class UnmeasuredFacts(Facts):
    """An address whose statements could not be compared, and why."""

    address: Line
    route: Line
    person: Line
    reason: Line


class RouteFacts(Facts):
    """A way into the project. `statuses` are what each person got there, in the order of the people, "" where not
    asked; `address` is the first one that was tried, empty where none could be made."""

    route: Line
    name: Line
    view: Line
    address: Line
    statuses: tuple[Line, ...]


class LookFacts(Facts):
    """Something about who gets in, to be looked at: never a verdict."""

    kind: LookKind
    address: Line
    route: Line
    view: Line
    people: tuple[Line, ...]
    led: tuple[Line, ...]


class WriteFacts(Facts):
    """A page that changed rows when it was asked for; `what` are verbs and tables, sessions left out.

    It stands for all `routes` that wrote the same.
    """

    address: Line
    route: Line
    view: Line
    what: tuple[Line, ...]
    routes: int = 1


class FailureFacts(Facts):
    """A page that ended in an exception."""

    address: Line
    route: Line
    people: tuple[Line, ...]
    status: int
    exception: Line
    message: Line
    place: Line


class CheckReport(Facts):
    """The whole of it. `pages` were asked for in the search, `seconds` are for people."""

    schema_version: int = SCHEMA_VERSION
    djudge: Line
    project: ProjectFacts
    people: tuple[PersonFacts, ...]
    data: DataFacts
    unmultiplied: tuple[UnmultipliedFacts, ...]
    pages: int
    cut_short: bool
    causes: tuple[CauseFacts, ...]
    addresses: tuple[AddressFacts, ...]
    unmeasured: tuple[UnmeasuredFacts, ...]
    routes: tuple[RouteFacts, ...]
    looks: tuple[LookFacts, ...]
    failures: tuple[FailureFacts, ...]
    writes: tuple[WriteFacts, ...]
    signing_out: tuple[Line, ...]
    notes: tuple[Sentence, ...] = ()
    seconds: int

    @property
    def measured_routes(self) -> int:
        """Routes with at least one address that was measured."""
        return len({each.route for each in self.addresses})

    @property
    def growing(self) -> tuple[AddressFacts, ...]:
        """Of each route with addresses that grow the steepest one, the steepest first."""
        return _one_a_route(sorted((each for each in self.addresses if each.grows), key=lambda each: -each.added))

    @property
    def repeating(self) -> tuple[AddressFacts, ...]:
        """Of each other route that asks the same often the address that does most, the most first."""
        grown = {each.route for each in self.growing}
        found = (each for each in self.addresses if each.route not in grown and each.repeated)
        return _one_a_route(sorted(found, key=lambda each: -max(shape.after for shape in each.repeated)))

    @property
    def unreached(self) -> tuple[RouteFacts, ...]:
        """Routes without an address: no page leads there, and none could be made from the data."""
        return tuple(each for each in self.routes if not each.address)

    def to_json(self) -> str:
        """As it is written to a file."""
        return json.dumps(self.model_dump(mode="json"), indent=2, ensure_ascii=False)


def _one_a_route(addresses: Iterable[AddressFacts]) -> tuple[AddressFacts, ...]:
    """Of addresses of one route, which come from the same lines, the first one."""
    found: dict[str, AddressFacts] = {}
    for each in addresses:
        found.setdefault(each.route, each)
    return tuple(found.values())
