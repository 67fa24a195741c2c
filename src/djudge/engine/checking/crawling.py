"""The way through a project: every person follows the links that their own pages show, and tries what others found."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from djudge.engine.checking.ground import Site
from djudge.engine.checking.links import links_of, local
from djudge.engine.checking.order import Order
from djudge.engine.checking.project import PageLost
from djudge.engine.checking.telling import Answer, Route
from djudge.engine.reports.check_document import PersonFacts

type Tell = Callable[[str, str], None]

#: Addresses of one route that a person follows, or that are made from the data.
_OF_A_ROUTE: Final = 3


@dataclass(slots=True)
class Crawled:
    """What was found. Answers by address and person, without their bodies; `ways` are where the page leads.

    `led`: to whom an address was shown on a page that they came to by themselves.
    """

    people: Sequence[PersonFacts]
    routes: Mapping[str, Route]
    answers: dict[tuple[str, str], Answer] = field(default_factory=dict)
    led: dict[str, set[str]] = field(default_factory=dict)
    route_of: dict[str, str] = field(default_factory=dict)
    lost: dict[tuple[str, str], str] = field(default_factory=dict)
    ways: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    signing_out: set[str] = field(default_factory=set)
    cut_short: bool = False

    @property
    def addresses(self) -> list[str]:
        """Every address that was asked for, in the order in which they were found."""
        return list(dict.fromkeys(path for path, _ in (*self.answers, *self.lost)))

    def of_route(self, route: str) -> list[str]:
        """The addresses of a route that were asked for."""
        return [path for path in self.addresses if self.route_of.get(path) == route]

    def answer(self, path: str, person: str) -> Answer | None:
        """What this person got there, where they asked and were answered."""
        return self.answers.get((path, person))


def crawl(site: Site, order: Order, people: Sequence[PersonFacts], tell: Tell) -> Crawled:
    """Follow links until nothing new is found, or enough was asked for; then the same from addresses that are made for
    routes without one; then everybody asks for what others found.

    GET only. Raises ProjectFault where the URLconf can't be read.
    """
    told = [Route.model_validate(each) for each in site.project.ask("routes")]
    routes = {route.text: route for route in told if order.admin or not route.admin}
    return _Crawl(site, order, Crawled(people, routes), tell).run()


class _Crawl:
    def __init__(self, site: Site, order: Order, found: Crawled, tell: Tell) -> None:
        self._site = site
        self._order = order
        self._found = found
        self._tell = tell
        self._waiting: dict[str, deque[str]] = {person.name: deque() for person in found.people}
        self._taken: dict[tuple[str, str], int] = {}
        self._seen: set[tuple[str, str]] = set()

    def run(self) -> Crawled:
        starts = ["/", *(route.address for route in self._found.routes.values() if route.address)]
        self._belong(starts)
        for person in self._waiting:
            self._enqueue(person, starts)
        self._follow()
        self._enqueue_examples()
        self._follow()
        self._ask_for_what_others_found()
        return self._found

    def _follow(self) -> None:
        """One page for each person in turn, so that nobody uses up what all may ask for in this round."""
        most = len(self._found.answers) + self._order.pages
        while any(self._waiting.values()):
            for person, waiting in self._waiting.items():
                if len(self._found.answers) >= most:
                    for left in self._waiting.values():
                        left.clear()
                    self._found.cut_short = True
                    return
                if waiting:
                    self._visit(waiting.popleft(), person)

    def _visit(self, path: str, person: str) -> None:
        self._tell("crawling", f"page {len(self._found.answers) + 1}: {path} as {person or 'guest'}")
        answer = self._get(path, person)
        ways = self._found.ways.get((path, person), [])
        for way in ways if answer and not answer.location else ():
            self._found.led.setdefault(way, set()).add(person)
        self._enqueue(person, ways)

    def _get(self, path: str, person: str) -> Answer | None:
        """The answer; None where there is none. What cost the process once is not asked for again, by nobody."""
        why = next((why for (lost, _), why in self._found.lost.items() if lost == path), None)
        if why is not None:
            self._found.lost[path, person] = why
            return None
        try:
            answer = self._site.project.get(path, person, body=True, undo=True)
        except PageLost as error:
            self._found.lost[path, person] = str(error)
            self._site.project.restart()
            return None
        if answer.signed_out:
            self._found.signing_out.add(path)
        self._found.answers[path, person] = answer.model_copy(update={"body": ""})
        self._found.ways[path, person] = self._ways(path, answer)
        return answer

    def _ways(self, path: str, answer: Answer) -> list[str]:
        """The addresses of this project that a page leads to; of a redirect where it goes."""
        host = self._order.host
        ways = (
            [local(answer.location, path, host)] if answer.location else links_of(answer.body, answer.type, path, host)
        )
        self._belong([way for way in ways if way])
        return [way for way in ways if self._found.route_of.get(way)]

    def _enqueue(self, person: str, paths: Iterable[str]) -> None:
        for path in paths:
            route = self._found.route_of.get(path, "")
            known = (path, person) in self._seen
            if known or route not in self._found.routes or self._taken.get((route, person), 0) >= _OF_A_ROUTE:
                continue
            self._seen.add((path, person))
            self._taken[route, person] = self._taken.get((route, person), 0) + 1
            self._waiting[person].append(path)

    def _enqueue_examples(self) -> None:
        """Routes that no link leads to, filled from the data: one address of each before a second of any."""
        reached = set(self._found.route_of.values())
        made: dict[str, list[str]] = {}
        for route in self._found.routes.values():
            if route.text not in reached and route.parameters:
                made[route.text] = self._site.project.ask("examples", route=route.text, most=_OF_A_ROUTE)
                self._found.route_of.update(dict.fromkeys(made[route.text], route.text))
        for number in range(_OF_A_ROUTE):
            for addresses in made.values():
                for person in self._waiting:
                    self._enqueue(person, addresses[number : number + 1])

    def _ask_for_what_others_found(self) -> None:
        addresses = self._found.addresses
        for number, path in enumerate(addresses, 1):
            self._tell("asking as everybody", f"{number} of {len(addresses)}: {path}")
            for person in self._waiting:
                if (path, person) not in self._found.answers and (path, person) not in self._found.lost:
                    self._get(path, person)

    def _belong(self, paths: Sequence[str]) -> None:
        new = [path for path in dict.fromkeys(paths) if path not in self._found.route_of]
        if new:
            told = self._site.project.ask("belong", paths=new)
            self._found.route_of.update(zip(new, told, strict=True))
