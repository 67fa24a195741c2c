"""Contract: what the system answers to requests, read as a person or a client would read it.

Answers are evidence because the guest is never told what is expected: the reference solution answers the same
requests on the same data, and the judge compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from djudge.engine.probes.markup import parse, read_cards, read_field, reading_deadline
from djudge.engine.run import PERSON, RunningGuest
from djudge.engine.sandbox.contract import Answer
from djudge.engine.values import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReader:
    """Which parts of a page count: selectors of its cards and their fields, and of facts that stand once.

    A selector may end in `@attribute`, and in `[]` for a sorted list.
    """

    card: str
    fields: Mapping[str, str]
    facts: Mapping[str, str] = field(default_factory=dict)

    def read(self, answer: Answer) -> dict[str, Json]:
        """An answer reduced to status, media type, cards and facts; other bytes of the page don't count.

        Raises CandidateFault for a page that was made to take for ever.
        """
        headers = {name.lower(): value for name, value in answer.headers}
        with reading_deadline():
            page = parse(answer.body)
            return {
                "status": answer.status,
                "type": headers.get("content-type", "").partition(";")[0].strip().lower()[:100],
                "cards": read_cards(page, self.card, self.fields),
                "facts": {name: read_field(page, selector) for name, selector in self.facts.items()},
            }


def visit(
    guest: RunningGuest, targets: Iterable[str], reader: PageReader, headers: Sequence[tuple[str, str]] = PERSON
) -> Json:
    """GET each target and read it; an observation of kind `exchange`."""
    return {
        "kind": "exchange",
        "exchanges": [{"target": target, **reader.read(guest.get(target, headers).answer)} for target in targets],
    }


@dataclass(frozen=True, slots=True)
class Difference:
    """Where an answer departs from the reference's: the request, and what differs in words."""

    target: str
    what: str


def differences(answered: Json, expected: Json) -> tuple[Difference, ...]:
    """Every exchange that differs from the reference's, in order; at most one difference an exchange."""
    pairs = zip(_exchanges(answered), _exchanges(expected), strict=True)
    return tuple(Difference(str(ours["target"]), what) for ours, theirs in pairs if (what := _difference(ours, theirs)))


def _difference(ours: Mapping[str, Json], theirs: Mapping[str, Json]) -> str:
    for part in ("status", "type", "facts"):
        if ours[part] != theirs[part]:
            return f"{part}: {ours[part]}, expected {theirs[part]}"
    return _card_difference(_list(ours["cards"]), _list(theirs["cards"]))


def _card_difference(ours: Sequence[Json], theirs: Sequence[Json]) -> str:
    if len(ours) != len(theirs):
        return f"{len(ours)} products on the page, expected {len(theirs)}"
    for number, (card, wanted) in enumerate(zip(ours, theirs, strict=True), 1):
        if card != wanted and isinstance(card, dict) and isinstance(wanted, dict):
            name = next(name for name in wanted if card.get(name) != wanted[name])
            return f"product {number}, {name}: {card.get(name)!r}, expected {wanted[name]!r}"
    return ""


def _exchanges(observation: Json) -> list[dict[str, Json]]:
    if not isinstance(observation, dict):
        return []
    return [exchange for exchange in _list(observation["exchanges"]) if isinstance(exchange, dict)]


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
