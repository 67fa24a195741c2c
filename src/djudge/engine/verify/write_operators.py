"""Mutations of what is written: together or not at all, one after the other, now or when it is certain."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from djudge.engine.verify.query_operators import Project
from djudge.engine.verify.sources import Edit, Source, first_name, last_name

_NOTHING: Final = '__import__("contextlib").nullcontext()'


def drop_atomic(source: Source, node: ast.AST, project: Project) -> Iterator[Edit]:
    """Without `transaction.atomic`, as a block or as a decorator."""
    if isinstance(node, ast.With | ast.AsyncWith):
        for item in node.items:
            if isinstance(item.context_expr, ast.Call) and _is_atomic(item.context_expr):
                yield source.replaced(item.context_expr, _NOTHING, "drops transaction.atomic")
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        for decorator in node.decorator_list:
            if _is_atomic(decorator) or _decorates_dispatch(decorator):
                yield source.without_lines(*source.span(decorator), "drops @transaction.atomic")


def drop_select_for_update(source: Source, node: ast.AST, project: Project) -> Iterator[Edit]:
    """Without the lock of the rows that are read to be changed."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "select_for_update":
        yield source.without_link(node, "drops select_for_update")


def drop_on_commit(source: Source, node: ast.AST, project: Project) -> Iterator[Edit]:
    """Done at once, whether the transaction commits or not."""
    if not isinstance(node, ast.Call):
        return
    if last_name(node) == "on_commit" and node.args:
        yield source.replaced(node, f"({source.of(node.args[0])})()", "at once instead of on commit")
    elif isinstance(node.func, ast.Attribute) and node.func.attr == "delay_on_commit":
        yield source.attribute_renamed(node.func, "delay", "at once instead of on commit")


def swap_delay_call(source: Source, node: ast.AST, project: Project) -> Iterator[Edit]:
    """A job done in the request, or a call of a job's function put into the queue."""
    match node:
        case ast.Call(func=ast.Attribute(attr="delay" | "delay_on_commit") as link):
            start, end = source.span(link.value)[1], source.span(link)[1]
            yield Edit(start, end, "", f"calls {last_name(link.value)} in place", link.end_lineno or link.lineno)
        case ast.Call(func=ast.Attribute(attr="apply_async") as link):
            yield source.attribute_renamed(link, "apply", f"calls {last_name(link.value)} in place")
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name) as called) if name in project.jobs:
            yield source.replaced(called, f"{source.of(called)}.delay", f"puts {name} into the queue")
        case ast.Attribute(attr="delay" | "delay_on_commit") if not _is_called(source, node):
            yield source.replaced(node, source.of(node.value), f"calls {last_name(node.value)} in place")


def _is_atomic(node: ast.expr) -> bool:
    return last_name(node) == "atomic" and first_name(node) in ("transaction", "atomic", "db", "django")


def _decorates_dispatch(node: ast.expr) -> bool:
    """`@method_decorator(transaction.atomic, name="dispatch")`."""
    return last_name(node) == "method_decorator" and isinstance(node, ast.Call) and any(map(_is_atomic, node.args))


def _is_called(source: Source, node: ast.Attribute) -> bool:
    parent = source.parent(node)
    return isinstance(parent, ast.Call) and parent.func is node
