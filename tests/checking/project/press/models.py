import uuid

from django.conf import settings
from django.db import models


class Author(models.Model):
    name = models.CharField(max_length=40, unique=True)


class Tag(models.Model):
    word = models.CharField(max_length=8, unique=True)


class Article(models.Model):
    author = models.ForeignKey(Author, on_delete=models.CASCADE)
    tags = models.ManyToManyField(Tag)
    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=80)

    def latest_comment(self):
        return self.comment_set.order_by("-pk").first()


class Comment(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    article = models.ForeignKey(Article, on_delete=models.CASCADE)
    writer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    number = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="comment_number")]


class Feature(Article):
    """A child in a table of its own, whose key is its parent's."""

    length = models.IntegerField(default=0)


class Profile(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)


class Letter(models.Model):
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    text = models.CharField(max_length=80)


class Section(models.Model):
    """A tree as a library would keep it."""

    path = models.CharField(max_length=255, unique=True)
    depth = models.IntegerField()
    numchild = models.IntegerField()


class Limit(models.Model):
    """Copies of it would break its own rule."""

    most = models.IntegerField(unique=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(most__lt=3), name="most_is_small")]
