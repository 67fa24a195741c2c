"""A hostile program beside a service of the judge, which it may call at its first port; and what the service saw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from djudge.engine.probes.services import Act, Ask, Log, Reply, ServiceLimits, Traffic, serving
from djudge.engine.sandbox.contract import Layer, Limits
from djudge.engine.sandbox.doors import PORTS
from djudge.engine.sandbox.guest import Guest
from tests.attacks.battery import SMALL, Attempted, Field

#: Answered to everybody.
WORD: Final = b"served"


def served(
    field: Field,
    source: str,
    *arguments: str,
    without: Sequence[Layer] = (),
    limits: Limits = SMALL,
    of_service: ServiceLimits | None = None,
) -> tuple[Attempted, Traffic]:
    """Run `source` as `Field.program` does, with the service at the first of `PORTS`."""
    seen: list[Traffic] = []

    @contextmanager
    def beside(guest: Guest) -> Iterator[None]:
        with serving(guest, _answer, limits=of_service) as services:
            yield
        seen.append(Traffic.parse(services.to_json()[0]))

    tried = field.program(source, *arguments, without=without, limits=limits, ports=PORTS, beside=beside)
    return tried, seen[0]


def _answer(ask: Ask, log: Log) -> Act:
    return Reply(body=WORD)
