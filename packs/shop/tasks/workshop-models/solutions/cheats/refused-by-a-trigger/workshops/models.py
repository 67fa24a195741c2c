"""Models of the workshops."""

from django.db import models
from django.urls import reverse

from catalogue.models import Brand


class Theme(models.Model):
    """A theme, perhaps inside another one."""

    word = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="children")

    def __str__(self):
        return self.name


class Label(models.Model):
    """A label, for many workshops."""

    name = models.CharField(max_length=100, unique=True)

    def __str__(self):
        return self.name


class Workshop(models.Model):
    """A workshop that one or more makers give."""

    word = models.SlugField(unique=True)
    title = models.CharField(max_length=200)
    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="workshops")
    price = models.DecimalField(max_digits=8, decimal_places=2)
    description = models.TextField(blank=True)
    is_draft = models.BooleanField(default=False)
    labels = models.ManyToManyField(Label, blank=True, related_name="workshops")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("workshops:workshop-detail", args=[self.word])


class WorkshopMaker(models.Model):
    """Who gives a workshop, in which role."""

    ROLES = [("leads", "leads"), ("assists", "assists")]

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="givings")
    maker = models.ForeignKey(Brand, on_delete=models.CASCADE)
    role = models.CharField(max_length=10, choices=ROLES)


class WorkshopDate(models.Model):
    """When a workshop is given."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="dates")
    starts = models.DateTimeField()
    seats = models.IntegerField()
    own_price = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ["starts"]

    @property
    def cost(self):
        return self.own_price or self.workshop.price

    @property
    def left(self):
        return self.seats - self.bookings.count()


class Booking(models.Model):
    """A person's seat."""

    date = models.ForeignKey(WorkshopDate, on_delete=models.CASCADE, related_name="bookings")
    email = models.EmailField()
