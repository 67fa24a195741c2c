"""SH4: what the measurements mean. Pure: the same observations and budget give the same findings, anywhere."""

from djudge.engine.probes import contract, shape
from djudge.engine.probes.growth import GrowthReading, Point
from djudge.engine.values import (
    Budget,
    Finding,
    Integrity,
    Judgement,
    Observations,
    Outcome,
    Place,
    Seen,
    Words,
    not_shown,
    partly,
    shown,
)

#: Partly: at every size no more than this share of what the unimproved page executes.
HALF = 0.5
#: Shown: no size needs more statements than this, however flat the curve.
STATEMENTS_FACTOR, STATEMENTS_SLACK = 2, 4
#: Rows sent may be this many times the reference solution's, with a page's worth of slack.
ROWS_FACTOR, ROWS_SLACK = 2, 24
#: Rows that plans went through may be this many times the reference solution's, and a scan of any two tables more: a
#: wide band, because which plan is taken is PostgreSQL's choice. The whole shop is twice as much.
READ_FACTOR, READ_SLACK = 4, 10_000
#: More statements than this inside another, or in one string, is no way that the ORM or a driver works.
BUNDLE = 8


def judge(observations: Observations, budget: Budget) -> Judgement:
    """The five checks, and what does not fit an honest run."""
    growth = observations.saw("growth").read(GrowthReading.parse)
    expert = GrowthReading.parse(budget["expert"].seen["growth"])
    start = GrowthReading.parse(budget["start"].seen["growth"])
    raw = shape.uses(observations.seen["shape"])
    doubts = tuple(_doubts(growth.value))
    kept = _outcome_of_growth(growth.value, expert, start) if not doubts else Outcome.NOT_SHOWN
    rows = _rows(growth, expert, kept)
    return Judgement(
        findings=(
            _growth(growth, expert, kept),
            rows,
            _queries(growth, kept, raw, wasteful=rows.outcome is Outcome.NOT_SHOWN),
            _same("page", ("page", "measured", "plain", "bare"), observations, budget["expert"]),
            _same("fresh", ("fresh",), observations, budget["expert"]),
        ),
        integrity=(*doubts, *_traits(observations)),
    )


def _outcome_of_growth(growth: GrowthReading, expert: GrowthReading, start: GrowthReading) -> Outcome:
    """Shown: flat on every axis, near the reference. Partly: it grows, but needs at most half of the start's."""
    points = list(zip(growth.points, expert.points, start.points, strict=True))
    near = all(ours.executions <= STATEMENTS_FACTOR * best.executions + STATEMENTS_SLACK for ours, best, _ in points)
    if near and not growth.growing:
        return Outcome.SHOWN
    if all(ours.executions <= HALF * before.executions for ours, _, before in points):
        return Outcome.PARTLY
    return Outcome.NOT_SHOWN


def _growth(growth: Seen[GrowthReading], expert: GrowthReading, kept: Outcome) -> Finding:
    growing = ", ".join(axis.axis for axis in growth.value.growing)
    words = Words(
        measured=f"{growth.value.most} statements at most; "
        + (f"growing with: {growing}" if growing else "the same on every axis"),
        expected=f"the same number at every size (the reference solution needs {expert.most})",
        candidate="The number of statements should not depend on how much a page shows. Each relation that is "
        "reached inside a loop asks the database once more for each product; a page of 24 then waits 24 times. "
        "Reading a relation for all products of the page at once keeps the number the same.",
        recruiter="Whether the page stays quick when the shop grows. "
        + ("It does." if kept is Outcome.SHOWN else "Here it slows down as products are added."),
        evidence=("growth",),
    )
    return _marked("growth", kept, words, growth)


def _rows(growth: Seen[GrowthReading], expert: GrowthReading, kept: Outcome) -> Finding:
    """Counts only where the statements stopped growing: row by row, an N+1 reads few rows as well."""
    pairs = list(zip(growth.value.points, expert.points, strict=True))
    worst = max(pairs, key=lambda pair: pair[0].rows / max(1, pair[1].rows))
    if kept is not Outcome.SHOWN:
        outcome = Outcome.NOT_SHOWN
    elif all(_near(ours, theirs) for ours, theirs in pairs):
        outcome = Outcome.SHOWN
    elif all(ours.rows <= theirs.rows + 2 * ours.objects and _reads_little(ours, theirs) for ours, theirs in pairs):
        outcome = Outcome.PARTLY
    else:
        outcome = Outcome.NOT_SHOWN
    words = Words(
        measured=f"{worst[0].rows} rows fetched for a page of {worst[0].objects} rows' worth"
        if kept is Outcome.SHOWN
        else "not weighed while the number of statements grows",
        expected=f"about {worst[1].rows} rows, as the reference solution fetches there; at most {_allowed(worst[1])}",
        candidate="What the page does not show need not travel: a number such as an average can be computed by the "
        "database, a picture chosen there, and a page cut there. Fetching less than everything that belongs to a "
        "product matters as soon as one product has thousands of ratings.",
        recruiter="Whether only what is needed is read from the database.",
        evidence=("growth",),
    )
    return _marked("rows", outcome, words, growth)


def _near(ours: Point, theirs: Point) -> bool:
    return ours.rows <= _allowed(theirs) and _reads_little(ours, theirs)


def _reads_little(ours: Point, theirs: Point) -> bool:
    return ours.read <= READ_FACTOR * theirs.read + READ_SLACK


def _allowed(theirs: Point) -> int:
    return ROWS_FACTOR * theirs.rows + ROWS_SLACK


def _queries(growth: Seen[GrowthReading], kept: Outcome, raw: list[Place], *, wasteful: bool) -> Finding:
    """The growth counts for the ORM where the ORM was used well: with SQL by hand, or reading it all, in part."""
    outcome = Outcome.PARTLY if kept is Outcome.SHOWN and (raw or wasteful) else kept
    words = Words(
        measured="SQL written by hand" if raw else f"{growth.value.most} statements at most, through the ORM",
        expected="a fixed number of statements, written with the ORM",
        candidate="Django's ORM can say all of this page: relations read together, numbers computed in the "
        "database. SQL by hand gives the same speed and loses what the ORM keeps in step with the models.",
        recruiter="Whether the framework's own way of asking the database is used well.",
        evidence=("growth", "shape"),
        places=raw,
    )
    return _marked("queries", outcome, words, growth)


def _same(check: str, names: tuple[str, ...], observations: Observations, expert: Observations) -> Finding:
    found = [
        difference
        for name in names
        for difference in contract.differences(observations.answered[name], expert.answered[name])
    ]
    where = f"{found[0].target}: {found[0].what}" if found else ""
    words = Words(
        measured=f"{len(found)} of the answers differ; the first, {where}" if found else "every answer is the same",
        expected="the same products, facts and order as before, and what the database holds now",
        candidate="A page may only be made quicker if it still says the same, and still says what is true now.",
        recruiter="Whether the page still shows the right things.",
        evidence=(check,),
    )
    answers = [observations.answer(name) for name in names]
    return not_shown(check, words) if found else shown(check, words, *answers)


def _doubts(growth: GrowthReading) -> list[Integrity]:
    """Each a fact from outside the guest that an honest run does not show. None is a verdict."""
    points = growth.points
    missing = sorted({table for point in points for table in point.missing})
    rules = (
        (
            any(point.gap for point in points),
            "counter-gap",
            "PostgreSQL's counters saw rows being read that no logged statement accounts for.",
            "A query that was cancelled, or a cursor that was left before its end, leaves such a gap too.",
        ),
        (
            any(point.unmeasured for point in points),
            "unmeasured-statements",
            "Some statements left no plan, or defined something in the database, so what they cost is not known.",
            "A statement that failed, or a transaction that was rolled back with a cursor open, does this.",
        ),
        (
            any(point.functions for point in points),
            "function-in-database",
            "There is a function, a trigger or a rule in the database; what happens inside can't be measured in full.",
            "Functions and triggers are a way to build things; this ticket's brief rules them out.",
        ),
        (
            any(point.bundle > BUNDLE for point in points),
            "many-statements-in-one",
            f"More than {BUNDLE} statements were executed inside others, or sent in one string.",
            "Scripts that load data do this.",
        ),
        (
            bool(missing),
            "answers-without-reading",
            f"The page showed facts although their tables were not read for it ({', '.join(missing)}).",
            "A copy of the data or a cache does this; both may have been meant well.",
        ),
        (
            any(point.early > ROWS_SLACK for point in points),
            "read-before-asked",
            "Rows of the page's tables were read before the first request.",
            "A cache that is warmed at the start does this.",
        ),
    )
    return [Integrity(kind=kind, what=what, innocent=innocent) for holds, kind, what, innocent in rules if holds]


def _traits(observations: Observations) -> list[Integrity]:
    """What the text or the answers show beside the measurements. Costs nobody a mark."""
    found = []
    if contract.differences(observations.answered["bare"], observations.answered["plain"]):
        found.append(
            Integrity(
                kind="answers-by-request",
                what="A browser and a bare program got different products from the same address.",
                innocent="A page may honestly differ by language or device.",
            )
        )
    kinds = (
        (
            "patches-framework",
            "Code of the framework or of the database driver is replaced while the process runs.",
            "Patching is sometimes the only way around a bug; ask which one.",
        ),
        (
            "asks-where-it-runs",
            "The code looks at the machine, the process or the database role that it runs with.",
            "Logging and metrics often do.",
        ),
    )
    for kind, what, innocent in kinds:
        places = shape.uses(observations.seen[kind])
        if places:
            found.append(Integrity(kind=kind, what=what, innocent=innocent, places=tuple(places)))
    return found


def _marked(check: str, outcome: Outcome, words: Words, because: Seen[GrowthReading]) -> Finding:
    if outcome is Outcome.SHOWN:
        return shown(check, words, because)
    if outcome is Outcome.PARTLY:
        return partly(check, words, because)
    return not_shown(check, words)
