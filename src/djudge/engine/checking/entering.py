"""Who got in where: routes against people, what is worth a look, what ended in an exception, what wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from djudge.engine.checking.crawling import Crawled
from djudge.engine.checking.telling import Answer, Route
from djudge.engine.reports.check_document import (
    FailureFacts,
    LookFacts,
    LookKind,
    PersonFacts,
    RouteFacts,
    WriteFacts,
)

_GUEST: Final = ""


def matrix(crawled: Crawled) -> Iterator[RouteFacts]:
    """Each route with what every person got there, at the first address that was tried."""
    for route in crawled.routes.values():
        addresses = crawled.of_route(route.text)
        yield RouteFacts(
            route=route.text or "/",
            name=route.name,
            view=route.view,
            address=addresses[0] if addresses else "",
            statuses=tuple(_status(crawled, addresses[0], person) if addresses else "" for person in crawled.people),
        )


def _status(crawled: Crawled, path: str, person: PersonFacts) -> str:
    answer = crawled.answer(path, person.name)
    if answer is None:
        return "lost" if (path, person.name) in crawled.lost else ""
    return f"{answer.status}, asks a password" if answer.status == 200 and answer.asks_password else str(answer.status)


def looks(crawled: Crawled) -> Iterator[LookFacts]:
    """Addresses that open to people whose own pages do not lead there. Things to look at, never verdicts.

    Only people without rights count as those who should not be there, and only signed-in ones as those who are led
    there. An address stands for all that it leads to, and for its route.
    """
    reach = {person.name: _led(crawled, person.name) for person in crawled.people}
    told: set[str] = set()
    for path in sorted(crawled.addresses, key=lambda path: (len(path), path)):
        route = crawled.routes.get(crawled.route_of.get(path, ""))
        led = crawled.led.get(path, set())
        if route is None or not led or _GUEST in led:
            continue
        open_to = [name for name in _open_to(crawled, path, bool(route.parameters)) if path not in reach[name]]
        for name in open_to:
            _extend(crawled, reach[name], path, name)
        if open_to and route.text not in told:
            told.add(route.text)
            yield _look("object" if route.parameters else "page", path, route, open_to, led)


def _led(crawled: Crawled, person: str) -> set[str]:
    return {path for path, led in crawled.led.items() if person in led}


def _extend(crawled: Crawled, reach: set[str], path: str, person: str) -> None:
    """Whoever is at this address is led on from there."""
    waiting = [path]
    while waiting:
        here = waiting.pop()
        if here not in reach:
            reach.add(here)
            waiting += crawled.ways.get((here, person), [])


def _open_to(crawled: Crawled, path: str, is_object: bool) -> list[str]:
    """Who is shown this page and has no rights that would explain it; pages without an object matter for guests."""
    without_rights = [each.name for each in crawled.people if not each.staff]
    asked = without_rights if is_object else [name for name in without_rights if name == _GUEST]
    return [name for name in asked if _is_open(crawled.answer(path, name))]


def _is_open(answer: Answer | None) -> bool:
    return answer is not None and answer.opens and not answer.signed_out


def _look(kind: LookKind, path: str, route: Route, people: Iterable[str], led: Iterable[str]) -> LookFacts:
    return LookFacts(
        kind=kind,
        address=path,
        route=route.text or "/",
        view=route.view,
        people=tuple(name or "guest" for name in people),
        led=tuple(sorted(led)),
    )


def failures(crawled: Crawled) -> Iterator[FailureFacts]:
    """Pages that ended in an exception, each exception of a route once, with all whom it hit."""
    found: dict[tuple[str, str, str], tuple[str, Answer, list[str]]] = {}
    for (path, person), answer in crawled.answers.items():
        if answer.status >= 500:
            kind, place = (answer.fault.type, answer.fault.place) if answer.fault else ("", "")
            key = (crawled.route_of.get(path, ""), kind, place)
            found.setdefault(key, (path, answer, []))[2].append(person or "guest")
    for (route, kind, place), (path, answer, people) in found.items():
        yield FailureFacts(
            address=path,
            route=route or "/",
            people=tuple(dict.fromkeys(people)),
            status=answer.status,
            exception=kind,
            message=answer.fault.message if answer.fault else "",
            place=place,
        )


def writes(crawled: Crawled) -> Iterator[WriteFacts]:
    """Pages that changed rows though they were only asked for: what changes or removes rows first, then what adds some.

    Routes that wrote the same are told as one: mostly something that is made at a first visit to anything.
    """
    wrote: dict[str, dict[str, str]] = {}
    for (path, _), answer in crawled.answers.items():
        for one in answer.writes:
            wrote.setdefault(crawled.route_of.get(path, ""), {}).setdefault(one, path)
    alike: dict[frozenset[str], list[str]] = {}
    for text, found in wrote.items():
        alike.setdefault(frozenset(found), []).append(text)
    for what, texts in sorted(alike.items(), key=lambda each: all(one.startswith("INSERT") for one in each[0])):
        route = crawled.routes.get(texts[0])
        yield WriteFacts(
            address=next(iter(wrote[texts[0]].values())),
            route=texts[0] or "/",
            view=route.view if route else "",
            what=tuple(sorted(what)),
            routes=len(texts),
        )
