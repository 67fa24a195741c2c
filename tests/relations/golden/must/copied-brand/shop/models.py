"""A brand's facts are written into each of its products."""

from django.db import models


class Brand(models.Model):
    name = models.CharField(max_length=40, unique=True)
    country = models.CharField(max_length=2)


class Product(models.Model):
    name = models.CharField(max_length=80)
    brand_name = models.CharField(max_length=40)
    brand_country = models.CharField(max_length=2)
