"""A tag belongs to one product, so that each product has tags of its own with the same names."""

from django.db import models


class Product(models.Model):
    name = models.CharField(max_length=80)


class Tag(models.Model):
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=40)
