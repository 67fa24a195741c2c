"""The tables of the workshops. What must always hold is a constraint in the database."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from catalogue.models import Brand

PRICE = {"max_digits": 10, "decimal_places": 2}


class Theme(models.Model):
    """What workshops are about, perhaps inside another theme."""

    word = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    inside = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="themes")

    class Meta:
        ordering = ["name", "word"]

    def __str__(self):
        return self.name

    def keys_within(self):
        """The keys of this theme and of all that lie inside it; one query, since there are some dozens of themes."""
        children = {}
        for key, inside in Theme.objects.order_by("pk").values_list("pk", "inside"):
            children.setdefault(inside, []).append(key)
        found = [self.pk]
        for key in found:
            found += children.get(key, [])
        return found


class Label(models.Model):
    """A word or two by which workshops of different themes are found together."""

    name = models.CharField(max_length=80, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Workshop(models.Model):
    """Something that is taught. People book its dates."""

    word = models.SlugField(max_length=120, unique=True)
    title = models.CharField(max_length=200)
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="workshops")
    makers = models.ManyToManyField(Brand, through="Giving", related_name="workshops")
    labels = models.ManyToManyField(Label, blank=True, related_name="workshops")
    price = models.DecimalField(**PRICE)
    description = models.TextField(blank=True)
    draft = models.BooleanField(default=False)

    class Meta:
        ordering = ["title", "word"]
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0), name="workshop_price_not_below_zero"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("workshops:workshop-detail", args=[self.word])


class Giving(models.Model):
    """A maker gives a workshop, in one role."""

    class Role(models.TextChoices):
        LEADS = "leads"
        ASSISTS = "assists"

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="givings")
    maker = models.ForeignKey(Brand, models.PROTECT, related_name="givings")
    role = models.CharField(max_length=10, choices=Role)

    class Meta:
        ordering = ["-role", "maker__name"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "maker"], name="maker_gives_workshop_once"),
            models.CheckConstraint(condition=Q(role__in=["leads", "assists"]), name="giving_role_known"),
        ]

    def __str__(self):
        return f"{self.maker} {self.role}"


class DateQuerySet(models.QuerySet):
    """Dates with what is computed of them."""

    def with_facts(self):
        """By time, with `cost`: the date's own price, else the workshop's; `left`: seats that nobody has booked."""
        dates = self.annotate(
            cost=Coalesce("price", "workshop__price"),
            left=F("seats") - models.Count("bookings"),
        )
        # Grouped rows don't come in the order of `Meta`.
        return dates.order_by("starts")


class Date(models.Model):
    """When a workshop is given, and for how many. Without a price of its own it costs what the workshop costs."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="dates")
    starts = models.DateTimeField()
    seats = models.PositiveIntegerField()
    price = models.DecimalField(null=True, blank=True, **PRICE)

    objects = DateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workshop", "starts"], name="workshop_once_at_a_moment"),
            models.CheckConstraint(
                condition=Q(price__isnull=True) | Q(price__gte=0), name="date_price_not_below_zero"
            ),
        ]

    def __str__(self):
        return f"{self.starts:%Y-%m-%d %H:%M}"


class Booking(models.Model):
    """One person's seat. Kept from being deleted with the date: somebody counts on it."""

    date = models.ForeignKey(Date, models.PROTECT, related_name="bookings")
    email = models.EmailField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["date", "email"], name="person_books_date_once"),
        ]

    def __str__(self):
        return self.email
