"""SH3: what the orders mean. Pure: the same observations and budget give the same findings, anywhere."""

from collections import Counter
from collections.abc import Iterator, Sequence

from djudge.engine.probes import shape
from djudge.engine.values import (
    Answered,
    Budget,
    Finding,
    Integrity,
    Json,
    Judgement,
    Observations,
    Seen,
    Words,
    not_shown,
    partly,
    shown,
)

from .readings import Asked, Bought, Cost, Kept, asked_of, bought_of, costs_of, kept_of, table_of

#: More statements or rows than this for many orders than for a few: not the database adds up. A few currencies more.
MORE = 3

EXACT = "numeric"
TRUE = "a true order"


def judge(observations: Observations, budget: Budget) -> Judgement:
    """The six checks, and what does not fit an honest run."""
    bought = observations.saw("bought").read(bought_of)
    kept = observations.answer("snapshot").read(kept_of)
    asked = observations.answer("spent").read(asked_of)
    costs = observations.saw("statements").read(costs_of)
    doubts = list(_doubts(observations, bought.value, kept.value, costs.value))
    kinds = {one.kind for one in doubts}
    return Judgement(
        findings=(
            _cents(bought),
            _shares(bought),
            _snapshot(kept, doubted=bool(kinds & {"changes-undone", "differs-by-process"})),
            _sums(asked, costs, doubted=bool(kinds & {"packs-rows", "counter-gap"})),
            _refuses(observations),
            _works(observations, bought, budget["expert"]),
        ),
        integrity=(*doubts, *_traits(observations)),
    )


def _cents(bought: Seen[list[Bought]]) -> Finding:
    wrong = [one for one in bought.value if not one.exact]
    words = Words(
        measured=f"{_of(bought.value, wrong)}: {_kinds(wrong)}" if wrong else _of(bought.value, wrong),
        expected="subtotal, discount, total and tax of every order right to the cent",
        candidate="Binary fractions can't hold most amounts, and each rounding loses something: add up exactly, round "
        "once, and by the rule that was agreed. Half a cent goes upwards here, which is not what `round` does.",
        recruiter="Whether invoices of this shop are right to the cent.",
        evidence=("bought",),
    )
    return not_shown("cents", words) if wrong else shown("cents", words, bought)


def _shares(bought: Seen[list[Bought]]) -> Finding:
    wrong = [one for one in bought.value if not one.by_the_rule]
    torn = [one for one in bought.value if not one.adds_up]
    words = Words(
        measured=_of(bought.value, wrong) + (f"; in {len(torn)} they don't add up" if torn else "; all add up"),
        expected="the shares of every order add up to its discount, each by the rule",
        candidate="Parts that are rounded one by one seldom come to the whole. Cut them off, count what is missing, "
        "and give it out by a rule that leaves nothing to chance.",
        recruiter="Whether a discount that is spread over several goods still adds up.",
        evidence=("bought",),
    )
    if torn:
        return not_shown("shares", words)
    return partly("shares", words, bought) if wrong else shown("shares", words, bought)


def _snapshot(kept: Answered[list[Kept]], *, doubted: bool) -> Finding:
    orders = kept.value
    untold = [one.kind for one in orders if not one.told]
    lost = [one.kind for one in orders if one.written_over or one.sums_follow]
    follow = [one.kind for one in orders if one.follows]
    words = Words(
        measured=_changed(untold, lost, follow),
        expected="rows and pages as they were when the order was placed",
        candidate="What was agreed is a record: it is written down once, with everything that it was worked out from, "
        "and is read from there. Whatever looks into the catalogue or the rates again follows them.",
        recruiter="Whether an order can change after somebody has placed it.",
        evidence=("snapshot",),
    )
    if untold or lost or doubted:
        return not_shown("snapshot", words)
    return partly("snapshot", words, kept) if follow else shown("snapshot", words, kept)


def _changed(untold: list[str], lost: list[str], follow: list[str]) -> str:
    if untold:
        return f"{len(untold)} orders don't show what was bought, and at which amounts"
    if lost:
        return f"{len(lost)} orders came to other amounts after prices, codes and rates had changed"
    return f"names, prices or rates on {len(follow)} pages are those of today" if follow else "nothing changed"


def _sums(asked: Answered[list[Asked]], costs: Seen[list[Cost]], *, doubted: bool) -> Finding:
    wrong = sum(not one.right for one in asked.value)
    few, many = costs.value[0], costs.value[1]
    grows = (
        many.executions - few.executions > MORE or many.rows - few.rows > MORE or bool(few.unmeasured + many.unmeasured)
    )
    words = Words(
        measured=f"{wrong} of {len(asked.value)} answers are wrong; {few.executions} statements and {few.rows} rows "
        f"for few orders, {many.executions} and {many.rows} for many",
        expected="all answers right, with as many statements and rows for many orders as for few",
        candidate="A database adds up where the rows are, exactly, and sends one row a currency. Rows that are fetched "
        "to be added are slower with each order, and joins to lines count an order several times.",
        recruiter="Whether sums over many orders are right, and stay quick.",
        evidence=("spent", "statements"),
    )
    if wrong or doubted:
        return not_shown("sums", words)
    return partly("sums", words, asked) if grows else shown("sums", words, asked)


def _refuses(observations: Observations) -> Finding:
    columns, refused = observations.saw("columns").read(table_of), observations.saw("refused").read(table_of)
    exact = len(columns.value) == 2 and all(row[1] == EXACT and int(row[2]) >= 2 for row in columns.value)
    answers = {row[0]: row[1] for row in refused.value}
    through = [what for what, state in answers.items() if what != TRUE and not state]
    strict = bool(answers[TRUE])
    words = Words(
        measured=f"columns of type {' and '.join(sorted({row[1] for row in columns.value}))}; "
        + ("a true order is refused" if strict else f"let through: {', '.join(through) or 'nothing that can’t be'}"),
        expected="exact columns; amounts that can't be are refused, and true ones are not",
        candidate="What must always hold is a constraint: it also holds for scripts, the admin and the code of next "
        "year. And a column of binary fractions takes away what exact arithmetic has won.",
        recruiter="Whether wrong amounts can get into the database at all.",
        evidence=("columns", "refused"),
    )
    if not exact:
        return not_shown("kept", words)
    return partly("kept", words, columns) if through or strict else shown("kept", words, columns, refused)


def _works(observations: Observations, bought: Seen[list[Bought]], expert: Observations) -> Finding:
    ours, theirs = observations.answered["works"], expert.answered["works"]
    wrong = _different(ours, theirs)
    failed = sum(one.told != "ordered" for one in bought.value)
    words = Words(
        measured=_failing(failed, wrong) or "as before",
        expected="orders are placed, refused and shown as they were",
        candidate="Amounts may only be mended where everything else of an order stays as it is.",
        recruiter="Whether the shop still sells, and shows an order to its buyer alone.",
        evidence=("works",),
    )
    return not_shown("works", words) if failed or wrong else shown("works", words, bought)


def _different(ours: Json, theirs: Json) -> list[str]:
    if not isinstance(ours, dict) or not isinstance(theirs, dict):
        raise ValueError("These are no facts.")
    return [name for name in theirs if ours.get(name) != theirs[name]]


def _failing(failed: int, wrong: list[str]) -> str:
    told = [f"{failed} purchases did not become an order"] if failed else []
    return "; ".join([*told, *([f"not as before: {', '.join(wrong)}"] if wrong else [])])


def _of(every: Sequence[Bought], wrong: Sequence[Bought]) -> str:
    return f"{len(every) - len(wrong)} of {len(every)} orders are right"


def _kinds(wrong: Sequence[Bought]) -> str:
    found = Counter(one.kind for one in wrong)
    return ", ".join(f"{number} × {kind}" for kind, number in found.items())


# doubts


def _doubts(
    observations: Observations, bought: Sequence[Bought], kept: Sequence[Kept], costs: Sequence[Cost]
) -> Iterator[Integrity]:
    """Each a fact from outside the guest that an honest run does not show. None is a verdict."""
    statements, undone = observations.seen["statements"], observations.seen["undone"]
    twins = [(one, bought[one.twin]) for one in bought if one.twin >= 0]
    rules = (
        (
            any(one.told == other.told == "ordered" and one.got != other.got for one, other in twins),
            "differs-by-asker",
            "The same basket came to different amounts for a browser and for a program.",
            "Prices or rates could have changed in between; nobody changed them here.",
        ),
        (
            any(one.after != one.again for one in kept),
            "differs-by-process",
            "One process shows an order as another does not.",
            "A cache that processes don't share would do this.",
        ),
        (
            bool(undone),
            "changes-undone",
            f"Changes of the judge's did not last: {', '.join(map(str, undone)) if isinstance(undone, list) else ''}.",
            "A trigger against accidental changes would do this; the brief says that prices change.",
        ),
        (
            any(one.packed for one in costs),
            "packs-rows",
            "Many rows were sent as one, packed into an array or a document.",
            "Exports do this; it is no adding up, and the brief says so.",
        ),
        (
            isinstance(statements, dict) and bool(statements["gap"]),
            "counter-gap",
            "PostgreSQL's counters saw more rows than its log tells of.",
            "A query that was cancelled, or a cursor that was left before its end, leaves such a gap too.",
        ),
    )
    for holds, kind, what, innocent in rules:
        if holds:
            yield Integrity(kind=kind, what=what, innocent=innocent)


def _traits(observations: Observations) -> Iterator[Integrity]:
    """What the text shows beside the answers. Costs nobody a mark."""
    kinds = (
        (
            "asks-for-whom",
            "The code looks at headers of the request, or at the machine or the role that it runs as.",
            "Logging does, and languages or formats may be chosen so; amounts should not.",
        ),
        (
            "patches-framework",
            "Code of the framework or of other apps is replaced while the process runs.",
            "Patching is sometimes the only way around a bug; ask which one.",
        ),
    )
    for kind, what, innocent in kinds:
        places = shape.uses(observations.seen[kind])
        if places:
            yield Integrity(kind=kind, what=what, innocent=innocent, places=tuple(places))
