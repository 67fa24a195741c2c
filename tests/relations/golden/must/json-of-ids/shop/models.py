"""A product knows its tags by a list of their ids, looked up one by one."""

from django.db import models


class Tag(models.Model):
    name = models.CharField(max_length=40, unique=True)


class Product(models.Model):
    name = models.CharField(max_length=80)
    tag_ids = models.JSONField(default=list)

    def tags(self):
        return [Tag.objects.get(pk=tag_id) for tag_id in self.tag_ids]
