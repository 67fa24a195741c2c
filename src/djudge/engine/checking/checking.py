"""The whole of a check on one screen: fill, multiply, crawl, measure, report."""

from __future__ import annotations

import time
from collections.abc import Callable

from djudge import __version__
from djudge.engine.checking.crawling import Crawled, crawl
from djudge.engine.checking.entering import failures, looks, matrix, writes
from djudge.engine.checking.filling import Filled, fill
from djudge.engine.checking.ground import Ground, ground, site, unwatched
from djudge.engine.checking.growing import Grown, causes, chosen, grow
from djudge.engine.checking.multiplying import Multiplied, multiply
from djudge.engine.checking.order import Order
from djudge.engine.postgres.databases import Database
from djudge.engine.reports.check_document import CheckReport, DataFacts, ProjectFacts

type Tell = Callable[[str, str], None]


def check(order: Order, tell: Tell) -> CheckReport:
    """Run the project on a throw-away PostgreSQL and report what grows and who gets in.

    Not jailed: it is the operator's own code, on their word. Their database is not touched. Raises ProjectFault where
    the project can't be run, OperatorFault for wrong use.
    """
    began = time.monotonic()
    with ground() as where:
        filled = fill(where, order, tell)
        tell("multiplying", f"the rows by {order.times}")
        many, multiplied = _multiplied(filled, order)
        tell("starting", "the project over its data")
        with site(where, order, filled.template.clone()) as visited:
            crawled = crawl(visited, order, filled.people, tell)
        # A comparison takes nothing back, so that first visits don't count: both sides are fresh and asked the same.
        tell("starting", "the project twice: over the data as it is, and over more of it")
        with site(where, order, filled.template.clone()) as before, site(where, order, many) as after:
            grown = grow(before, after, chosen(crawled), tell)
    return _report(order, where, filled, multiplied, crawled, grown, round(time.monotonic() - began))


def _multiplied(filled: Filled, order: Order) -> tuple[Database, Multiplied]:
    database = filled.template.clone()
    with unwatched(database) as connection:
        result = multiply(connection, order.times, filled.users)
    database.analyze_changed()
    return database, result


def _report(
    order: Order, where: Ground, filled: Filled, multiplied: Multiplied, crawled: Crawled, grown: Grown, seconds: int
) -> CheckReport:
    return CheckReport(
        djudge=__version__,
        project=ProjectFacts(
            name=order.folder.absolute().name,
            settings=order.settings,
            django=filled.about.django,
            python=filled.about.python,
            postgres=where.cluster.binaries.version,
        ),
        people=filled.people,
        data=DataFacts(
            times=order.times,
            fixtures=tuple(each.name for each in order.fixtures),
            commands=order.commands,
            rows=multiplied.before,
            rows_multiplied=multiplied.after,
        ),
        unmultiplied=multiplied.left,
        pages=len(crawled.answers),
        cut_short=crawled.cut_short,
        causes=causes(grown.addresses),
        addresses=grown.addresses,
        unmeasured=grown.unmeasured,
        routes=tuple(matrix(crawled)),
        looks=tuple(looks(crawled)),
        failures=tuple(failures(crawled)),
        writes=tuple(writes(crawled)),
        signing_out=tuple(sorted(crawled.signing_out)),
        notes=filled.notes,
        seconds=seconds,
    )
