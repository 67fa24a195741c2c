"""SH9: what the measurements mean. Pure: the same observations and budget give the same findings, anywhere."""

from collections.abc import Iterator

from djudge.engine.probes import contract, shape
from djudge.engine.probes.growth import GrowthReading, Point
from djudge.engine.values import (
    Answered,
    Budget,
    Finding,
    Integrity,
    Judgement,
    Observations,
    Outcome,
    Place,
    RedFlag,
    Seen,
    Sign,
    Words,
    not_shown,
    partly,
    red_flag,
    shown,
)

from .fanout import Joins, Page
from .numbers import Numbers, compared, differs_by_request, stale

#: Shown: no size needs more statements than this, however flat the curve.
STATEMENTS_FACTOR, STATEMENTS_SLACK = 2, 6
#: Rows sent may be this many times the reference solution's, with a page's worth of slack.
ROWS_FACTOR, ROWS_SLACK = 2, 24
#: Rows that plans went through, and those that one step makes, may be this many times the reference solution's and a
#: scan of any two tables more: a wide band, because which plan is taken is PostgreSQL's choice. Joining variants and
#: reviews of the deep shelf makes a hundred thousand.
READ_FACTOR, READ_SLACK = 4, 15_000
#: What a finding says where it rests on another one that was not shown.
UNWEIGHED = "not weighed, because of what comes before it"
#: Which answers are held against which part of the truth.
PARTS = {"measured": "measured", "pages": "numbers", "others": "others"}
#: More statements than this inside another, or in one string, is no way that the ORM or a driver works.
BUNDLE = 8


def judge(observations: Observations, budget: Budget) -> Judgement:
    """The seven checks, what does not fit an honest run, and the flag for relations that are not understood."""
    best = budget["expert"]
    growth = observations.saw("growth").read(GrowthReading.parse)
    joins = observations.saw("joins").read(Joins.model_validate)
    doubts = tuple(_doubts(growth.value, joins.value))
    numbers = observations.answer("numbers").read(lambda _: compared(observations.answered, best.seen["truth"], PARTS))
    counts = _counts(numbers, doubted=bool(doubts))
    sums = _sums(numbers, doubted=bool(doubts))
    weighed = counts.outcome is Outcome.SHOWN
    statements = _growth(growth, GrowthReading.parse(best.seen["growth"]), weighed=weighed)
    rows = _rows(growth, joins, best, weighed=statements.outcome is Outcome.SHOWN)
    return Judgement(
        findings=(
            counts,
            sums,
            _queries(growth, (sums, statements, rows), shape.uses(observations.seen["shape"])),
            statements,
            rows,
            _page(observations, best),
            _fresh(observations, best),
        ),
        integrity=(*doubts, *_traits(observations)),
        red_flags=tuple(_flags(observations, numbers)),
    )


def _counts(numbers: Answered[Numbers], *, doubted: bool) -> Finding:
    wrong = numbers.value.counts
    words = Words(
        measured=f"{len(wrong)} numbers of products are wrong; the first, {wrong[0]}"
        if wrong
        else _right(doubted=doubted),
        expected="what counting product by product gives, behind every filter",
        candidate="A join gives a row for each pair. Where a product is joined to its variants and to its reviews, it "
        "stands in as many rows as there are pairs of them, and whatever counts rows counts it as often.",
        recruiter="Whether the numbers beside the filters are right.",
        evidence=("numbers", "measured"),
    )
    return not_shown("counts", words) if wrong or doubted else shown("counts", words, numbers)


def _sums(numbers: Answered[Numbers], *, doubted: bool) -> Finding:
    wrong = numbers.value.sums
    words = Words(
        measured=f"{len(wrong)} sums are wrong; the first, {wrong[0]}" if wrong else _right(doubted=doubted),
        expected="what adding up product by product gives, behind every filter",
        candidate="Counting distinct rows mends a count and not a sum: two variants with five pieces each have ten. A "
        "sum needs each row once, before anything else is joined to it.",
        recruiter="Whether totals are right as well, where a simple remedy makes them wrong in another way.",
        evidence=("numbers", "measured"),
    )
    return not_shown("sums", words) if wrong or doubted else shown("sums", words, numbers)


def _right(*, doubted: bool) -> str:
    return "all are right, and how they came about could not be measured" if doubted else "all are right"


def _growth(growth: Seen[GrowthReading], best: GrowthReading, *, weighed: bool) -> Finding:
    """Counts only where the numbers are right: wrong ones can be had with few statements."""
    growing = ", ".join(axis.axis for axis in growth.value.growing)
    pairs = zip(growth.value.points, best.points, strict=True)
    near = all(ours.executions <= STATEMENTS_FACTOR * theirs.executions + STATEMENTS_SLACK for ours, theirs in pairs)
    words = Words(
        measured=f"{growth.value.most} statements at most; "
        + (f"growing with: {growing}" if growing else "the same on every axis")
        if weighed
        else UNWEIGHED,
        expected=f"the same number at every size (the reference solution needs {best.most})",
        candidate="Asking for each brand and each tag in turn is right, and slow as soon as there are many. The "
        "database can group: one statement answers for all values of a kind.",
        recruiter="Whether the page stays quick when the shop grows.",
        evidence=("growth",),
    )
    good = weighed and near and not growing
    return shown("growth", words, growth) if good else not_shown("growth", words)


def _rows(growth: Seen[GrowthReading], joins: Seen[Joins], best: Observations, *, weighed: bool) -> Finding:
    """Counts only where the statements stay the same: value by value, few rows are read each time."""
    points = list(zip(growth.value.points, GrowthReading.parse(best.seen["growth"]).points, strict=True))
    pages = list(zip(joins.value.rows, Joins.model_validate(best.seen["joins"]).rows, strict=True))
    few = all(ours.rows <= _allowed(theirs.rows) for ours, theirs in points) and all(
        ours.fetched <= _allowed(theirs.fetched) for ours, theirs in pages
    )
    narrow = all(_reads_little(ours, theirs) for ours, theirs in points) and all(
        _is_narrow(ours, theirs) for ours, theirs in pages
    )
    words = Words(
        measured=_fetched(few=few, narrow=narrow) if weighed else UNWEIGHED,
        expected="about the rows that the reference solution fetches and joins on the same data",
        candidate="Numbers can be worked out where the rows are, and only the numbers need travel. And joining two "
        "things that have nothing to do with each other makes every pair of them, to be thrown away again: summing "
        "up each by itself first never makes the pairs.",
        recruiter="Whether only what is needed is read and put together.",
        evidence=("growth", "joins"),
    )
    if not weighed or not few:
        return not_shown("rows", words)
    return shown("rows", words, growth) if narrow else partly("rows", words, joins)


def _fetched(*, few: bool, narrow: bool) -> str:
    if not few:
        return "what belongs to the products is fetched to be counted in Python"
    return "few rows fetched, " + ("and few joined" if narrow else "and many times more joined than there are")


def _allowed(rows: int) -> int:
    return ROWS_FACTOR * rows + ROWS_SLACK


def _reads_little(ours: Point, theirs: Point) -> bool:
    return ours.read <= READ_FACTOR * theirs.read + READ_SLACK


def _is_narrow(ours: Page, theirs: Page) -> bool:
    return ours.widest <= READ_FACTOR * theirs.widest + READ_SLACK


def _queries(growth: Seen[GrowthReading], parts: tuple[Finding, Finding, Finding], raw: list[Place]) -> Finding:
    """Not shown where the numbers are asked one by one or counted in Python; partly with SQL by hand, or wrong sums."""
    sums, statements, rows = parts
    words = Words(
        measured="SQL written by hand" if raw else f"{growth.value.most} statements at most, through the ORM",
        expected="numbers that the database works out, asked through the ORM for all values at once",
        candidate="Grouping, subqueries and sums over a part of the rows all have words in Django's ORM. SQL by hand "
        "gives the same numbers and loses what the ORM keeps in step with the models and the filters.",
        recruiter="Whether the framework's own way of asking the database is used well.",
        evidence=("growth", "numbers", "shape"),
        places=raw,
    )
    if Outcome.NOT_SHOWN in (statements.outcome, rows.outcome):
        return not_shown("queries", words)
    in_part = raw or sums.outcome is not Outcome.SHOWN
    return partly("queries", words, growth) if in_part else shown("queries", words, growth)


def _page(observations: Observations, best: Observations) -> Finding:
    page = observations.answer("page")
    found = contract.differences(page.value, best.answered["page"])
    words = Words(
        measured=f"{len(found)} of the answers differ; the first, {found[0].target}: {found[0].what}"
        if found
        else "every answer is the same",
        expected="the same products, facts, order, pages and refusals as before",
        candidate="Numbers beside a list must not change what is in it.",
        recruiter="Whether the page still shows the right products.",
        evidence=("page",),
    )
    return not_shown("page", words) if found else shown("page", words, page)


def _fresh(observations: Observations, best: Observations) -> Finding:
    """Numbers that had to change did: whether they are right as well is another check's business."""
    after = observations.answer("after")
    kept = stale(observations.answered["numbers"], after.value, best.seen["truth"], parts=("pages", "after"))
    words = Words(
        measured="numbers from before the change" if kept else "all numbers moved with the data",
        expected="other numbers as soon as products, stock and reviews have changed",
        candidate="A number that was kept is quick to show and soon wrong.",
        recruiter="Whether the page shows what is true now.",
        evidence=("after",),
    )
    return not_shown("fresh", words) if kept else shown("fresh", words, after)


def _doubts(growth: GrowthReading, joins: Joins) -> list[Integrity]:
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
            any(point.unmeasured for point in points) or any(page.unmeasured for page in joins.rows),
            "unmeasured-statements",
            "Some statements left no plan, or defined something in the database, so what they cost is not known.",
            "A statement that failed, or a transaction that was rolled back with a cursor open, does this.",
        ),
        (
            any(point.functions for point in points),
            "function-in-database",
            "There is a function, a trigger or a rule in the database; what happens inside can't be measured in full.",
            "Functions and triggers are a way to keep numbers; this ticket's brief rules them out.",
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
            f"The page showed numbers although their tables were not read for it ({', '.join(missing)}).",
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


def _traits(observations: Observations) -> Iterator[Integrity]:
    """What the text or the answers show beside the measurements. Costs nobody a mark."""
    if differs_by_request(observations.answered["numbers"], observations.answered["others"]):
        yield Integrity(
            kind="answers-by-request",
            what="Different browsers and programs got different numbers from the same address.",
            innocent="A page may honestly differ by language or device; numbers seldom do.",
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
            yield Integrity(kind=kind, what=what, innocent=innocent, places=tuple(places))


def _flags(observations: Observations, numbers: Answered[Numbers]) -> Iterator[RedFlag]:
    """Relations that multiply each other: several aggregated together in the text, and too large in the answers."""
    flag = red_flag(
        "relationships-misunderstood",
        guide_line=62,
        what="Several relations are joined and added up together, so that what belongs to one is counted once for each "
        "of the others.",
        innocent="It may be the code that was there before, left as it was. Ask how many rows such a join has.",
        text=[
            Sign(what="several relations are aggregated together", place=place)
            for place in shape.uses(observations.seen["joins-in-text"])
        ],
        behaviour=[Answered(words) for words in numbers.value.inflated[:3]],
    )
    if flag:
        yield flag
