"""Observations as a page shows them: the probes' own forms, and anything else without failing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from djudge.engine.reports import evidence
from djudge.engine.values import Json

PLAN: Json = {
    "rows": 24,
    "blocks": 3,
    "nodes": [
        {"depth": 0, "type": "Sort", "rows": 24, "loops": 1, "blocks": 3},
        {
            "depth": 1,
            "type": "Index Scan",
            "relation": "image",
            "index": "image_product",
            "rows": 48,
            "loops": 24,
            "blocks": 3,
        },
    ],
}


def test_a_plan_of_the_witness_is_a_tree_of_facts() -> None:
    top, below = evidence.plan_lines(PLAN)
    assert (top.depth, top.what, top.on, top.counts) == (0, "Sort", "", "24 rows, 3 blocks")
    assert (below.depth, below.what, below.on) == (1, "Index Scan", "image by image_product")
    assert below.counts == "48 rows, 24 loops, 3 blocks"


def test_a_plan_of_nested_nodes_is_the_same_tree() -> None:
    nested: Json = {"type": "Sort", "children": [{"type": "Seq Scan", "relation": "image", "rows": 1}]}
    assert [(line.depth, line.what) for line in evidence.plan_lines(nested)] == [(0, "Sort"), (1, "Seq Scan")]
    assert evidence.plan_lines(None) == ()
    assert len(evidence.plan_lines([{"type": "Result"}] * 500)) == 60


def test_pages_that_were_read_show_their_status_and_their_cards() -> None:
    cards: list[Json] = [{"sku": f"A-{number}", "tags": ["new"], "average": None} for number in range(24)]
    page: Json = {
        "kind": "exchange",
        "exchanges": [{"target": "/products/", "status": 200, "type": "text/html", "cards": cards, "facts": {}}],
    }

    (exchange,) = evidence.exchanges(page)

    assert (exchange.request, exchange.status, exchange.total) == ("GET /products/", "200", 24)
    assert exchange.cards is not None
    assert exchange.cards.columns == ("sku", "tags", "average")
    assert exchange.cards.rows[0] == ("A-0", '["new"]', "")
    assert exchange.cards.left_out == 19


def test_rows_are_a_table_whether_listed_or_keyed() -> None:
    listed = evidence.table({"kind": "rows", "columns": ["a", "b"], "rows": [[1, "x"], [2, None]]})
    keyed = evidence.table({"kind": "rows", "rows": [{"a": 1, "b": "x"}, {"a": 2, "b": None}]})
    assert listed == keyed
    assert listed is not None
    assert listed.rows == (("1", "x"), ("2", ""))
    assert evidence.table({"kind": "growth"}) is None


def test_names_that_the_text_uses_have_their_place() -> None:
    (use,) = evidence.uses({"kind": "shape", "uses": [{"name": "raw", "file": "views.py", "line": 3}]})
    assert (use.name, use.file, use.line) == ("raw", "views.py", 3)
    assert evidence.uses({"kind": "shape", "uses": []}) == ()


KEYS = [
    "kind",
    "exchanges",
    "request",
    "answer",
    "headers",
    "cards",
    "rows",
    "columns",
    "uses",
    "nodes",
    "type",
    "depth",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS), inner | st.sampled_from(sorted(evidence.DRAWN)), max_size=5)
    ),
    max_leaves=20,
)


@given(JSON)
def test_nothing_that_a_probe_could_store_breaks_a_page(value: Json) -> None:
    evidence.plan_lines(value)
    evidence.exchanges(value)
    evidence.table(value)
    evidence.uses(value)
    evidence.kind_of(value)
    assert evidence.plain(value)
