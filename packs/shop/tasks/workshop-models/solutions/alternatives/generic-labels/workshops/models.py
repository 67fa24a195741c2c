"""The workshops; labels may be put on anything, so that other apps can use them too."""

from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models


class Label(models.Model):
    name = models.CharField(max_length=120, unique=True)


class Labelling(models.Model):
    """A label on something."""

    label = models.ForeignKey(Label, models.CASCADE, related_name="labellings")
    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    thing = GenericForeignKey()

    class Meta:
        unique_together = [("label", "content_type", "object_id")]
        indexes = [models.Index(fields=["content_type", "object_id"])]


class Theme(models.Model):
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    parent = models.ForeignKey("self", models.DO_NOTHING, null=True, related_name="children")


class Workshop(models.Model):
    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=255)
    theme = models.ForeignKey(Theme, models.DO_NOTHING, related_name="workshops")
    cents = models.PositiveIntegerField()
    description = models.TextField(blank=True)
    draft = models.BooleanField(default=False)
    labellings = GenericRelation(Labelling)

    @property
    def price(self):
        return f"{self.cents // 100}.{self.cents % 100:02}"


class Host(models.Model):
    """A maker and the role in a workshop."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="hosts")
    brand = models.ForeignKey("catalogue.Brand", models.DO_NOTHING, related_name="hosted")
    role = models.CharField(max_length=7)

    class Meta:
        unique_together = [("brand", "workshop")]


class Occasion(models.Model):
    """A date."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="occasions")
    starts = models.DateTimeField()
    seats = models.PositiveIntegerField()
    own_cents = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["starts"]
        unique_together = [("workshop", "starts")]

    @property
    def price(self):
        cents = self.workshop.cents if self.own_cents is None else self.own_cents
        return f"{cents // 100}.{cents % 100:02}"

    @property
    def left(self):
        return self.seats - self.bookings.count()


class Booking(models.Model):
    occasion = models.ForeignKey(Occasion, models.DO_NOTHING, related_name="bookings")
    email = models.EmailField(db_index=False)
    booked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        unique_together = [("occasion", "email")]
