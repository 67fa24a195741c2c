"""SH9: joins that multiply. What plans show of them (rows out of one step), and what the text shows.

A product with 30 variants and 50 reviews is 1,500 rows once both are joined to it; counting distinct ones afterwards
gives the right number and makes all the rows first. Rows are taken for each loop, so that a subquery that is run again
for every product is not taken for a wide join.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from djudge.engine.postgres.witness.reading import Reading
from djudge.engine.run import Visit
from djudge.engine.values import Json

_AGGREGATES = frozenset({"Count", "Sum", "Avg"})
_METHODS = frozenset({"annotate", "aggregate"})


class Page(BaseModel):
    """One page: rows that were sent to the process, rows out of the widest step of a plan, statements without plan."""

    model_config = ConfigDict(frozen=True)

    page: str
    fetched: int
    widest: int
    unmeasured: int


class Joins(BaseModel):
    """Pages whose plans were looked at, parsed."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    rows: tuple[Page, ...]


def observe(visits: Mapping[str, Visit]) -> Json:
    """What the plans of these pages made of their rows: an observation of kind `rows`."""
    rows: list[Json] = [
        {
            "page": name,
            "fetched": visit.reading.rows,
            "widest": max(_steps(visit.reading), default=0),
            "unmeasured": visit.reading.unmeasured + (not visit.reading.settled),
        }
        for name, visit in visits.items()
    ]
    return {"kind": "rows", "columns": ["page", "fetched", "widest", "unmeasured"], "rows": rows}


def _steps(reading: Reading) -> Iterator[int]:
    for statement in reading.statements:
        for node in statement.plan.nodes if statement.plan else ():
            yield node.rows // max(1, node.loops)


def observe_text(files: Mapping[str, bytes | None]) -> Json:
    """Where the text aggregates over several paths at once and not over distinct ones: of kind `shape`."""
    uses: list[Json] = [
        {"name": "aggregates together", "file": file, "line": line}
        for file, content in sorted(files.items())
        if content is not None and file.endswith(".py")
        for line in _together(content)
    ]
    return {"kind": "shape", "uses": uses[:50]}


def _together(content: bytes) -> list[int]:
    try:
        nodes = list(ast.walk(ast.parse(content)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return sorted({node.lineno for node in nodes if isinstance(node, ast.Call) and _multiplies(node)})


def _multiplies(call: ast.Call) -> bool:
    """`annotate(a=Count("x"), b=Count("x__y"))`, with one of them at least not distinct."""
    if not (isinstance(call.func, ast.Attribute) and call.func.attr in _METHODS):
        return False
    inner = [one for one in (*call.args, *(keyword.value for keyword in call.keywords)) if isinstance(one, ast.Call)]
    found = [one for one in inner if isinstance(one.func, ast.Name) and one.func.id in _AGGREGATES]
    paths = {one.args[0].value for one in found if one.args and isinstance(one.args[0], ast.Constant)}
    return len(paths) > 1 and not all(_distinct(one.keywords) for one in found)


def _distinct(keywords: Sequence[ast.keyword]) -> bool:
    return any(keyword.arg == "distinct" for keyword in keywords)
