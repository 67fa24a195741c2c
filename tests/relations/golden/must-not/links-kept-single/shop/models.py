"""A model between products and tags, with the pair kept unique; tags of a shop each have an owner."""

from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=40, unique=True)


class Product(models.Model):
    name = models.CharField(max_length=80)
    tags = models.ManyToManyField(Tag, through="Tagging")


class Tagging(models.Model):
    product = models.ForeignKey(Product, on_delete=models.CASCADE)
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "tag"], name="a_tag_once_a_product")]
