"""The shop's invented goods: the same for the same seed, believable, and fit for every constraint of the database."""

from __future__ import annotations

import importlib.util
import itertools
import random
import re
import subprocess
import sys
import tracemalloc
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest

PACK = Path(__file__).resolve().parents[2] / "packs" / "shop"


@pytest.fixture(scope="module")
def data() -> ModuleType:
    spec = importlib.util.spec_from_file_location("shop_data_under_test", PACK / "data.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def goods(data: ModuleType) -> dict[str, list[dict[str, object]]]:
    return _read(data.tables(random.Random("a seed"), "S"))


def _read(tables: object) -> dict[str, list[dict[str, object]]]:
    return {
        table.name: [dict(zip(table.columns, row, strict=True)) for row in table.rows]
        for table in tables  # type: ignore[attr-defined]
    }


def test_the_same_seed_gives_the_same_rows_and_another_one_others(data: ModuleType, goods: object) -> None:
    assert _read(data.tables(random.Random("a seed"), "S")) == goods
    assert _read(data.tables(random.Random("another"), "S")) != goods


def test_rows_do_not_depend_on_the_order_in_which_tables_are_read(data: ModuleType) -> None:
    forwards = list(data.tables(random.Random(1), "S"))
    backwards = list(data.tables(random.Random(1), "S"))[::-1]
    first = {table.name: list(itertools.islice(table.rows, 50)) for table in forwards}
    assert {table.name: list(itertools.islice(table.rows, 50)) for table in backwards} == first


def test_rows_do_not_depend_on_the_hash_seed_of_the_process() -> None:
    script = (
        "import hashlib, importlib.util, random, sys;"
        "spec = importlib.util.spec_from_file_location('data', sys.argv[1]);"
        "data = importlib.util.module_from_spec(spec); spec.loader.exec_module(data);"
        "rows = [row for table in data.tables(random.Random(1), 'S') for row, _ in zip(table.rows, range(200))];"
        "print(hashlib.sha256(repr(rows).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", script, str(PACK / "data.py")],
            env={"PYTHONHASHSEED": seed, "PYTHONDONTWRITEBYTECODE": "1"}, capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("0", "1")
    }  # fmt: skip
    assert len(digests) == 1


def test_size_s_has_two_thousand_products_and_some_twenty_thousand_rows(
    goods: dict[str, list[dict[str, object]]],
) -> None:
    assert len(goods["catalogue_product"]) == 2_000
    assert 18_000 < sum(map(len, goods.values())) < 40_000


def test_size_m_has_ten_times_as_many_products(data: ModuleType) -> None:
    table = next(table for table in data.tables(random.Random(1), "M") if table.name == "catalogue_product")
    assert sum(1 for _ in itertools.islice(table.rows, 2_000)) == 2_000
    assert (data.SCALES["S"].products, data.SCALES["M"].products) == (2_000, 20_000)


def test_rows_are_made_while_they_are_read(data: ModuleType) -> None:
    tracemalloc.start()
    try:
        for table in data.tables(random.Random(1), "M"):
            for _ in itertools.islice(table.rows, 3_000):
                pass
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()


def test_every_row_finds_what_it_refers_to_in_a_table_before_it(
    goods: dict[str, list[dict[str, object]]],
) -> None:
    keys: dict[str, set[object]] = {}
    targets = {"category_id": "category", "brand_id": "brand", "tag_id": "tag", "product_id": "product"}
    for name, rows in goods.items():
        for column, target in targets.items():
            wanted = {row[column] for row in rows if column in row}
            assert wanted <= keys.get(f"catalogue_{target}", set()), (name, column)
        keys[name] = {row["id"] for row in rows}
        assert len(keys[name]) == len(rows)
    parents = [(row["id"], row["parent_id"]) for row in goods["catalogue_category"]]
    seen: set[object] = {None}
    for key, parent in parents:
        assert parent in seen
        seen.add(key)


def test_what_the_database_wants_unique_is(goods: dict[str, list[dict[str, object]]]) -> None:
    for table, columns in {
        "catalogue_category": ("slug",), "catalogue_brand": ("name", "slug"), "catalogue_tag": ("name", "slug"),
        "catalogue_product": ("sku", "slug"), "catalogue_variant": ("sku",),
    }.items():  # fmt: skip
        for column in columns:
            assert max(Counter(row[column] for row in goods[table]).values()) == 1, (table, column)
    tagged = Counter((row["product_id"], row["tag_id"]) for row in goods["catalogue_product_tags"])
    assert max(tagged.values()) == 1
    mains = Counter(row["product_id"] for row in goods["catalogue_productimage"] if row["is_main"])
    assert max(mains.values()) == 1


def test_values_pass_the_database_s_checks(goods: dict[str, list[dict[str, object]]]) -> None:
    drawing = re.compile(r"[a-z]+-([12]?[0-9]{1,2}|3[0-5][0-9])-[0-9a-f]{6}")
    assert all(drawing.fullmatch(str(row["drawing"])) for row in goods["catalogue_productimage"])
    assert {row["stars"] for row in goods["catalogue_rating"]} == {1, 2, 3, 4, 5}
    prices = [row["price"] for row in goods["catalogue_product"]]
    prices += [row["price_override"] for row in goods["catalogue_variant"] if row["price_override"] is not None]
    assert all(isinstance(price, Decimal) and price > 0 and price.as_tuple().exponent == -2 for price in prices)
    for column, most in (("name", 200), ("slug", 220), ("sku", 20)):
        assert max(len(str(row[column])) for row in goods["catalogue_product"]) <= most
    assert all(re.fullmatch(r"[a-z0-9-]+", str(row["slug"])) for row in goods["catalogue_product"])


def test_all_moments_lie_in_2019_and_no_opinion_is_older_than_its_product(
    goods: dict[str, list[dict[str, object]]],
) -> None:
    added = {row["id"]: row["added_at"] for row in goods["catalogue_product"]}
    for moment in added.values():
        assert isinstance(moment, datetime)
        assert (moment.tzinfo, moment.year) == (UTC, 2019)
    for row in goods["catalogue_rating"]:
        assert isinstance(row["created_at"], datetime)
        assert row["created_at"].year == 2019
        assert row["created_at"] >= added[row["product_id"]]  # type: ignore[operator]


def test_there_is_something_of_every_kind_that_a_page_must_cope_with(
    goods: dict[str, list[dict[str, object]]],
) -> None:
    products = {row["id"] for row in goods["catalogue_product"]}
    mains = {row["product_id"]: row["position"] for row in goods["catalogue_productimage"] if row["is_main"]}
    assert products - mains.keys()
    assert any(position != 0 for position in mains.values())
    assert products - {row["product_id"] for row in goods["catalogue_rating"]}
    assert products - {row["product_id"] for row in goods["catalogue_product_tags"]}
    assert {row["published"] for row in goods["catalogue_product"]} == {True, False}
    names = [str(row["name"]) for row in goods["catalogue_product"]]
    assert any(len(name) >= 60 for name in names)
    assert any("\u0600" <= letter <= "\u06ff" for name in names for letter in name)
    assert any(len(str(row["name"])) >= 60 for row in goods["catalogue_brand"])
