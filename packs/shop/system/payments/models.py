"""What the payment provider told: each event once, and what an order's payment has come to."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from orders.models import AMOUNT, Order


class Payment(models.Model):
    """The payment of an order at the provider. `refunded` is what has gone back of `amount`."""

    class Status(models.TextChoices):
        STARTED = "started", "Started"
        PAID = "paid", "Paid"
        DECLINED = "declined", "Declined"
        REFUNDED = "refunded", "Refunded"

    order = models.OneToOneField(Order, models.PROTECT, related_name="payment")
    provider_id = models.CharField(max_length=60, unique=True, null=True, blank=True)
    pay_url = models.CharField(max_length=300, blank=True, db_default="")
    status = models.CharField(max_length=10, choices=Status, default=Status.STARTED, db_default="started")
    amount = models.DecimalField(**AMOUNT)
    refunded = models.DecimalField(default=0, db_default=0, **AMOUNT)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(refunded__gte=0, refunded__lte=models.F("amount")), name="payment_refund_within_amount"
            ),
        ]

    def __str__(self):
        return f"{self.amount} for {self.order_id}, {self.status}"


class ProviderEvent(models.Model):
    """One message of the provider, stored before anything is made of it. It may come again, late and out of order."""

    event_id = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=40)
    provider_id = models.CharField(max_length=60)
    payload = models.JSONField()
    received_at = models.DateTimeField(default=timezone.now)
    processed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["received_at", "id"]
        indexes = [
            models.Index(fields=["provider_id"], name="event_of_payment"),
            models.Index(fields=["received_at"], condition=Q(processed_at__isnull=True), name="event_waiting"),
        ]

    def __str__(self):
        return f"{self.kind} {self.event_id}"
