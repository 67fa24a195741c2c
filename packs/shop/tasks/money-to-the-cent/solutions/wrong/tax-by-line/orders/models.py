"""Orders: what was bought, at the prices of that moment, and what became of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from catalogue.models import Brand, Product, Variant

AMOUNT = {"max_digits": 12, "decimal_places": 2}
PERCENT = {"max_digits": 5, "decimal_places": 2}


class TaxRate(models.Model):
    """How many percent of tax prices contain, by the country that the goods go to."""

    country = models.CharField(max_length=2, unique=True)
    percent = models.DecimalField(**PERCENT)

    class Meta:
        ordering = ["country"]
        constraints = [
            models.CheckConstraint(condition=Q(percent__gte=0, percent__lte=100), name="tax_rate_0_to_100"),
        ]

    def __str__(self):
        return f"{self.country}: {self.percent} %"


class Order(models.Model):
    """One purchase. Amounts and names are of the moment when it was placed; `states.py` says how `status` changes."""

    class Status(models.TextChoices):
        PLACED = "placed", "Waiting for payment"
        PAID = "paid", "Paid"
        PACKED = "packed", "Packed"
        SENT = "sent", "Sent"
        DELIVERED = "delivered", "Delivered"
        CANCELLED = "cancelled", "Cancelled"
        EXPIRED = "expired", "Not paid in time"
        REFUNDED = "refunded", "Refunded"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    buyer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="orders")
    status = models.CharField(max_length=10, choices=Status, default=Status.PLACED, db_default="placed")
    placed_at = models.DateTimeField(default=timezone.now)
    name = models.CharField(max_length=120)
    street = models.CharField(max_length=160)
    postcode = models.CharField(max_length=16)
    city = models.CharField(max_length=80)
    country = models.CharField(max_length=2, default="DE", db_default="DE")
    code = models.CharField("discount code", max_length=30, blank=True, db_default="")
    currency = models.CharField(max_length=3, choices=Product.Currency)
    subtotal = models.DecimalField(**AMOUNT)
    discount = models.DecimalField(default=0, db_default=0, **AMOUNT)
    total = models.DecimalField(**AMOUNT)
    tax_percent = models.DecimalField(default=0, db_default=0, **PERCENT)
    tax = models.DecimalField(default=0, db_default=0, **AMOUNT)

    class Meta:
        ordering = ["-placed_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(total=F("subtotal") - F("discount")), name="order_total_adds_up"),
            models.CheckConstraint(condition=Q(discount__gte=0, total__gte=0), name="order_amounts_not_negative"),
            models.CheckConstraint(condition=Q(tax__gte=0), name="order_tax_not_negative"),
            models.CheckConstraint(condition=Q(tax__lte=F("total")), name="order_tax_within_total"),
            models.CheckConstraint(
                condition=Q(
                    status__in=["placed", "paid", "packed", "sent", "delivered", "cancelled", "expired", "refunded"]
                ),
                name="order_status_known",
            ),
        ]
        indexes = [
            models.Index(fields=["buyer", "-placed_at"], name="order_of_buyer"),
            models.Index(fields=["placed_at"], condition=Q(status="placed"), name="order_waiting"),
        ]

    def __str__(self):
        return self.number

    @property
    def number(self):
        """What people call it."""
        return f"S-{str(self.public_id)[:8].upper()}"

    def get_absolute_url(self):
        return reverse("orders:order-detail", args=[self.public_id])


class OrderLine(models.Model):
    """So many of one variant, with everything that a later change of the catalogue must not change here."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    variant = models.ForeignKey(Variant, models.PROTECT, related_name="order_lines")
    brand = models.ForeignKey(Brand, models.PROTECT, related_name="order_lines")
    sku = models.CharField("article number", max_length=30)
    name = models.CharField(max_length=300)
    unit_price = models.DecimalField(**AMOUNT)
    quantity = models.PositiveSmallIntegerField()
    discount = models.DecimalField("share of the discount", default=0, db_default=0, **AMOUNT)
    tracking = models.CharField(max_length=60, blank=True, db_default="")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["order", "variant"], name="order_variant_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="order_quantity_one_or_more"),
            models.CheckConstraint(condition=Q(unit_price__gte=0), name="order_price_not_negative"),
            models.CheckConstraint(condition=Q(discount__gte=0), name="order_share_not_negative"),
            models.CheckConstraint(
                condition=Q(discount__lte=F("unit_price") * F("quantity")), name="order_share_within_line"
            ),
        ]
        indexes = [models.Index(fields=["brand", "order"], name="order_line_of_brand")]

    def __str__(self):
        return f"{self.quantity} × {self.name}"

    @property
    def amount(self):
        """What the line comes to."""
        return self.unit_price * self.quantity


class Reservation(models.Model):
    """Stock that was taken for an order and is given back if nobody pays."""

    class State(models.TextChoices):
        HELD = "held", "Held until paid"
        TAKEN = "taken", "Sold"
        RELEASED = "released", "Given back"

    order = models.ForeignKey(Order, models.CASCADE, related_name="reservations")
    variant = models.ForeignKey(Variant, models.PROTECT, related_name="reservations")
    quantity = models.PositiveSmallIntegerField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.HELD, db_default="held")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["order", "variant"], name="reservation_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="reservation_quantity_one_or_more"),
        ]
        indexes = [models.Index(fields=["expires_at"], condition=Q(state="held"), name="reservation_held")]

    def __str__(self):
        return f"{self.quantity} × {self.variant_id} for {self.order_id}, {self.state}"


class OrderEvent(models.Model):
    """Each change of an order's status: from, to, by whom (nobody: by the shop itself), when."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="events")
    before = models.CharField(max_length=10, blank=True, db_default="")
    after = models.CharField(max_length=10, choices=Order.Status)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self):
        return f"{self.before or 'new'} → {self.after}"
