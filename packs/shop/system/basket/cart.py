"""What somebody is about to buy: in the session of a guest, in a table for whoever has signed in.

Both kinds of cart answer alike. Neither knows prices: those are the catalogue's at the moment when they are shown.
"""

from dataclasses import dataclass
from decimal import Decimal

from basket.models import MOST, Basket, BasketLine
from catalogue.models import Variant

KEY = "basket"


@dataclass(frozen=True, slots=True)
class Line:
    """So many of one variant, with its product and brand."""

    variant: Variant
    quantity: int

    @property
    def price(self):
        return self.variant.price

    @property
    def amount(self):
        return self.variant.price * self.quantity

    @property
    def short(self):
        """Whether less is in stock than wanted."""
        return self.quantity > self.variant.stock


def cart_of(request):
    """The cart of whoever asks; no statement yet."""
    return TableCart(request.user) if request.user.is_authenticated else SessionCart(request.session)


def on_sale():
    """Variants that can be bought, with what lines show of them."""
    return Variant.objects.filter(product__published=True).select_related("product__brand")


class Cart:
    """What both kinds have in common. `_quantities` is {variant id: quantity} in the order of adding."""

    def add(self, variant, quantity):
        """Put more of it in, as far as there is; the quantity that it comes to."""
        wanted = self._quantities().get(variant.pk, 0) + quantity
        return self.change(variant, wanted)

    def change(self, variant, quantity):
        """Have so many of it, as far as there are; none removes it. The quantity that it comes to."""
        allowed = max(0, min(quantity, variant.stock, MOST))
        if allowed:
            self._put(variant.pk, allowed)
        else:
            self.remove(variant.pk)
        return allowed

    def lines(self):
        """What is in it, in the order of adding; goods that are no longer sold fall out. Two statements at most."""
        quantities = self._quantities()
        variants = on_sale().in_bulk(quantities) if quantities else {}
        return [Line(variants[number], quantity) for number, quantity in quantities.items() if number in variants]

    @property
    def total(self):
        """What the lines come to."""
        return sum((line.amount for line in self.lines()), Decimal(0))

    @property
    def count(self):
        """How many pieces are in it."""
        return sum(self._quantities().values())


class SessionCart(Cart):
    """A guest's: numbers and quantities in the session, which is signed and belongs to this browser alone."""

    def __init__(self, session):
        self._session = session

    def remove(self, number):
        """Take it out, if it is in."""
        self._save({key: quantity for key, quantity in self._quantities().items() if key != number})

    def clear(self):
        """Take everything out."""
        self._session.pop(KEY, None)

    def _quantities(self):
        return {int(number): quantity for number, quantity in self._session.get(KEY, {}).items()}

    def _put(self, number, quantity):
        self._save({**self._quantities(), number: quantity})

    def _save(self, quantities):
        self._session[KEY] = {str(number): quantity for number, quantity in quantities.items()}


class TableCart(Cart):
    """A buyer's: the same on every device."""

    def __init__(self, owner):
        self._owner = owner

    def remove(self, number):
        """Take it out, if it is in."""
        self._lines().filter(variant=number).delete()

    def clear(self):
        """Take everything out."""
        self._lines().delete()

    def take_in(self, lines):
        """Add these lines, as far as there are. One statement writes them all: all go in, or none does."""
        held = self._quantities() if lines else {}
        wanted = {line.variant: min(held.get(line.variant.pk, 0) + line.quantity, MOST) for line in lines}
        allowed = {variant.pk: min(quantity, variant.stock) for variant, quantity in wanted.items() if variant.stock}
        if allowed:
            basket, _ = Basket.objects.get_or_create(owner=self._owner)
            BasketLine.objects.bulk_create(
                [BasketLine(basket=basket, variant_id=number, quantity=allowed[number]) for number in allowed],
                update_conflicts=True,
                unique_fields=["basket", "variant"],
                update_fields=["quantity"],
            )

    def _lines(self):
        return BasketLine.objects.filter(basket__owner=self._owner)

    def _quantities(self):
        return dict(self._lines().values_list("variant", "quantity"))

    def _put(self, number, quantity):
        basket, _ = Basket.objects.get_or_create(owner=self._owner)
        BasketLine.objects.update_or_create(basket=basket, variant_id=number, defaults={"quantity": quantity})


def merge_session_cart(request, user):
    """What a guest had chosen goes into the basket of the buyer; quantities add up, as far as there are."""
    guest = SessionCart(request.session)
    TableCart(user).take_in(guest.lines())
    guest.clear()
