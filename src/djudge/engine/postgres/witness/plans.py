"""Plans as PostgreSQL executed them, reduced to facts that are the same every time: no costs, no times."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from djudge.engine.values import Json

#: A hostile plan can have thousands of nodes; a report needs the upper ones. All are counted.
_KEPT_NODES: Final = 60

_BY_INDEX: Final = frozenset({"Index Scan", "Index Only Scan", "Bitmap Index Scan"})
_SCANS: Final = _BY_INDEX | {"Seq Scan", "Bitmap Heap Scan", "Sample Scan", "Tid Scan", "Tid Range Scan"}
#: Rows fetched by their place are in no counter of rows, only in those of blocks.
_UNCOUNTED: Final = frozenset({"Tid Scan"})
_ENTRIES_ONLY: Final = frozenset({"Index Only Scan", "Bitmap Index Scan"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanNode:
    """One node. `rows` came out of it and `removed` were read in vain, over all `loops`; `blocks` include its
    children's.
    """

    depth: int
    type: str
    relation: str
    index: str
    rows: int
    removed: int
    loops: int
    blocks: int

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

    @property
    def weight(self) -> tuple[int, int]:
        """What makes a plan the costlier one of two: blocks, then rows. Never time."""
        return (self.blocks, self.rows)

    def to_json(self) -> dict[str, Json]:
        """The stored form."""
        return {"rows": self.rows, "blocks": self.blocks, "nodes": [node.to_json() for node in self.nodes]}


@dataclass(frozen=True, slots=True)
class Reads:
    """What one node's reading must have added to a relation's counters. `slack` is what rounding hides."""

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
    relations: tuple[str, ...]


def parse_plan(message: str, major: int) -> ParsedPlan | None:
    """The plan in an event of auto_explain; None where it was cut off."""
    start = message.find("{")
    try:
        found = json.loads(message[start:]) if start >= 0 else None
        return _parsed(found, major) if isinstance(found, dict) else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _parsed(found: Mapping[str, Any], major: int) -> ParsedPlan:
    raw = list(_walk(found["Plan"], 0))
    nodes = [_node(node, depth) for node, depth in raw]
    reads = tuple(reading for node, _ in raw if (reading := _reads(node, major)))
    scanned = tuple(node.relation for node in nodes if node.scans and node.relation)
    facts = PlanFacts(nodes[0].rows, nodes[0].blocks, tuple(nodes[:_KEPT_NODES]))
    return ParsedPlan(str(found.get("Query Text", "")), facts, reads, scanned)


def _walk(plan: Mapping[str, Any], depth: int) -> Iterator[tuple[Mapping[str, Any], int]]:
    waiting = [(plan, depth)]
    while waiting:
        node, level = waiting.pop()
        yield node, level
        waiting.extend((child, level + 1) for child in reversed(node.get("Plans", ())))


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
    )


def _removed(node: Mapping[str, Any]) -> float:
    return sum(float(node.get(f"Rows Removed by {what}", 0)) for what in ("Filter", "Index Recheck"))


def _reads(node: Mapping[str, Any], major: int) -> Reads | None:
    kind = node["Node Type"]
    loops = int(node.get("Actual Loops", 0))
    if kind not in _SCANS - _UNCOUNTED or loops == 0:
        return None
    count = round((float(node.get("Actual Rows", 0)) + _removed(node)) * loops)
    heap_fetches = int(node.get("Heap Fetches", 0))
    # Averages over loops: two decimals since 18, whole numbers before.
    rounding = 0.0 if loops == 1 else loops * (0.005 if major >= 18 else 0.5) * 2
    return Reads(
        relation=str(node.get("Relation Name", "")),
        index=str(node.get("Index Name", "")) if kind in _BY_INDEX else "",
        tuples=heap_fetches if kind in _ENTRIES_ONLY else count,
        entries=count if kind in _BY_INDEX else 0,
        slack=rounding,
    )
