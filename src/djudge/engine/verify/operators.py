"""The mutation operators: a table for Django, one for plain Python; each a pure function from a node to its edits."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Final

from djudge.engine.verify.plain_operators import (
    drop_await,
    drop_call,
    drop_context,
    drop_decorator,
    drop_raise,
    drop_return,
    negate_condition,
    swap_arithmetic,
    swap_comparison,
)
from djudge.engine.verify.query_operators import (
    Project,
    drop_condition,
    drop_distinct,
    drop_f_expression,
    drop_pagination,
    drop_prefetch_related,
    drop_scope,
    drop_select_related,
    swap_filter_exclude,
    swap_keyset_offset,
)
from djudge.engine.verify.rule_operators import (
    drop_constraint,
    drop_index,
    drop_permission,
    drop_timezone,
    drop_validator,
    swap_protect_cascade,
)
from djudge.engine.verify.sources import Edit, Source, last_name
from djudge.engine.verify.write_operators import drop_atomic, drop_on_commit, drop_select_for_update, swap_delay_call

type Operator = Callable[[Source, ast.AST, Project], Iterator[Edit]]

#: By name, which is what `equivalents.toml` and reports call them.
OPERATORS: Final[dict[str, Operator]] = {
    "drop-select-related": drop_select_related,
    "drop-prefetch-related": drop_prefetch_related,
    "drop-atomic": drop_atomic,
    "drop-select-for-update": drop_select_for_update,
    "drop-on-commit": drop_on_commit,
    "drop-permission": drop_permission,
    "drop-scope": drop_scope,
    "drop-condition": drop_condition,
    "drop-index": drop_index,
    "drop-constraint": drop_constraint,
    "drop-validator": drop_validator,
    "drop-distinct": drop_distinct,
    "drop-f-expression": drop_f_expression,
    "drop-pagination": drop_pagination,
    "drop-timezone": drop_timezone,
    "swap-filter-exclude": swap_filter_exclude,
    "swap-protect-cascade": swap_protect_cascade,
    "swap-delay-call": swap_delay_call,
    "swap-keyset-offset": swap_keyset_offset,
}

#: For packs without Django.
PLAIN_OPERATORS: Final[dict[str, Operator]] = {
    "negate-condition": negate_condition,
    "swap-comparison": swap_comparison,
    "swap-arithmetic": swap_arithmetic,
    "drop-raise": drop_raise,
    "drop-await": drop_await,
    "drop-return": drop_return,
    "drop-decorator": drop_decorator,
    "drop-context": drop_context,
    "drop-call": drop_call,
}

#: Methods of querysets and managers that end a chain: what they return can't be replaced by `.all()`.
_ENDS: Final = frozenset(
    {"aggregate", "count", "create", "delete", "exists", "explain", "first", "get", "get_or_create", "in_bulk",
     "iterator", "last", "update", "update_or_create", "bulk_create", "bulk_update", "as_manager", "from_queryset"}
)  # fmt: skip
_JOBS: Final = ("shared_task", "task")


def project_of(sources: Iterator[Source] | list[Source]) -> Project:
    """What a project says about names, read from all its files."""
    scopes: set[str] = set()
    jobs: set[str] = set()
    for source in sources:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ClassDef) and any(_is_queryset(base) for base in node.bases):
                scopes |= {one.name for one in node.body if isinstance(one, ast.FunctionDef) and _narrows(one)}
            elif isinstance(node, ast.FunctionDef) and any(last_name(one) in _JOBS for one in node.decorator_list):
                jobs.add(node.name)
    return Project(frozenset(scopes), frozenset(jobs))


def _is_queryset(base: ast.expr) -> bool:
    return last_name(base).endswith(("QuerySet", "Manager"))


def _narrows(method: ast.FunctionDef) -> bool:
    """A public method that gives back a queryset, as far as its text shows."""
    returned = [node.value for node in ast.walk(method) if isinstance(node, ast.Return)]
    public = not method.name.startswith("_") and method.name not in ("get_queryset", "get", "filter", "exclude")
    return public and bool(returned) and all(_may_be_queryset(value) for value in returned)


def _may_be_queryset(value: ast.expr | None) -> bool:
    match value:
        case ast.Call(func=ast.Attribute()):
            return last_name(value) not in _ENDS
        case ast.Name():
            return True
        case ast.IfExp(body=body, orelse=other):
            return _may_be_queryset(body) and _may_be_queryset(other)
        case _:
            return False
