from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """What is for sale: categories, brands, products and what belongs to them."""

    name = "catalogue"
    verbose_name = "Catalogue"
