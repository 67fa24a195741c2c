"""Mutations of plain Python: conditions, boundaries, raising, awaiting, results, what surrounds functions and blocks.

For packs without Django. There a task's code is a module or two, and such mistakes are what its checks are about; in a
Django project the same operators would make hundreds of mutants of code that the task does not ask about.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from djudge.engine.verify.query_operators import Project
from djudge.engine.verify.sources import Edit, Source

_NOTHING: Final = '__import__("contextlib").nullcontext()'
_SWAPPED: Final[dict[type, str]] = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.Is: "is not", ast.IsNot: "is", ast.In: "not in", ast.NotIn: "in",
}  # fmt: skip
_ARITHMETIC: Final[dict[type, str]] = {ast.Add: "-", ast.Sub: "+", ast.Mult: "+", ast.Div: "*", ast.Pow: "*"}


def negate_condition(source: Source, node: ast.AST, project: Project) -> Iterator[Edit]:
    """The other branch is taken; comparisons alone are left to `swap_comparison`."""
    if isinstance(node, ast.If | ast.IfExp | ast.While) and not _is_constant(node.test):
        test = node.test
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            yield source.replaced(test, f"({source.of(test.operand)})", f"negates {source.short(test)}")
        elif not (isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Is | ast.IsNot | ast.Eq | ast.NotEq)):
            yield source.replaced(test, f"not ({source.of(test)})", f"negates {source.short(test)}")


def swap_comparison(source: Source, node: ast.AST, project: Project) -> Iterator[Edit]:
    """One off at a boundary, or the opposite of an equality."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _SWAPPED:
        left, right = _operand(source, node.left), _operand(source, node.comparators[0])
        instead = f"{left} {_SWAPPED[type(node.ops[0])]} {right}"
        yield source.replaced(node, instead, f"{instead} instead of {source.short(node)}")


def swap_arithmetic(source: Source, node: ast.AST, project: Project) -> Iterator[Edit]:
    """Another sign."""
    if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC and not _joins_text(node):
        instead = f"{_operand(source, node.left)} {_ARITHMETIC[type(node.op)]} {_operand(source, node.right)}"
        yield source.replaced(node, f"({instead})", f"{instead} instead of {source.short(node)}")


def drop_raise(source: Source, node: ast.AST, project: Project) -> Iterator[Edit]:
    """An exception is swallowed, or never raised."""
    if isinstance(node, ast.Raise):
        yield source.replaced(node, "pass", f"drops {source.short(node)}")


def drop_await(source: Source, node: ast.AST, project: Project) -> Iterator[Edit]:
    """A coroutine is made and never awaited."""
    if isinstance(node, ast.Await):
        yield source.replaced(node, f"({source.of(node.value)})", f"does not await {source.short(node.value)}")


def drop_return(source: Source, node: ast.AST, project: Project) -> Iterator[Edit]:
    """The result is lost."""
    if isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield source.replaced(node, "return None", f"drops {source.short(node)}")


def drop_decorator(source: Source, node: ast.AST, project: Project) -> Iterator[Edit]:
    """Without what surrounds a function."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        for decorator in node.decorator_list:
            if source.short(decorator).split(".")[-1] not in ("overload", "override", "final"):
                yield source.without_lines(*source.span(decorator), f"drops @{source.short(decorator)}")


def drop_context(source: Source, node: ast.AST, project: Project) -> Iterator[Edit]:
    """A block without the context that it runs in: a lock, a file that is closed."""
    if isinstance(node, ast.With | ast.AsyncWith):
        for item in node.items:
            if item.optional_vars is None:
                yield source.replaced(item.context_expr, _NOTHING, f"drops with {source.short(item.context_expr)}")


def drop_call(source: Source, node: ast.AST, project: Project) -> Iterator[Edit]:
    """A call that is made for what it does, and is not made."""
    if isinstance(node, ast.Expr):
        value = node.value.value if isinstance(node.value, ast.Await) else node.value
        if isinstance(value, ast.Call):
            yield source.replaced(node, "pass", f"drops {source.short(node)}")


def _operand(source: Source, node: ast.expr) -> str:
    """Its text, in parentheses where it may have had some: they are no part of a node."""
    text = source.of(node)
    simple = isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Constant | ast.Subscript)
    return text if simple else f"({text})"


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_constant(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id == "TYPE_CHECKING")


def _joins_text(node: ast.BinOp) -> bool:
    return any(isinstance(one, ast.JoinedStr) or _is_text(one) for one in (node.left, node.right))


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
