"""Who sells for which maker. Everybody with an account may buy; a seller is somebody with a membership."""

from django.conf import settings
from django.db import models

from catalogue.models import Brand


class Membership(models.Model):
    """A user who may see and handle what is ordered from a brand."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    brand = models.ForeignKey(Brand, models.CASCADE, related_name="memberships")

    class Meta:
        ordering = ["brand__name", "user_id"]
        constraints = [models.UniqueConstraint(fields=["user", "brand"], name="membership_once")]

    def __str__(self):
        return f"{self.user} for {self.brand}"
