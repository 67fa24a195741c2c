"""Discount codes as the shop keeps them. What they come to is worked out in `engine.py`, which knows no tables."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from catalogue.models import Brand, Tag


class Code(models.Model):
    """A word that buyers type in: `percent` or `amount` off, from a minimum on, between two days, not for all goods."""

    word = models.CharField(max_length=30, help_text="What buyers type in; capitals and small letters are the same.")
    percent = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal(100))],
    )  # fmt: skip
    amount = models.DecimalField(
        max_digits=10, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(Decimal("0.01"))]
    )
    minimum = models.DecimalField(max_digits=10, decimal_places=2, default=0, db_default=0)
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    not_for_brands = models.ManyToManyField(Brand, blank=True, related_name="+")
    not_for_tags = models.ManyToManyField(Tag, blank=True, related_name="+")

    class Meta:
        ordering = ["word"]
        constraints = [
            models.UniqueConstraint(Upper("word"), name="code_word_once"),
            models.CheckConstraint(
                # A comparison with nothing is neither true nor false, and a check takes that for right.
                condition=Q(percent__isnull=True, amount__isnull=False, amount__gt=0)
                | Q(amount__isnull=True, percent__isnull=False, percent__gt=0, percent__lte=100),
                name="code_percent_or_amount",
            ),
            models.CheckConstraint(
                condition=Q(first_day__isnull=True) | Q(last_day__isnull=True) | Q(first_day__lte=F("last_day")),
                name="code_days_in_order",
            ),
        ]

    def __str__(self):
        return self.word

    def clean(self):
        if (self.percent is None) == (self.amount is None):
            raise ValidationError("Give either a percentage or an amount.")
        if self.first_day and self.last_day and self.first_day > self.last_day:
            raise ValidationError({"last_day": "The last day is before the first."})
