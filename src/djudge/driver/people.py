"""Who can sign in: people of the data, and two of our own."""

import secrets

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.db import connections, models, transaction


def people(names):
    """The named people; where nobody is named an administrator and two others who are active."""
    if not apps.is_installed("django.contrib.auth"):
        return {"table": "", "people": [], "unknown": list(names)}
    model = get_user_model()
    if names:
        found = [model._default_manager.filter(**{model.USERNAME_FIELD: name}).first() for name in names]
        unknown = [name for name, person in zip(names, found) if person is None]
        chosen = [person for person in found if person is not None]
    else:
        unknown, chosen = [], _chosen(model)
    return {"table": model._meta.db_table, "people": [_told(each) for each in chosen], "unknown": unknown}


def _chosen(model):
    everybody = [each for each in model._default_manager.order_by("pk")[:2000] if getattr(each, "is_active", True)]
    powerful = [each for each in everybody if _is(each, "is_superuser") or _is(each, "is_staff")]
    ordinary = [each for each in everybody if each not in powerful]
    return sorted(powerful, key=lambda each: not _is(each, "is_superuser"))[:1] + ordinary[:2]


def make_person(name, powerful):
    """A user who may do nothing, or everything; None where the project's model can't be filled by guessing."""
    model = get_user_model()
    known = {model.USERNAME_FIELD: name}
    for field in model._meta.concrete_fields:
        if field.name not in known and _wanted(field):
            known[field.attname] = _guess(field, name)
    for flag in ("is_superuser", "is_staff"):
        if _has(model, flag):
            known[flag] = powerful
    if "@" not in name and isinstance(model._meta.get_field(model.USERNAME_FIELD), models.EmailField):
        known[model.USERNAME_FIELD] = f"{name}@example.org"
    with transaction.atomic():
        person = model(**known)
        person.set_password(secrets.token_urlsafe(12))
        person.save()
    connections.close_all()
    return _told(person)


def _wanted(field):
    if field.primary_key or field.name == "password":
        return False
    mail = isinstance(field, models.EmailField)
    return mail or not (field.null or field.blank or field.has_default())


def _guess(field, name):
    if isinstance(field, models.EmailField):
        return f"{name}@example.org"
    if isinstance(field, models.ForeignKey):
        first = field.remote_field.model._default_manager.first()
        return None if first is None else first.pk
    if isinstance(field, (models.CharField, models.TextField)):
        return name[: field.max_length or 20]
    return 0


def _told(person):
    return {
        "name": person.get_username(),
        "powerful": _is(person, "is_superuser"),
        "staff": _is(person, "is_staff") or _is(person, "is_superuser") or _is(person, "is_administrator"),
    }


def _is(person, flag):
    return bool(getattr(person, flag, False))


def _has(model, flag):
    try:
        model._meta.get_field(flag)
    except FieldDoesNotExist:
        return False
    return True
