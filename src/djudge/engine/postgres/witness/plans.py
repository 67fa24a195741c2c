"""Plans as PostgreSQL executed them, reduced to facts that are the same every time: no costs, no times."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from djudge.engine.values import Json

#: A hostile plan can have thousands of nodes; a report needs the upper ones. All are counted.
_KEPT_NODES: Final = 60

_BY_INDEX: Final = frozenset({"Index Scan", "Index Only Scan", "Bitmap Index Scan"})
_SCANS: Final = _BY_INDEX | {"Seq Scan", "Bitmap Heap Scan", "Sample Scan", "Tid Scan", "Tid Range Scan"}
#: Rows fetched by their place are in no counter of rows, only in those of blocks.
_UNCOUNTED: Final = frozenset({"Tid Scan"})
#: What a node does, in the words of the plan.
_ASKED: Final = (
    "Strategy", "Join Type", "Index Cond", "Recheck Cond", "Hash Cond", "Merge Cond", "Join Filter", "Filter",
    "Sort Key", "Sort Method", "Group Key", "Operation",
)  # fmt: skip
_ASKED_LENGTH: Final = 240
_ENTRIES_ONLY: Final = frozenset({"Index Only Scan", "Bitmap Index Scan"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanNode:
    """One node. `rows` came out of it and `removed` were read in vain, over all `loops`; `blocks` include its
    children's.

    What was `expected` of it, the blocks that it `spilled` to disk (its children's among them) and what it was `asked`
    are for people who study a plan: no report holds them and no comparison looks at them.
    """

    depth: int
    type: str
    relation: str
    index: str
    rows: int
    removed: int
    loops: int
    blocks: int
    expected: int = field(default=0, compare=False, repr=False)
    spilled: int = field(default=0, compare=False, repr=False)
    asked: tuple[tuple[str, str], ...] = field(default=(), compare=False, repr=False)

    @property
    def scans(self) -> bool:
        """Whether it reads a table itself, and did."""
        return self.type in _SCANS and self.loops > 0

    def to_json(self) -> dict[str, Json]:
        """The stored form; what is empty is left out."""
        facts: dict[str, Json] = {
            "depth": self.depth,
            "type": self.type,
            "rows": self.rows,
            "loops": self.loops,
        }
        if self.relation:
            facts["relation"] = self.relation
        if self.index:
            facts["index"] = self.index
        if self.removed:
            facts["removed"] = self.removed
        return facts | {"blocks": self.blocks}


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """An executed plan: what came out of its root, and its nodes from the top, each followed by its children."""

    rows: int
    blocks: int
    nodes: tuple[PlanNode, ...]

    def heavier_than(self, other: PlanFacts | None) -> bool:
        """Whether this is the costlier of two plans: by blocks, then rows, never by time.

        Between equals the nodes decide, so that it does not matter which came first.
        """
        if other is None or (self.blocks, self.rows) != (other.blocks, other.rows):
            return other is None or (self.blocks, self.rows) > (other.blocks, other.rows)
        return self.nodes != other.nodes and repr(self.nodes) > repr(other.nodes)

    def to_json(self) -> dict[str, Json]:
        """The stored form."""
        return {"rows": self.rows, "blocks": self.blocks, "nodes": [node.to_json() for node in self.nodes]}


@dataclass(frozen=True, slots=True)
class Reads:
    """What one node's reading must have added to the counters of a table and an index, both by full name.

    `slack` is what rounding hides.
    """

    relation: str
    index: str
    tuples: int
    entries: int
    slack: float


@dataclass(frozen=True, slots=True)
class ParsedPlan:
    """A plan with the text that it belongs to."""

    text: str
    facts: PlanFacts
    reads: tuple[Reads, ...]
    #: Tables that were scanned, by full name.
    scanned: tuple[str, ...]


def full_name(schema: str, name: str) -> str:
    """The name by which tables and indexes are told apart: in `public` the bare one, elsewhere with the schema.

    A temporary table of the same name is another one.
    """
    return name if schema == "public" else f"{schema}.{name}"


def parse_plan(message: str, major: int) -> ParsedPlan | None:
    """The plan in an event of auto_explain; None where it was cut off."""
    start = message.find("{")
    try:
        found = json.loads(message[start:]) if start >= 0 else None
        return _parsed(found, major) if isinstance(found, dict) else None
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError):
        return None


def _parsed(found: Mapping[str, Any], major: int) -> ParsedPlan:
    raw = list(_walk(found["Plan"]))
    nodes = [_node(node, depth) for node, depth, _ in raw]
    reads = tuple(reading for node, _, schema in raw if (reading := _reads(node, schema, major)))
    scanned = tuple(
        full_name(schema, facts.relation)
        for facts, (_, _, schema) in zip(nodes, raw, strict=True)
        if facts.scans and facts.relation
    )
    facts = PlanFacts(nodes[0].rows, nodes[0].blocks, tuple(nodes[:_KEPT_NODES]))
    return ParsedPlan(str(found.get("Query Text", "")), facts, reads, scanned)


def _walk(plan: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], int, str]]:
    """Nodes with their depth and schema; a bitmap of an index has that of the table scan above it."""
    waiting = [(plan, 0, "")]
    while waiting:
        node, depth, above = waiting.pop()
        schema = str(node.get("Schema", above))
        yield node, depth, schema
        waiting.extend((child, depth + 1, schema) for child in reversed(node.get("Plans", ())))


def _node(node: Mapping[str, Any], depth: int) -> PlanNode:
    loops = int(node.get("Actual Loops", 0))
    return PlanNode(
        depth=depth,
        type=str(node["Node Type"]),
        relation=str(node.get("Relation Name", "")),
        index=str(node.get("Index Name", "")),
        rows=round(float(node.get("Actual Rows", 0)) * loops),
        removed=round(_removed(node) * loops),
        loops=loops,
        blocks=sum(int(node.get(f"{where} Blocks", 0)) for where in ("Shared Hit", "Shared Read")),
        expected=round(float(node.get("Plan Rows", 0)) * max(1, loops)),
        spilled=int(node.get("Temp Written Blocks", 0)),
        asked=tuple((name, _said(node[name])) for name in _ASKED if name in node),
    )


def _said(value: object) -> str:
    words = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return words if len(words) <= _ASKED_LENGTH else f"{words[: _ASKED_LENGTH - 1]}…"


def _removed(node: Mapping[str, Any]) -> float:
    return sum(float(node.get(f"Rows Removed by {what}", 0)) for what in ("Filter", "Index Recheck"))


def _reads(node: Mapping[str, Any], schema: str, major: int) -> Reads | None:
    kind = node["Node Type"]
    loops = int(node.get("Actual Loops", 0))
    if "Conflicting Tuples" in node:
        return _upserted(node, schema)
    if kind not in _SCANS - _UNCOUNTED or loops == 0:
        return None
    count = round((float(node.get("Actual Rows", 0)) + _removed(node)) * loops)
    heap_fetches = int(node.get("Heap Fetches", 0))
    # Averages over loops: two decimals since 18, whole numbers before.
    rounding = 0.0 if loops == 1 else loops * (0.005 if major >= 18 else 0.5) * 2
    return Reads(
        relation=full_name(schema, str(node["Relation Name"])) if "Relation Name" in node else "",
        index=full_name(schema, str(node.get("Index Name", ""))) if kind in _BY_INDEX else "",
        tuples=heap_fetches if kind in _ENTRIES_ONLY else count,
        entries=count if kind in _BY_INDEX else 0,
        slack=rounding,
    )


def _upserted(node: Mapping[str, Any], schema: str) -> Reads:
    """INSERT … ON CONFLICT reads each row that is already there, by way of the index that says so."""
    conflicts = round(float(node["Conflicting Tuples"]))
    (index, *others) = node.get("Conflict Arbiter Indexes", ()) or ("",)
    return Reads(
        relation=full_name(schema, str(node["Relation Name"])),
        index=full_name(schema, str(index)) if index and not others else "",
        tuples=conflicts,
        entries=conflicts,
        slack=0.0,
    )
