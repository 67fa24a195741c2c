"""What somebody is about to buy, in tables for everybody: a guest's basket belongs to a number in their session."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from basket.models import MOST, Basket, BasketLine
from catalogue.models import Variant

KEY = "basket"


@dataclass(frozen=True)
class Line:
    variant: Variant
    quantity: int

    @property
    def price(self):
        return self.variant.price

    @property
    def amount(self):
        return self.price * self.quantity

    @property
    def short(self):
        return self.quantity > self.variant.stock


def on_sale():
    """Variants that can be bought."""
    return Variant.objects.filter(product__published=True).select_related("product", "product__brand")


class Cart:
    """One basket of the tables; it is made when the first thing goes into it."""

    def __init__(self, found, make):
        self._found, self._make = found, make

    @property
    def _lines(self):
        return BasketLine.objects.filter(basket__in=self._found)

    def add(self, variant, quantity):
        held = self._lines.filter(variant=variant).values_list("quantity", flat=True).first() or 0
        return self.change(variant, held + quantity)

    def change(self, variant, quantity):
        quantity = min(quantity, variant.stock, MOST)
        if quantity < 1:
            self.remove(variant.pk)
            return 0
        basket = self._found.first() or self._make()
        basket.lines.update_or_create(variant=variant, defaults={"quantity": quantity})
        return quantity

    def remove(self, number):
        self._lines.filter(variant=number).delete()

    def clear(self):
        self._lines.delete()

    def lines(self):
        lines = self._lines.filter(variant__product__published=True).select_related("variant__product__brand")
        return [Line(line.variant, line.quantity) for line in lines.order_by("pk")]

    @property
    def total(self):
        return sum((line.amount for line in self.lines()), Decimal(0))


def cart_of(request):
    if request.user.is_authenticated:
        return own_cart(request.user)
    return guest_cart(request.session)


def own_cart(user):
    return Cart(Basket.objects.filter(owner=user), lambda: Basket.objects.get_or_create(owner=user)[0])


def guest_cart(session):
    def make():
        basket = Basket.objects.create()
        session[KEY] = basket.pk
        return basket

    return Cart(Basket.objects.filter(pk=session.get(KEY), owner=None), make)


@transaction.atomic
def merge_session_cart(request, user):
    guest, own = guest_cart(request.session), own_cart(user)
    for line in guest.lines():
        own.add(line.variant, line.quantity)
    guest.clear()
