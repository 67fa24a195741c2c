"""The shop's test data for the judge: the same goods, people and orders that `manage.py generate` makes.

The sources are `generator.py` of `catalogue` and of `orders`, because the system must also work alone. They are loaded
here by their paths, from the pack's own folder: never from a submission, whose apps a candidate may change.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

SYSTEM = Path(__file__).resolve().parent / "system"


def _load(app: str, name: str) -> ModuleType:
    source = SYSTEM / app / "generator.py"
    spec = importlib.util.spec_from_file_location(name, source)
    if spec is None or spec.loader is None:
        raise ImportError(f"{source} can't be loaded.")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_generator = _load("catalogue", "djudge_shop_generator")
_orders = _load("orders", "djudge_shop_order_generator")

SCALES = _generator.SCALES
Table = _generator.Table
copy_into = _generator.copy_into
tables = _generator.tables


def order_tables(seed: str, size: str) -> Iterator[Any]:
    """People, codes and orders for the goods of `tables(Random(seed), size)`: to be loaded after them.

    The goods are made once more, for their names and prices; that takes a tenth of a second at S.
    """
    goods = _orders.goods_of(tables(Random(seed), size))
    found: Iterator[Any] = _orders.tables(
        Random(f"{seed} orders"), goods, SCALES[size].brands, _orders.ORDERS[size], Table
    )
    return found
