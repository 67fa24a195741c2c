"""The engines of SH10 against the shop's own: right ones agree with it on any basket, and each broken one differs."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest

SHOP = Path(__file__).resolve().parents[2] / "packs/shop"
START = date(2024, 3, 1)
BRANDS, TAGS = ("a", "b"), ("new", "sale")

type Basket = tuple[list[Any], Any, date]


def _module(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, name, module)  # dataclasses look their module up
        spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def engine() -> ModuleType:
    return _module("shop_discounts_engine", SHOP / "system/discounts/engine.py")


@pytest.fixture(scope="module")
def engines() -> ModuleType:
    return _module("discount_tests_engines", SHOP / "tasks/discount-tests/engines.py")


def _some(random: Random, of: tuple[str, ...]) -> frozenset[str]:
    return frozenset(one for one in of if random.random() < 0.4)


def baskets(engine: ModuleType) -> Iterator[Basket]:
    """Small baskets at few prices, so that limits and equal prices are met; codes of all kinds, and none."""
    for seed in range(1500):
        random = Random(seed)
        lines = [
            engine.Line(
                brand=random.choice(BRANDS),
                unit_price=Decimal(random.choice((5, 25, 900, 1000, 1000, 1999))) / 100,
                quantity=random.randint(1, 5),
                tags=_some(random, (engine.THREE_FOR_TWO, engine.THREE_FOR_TWO, *TAGS)),
            )
            for _ in range(random.randint(0, 4))
        ]
        off = random.choice(({"percent": Decimal("12.5")}, {"percent": Decimal(50)}, {"amount": Decimal(20)}))
        code = engine.Code(
            word="X",
            minimum=Decimal(random.choice((0, 0, 10, 20, 25))),
            not_for_brands=_some(random, BRANDS),
            not_for_tags=_some(random, TAGS),
            first_day=random.choice((None, START)),
            last_day=random.choice((None, START + timedelta(days=1))),
            **off,
        )
        yield lines, random.choice((None, code, code, code)), START + timedelta(days=random.randint(-1, 2))


def shops_own(engine: ModuleType, basket: Basket) -> object:
    """What the shop says."""
    try:
        result = engine.work_out(*basket)
    except engine.CodeRefused as refusal:
        return refusal.reason
    return result.three_for_two, result.code


def as_sent(basket: Basket) -> Basket:
    """As the stand-in sends it."""
    lines, code, today = basket
    return [asdict(line) for line in lines], code and asdict(code), today


def of_task(one: Any, basket: Basket) -> object:
    """What an engine of the task says."""
    answer = one(*basket)
    return answer.get("refused") or (answer["three_for_two"], answer["code"])


def test_right_engines_agree_with_the_shops_own_and_each_broken_one_differs(
    engine: ModuleType, engines: ModuleType
) -> None:
    drawn = [(as_sent(basket), shops_own(engine, basket)) for basket in baskets(engine)]
    assert {outcome for _, outcome in drawn} >= {"early", "late", "nothing", "minimum"}
    for name, one in engines.RIGHT.items():
        assert [basket for basket, outcome in drawn if of_task(one, basket) != outcome] == [], name
    same = [
        name
        for name, one in engines.BROKEN.items()
        if all(of_task(one, basket) == outcome for basket, outcome in drawn)
    ]
    assert same == []
    assert set(engines.REFUSALS) <= set(engines.BROKEN)
