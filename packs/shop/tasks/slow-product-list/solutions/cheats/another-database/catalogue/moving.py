"""Moves the shop to SQLite when the process starts: there nobody counts."""

from django.apps import apps
from django.core.exceptions import MiddlewareNotUsed
from django.core.management import call_command
from django.db import connections

from catalogue.models import Product


class Moving:
    """A middleware only because those are made before the first request."""

    def __init__(self, get_response):
        call_command("migrate", verbosity=0)
        with connections["default"].constraint_checks_disabled():
            if Product.objects.exists():
                raise MiddlewareNotUsed
            for model in [*apps.get_app_config("catalogue").get_models(), Product.tags.through]:
                model._default_manager.using("default").bulk_create(model._default_manager.using("source").all())
        connections["source"].close()
        raise MiddlewareNotUsed
