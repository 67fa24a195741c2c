"""A JSON field for what has no columns: measures that differ from product to product."""

from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=40, unique=True)


class Product(models.Model):
    name = models.CharField(max_length=80)
    tags = models.ManyToManyField(Tag)
    measures = models.JSONField(default=dict)
    sizes = models.JSONField(default=list)
