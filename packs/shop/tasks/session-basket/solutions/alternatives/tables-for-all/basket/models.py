"""The basket of somebody who has signed in. Guests have theirs in the session: see `cart.py`."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from catalogue.models import Variant

MOST = 99


class Basket(models.Model):
    """One a buyer, emptied when an order is placed."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="basket")

    def __str__(self):
        return f"Basket of {self.owner}"


class BasketLine(models.Model):
    """So many of one variant. There is no price here: prices are always those of the catalogue."""

    basket = models.ForeignKey(Basket, models.CASCADE, related_name="lines")
    variant = models.ForeignKey(Variant, models.CASCADE, related_name="+")
    quantity = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(MOST)])

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["basket", "variant"], name="basket_variant_once"),
            models.CheckConstraint(condition=Q(quantity__range=(1, MOST)), name="basket_quantity_1_to_99"),
        ]

    def __str__(self):
        return f"{self.quantity} × {self.variant_id}"
