"""A wholesaler's file has tags with commas; they become rows. The description names them too, as a sentence."""

from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=40, unique=True)


class Product(models.Model):
    name = models.CharField(max_length=80)
    tags = models.ManyToManyField(Tag)
    description = models.TextField(blank=True)
