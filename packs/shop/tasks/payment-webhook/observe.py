"""SH7: what is measured. The judge is the provider: it tells, forges, repeats, comes late, and has steps refused."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from djudge.engine.probes import patience, race, shape
from djudge.engine.run import Connection, Crowd, Run
from djudge.engine.serving import Visit
from djudge.engine.values import Json, Observations

from ..data import copy_into, tables
from ..people import put_in as put_people_in
from .messages import Headers, Message, message, now, request, signature, signed
from .orders import Waiting, facts, kept, put_in, waiting

#: What tells of other sessions and their locks. A message has no business there.
LOOKS = ("pg_locks", "pg_stat_activity", "pg_blocking_pids", "pg_stat_get_activity", "pg_lock_status")
#: How statements begin that change what the database is and not what it holds.
CHANGES = ("ALTER", "CREATE", "DROP", "TRUNCATE", "COMMENT", "GRANT")
#: Names by which code looks at what it runs on.
ASKS = ("gethostname", "getpid", "getppid", "getuser", "get_dsn_parameters", "backend_pid")

FINE, REFUSED, ANY = "2xx", "401", "any"


def arrange(connection: Connection, random: Random) -> None:
    """The shop's goods, and the orders of this seed."""
    buyer, orders = waiting(random)
    copy_into(connection, tables(random, "S"))
    put_people_in(connection, [buyer])
    put_in(connection, buyer, orders)


@dataclass(slots=True)
class Case:
    """One order and what is told of it: what the answers should be, and what they were."""

    order: Waiting
    random: Random
    wants: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    told: dict[str, None] = field(default_factory=dict)
    #: Answered 2xx while the message was neither kept nor applied, where that can be told apart.
    lost: int = 0
    #: Tries that failed and left something behind.
    half: int = 0

    def message(self, kind: str, quarters: int | None = None) -> Message:
        """A message about this order's payment; `quarters` of the amount have gone back in all."""
        data = {} if quarters is None else {"refunded": self.order.part(quarters)}
        return message(self.random, kind, self.order.payment, **data)


class Telling:
    """The provider: delivers messages to the shop's processes, and remembers what came of it."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd = crowd
        self.visits: list[Visit] = []
        self.races: dict[str, Json] = {}

    def tell(self, case: Case, one: Message, wants: str = FINE, headers: Headers | None = None) -> int:
        """One delivery to the first process, and its status."""
        visit = self.crowd.guests[0].ask(request(one, headers))
        self.keep(case, one, wants, visit)
        return visit.answer.status

    def keep(self, case: Case, one: Message, wants: str, visit: Visit) -> None:
        """Write down what a delivery came to."""
        self.visits.append(visit)
        case.told[one.id] = None
        case.wants.append(wants)
        case.statuses.append(visit.answer.status)

    def execute(self, statement: str, *values: object) -> None:
        """A change of the judge's own."""
        with patience.arranging(self.crowd.guests[0]) as connection:
            connection.execute(statement.encode(), list(values))

    def outcome(self, case: Case) -> dict[str, Json]:
        """What the tables say of a case."""
        with patience.arranging(self.crowd.guests[0]) as connection:
            return {
                "facts": facts(connection, case.order),
                "kept": kept(connection, *case.told),
                "lost": case.lost,
                "half": case.half,
            }


type Play = Callable[[Telling, Case], None]


def sequence(*told: tuple[str, int | None]) -> Play:
    """Messages one after another; the same pair again is the same message again."""

    def play(telling: Telling, case: Case) -> None:
        made: dict[tuple[str, int | None], Message] = {}
        for pair in told:
            telling.tell(case, made.setdefault(pair, case.message(*pair)))

    return play


PAID, DECLINED, CREATED = ("succeeded", None), ("declined", None), ("created", None)
QUARTER, HALF, ALL = ("refunded", 1), ("refunded", 2), ("refunded", 4)


def forged(headers: Callable[[Message], Headers]) -> Play:
    """A message with headers that are not the provider's."""

    def play(telling: Telling, case: Case) -> None:
        one = case.message("succeeded")
        telling.tell(case, one, REFUSED, headers(one))

    return play


def at(after: int, wants: str) -> Play:
    """A message whose clock is so many seconds after this moment."""

    def play(telling: Telling, case: Case) -> None:
        one = case.message("succeeded")
        telling.tell(case, one, wants, signed(one, now(after)))

    return play


def no_time(telling: Telling, case: Case) -> None:
    """Signed, with a word for a time."""
    one = case.message("succeeded")
    telling.tell(case, one, REFUSED, signed(one, "soon"))


def unsigned(one: Message) -> Headers:
    """Only its id and its time."""
    return {name: value for name, value in signed(one).items() if name != "webhook-signature"}


def with_signature(change: Callable[[Message, str, str], str]) -> Callable[[Message], Headers]:
    """The headers with another signature, made from the message, its time and the right one."""

    def headers(one: Message) -> Headers:
        right = signed(one)
        moment = right["webhook-timestamp"]
        return {**right, "webhook-signature": change(one, moment, right["webhook-signature"])}

    return headers


def guessed(one: Message, moment: str, right: str) -> str:
    """Signed with another secret."""
    return signature(one.id, moment, one.body, "guess")


def other_body(one: Message) -> bytes:
    """The same to a program that reads it, and other bytes."""
    return one.body.replace(b'": ', b'":')


def as_it_was_sent(telling: Telling, case: Case) -> None:
    """A body that nobody would write like this again: blanks, line ends, signs as themselves."""
    one = case.message("succeeded")
    body = b'{ "data" : {"note":"\xc3\xa9t\xc3\xa9 \xe2\x82\xac", "payment":"' + case.order.payment.encode()
    telling.tell(case, Message(one.id, body + b'"},\r\n\t"type":"payment.succeeded"  }\n'))


def two_signatures(telling: Telling, case: Case) -> None:
    """While the secret changes: one of the old, one of the new."""
    one = case.message("succeeded")
    headers = with_signature(lambda two, moment, right: f"{signature(two.id, moment, two.body, 'old')} {right}")
    telling.tell(case, one, FINE, headers(one))


def unknown(telling: Telling, case: Case) -> None:
    """It comes before the shop knows the payment's id, and again when it does."""
    one = case.message("succeeded")
    telling.execute("update payments_payment set provider_id = null where id = %s", case.order.id)
    status = telling.tell(case, one)
    _count_lost(telling, case, one, status)
    telling.execute("update payments_payment set provider_id = %s where id = %s", case.order.payment, case.order.id)
    telling.tell(case, one)


def left_behind(telling: Telling, case: Case) -> None:
    """It lies there from a process that ended before it was applied."""
    one = case.message("succeeded")
    telling.execute(
        "insert into payments_providerevent (event_id, kind, provider_id, payload, received_at, processed_at)"
        " values (%s, 'payment.succeeded', %s, %s::jsonb, '2019-11-02 12:00+00', null)",
        one.id, case.order.payment, one.body.decode(),
    )  # fmt: skip
    telling.tell(case, one)


def refused_step(after: str, *before: tuple[str, int | None]) -> Play:
    """The database refuses a step of the order, until it is told again."""

    def play(telling: Telling, case: Case) -> None:
        sequence(*before)(telling, case)
        one = case.message("succeeded") if after == "paid" else case.message("refunded", 4)
        earlier = telling.outcome(case)
        telling.execute(f"alter table orders_orderevent add constraint not_now check (after <> '{after}') not valid")
        try:
            status = telling.tell(case, one, ANY)
            _count_lost(telling, case, one, status)
        finally:
            telling.execute("alter table orders_orderevent drop constraint if exists not_now")
        case.half += earlier["facts"] != telling.outcome(case)["facts"]
        telling.tell(case, one)

    return play


def _count_lost(telling: Telling, case: Case, one: Message, status: int) -> None:
    with patience.arranging(telling.crowd.guests[0]) as connection:
        case.lost += 200 <= status < 300 and not kept(connection, one.id)


def together(name: str, *told: tuple[str, int | None], before: Sequence[tuple[str, int | None]] = ()) -> Play:
    """Messages that meet at the payment's row, and would write in this order."""

    def play(telling: Telling, case: Case) -> None:
        sequence(*before)(telling, case)
        made: dict[tuple[str, int | None], Message] = {}
        messages = [made.setdefault(pair, case.message(*pair)) for pair in told]
        hold = race.rows("payments_payment", case.order.id)
        seen, visits = race.forced(
            telling.crowd, [request(one) for one in messages], hold, names=["the payment's row"], in_turn=True
        )
        telling.races[name] = seen
        for one, visit in zip(messages, visits, strict=True):
            telling.keep(case, one, FINE, visit)

    return play


def plays(random: Random) -> Iterator[tuple[str, str, Play]]:
    """All cases of a run: the check that they belong to, a name, and what is told."""
    yield "works", "paid", sequence(PAID)
    yield "works", "declined", sequence(DECLINED)
    yield "works", "a part goes back", sequence(PAID, QUARTER)
    yield "works", "all goes back", sequence(PAID, ALL)
    yield "believed", "unsigned", forged(unsigned)
    yield "believed", "no headers at all", forged(lambda one: {})
    yield "believed", "another secret", forged(with_signature(guessed))
    yield "believed", "another body", forged(with_signature(lambda one, at, _: signature(one.id, at, other_body(one))))
    yield "believed", "another message's", forged(with_signature(lambda one, at, _: signature("evt_0", at, one.body)))
    yield "believed", "another time", forged(with_signature(lambda one, at, _: signature(one.id, now(-60), one.body)))
    yield "believed", "cut off", forged(with_signature(lambda one, at, right: right[:20]))
    yield "believed", "as it was sent", as_it_was_sent
    yield "believed", "two signatures", two_signatures
    yield "fresh", "an hour ago", at(-3600, REFUSED)
    yield "fresh", "seven minutes ago", at(-420, REFUSED)
    yield "fresh", "in seven minutes", at(420, REFUSED)
    yield "fresh", "a word for a time", no_time
    yield "fresh", "three minutes ago", at(-180, FINE)
    yield "once", "paid, three times", sequence(PAID, PAID, PAID)
    yield "once", "a part, twice", sequence(PAID, QUARTER, QUARTER)
    yield "once", "all, twice", sequence(PAID, ALL, ALL)
    yield "once", "declined, twice", sequence(DECLINED, DECLINED, PAID, DECLINED)
    yield "any-order", "paid, then declined", sequence(PAID, DECLINED)
    yield "any-order", "declined, then paid", sequence(DECLINED, PAID)
    yield "any-order", "the larger part first", sequence(PAID, HALF, QUARTER)
    yield "any-order", "a part, then paid", sequence(QUARTER, PAID)
    yield "any-order", "all, then paid", sequence(ALL, PAID, CREATED)
    for number in (1, 2):
        yield "any-order", f"shuffled, {number}", sequence(*random.sample([CREATED, PAID, QUARTER, HALF, DECLINED], 5))
    yield "kept", "not known yet", unknown
    yield "kept", "left behind", left_behind
    yield "whole", "paid is refused", refused_step("paid")
    yield "whole", "refunded is refused", refused_step("refunded", PAID)
    yield "at-once", "the same twice", together("the same twice", PAID, PAID)
    yield "at-once", "two parts", together("two parts", HALF, QUARTER, before=[PAID])
    yield "at-once", "a part and paid", together("a part and paid", QUARTER, PAID)


def observe(run: Run) -> Observations:
    """Every case with an order of its own, all in the same two processes."""
    _, orders = waiting(run.seed.random("arrange"))
    random = run.seed.random("messages")
    outcomes: list[Json] = []
    answers: list[Json] = []
    with run.crowd(2) as crowd:
        telling = Telling(crowd)
        every = list(plays(random))
        for number, ((check, name, play), order) in enumerate(zip(every, orders, strict=False), 1):
            run.progress(number, len(every), f"{check}: {name}")
            case = Case(order, random)
            play(telling, case)
            outcomes.append({"check": check, "case": name, **telling.outcome(case)})
            answers.append({"check": check, "case": name, "wants": [*case.wants], "statuses": [*case.statuses]})
    return Observations(
        seen={
            **{f"race: {name}": seen for name, seen in telling.races.items()},
            "outcomes": {"kind": "outcomes", "cases": outcomes},
            "looks-at-sessions": sum(_looks(visit) for visit in telling.visits),
            "changes-the-schema": sum(_changes(visit) for visit in telling.visits),
            "asks-where-it-runs": shape.observe(run.changed, ASKS),
        },
        answered={"answers": {"kind": "deliveries", "cases": answers}},
    )


def _looks(visit: Visit) -> int:
    return sum(any(word in statement.sql.lower() for word in LOOKS) for statement in visit.reading.statements)


def _changes(visit: Visit) -> int:
    return sum(statement.sql.lstrip().upper().startswith(CHANGES) for statement in visit.reading.statements)
