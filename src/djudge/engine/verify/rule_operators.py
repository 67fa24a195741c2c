"""Mutations of rules: who may, what must hold, what is found quickly, which hour it is.

Indexes and constraints of the database are changed in migrations alone. A model's `Meta` without a migration changes no
table, so such a mutant would differ in nothing that can be measured, or fail for the missing migration and not for the
missing index. What a mutant's migration leaves out its model leaves out too (`mutants`).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from djudge.engine.verify.query_operators import Project
from djudge.engine.verify.sources import Edit, Source, first_name, last_name

_PERMISSIONS: Final = ("permission_classes", "DEFAULT_PERMISSION_CLASSES")
_GUARDS: Final = ("login_required", "permission_required", "user_passes_test", "staff_member_required")
_MIXINS: Final = ("LoginRequiredMixin", "PermissionRequiredMixin", "UserPassesTestMixin", "AccessMixin")
_NAIVE: Final = '__import__("datetime")'


def drop_permission(source: Source, node: ast.AST, project: Project) -> Iterator[Edit]:
    """Without one permission class, mixin or decorator that keeps people out."""
    match node:
        case ast.Assign(targets=[ast.Name(id="permission_classes")], value=ast.List() | ast.Tuple() as classes):
            yield from _fewer(source, classes, "permission")
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and key.value in _PERMISSIONS and isinstance(value, ast.List):
                    yield from _fewer(source, value, "permission")
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from _without_guards(source, node)
        case ast.ClassDef():
            yield from _without_guards(source, node)
            yield from _without_mixins(source, node)


def drop_validator(source: Source, node: ast.AST, project: Project) -> Iterator[Edit]:
    """Without one of a field's validators, or a method of a form, serializer or model that refuses what is wrong."""
    if source.is_migration:
        return
    if isinstance(node, ast.keyword) and node.arg == "validators" and isinstance(node.value, ast.List | ast.Tuple):
        yield from _fewer(source, node.value, "validator")
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == "validators" and isinstance(value, ast.List | ast.Tuple):
                yield from _fewer(source, value, "validator")
    elif isinstance(node, ast.FunctionDef) and _refuses(node) and isinstance(source.parent(node), ast.ClassDef):
        yield source.renamed(node, f"_unused_{node.name}", f"never calls {node.name}")


def swap_protect_cascade(source: Source, node: ast.AST, project: Project) -> Iterator[Edit]:
    """`CASCADE` for `PROTECT`, and the other way round. A model's, since Django follows these rules itself."""
    if isinstance(node, ast.Attribute) and node.attr in ("PROTECT", "CASCADE") and not source.is_migration:
        other = "CASCADE" if node.attr == "PROTECT" else "PROTECT"
        yield source.attribute_renamed(node, other, f"{other} for {node.attr}")


def drop_index(source: Source, node: ast.AST, project: Project) -> Iterator[Edit]:
    """A migration without one index."""
    if source.is_migration:
        yield from _without_operation(source, node, ("AddIndex", "AddIndexConcurrently"), "indexes", "index")
        yield from _without_flag(source, node, "db_index")


def drop_constraint(source: Source, node: ast.AST, project: Project) -> Iterator[Edit]:
    """A migration without one constraint."""
    if source.is_migration:
        operations = ("AddConstraint", "AddConstraintNotValid")
        yield from _without_operation(source, node, operations, "constraints", "constraint")
        yield from _without_flag(source, node, "unique")


def drop_timezone(source: Source, node: ast.AST, project: Project) -> Iterator[Edit]:
    """The machine's hour instead of one with a time zone."""
    if source.is_migration:
        return
    match node:
        case ast.Attribute(attr="now", value=zone) if last_name(zone) == "timezone":
            yield source.replaced(node, f"{_NAIVE}.datetime.now", "the machine's hour for timezone.now")
        case ast.Attribute(attr="localdate", value=zone) if last_name(zone) == "timezone":
            yield source.replaced(node, f"{_NAIVE}.date.today", "the machine's day for timezone.localdate")
        case ast.Call(args=[moment, *_]) if last_name(node) in ("localtime", "make_aware") and _is_zoned(node):
            yield source.replaced(node, source.of(moment), f"drops {last_name(node)}")
        case ast.Call(func=ast.Attribute(attr="now"), args=[zone]) if first_name(node) in ("datetime", "dt"):
            yield source.without_argument(node, zone, f"drops {source.short(zone)} of datetime.now")
        case ast.keyword(arg="tz" | "tzinfo") if isinstance(call := source.parent(node), ast.Call):
            yield source.without_argument(call, node, f"drops {source.short(node)}")
        case ast.Assign(targets=[ast.Name(id="USE_TZ")], value=ast.Constant(value=True) as value):
            yield source.replaced(value, "False", "USE_TZ is False")


def _is_zoned(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) or first_name(call) in ("timezone", "django")


def _fewer(source: Source, sequence: ast.List | ast.Tuple, what: str) -> Iterator[Edit]:
    for index, element in enumerate(sequence.elts):
        if isinstance(element, ast.BinOp) and isinstance(element.op, ast.BitAnd):
            for kept, dropped in ((element.left, element.right), (element.right, element.left)):
                yield source.replaced(element, source.of(kept), f"drops the {what} {source.short(dropped)}")
        else:
            yield source.without_element(sequence, index, f"drops the {what} {source.short(element)}")


def _without_guards(source: Source, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Iterator[Edit]:
    for decorator in node.decorator_list:
        names = {last_name(decorator)}
        if isinstance(decorator, ast.Call) and last_name(decorator) == "method_decorator":
            names = {last_name(one) for one in decorator.args}
        if names & {*_GUARDS, "permission_classes"}:
            yield source.without_lines(*source.span(decorator), f"drops @{source.short(decorator)}")


def _without_mixins(source: Source, node: ast.ClassDef) -> Iterator[Edit]:
    for base in node.bases:
        if last_name(base) in _MIXINS:
            yield source.replaced(
                base, "object" if len(node.bases) == 1 else _empty_mixin(), f"drops {last_name(base)}"
            )


def _empty_mixin() -> str:
    """A base that adds nothing, wherever it stands among the others."""
    return 'type("Nothing", (), {})'


def _refuses(function: ast.FunctionDef) -> bool:
    if not function.name.startswith(("clean", "validate")):
        return False
    return any(
        isinstance(node, ast.Raise) or (isinstance(node, ast.Call) and last_name(node) == "add_error")
        for node in ast.walk(function)
    )


def _without_operation(
    source: Source, node: ast.AST, operations: tuple[str, ...], option: str, what: str
) -> Iterator[Edit]:
    match node:
        case ast.Assign(targets=[ast.Name(id="operations")], value=ast.List() as listed):
            for index, one in enumerate(listed.elts):
                if last_name(one) in operations:
                    yield source.without_element(listed, index, f"drops the {what} {_name_of(one)}")
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and key.value == option and isinstance(value, ast.List):
                    for index, one in enumerate(value.elts):
                        yield source.without_element(value, index, f"drops the {what} {_name_of(one)}")


def _without_flag(source: Source, node: ast.AST, flag: str) -> Iterator[Edit]:
    match node:
        case ast.Call(keywords=keywords):
            for keyword in keywords:
                if keyword.arg == flag and isinstance(keyword.value, ast.Constant) and keyword.value.value is True:
                    yield source.without_argument(node, keyword, f"drops {flag}=True")


def _name_of(operation: ast.expr) -> str:
    """The name that an index or a constraint has in the database; empty where it is not written out."""
    for node in ast.walk(operation):
        match node:
            case ast.keyword(arg="name", value=ast.Constant(value=str(name))):
                return name
    return ""
