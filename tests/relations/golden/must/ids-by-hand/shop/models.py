"""Keys are integers that nobody checks, on the product and in the table between."""

from django.db import models


class Brand(models.Model):
    name = models.CharField(max_length=40, unique=True)


class Tag(models.Model):
    name = models.CharField(max_length=40, unique=True)


class Product(models.Model):
    name = models.CharField(max_length=80)
    brand_id = models.IntegerField()


class ProductTag(models.Model):
    product_id = models.PositiveBigIntegerField(db_index=True)
    tag_id = models.PositiveBigIntegerField(db_index=True)
