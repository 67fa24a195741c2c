"""Tags are words in one text, taken apart wherever they are shown."""

from django.db import models


class Product(models.Model):
    name = models.CharField(max_length=80)
    tags = models.CharField(max_length=200, blank=True)

    def tag_list(self):
        return [tag.strip() for tag in self.tags.split(",") if tag]
