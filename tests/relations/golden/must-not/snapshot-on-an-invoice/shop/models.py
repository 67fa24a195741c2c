"""An order line keeps the names as they were sold, beside the reference."""

from django.db import models


class Brand(models.Model):
    name = models.CharField(max_length=40, unique=True)


class Product(models.Model):
    name = models.CharField(max_length=80, unique=True)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT)


class OrderLine(models.Model):
    product = models.ForeignKey(Product, on_delete=models.PROTECT)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT)
    product_name = models.CharField(max_length=80)
    brand_name = models.CharField(max_length=40)
