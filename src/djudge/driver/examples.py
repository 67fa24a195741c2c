"""Addresses of a route with parameters, filled from the data: by the view's model, the parameter's name, its type."""

import re

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db import models

from djudge.driver.routes import address, known

#: Names of fields that stand for an object in an address, tried after the parameter's own name.
_IDENTIFYING = ("slug", "code", "uuid", "pk")
_KEYS = ("pk", "id")


def examples(route, most):
    """Up to `most` addresses of this route; none where its parameters can't be guessed."""
    found = known()[route]
    plan = _plan(found)
    if plan is None:
        return []
    model, ways = plan
    filled = (address(found, _values(row, ways)) for row in _rows(model))
    return list(dict.fromkeys(path for path in filled if path))[:most]


def _rows(model):
    try:
        return list(model._default_manager.order_by("pk")[:20])
    except Exception:  # a manager of theirs may want to be told more
        return list(models.QuerySet(model).order_by("pk")[:20])


def _plan(route):
    """The model whose rows fill the address, and for each parameter the way from a row to its value."""
    last = route.parameters[-1]
    model = _model_of_view(route.view) or _model_named(last) or _model_by_words(route)
    if model is None:
        return None
    ways = {name: _way(model, name, route.converters.get(name, "")) for name in route.parameters}
    return (model, ways) if all(ways.values()) else None


def _model_of_view(view):
    for holder in (view, getattr(view, "queryset", None), getattr(getattr(view, "form_class", None), "_meta", None)):
        model = getattr(holder, "model", None)
        if isinstance(model, type) and issubclass(model, models.Model):
            return model
    serializer = getattr(getattr(view, "serializer_class", None), "Meta", None)
    return getattr(serializer, "model", None)


def _model_named(parameter):
    """`post`, `post_id`, `post_slug`: the model Post."""
    stem = re.sub(r"_(?:pk|id|slug|code|uuid)$", "", parameter)
    return None if parameter in _KEYS else _model_called(stem.replace("_", "").lower())


def _model_called(word):
    """The model of this name, or the only one whose name ends like this: `item` for KBItem."""
    if word in _models():
        return _models()[word]
    alike = [model for name, model in _models().items() if name.endswith(word)] if len(word) > 3 else []
    return alike[0] if len(alike) == 1 else None


def _model_by_words(route):
    """The last word of the address or of the name that is a model, in the singular or the plural."""
    words = re.findall(r"[a-z]+", re.sub(r"<[^>]*>|\(\?P<[^)]*\)", " ", route.text).lower())
    words += re.findall(r"[a-z]+", f"{route.name} {getattr(route.view, '__name__', '')}".lower().replace("_", " "))
    for word in reversed(words):
        for singular in (word, word[:-1], re.sub("ies$", "y", word)):
            if _model_called(singular):
                return _model_called(singular)
    return None


def _models():
    """The project's models by lower-case name; its own before those of Django."""
    found = {}
    for model in apps.get_models():
        if not model.__module__.startswith("django.") or model._meta.model_name not in found:
            found[model._meta.model_name] = model
    return found


def _way(model, parameter, converter):
    """A path of attributes from a row of the model to a value for the parameter."""
    own = _field_for(model, parameter, converter)
    if own:
        return own
    other = _model_named(parameter)
    if other is model:
        return _identifier(model, converter)
    through = other and _relation(model, other)
    field = through and _identifier(other, converter)
    return f"{through}.{field}" if field else None


def _field_for(model, parameter, converter):
    if parameter in _KEYS:
        return "pk"
    names = [parameter, re.sub(r"^.*_(?=slug$|code$|uuid$)", "", parameter)]
    for name in names:
        if _has(model, name) and not model._meta.get_field(name).is_relation:
            return name
    stem = re.sub(r"_(?:pk|id)$", "", parameter)
    if stem != parameter and stem.replace("_", "") == model._meta.model_name:
        return "pk"
    return None


def _identifier(model, converter):
    """How this model's rows are called in addresses."""
    if "Int" in converter:
        return "pk"
    return next(name for name in _IDENTIFYING if name == "pk" or _has(model, name))


def _relation(model, other, deep=2):
    """The way from one model to another over foreign keys."""
    for field in model._meta.concrete_fields:
        target = field.remote_field.model if field.is_relation and field.remote_field else None
        if target is other:
            return field.name
        further = target is not None and target is not model and deep > 1 and _relation(target, other, deep - 1)
        if further:
            return f"{field.name}.{further}"
    return None


def _values(row, ways):
    found = {}
    for name, way in ways.items():
        value = row
        for step in way.split("."):
            value = getattr(value, step, None)
        if value is not None and value != "":
            found[name] = value
    return found


def _has(model, name):
    try:
        model._meta.get_field(name)
    except (FieldDoesNotExist, FieldError):
        return False
    return True
