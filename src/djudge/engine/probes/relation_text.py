"""What a submission's models and code say of relationships, read from the syntax tree and never by importing it.

Half of the evidence for `relations`: models with their fields and lines, and three habits that stand in for relations
(lists kept in a text, rows looked up one by one, links that may double). None of it decides anything alone.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from pydantic import BaseModel, ConfigDict

from djudge.engine.values import Json, Place, Sign

#: Field types that hold text, and those that hold the key of another row.
TEXTS: Final = ("CharField", "TextField", "SlugField")
RELATIONS: Final = ("ForeignKey", "OneToOneField")
_SEPARATORS: Final = (",", ";", "|")
_ONE_BY_ONE: Final = ("get", "filter", "get_object_or_404")

#: More than anyone writes in an hour, and as much as a report can hold.
_MODELS: Final = 60
_FIELDS: Final = 40
_SIGNS: Final = 100


class _Stored(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class FieldText(_Stored):
    """A field of a model as it is written; `to` is the model that a relation names."""

    name: str
    column: str
    type: str
    line: int
    to: str = ""


class ModelText(_Stored):
    """A model as it is written; `table` is what Django would call its table."""

    name: str
    table: str
    file: str
    line: int
    fields: tuple[FieldText, ...]

    def field(self, column: str) -> FieldText | None:
        """The field behind a column."""
        return next((each for each in self.fields if each.column == column), None)


class HabitText(_Stored):
    """A habit and where it shows: `list-in-text`, `lookup-in-loop` or `link-not-unique`; `about` a field or a model."""

    habit: str
    about: str
    what: str
    file: str
    line: int

    @property
    def sign(self) -> Sign:
        """For a red flag."""
        return Sign(what=self.what, place=Place(file=self.file, line=self.line))


class RelationText(_Stored):
    """The whole observation, parsed."""

    models: tuple[ModelText, ...]
    habits: tuple[HabitText, ...]

    def model(self, table: str) -> ModelText | None:
        """The model behind a table."""
        return next((each for each in self.models if each.table == table), None)

    def of_habit(self, habit: str, about: str = "") -> list[HabitText]:
        """Where a habit shows, about one thing where one is named."""
        return [each for each in self.habits if each.habit == habit and about in ("", each.about)]


def observe(files: Mapping[str, bytes | None]) -> Json:
    """Models and habits of the Python files of a submission: an observation of kind `shape`.

    Tests and migrations are left out, and files that don't parse: the guest says at its start what is wrong with them.
    """
    trees = list(_trees(files))
    classes = [found for file, tree in trees for found in _classes(file, tree)][:_MODELS]
    models = [_model(each) for each in classes]
    habits = [*_lists_in_text(trees, models), *_lookups_in_loops(trees), *_links_not_unique(classes, models)][:_SIGNS]
    return {
        "kind": "shape",
        "uses": [{"name": each.what, "file": each.file, "line": each.line} for each in habits],
        "models": [each.model_dump(mode="json") for each in models],
        "habits": [each.model_dump(mode="json") for each in habits],
    }


def _trees(files: Mapping[str, bytes | None]) -> Iterator[tuple[str, ast.Module]]:
    for file, content in sorted(files.items()):
        parts = PurePosixPath(file).parts
        aside = {"migrations", "tests", "visible_tests"} & set(parts) or parts[-1].startswith("test")
        if content is None or aside or not file.endswith(".py"):
            continue
        try:
            yield file, ast.parse(content, filename=file)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue


@dataclass(frozen=True, slots=True)
class _Class:
    file: str
    node: ast.ClassDef

    @property
    def declared(self) -> Iterator[tuple[str, ast.Call, int]]:
        """Names that are given a call in the body of the class, with their lines."""
        for statement in self.node.body:
            target: ast.expr | None = None
            if isinstance(statement, ast.Assign):
                target = statement.targets[0]
            elif isinstance(statement, ast.AnnAssign):
                target = statement.target
            value = getattr(statement, "value", None)
            if isinstance(target, ast.Name) and isinstance(value, ast.Call):
                yield target.id, value, statement.lineno

    def meta(self, name: str) -> ast.expr | None:
        """What the class's Meta gives a name."""
        for inner in self.node.body:
            if isinstance(inner, ast.ClassDef) and inner.name == "Meta":
                for statement in inner.body:
                    if isinstance(statement, ast.Assign) and _last(statement.targets[0]) == name:
                        return statement.value
        return None


def _classes(file: str, tree: ast.Module) -> Iterator[_Class]:
    """Classes that declare fields: models, and what models share."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            found = _Class(file, node)
            if any(_is_field(call) and _is_of_models(node) for _, call, _ in found.declared):
                yield found


def _is_of_models(node: ast.ClassDef) -> bool:
    """Forms, serializers and filters have fields too."""
    names = [_last(base) for base in node.bases]
    return not any(name.endswith(("Form", "Serializer", "Filter", "FilterSet", "Migration")) for name in names)


def _is_field(call: ast.Call) -> bool:
    return _last(call.func).endswith("Field") or _last(call.func) in RELATIONS


def _model(found: _Class) -> ModelText:
    named = found.meta("db_table")
    name = found.node.name
    table = f"{_app(found.file)}_{name.lower()}"
    if isinstance(named, ast.Constant) and isinstance(named.value, str):
        table = named.value
    fields = [_field(name, call, line) for name, call, line in found.declared if _is_field(call)]
    return ModelText(name=name, table=table, file=found.file, line=found.node.lineno, fields=tuple(fields[:_FIELDS]))


def _app(file: str) -> str:
    """The app that a file of models belongs to."""
    folders = [part for part in PurePosixPath(file).parts[:-1] if part != "models"]
    return folders[-1] if folders else ""


def _field(name: str, call: ast.Call, line: int) -> FieldText:
    kind = _last(call.func)
    given = _keywords(call)
    column = given.get("db_column")
    if isinstance(column, ast.Constant) and isinstance(column.value, str):
        called = column.value
    else:
        called = f"{name}_id" if kind in RELATIONS else name
    return FieldText(name=name, column=called, type=kind, line=line, to=_target(call))


def _target(call: ast.Call) -> str:
    to = call.args[0] if call.args else _keywords(call).get("to")
    if isinstance(to, ast.Constant) and isinstance(to.value, str):
        return to.value.rpartition(".")[2]
    return _last(to) if to is not None else ""


def _keywords(call: ast.Call) -> dict[str, ast.expr]:
    return {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}


def _last(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _lists_in_text(trees: Iterable[tuple[str, ast.Module]], models: Iterable[ModelText]) -> Iterator[HabitText]:
    """`product.tags.split(",")`, `tags=",".join(...)`, `product.tags = ",".join(...)`, where `tags` is a text field."""
    texts = {field.name for model in models for field in model.fields if field.type in TEXTS}
    for file, tree in trees:
        for node in ast.walk(tree):
            for field, line in _listed(node):
                if field in texts:
                    what = f"the text of “{field}” is taken apart, or put together, as a list"
                    yield HabitText(habit="list-in-text", about=field, what=what, file=file, line=line)


def _listed(node: ast.AST) -> Iterator[tuple[str, int]]:
    if isinstance(node, ast.Call):
        if _is_split(node) and isinstance(node.func, ast.Attribute):
            yield _last(node.func.value), node.lineno
        for keyword in node.keywords:
            if keyword.arg and _is_join(keyword.value):
                yield keyword.arg, keyword.value.lineno
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute) and _is_join(node.value):
        yield node.targets[0].attr, node.lineno


def _is_split(call: ast.Call) -> bool:
    """Of an attribute: text that came from elsewhere (a file, a request) is a name or a call."""
    function = call.func
    if not isinstance(function, ast.Attribute) or function.attr != "split":
        return False
    return isinstance(function.value, ast.Attribute) and bool(call.args) and _separates(call.args[0])


def _is_join(node: ast.expr) -> bool:
    function = node.func if isinstance(node, ast.Call) else None
    return isinstance(function, ast.Attribute) and function.attr == "join" and _separates(function.value)


def _separates(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip() in _SEPARATORS


def _lookups_in_loops(trees: Iterable[tuple[str, ast.Module]]) -> Iterator[HabitText]:
    """Rows fetched one by one in a loop, by what the loop goes over."""
    for file, tree in trees:
        for node in ast.walk(tree):
            for line in sorted(set(_looked_up(node))):
                what = "rows are looked up one by one in a loop, where a relation would join them"
                yield HabitText(habit="lookup-in-loop", about="", what=what, file=file, line=line)


def _looked_up(node: ast.AST) -> Iterator[int]:
    if isinstance(node, ast.For):
        body: list[ast.AST] = [*node.body]
        names = _names([node.target])
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
        body, names = [node.elt], _names([each.target for each in node.generators])
    else:
        return
    for inner in (call for part in body for call in ast.walk(part) if isinstance(call, ast.Call)):
        if _last(inner.func) in _ONE_BY_ONE and _fetches(inner) and names & _names([*inner.args, *_given(inner)]):
            yield inner.lineno


def _fetches(call: ast.Call) -> bool:
    """Of a manager: `Tag.objects.get(...)`; or the shortcut."""
    return _last(call.func) == "get_object_or_404" or any("objects" in name for name in _chain(call.func))


def _chain(node: ast.expr) -> Iterator[str]:
    """Names of `a.b().c[0].d`, the last first: a loop, as chains may be longer than recursion is deep."""
    step: ast.expr | None = node
    while step is not None:
        yield _last(step)
        match step:
            case ast.Attribute(value=inner) | ast.Subscript(value=inner) | ast.Call(func=inner):
                step = inner
            case _:
                step = None


def _given(call: ast.Call) -> list[ast.expr]:
    return [keyword.value for keyword in call.keywords]


def _names(nodes: Iterable[ast.AST]) -> set[str]:
    return {inner.id for node in nodes for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def _links_not_unique(classes: Iterable[_Class], models: Iterable[ModelText]) -> Iterator[HabitText]:
    """Models that many-to-many relations go through, where the same pair may be linked twice."""
    through = {
        _target(ast.Call(func=call.func, args=[given], keywords=[]))
        for found in classes
        for _, call, _ in found.declared
        if _last(call.func) == "ManyToManyField" and (given := _keywords(call).get("through")) is not None
    }
    for found, model in zip(classes, models, strict=True):
        if model.name in through and not _has_unique(found):
            what = f"“{model.name}” links two models and may hold the same pair twice"
            yield HabitText(habit="link-not-unique", about=model.name, what=what, file=model.file, line=model.line)


def _has_unique(found: _Class) -> bool:
    """Whether the model declares any uniqueness over several fields; which one, the schema says."""
    constraints = found.meta("constraints")
    declared = ast.walk(constraints) if constraints is not None else ()
    named = any(_last(node) == "UniqueConstraint" for node in declared)
    return named or found.meta("unique_together") is not None
