"""Integers that are keys in somebody else's system, one of them of the same name as a table here."""

from django.db import models


class Brand(models.Model):
    name = models.CharField(max_length=40, unique=True)


class Product(models.Model):
    name = models.CharField(max_length=80)
    maker = models.ForeignKey(Brand, on_delete=models.PROTECT)
    brand_id = models.IntegerField(help_text="The brand's number in the wholesaler's system.")
    supplier_id = models.IntegerField()
