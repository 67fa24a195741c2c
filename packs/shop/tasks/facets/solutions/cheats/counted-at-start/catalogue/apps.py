from importlib import import_module

from django.apps import AppConfig
from django.db import DatabaseError


class CatalogueConfig(AppConfig):
    """What is for sale: categories, brands, products and what belongs to them."""

    name = "catalogue"
    verbose_name = "Catalogue"

    def ready(self):
        try:
            import_module("catalogue.facets").fill()
        except DatabaseError:
            pass
