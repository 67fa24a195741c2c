from django.db.models import CharField
from django.db.models.functions import Cast

from orders.models import Order


def begins_with(digits):
    """Orders whose number begins with what the customer reads out."""
    orders = Order.objects.alias(text=Cast("public_id", CharField())).filter(text__startswith=digits)
    return [(order.number, order.name) for order in orders.order_by("pk")]
