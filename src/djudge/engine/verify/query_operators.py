"""Mutations of how a page or an answer is read: what is fetched beforehand, what is left out, in which portions."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from djudge.engine.verify.sources import Edit, Source, first_name, last_name

#: What makes or narrows a queryset: a slice of such a call is a portion of rows.
_QUERYSETS: Final = frozenset(
    {"all", "filter", "exclude", "order_by", "distinct", "select_related", "prefetch_related", "annotate", "reverse"}
)

#: Conditions that say which object is meant, not who may have it.
_KEYS: Final = ("pk", "id", "slug", "uuid")

#: More rows than any system of a task has.
_ENDLESS: Final = "10**9"

_OFFSET: Final = "PageNumberPagination"
_KEYSET: Final = "CursorPagination"


@dataclass(frozen=True, slots=True)
class Project:
    """What the project as a whole says about names: its own queryset methods, and functions that a worker runs."""

    scopes: frozenset[str] = frozenset()
    jobs: frozenset[str] = frozenset()


def drop_select_related(source: Source, node: ast.AST, project: Project) -> Iterator[Edit]:
    """Without `select_related`, and without each of several relations named in one."""
    yield from _fewer_relations(source, node, "select_related")


def drop_prefetch_related(source: Source, node: ast.AST, project: Project) -> Iterator[Edit]:
    """Without `prefetch_related`, and without each of several relations named in one."""
    yield from _fewer_relations(source, node, "prefetch_related")


def drop_scope(source: Source, node: ast.AST, project: Project) -> Iterator[Edit]:
    """Without a call of `filter`, `exclude` or of a queryset method that the project defines itself."""
    if method := _narrowing(source, node):
        call, _ = method
        yield source.without_link(call, f"drops {_named(source, call)}")
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in project.scopes:
        yield source.without_link(node, f"drops {_named(source, node)}")


def drop_condition(source: Source, node: ast.AST, project: Project) -> Iterator[Edit]:
    """Without each of several conditions of a queryset, or of the look-up of one object."""
    if method := _narrowing(source, node):
        call, _ = method
        conditions: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    elif isinstance(node, ast.Call) and _looks_up(node) and len(node.keywords) > 1:
        call = node
        conditions = [one for one in call.keywords if one.arg and one.arg.partition("__")[0] not in _KEYS]
    else:
        return
    if len(call.args) + len(call.keywords) > 1:
        for condition in conditions:
            yield source.without_argument(call, condition, f"drops the condition {source.short(condition)}")


def swap_filter_exclude(source: Source, node: ast.AST, project: Project) -> Iterator[Edit]:
    """`filter` for `exclude`, and the other way round."""
    if method := _narrowing(source, node):
        call, link = method
        other = "exclude" if link.attr == "filter" else "filter"
        yield source.attribute_renamed(link, other, f"{other} for {_named(source, call)}")


def drop_distinct(source: Source, node: ast.AST, project: Project) -> Iterator[Edit]:
    """Without `distinct()`, and without `distinct=True` of an aggregate."""
    if not isinstance(node, ast.Call):
        return
    if isinstance(node.func, ast.Attribute) and node.func.attr == "distinct":
        yield source.without_link(node, "drops distinct()")
    for keyword in node.keywords:
        if keyword.arg == "distinct" and _is(keyword.value, True):
            yield source.without_argument(node, keyword, f"drops distinct=True of {last_name(node)}")


def drop_f_expression(source: Source, node: ast.AST, project: Project) -> Iterator[Edit]:
    """A number read first and written back later, where an F expression had the database count."""
    match node:
        case ast.Assign(targets=[ast.Attribute() as target], value=value) if field := _own_f(value, target.attr):
            instance = source.of(target.value)
            yield source.replaced(field, f"{instance}.{target.attr}", f"reads {target.attr} first, without F")
        case ast.Call(func=ast.Attribute(attr="update", value=rows), keywords=keywords):
            for keyword in keywords:
                if keyword.arg and (field := _own_f(keyword.value, keyword.arg)):
                    first = f'({source.of(rows)}.values_list("{keyword.arg}", flat=True).first() or 0)'
                    yield source.replaced(field, first, f"reads {keyword.arg} first, without F")


def drop_pagination(source: Source, node: ast.AST, project: Project) -> Iterator[Edit]:
    """Everything on one page: no page size, no pagination class, no upper end of a slice."""
    match node:
        case ast.Call(args=[_, size, *_]) if last_name(node).endswith("Paginator"):
            yield source.replaced(size, _ENDLESS, f"no pages of {source.short(size)}")
        case ast.Assign(targets=[ast.Name(id="paginate_by" | "pagination_class" | "page_size" as name)], value=value):
            if not _is(value, None):
                instead = _ENDLESS if name == "page_size" else "None"
                yield source.replaced(value, instead, f"{name} is {instead}")
        case ast.Subscript(value=ast.Call() as rows, slice=ast.Slice(upper=ast.expr() as upper)):
            if last_name(rows) in _QUERYSETS | project.scopes and isinstance(node.ctx, ast.Load):
                yield source.replaced(upper, _ENDLESS, f"no end at {source.short(upper)}")


def swap_keyset_offset(source: Source, node: ast.AST, project: Project) -> Iterator[Edit]:
    """Numbered pages for a cursor. Not the other way round: the order that a cursor needs would be our invention."""
    if isinstance(node, ast.Attribute) and node.attr == _KEYSET:
        yield source.attribute_renamed(node, _OFFSET, f"{_OFFSET} for {_KEYSET}")
    elif isinstance(node, ast.alias) and node.name == _KEYSET:
        yield source.replaced(node, f"{_OFFSET} as {node.asname or _KEYSET}", f"{_OFFSET} for {_KEYSET}")


def _fewer_relations(source: Source, node: ast.AST, method: str) -> Iterator[Edit]:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method):
        return
    yield source.without_link(node, f"drops {_named(source, node)}")
    if len(node.args) > 1:
        for relation in node.args:
            yield source.without_argument(node, relation, f"drops {source.short(relation)} of {method}")


def _narrowing(source: Source, node: ast.AST) -> tuple[ast.Call, ast.Attribute] | None:
    """A `filter` or `exclude` of a queryset with conditions; `@register.filter` is a template's."""
    match node:
        case ast.Call(func=ast.Attribute(attr="filter" | "exclude") as link) if node.args or node.keywords:
            decorates = node in getattr(source.parent(node), "decorator_list", ())
            return None if decorates or first_name(link) in ("register", "library") else (node, link)
    return None


def _looks_up(call: ast.Call) -> bool:
    """The look-up of one object by conditions; `requests.get(url, ...)` is none."""
    name = last_name(call)
    return name in ("get_object_or_404", "aget_object_or_404") or (name in ("get", "aget") and not call.args)


def _own_f(value: ast.expr, field: str) -> ast.Call | None:
    """The `F("stock")` in what is assigned to `stock`."""
    for node in ast.walk(value):
        match node:
            case ast.Call(args=[ast.Constant(value=str(name))]) if last_name(node) == "F" and name == field:
                return node
    return None


def _named(source: Source, call: ast.Call) -> str:
    given: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    inside = ", ".join(source.short(one, 40) for one in given)
    text = f"{last_name(call)}({inside})"
    return text if len(text) <= 80 else text[:79] + "…"


def _is(node: ast.expr, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value
