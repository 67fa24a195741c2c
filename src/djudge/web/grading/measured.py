"""What a report says about one question that was asked in a conversation: how statements grow with the data, or what
happens when several do the same at the same moment. Facts for pages, from the stored report; nothing is judged here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from djudge.engine.reports.document import FindingFacts, Report
from djudge.engine.reports.figures import Curve
from djudge.engine.reports.matrices import Matrix, matrix
from djudge.engine.reports.pieces import Numbers, Piece, piece_of
from djudge.engine.values import Json
from djudge.web.grading.models import Result
from djudge.web.grading.reports import read

#: As many shapes of statements are worth a look while two people talk.
_SHAPES: Final = 3

#: The kinds of observations that answer a question.
_KINDS: Final[Mapping[str, tuple[str, ...]]] = {"growth": ("growth",), "race": ("race",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One thing that was made more, and what that cost; `times` is by how much, to one decimal."""

    numbers: Numbers
    times: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """A page as it grows: pictures as SVG, the same in numbers, and the statements that it repeats most.
    `has_start` says that the untouched start was measured beside it."""

    target: str
    pictures: Sequence[str]
    axes: Sequence[Axis]
    repeated: Sequence[tuple[int, str]]
    has_start: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """What a round of a sale came to for one of its goods. `lost` is how much was sold without being taken off the
    shelf: an update that another wrote over."""

    round: str
    buyers: int
    ordered: int
    refused: int
    broken: int
    stock: int
    sold: int
    left: int

    @property
    def lost(self) -> int:
        """How much of what was sold is still on the shelf."""
        return self.sold - (self.stock - self.left)

    @property
    def is_wrong(self) -> bool:
        """Whether more was sold than there was, or what was sold and what is left do not add up."""
        return self.sold > self.stock or self.lost != 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was found about one question. `fault` and `cure` are there instead, where the code could not be measured."""

    findings: Sequence[FindingFacts]
    fault: str = ""
    cure: str = ""
    detail: str = ""
    growth: Sequence[Growth] = ()
    races: Sequence[tuple[str, Matrix]] = ()
    sales: Sequence[Sale] = ()


def measured(result: Result, what: str) -> Measured:
    """What a stored report says about `growth` or `race`; for anything else all findings in a line each. Some
    milliseconds: it reads the document."""
    report = read(result)
    if report.fault is not None:
        fault = report.fault
        return Measured(findings=(), fault=fault.what, cure=fault.cure, detail=fault.detail[-4000:])
    kinds = _KINDS.get(what, ())
    findings = [each for each in report.findings if not kinds or _tells_of(report, each, kinds)]
    names = dict.fromkeys(name for finding in findings for name in finding.evidence)
    key = f"run-{result.pk.hex[-12:]}"
    return Measured(
        findings=findings,
        growth=list(_growths(report, names, key)) if "growth" in kinds else (),
        races=list(_races(report, names)) if "race" in kinds else (),
        sales=list(_sales(report, names)) if "race" in kinds else (),
    )


def _tells_of(report: Report, finding: FindingFacts, kinds: Sequence[str]) -> bool:
    return any(_kind(report.observations.named(name)) in kinds for name in finding.evidence)


def _kind(value: Json) -> str:
    kind = value.get("kind") if isinstance(value, dict) else None
    return kind if isinstance(kind, str) else ""


def _growths(report: Report, names: Mapping[str, None], key: str) -> Iterator[Growth]:
    for at, name in enumerate(names):
        piece = piece_of(report, f"{key}-{at}", name)
        if piece.growth is not None:
            yield Growth(
                target=piece.growth.target,
                pictures=[str(drawn.picture) for drawn in piece.statements],
                axes=[
                    Axis(numbers=numbers, times=_times(curve))
                    for numbers, curve in zip(piece.numbers, piece.growth.curves, strict=True)
                ],
                repeated=_repeated(piece),
                has_start=any(curve.start for curve in piece.growth.curves),
            )


def _times(curve: Curve) -> float:
    first, last = curve.measured.first, curve.measured.last
    return round(last.n / max(first.n, 1), 1)


def _repeated(piece: Piece) -> list[tuple[int, str]]:
    every = sorted((group for group in piece.groups if group.repeated), key=lambda group: -group.count)
    return [(group.count, group.shape[:600]) for group in every[:_SHAPES]]


def _races(report: Report, names: Mapping[str, None]) -> Iterator[tuple[str, Matrix]]:
    for name in names:
        value = report.observations.named(name)
        drawn = matrix(value) if _kind(value) == "race" else None
        if drawn is not None:
            yield name.removeprefix("race: "), drawn


def _sales(report: Report, names: Mapping[str, None]) -> Iterator[Sale]:
    """Of observations of kind `sales`, which tell what the database holds after each round. Read leniently: what is no
    round is left out."""
    for name in names:
        value = report.observations.named(name)
        rounds = value.get("rounds") if isinstance(value, dict) and _kind(value) == "sales" else None
        for each in rounds if isinstance(rounds, list) else []:
            goods = each.get("goods") if isinstance(each, dict) else None
            every = [one for one in goods if isinstance(one, dict)] if isinstance(goods, list) else []
            for number, one in enumerate(every, 1):
                if isinstance(each, dict):
                    yield _sale(each, one, f" ({number} of {len(every)} goods)" if len(every) > 1 else "")


def _sale(each: Mapping[str, Json], goods: Mapping[str, Json], which: str) -> Sale:
    wanted = each.get("wanted")
    return Sale(
        round=str(each.get("round", ""))[:80] + which,
        buyers=len(wanted) if isinstance(wanted, list) else 0,
        ordered=_number(each.get("ordered")),
        refused=_number(each.get("refused")),
        broken=_number(each.get("broken")),
        stock=_number(goods.get("stock")),
        sold=_number(goods.get("sold")),
        left=_number(goods.get("left")),
    )


def _number(value: Json) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
