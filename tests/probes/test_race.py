"""The race probe tells code that holds from code that happened to hold, and says how it came about."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from tests.probes.conftest import RunOf

from djudge.engine.probes import race
from djudge.engine.probes.race import DEADLOCK, TOO_OLD, RaceReading
from djudge.engine.run import Crowd
from djudge.engine.sandbox.contract import Request

BUYERS = 6

URLS = """
from django.http import HttpResponse
from django.urls import include, path

from catalogue.buying import buy


def bought(request):
    return HttpResponse(status=201 if buy([int(one) for one in request.GET["ids"].split(",")]) else 409)


urlpatterns = [
    path("buy/", bought),
    path("accounts/", include("accounts.urls")),
    path("basket/", include("basket.urls")),
    path("desk/", include("desk.urls")),
    path("payments/", include("payments.urls")),
    path("", include("orders.urls")),
    path("", include("catalogue.urls")),
]
"""
HEAD = """
from django.db import OperationalError, connection, transaction
from django.db.models import F
from catalogue.models import Variant


"""
READS_THEN_WRITES = """
def buy(ids):
    for variant in [Variant.objects.get(pk=pk) for pk in ids]:
        if variant.stock < 1:
            return False
        variant.stock -= 1
        variant.save(update_fields=["stock"])
    return True
"""
IN_A_TRANSACTION = """
@transaction.atomic
def buy(ids):
    for pk in ids:
        variant = Variant.objects.get(pk=pk)
        if variant.stock < 1:
            return False
        variant.stock -= 1
        variant.save(update_fields=["stock"])
    return True
"""
LOCKS_ROWS = """
@transaction.atomic
def buy(ids):
    variants = list(Variant.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    if any(variant.stock < 1 for variant in variants):
        return False
    for variant in variants:
        variant.stock -= 1
        variant.save(update_fields=["stock"])
    return True
"""
UPDATES_ON_A_CONDITION = """
@transaction.atomic
def buy(ids):
    for pk in %s:
        if not Variant.objects.filter(pk=pk, stock__gt=0).update(stock=F("stock") - 1):
            transaction.set_rollback(True)
            return False
    return True
"""
WRITES_WHAT_IT_IS_TOLD = """
def buy(ids):
    variant = Variant.objects.get(pk=1)
    variant.stock = ids[0]
    variant.save(update_fields=["stock"])
    return True
"""
SERIALIZABLE = """
def buy(ids):
    for attempt in range(%d):
        try:
            with transaction.atomic():
                connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
                for pk in ids:
                    variant = Variant.objects.get(pk=pk)
                    if variant.stock < 1:
                        return False
                    variant.stock -= 1
                    variant.save(update_fields=["stock"])
                return True
        except OperationalError:
            connection.close()
    raise RuntimeError("gave up")
"""


def buying(source: str) -> dict[str, str]:
    return {"catalogue/buying.py": HEAD + source, "stallhouse/urls.py": URLS}


def stock(crowd: Crowd, put: int | None = None) -> list[int]:
    """The stock of variants 1 and 2, after it was set to `put`."""
    with crowd.stage.arrange() as connection:
        if put is not None:
            connection.execute("update catalogue_variant set stock = %s where id in (1, 2)", [put])
        found = connection.execute("select stock from catalogue_variant where id in (1, 2) order by id").fetchall()
    return [row[0] for row in found]


def orders(*ids: str) -> Sequence[Request]:
    return [Request(target=f"/buy/?ids={one}") for one in ids]


@pytest.mark.parametrize(
    ("source", "sold"),
    [
        pytest.param(READS_THEN_WRITES, BUYERS, id="reads, checks, writes"),
        pytest.param(IN_A_TRANSACTION, BUYERS, id="the same in a transaction"),
        pytest.param(LOCKS_ROWS, 2, id="locks rows"),
        pytest.param(UPDATES_ON_A_CONDITION % "ids", 2, id="updates on a condition"),
        pytest.param(SERIALIZABLE % (BUYERS + 1), 2, id="serializable, tried again"),
    ],
)
def test_every_round_is_forced_so_that_luck_decides_nothing(run_of: RunOf, source: str, sold: int) -> None:
    with run_of(buying(source)).crowd(BUYERS) as crowd:
        for _ in range(3):
            stock(crowd, 2)
            seen, _ = race.forced(crowd, orders(*["1"] * BUYERS), race.tables("catalogue_variant"), names=["variants"])
            reading = RaceReading.parse(seen)
            assert reading.forced
            assert sum(racer.status == 201 for racer in reading.racers) == sold
            assert reading.broken == 0


def test_giving_up_after_one_try_sells_less_than_there_is_and_is_no_deadlock(run_of: RunOf) -> None:
    with run_of(buying(SERIALIZABLE % 1)).crowd(BUYERS) as crowd:
        stock(crowd, 2)
        seen, _ = race.forced(crowd, orders(*["1"] * BUYERS), race.tables("catalogue_variant"), names=["variants"])
        reading = RaceReading.parse(seen)
        assert (reading.broken, stock(crowd)[0]) == (BUYERS - 1, 1)
        assert reading.refusals(TOO_OLD) == BUYERS - 1
        assert reading.refusals(DEADLOCK) == 0


def test_two_who_want_the_same_goods_in_opposite_order_deadlock_unless_the_code_has_an_order(run_of: RunOf) -> None:
    found = {}
    for name, order in {"as they come": "ids", "in an order": "sorted(ids)"}.items():
        with run_of(buying(UPDATES_ON_A_CONDITION % order)).crowd(2) as crowd:
            stock(crowd, 5)
            holds = [race.rows("catalogue_variant", one) for one in (1, 2)]
            seen, _ = race.forced(crowd, orders("1,2", "2,1"), *holds, names=["variant 1", "variant 2"])
            reading = RaceReading.parse(seen)
            found[name] = (reading.forced, reading.broken, reading.refusals(DEADLOCK), stock(crowd))
    assert found == {"as they come": (True, 1, 1, [4, 4]), "in an order": (True, 0, 0, [3, 3])}


def test_the_counters_of_a_crowd_are_accounted_for_and_each_guest_has_its_own_statements(run_of: RunOf) -> None:
    with run_of(buying(UPDATES_ON_A_CONDITION % "ids")).crowd(3) as crowd:
        stock(crowd, 1)
        seen, visits = race.forced(crowd, orders("1", "1", "1"), race.tables("catalogue_variant"), names=["variants"])
        ended = crowd.finish()
    assert [racer.writes for racer in RaceReading.parse(seen).racers] == [1, 1, 1]
    assert all(visit.reading.settled for visit in visits)
    assert ended.audit.gap == 0


@pytest.mark.parametrize("told", [("7", "3"), ("3", "7")])
def test_in_turn_guests_write_in_the_order_in_which_they_were_asked(run_of: RunOf, told: tuple[str, str]) -> None:
    with run_of(buying(WRITES_WHAT_IT_IS_TOLD)).crowd(2) as crowd:
        for _ in range(3):
            stock(crowd, 5)
            hold = race.rows("catalogue_variant", 1)
            seen, _ = race.forced(crowd, orders(*told), hold, names=["a variant's row"], in_turn=True)
            assert RaceReading.parse(seen).forced
            assert stock(crowd)[0] == int(told[-1])
