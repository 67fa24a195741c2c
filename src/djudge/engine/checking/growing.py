"""The growth of a page: what PostgreSQL logged for it with the data as it is, and with more of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from djudge.engine.checking.crawling import Crawled
from djudge.engine.checking.ground import Site
from djudge.engine.checking.project import PageLost
from djudge.engine.checking.telling import Answer, Group
from djudge.engine.errors import CandidateFault
from djudge.engine.postgres.witness.parts import text_shape
from djudge.engine.postgres.witness.reading import Reading
from djudge.engine.reports.check_document import (
    MANY,
    AddressFacts,
    CauseFacts,
    OriginFacts,
    ShapeFacts,
    UnmeasuredFacts,
)

type Tell = Callable[[str, str], None]

#: Addresses of one route that are measured, and places that are told of one shape.
_OF_A_ROUTE: Final = 3
_ORIGINS: Final = 4
_PAGES: Final = ("text/html", "application/json", "application/xhtml+xml", "application/xml", "text/xml", "text/csv")


@dataclass(frozen=True, slots=True)
class Chosen:
    """An address and the person who sees most there."""

    address: str
    route: str
    view: str
    person: str


@dataclass(frozen=True, slots=True)
class Grown:
    """What was measured, and what could not be."""

    addresses: tuple[AddressFacts, ...]
    unmeasured: tuple[UnmeasuredFacts, ...]


class _Unmeasured(Exception):
    """Why, in words."""


def chosen(crawled: Crawled) -> list[Chosen]:
    """What is worth measuring: pages that somebody was shown, with the person for whom they asked the database most."""
    found: dict[str, list[tuple[int, Chosen]]] = {}
    for path in crawled.addresses:
        route = crawled.routes.get(crawled.route_of.get(path, ""))
        best = _best(crawled, path)
        if route is not None and best is not None and path not in crawled.signing_out:
            statements, person = best
            found.setdefault(route.text, []).append((statements, Chosen(path, route.text, route.view, person)))
    best_ones = [each for ways in found.values() for _, each in sorted(ways, key=lambda way: -way[0])[:_OF_A_ROUTE]]
    return sorted(best_ones, key=lambda each: _writes(crawled, each.address))


def _writes(crawled: Crawled, path: str) -> bool:
    """Whether somebody's visit changed rows. Such pages come last: what they change, others may show."""
    return any(answer.writes for (address, _), answer in crawled.answers.items() if address == path)


def _best(crawled: Crawled, path: str) -> tuple[int, str] | None:
    answers = [(crawled.answer(path, person.name), person.name) for person in crawled.people]
    shown = [(answer.statements, name) for answer, name in answers if answer and answer.status == 200 and _page(answer)]
    return max(shown, key=lambda each: each[0]) if shown else None


def _page(answer: Answer) -> bool:
    return answer.type in _PAGES or answer.type.endswith("+json")


def grow(before: Site, after: Site, what: Sequence[Chosen], tell: Tell) -> Grown:
    """Measure each address on both sites: the second request counts. Two requests and a look at the log a site."""
    measured: list[AddressFacts] = []
    unmeasured: list[UnmeasuredFacts] = []
    for number, each in enumerate(what, 1):
        tell("measuring", f"{number} of {len(what)}: {each.address}")
        try:
            measured.append(_compared(each, _measure(before, each, "as it is"), _measure(after, each, "multiplied")))
        except _Unmeasured as error:
            unmeasured.append(
                UnmeasuredFacts(address=each.address, route=each.route, person=each.person, reason=str(error))
            )
    return Grown(tuple(measured), tuple(unmeasured))


@dataclass(frozen=True, slots=True)
class _Measured:
    """What PostgreSQL saw, and where Django sent it from."""

    reading: Reading
    groups: tuple[Group, ...]


def _measure(site: Site, what: Chosen, data: str) -> _Measured:
    try:
        _shown(site.project.get(what.address, what.person), data)
        site.witness.mark(site.login)
        answer = site.project.get(what.address, what.person, detailed=True)
        reading = site.witness.read(site.database, site.login)
    except PageLost as error:
        site.project.restart()
        raise _Unmeasured(f"with the data {data}: {error}") from error
    except CandidateFault as error:
        raise _Unmeasured(f"with the data {data}: {error.what}") from error
    _shown(answer, data)
    if not reading.settled:
        raise _Unmeasured(f"with the data {data} a transaction stayed open after the answer")
    return _Measured(reading, answer.groups)


def _shown(answer: Answer, data: str) -> None:
    if answer.status != 200:
        why = f": {answer.fault.said[:200]} ({answer.fault.place})" if answer.fault else ""
        raise _Unmeasured(f"status {answer.status} with the data {data}{why}")


def _compared(what: Chosen, before: _Measured, after: _Measured) -> AddressFacts:
    return AddressFacts(
        address=what.address,
        route=what.route,
        view=what.view,
        person=what.person,
        before=before.reading.executions,
        after=after.reading.executions,
        rows_before=before.reading.rows,
        rows_after=after.reading.rows,
        shapes=tuple(_shapes(before, after)),
    )


def _shapes(before: _Measured, after: _Measured) -> Iterable[ShapeFacts]:
    """The shapes that became more, or run often; each with its origins."""
    less, more = _counts(before.reading), _counts(after.reading)
    origins = _origins(before.groups, after.groups)
    planned = {group.shape for group in after.reading.groups() if group.kind == "plan"}
    for shape, count in more.most_common():
        if count > less[shape] or (count >= MANY and shape in planned):
            yield ShapeFacts(shape=shape, before=less[shape], after=count, origins=origins.get(shape, ()))


def _counts(reading: Reading) -> Counter[str]:
    return Counter({group.shape: group.count for group in reading.groups()})


def _origins(before: Iterable[Group], after: Iterable[Group]) -> Mapping[str, tuple[OriginFacts, ...]]:
    """By the shape of what was sent: the places it was sent from, those with the most growth first."""
    less, more = _by_place(before), _by_place(after)
    found: dict[str, list[OriginFacts]] = {}
    for (shape, line, template, owner, at), count in more.items():
        known = less[shape, line, template, owner, at]
        origin = OriginFacts(line=line, template=template, owner=owner, at=at, before=known, after=count)
        found.setdefault(shape, []).append(origin)
    return {
        shape: tuple(sorted(each, key=lambda origin: (-origin.added, -origin.after))[:_ORIGINS])
        for shape, each in found.items()
    }


def _by_place(groups: Iterable[Group]) -> Counter[tuple[str, str, str, str, str]]:
    found: Counter[tuple[str, str, str, str, str]] = Counter()
    for group in groups:
        found[text_shape(group.sql), group.line, group.template, group.owner, group.at] += group.count
    return found


def causes(addresses: Iterable[AddressFacts]) -> tuple[CauseFacts, ...]:
    """The places behind all growth, those that are seen on the most routes first."""
    steepest: dict[str, tuple[OriginFacts, AddressFacts, str]] = {}
    routes: dict[str, set[str]] = {}
    for address in addresses:
        for shape in address.growing if address.grows else ():
            for origin in shape.origins:
                if origin.added > 0 and origin.at:
                    routes.setdefault(origin.at, set()).add(address.route)
                    known = steepest.get(origin.at)
                    if known is None or origin.added > known[0].added:
                        steepest[origin.at] = (origin, address, shape.shape)
    found = (
        CauseFacts(
            at=at,
            routes=len(routes[at]),
            address=address.address,
            shape=shape,
            before=origin.before,
            after=origin.after,
        )
        for at, (origin, address, shape) in steepest.items()
    )
    return tuple(sorted(found, key=lambda cause: (-cause.routes, cause.before - cause.after, cause.at)))
