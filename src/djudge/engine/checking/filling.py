"""The project's own data in a template: its migrations, its fixtures, its commands, and whom to sign in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final

from djudge.engine.checking.ground import Ground, site
from djudge.engine.checking.order import Order
from djudge.engine.checking.project import PageLost, Project
from djudge.engine.checking.tables import read_tables
from djudge.engine.checking.telling import About, People, Person
from djudge.engine.errors import OperatorFault, ProjectFault, TaskFault
from djudge.engine.postgres.databases import Database
from djudge.engine.postgres.templates import Template, Templates
from djudge.engine.reports.check_document import PersonFacts

type Tell = Callable[[str, str], None]

GUEST: Final = PersonFacts(name="")

#: Ours: one who may do nothing, and one who may do everything where the data has nobody like that.
_NOBODY: Final = "djudge-nobody"
_EVERYTHING: Final = "djudge-everything"


@dataclass(frozen=True, slots=True)
class Filled:
    """A template with the project's data, who asks for pages, the table of users, and what was odd."""

    template: Template
    about: About
    people: tuple[PersonFacts, ...]
    users: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Chosen:
    about: About
    people: tuple[PersonFacts, ...]
    users: str
    notes: tuple[str, ...]


def fill(where: Ground, order: Order, tell: Tell) -> Filled:
    """Make the tables, load what was named, make our own people. As long as the project takes for it.

    Raises ProjectFault, and OperatorFault for people who are not there.
    """
    chosen: list[_Chosen] = []

    def build(database: Database) -> None:
        with ExitStack() as stack:
            running = stack.enter_context(site(where, order, database))
            notes = _load(running.project, database, order, tell)
            chosen.append(_choose(running.project, running.about, order, notes))

    tell("preparing", f"loading {order.settings}")
    try:
        template = Templates(where.cluster).ensure("checked", build)
    except TaskFault as error:
        raise OperatorFault(error.what.replace("checked", "the project"), "Load less of it.") from error
    found = chosen[0]
    return Filled(template, found.about, found.people, found.users, found.notes)


def _load(project: Project, database: Database, order: Order, tell: Tell) -> tuple[str, ...]:
    """Fill the tables; what commands said that made no row, which would be lost otherwise."""
    tell("preparing", "migrating")
    project.ask("migrate")
    for fixture in order.fixtures:
        tell("preparing", f"loading {fixture.name}")
        project.ask("load", files=[str(fixture.absolute())])
    notes: list[str] = []
    for command in order.commands:
        tell("preparing", f"manage.py {command}")
        rows, heard = _rows(database), len(project.said())
        project.ask("command", text=command)
        if _rows(database) == rows:
            notes.append(f"`{command}` made no rows. It said: {project.said()[heard:].strip()[:500] or 'nothing'}")
    return tuple(notes)


def _rows(database: Database) -> int:
    with database.arrange() as connection:
        return sum(table.rows for table in read_tables(connection).values())


def _choose(project: Project, about: About, order: Order, notes: tuple[str, ...]) -> _Chosen:
    """A guest, one of ours who may do nothing, and people of the data."""
    told = People.model_validate(project.ask("people", names=list(order.names)))
    if told.unknown:
        raise OperatorFault(
            f"Nobody in the data is called {', '.join(told.unknown)}.", "Name people of the fixtures with --as."
        )
    if not told.table:
        lonely = "The project has no users: pages were asked for by a guest alone."
        return _Chosen(about, (GUEST,), "", (*notes, lonely))
    theirs = [_facts(each) for each in told.people]
    made, odd = _made(project, powerful=not order.names and not any(each.powerful for each in theirs))
    people = (GUEST, *made, *theirs)
    for person in people:
        _settle(project, person)
    return _Chosen(about, people, told.table, (*notes, *odd))


def _settle(project: Project, person: PersonFacts) -> None:
    """One visit before anything is cloned: what a first visit makes (codes, settings) is then the same in all."""
    try:
        project.get("/", person.name)
    except PageLost:
        project.restart()


def _made(project: Project, *, powerful: bool) -> tuple[list[PersonFacts], tuple[str, ...]]:
    """Our own people; a note where the project's users can't be made by guessing."""
    found: list[PersonFacts] = []
    wanted = [(_NOBODY, False), *([(_EVERYTHING, True)] if powerful else [])]
    for name, everything in wanted:
        try:
            told = Person.model_validate(project.ask("make_person", name=name, powerful=everything))
        except ProjectFault as error:
            return found, (f"No user of ours could be made, so that fewer people asked. {error.what}",)
        found.append(_facts(told, made=True))
    return found, ()


def _facts(person: Person, *, made: bool = False) -> PersonFacts:
    return PersonFacts(name=person.name, staff=person.staff, powerful=person.powerful, made=made)
