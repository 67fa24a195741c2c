"""Three names that the code knows are looked up one by one; everything else is joined. Sizes are a list of letters."""

from django.db import models


class Brand(models.Model):
    name = models.CharField(max_length=40, unique=True)


class Tag(models.Model):
    name = models.CharField(max_length=40, unique=True)


class Product(models.Model):
    name = models.CharField(max_length=80)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT)
    tags = models.ManyToManyField(Tag)
    letters = models.CharField(max_length=20, default="S,M,L")

    def sizes(self):
        return self.letters.split(",")
