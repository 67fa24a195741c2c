"""What somebody is about to buy, in their session."""

from decimal import Decimal

from catalogue.models import Variant

KEY = "basket"


class Line:
    """So many of one variant, at the price that was shown."""

    def __init__(self, variant, quantity, price):
        self.variant = variant
        self.quantity = quantity
        self.price = price

    @property
    def amount(self):
        return self.price * self.quantity


class Cart:
    """The session's basket: {variant id: [quantity, price]}."""

    def __init__(self, session):
        self.session = session
        self.content = session.setdefault(KEY, {})

    def add(self, variant, quantity, price):
        held = self.content.get(str(variant), [0, price])
        self.change(variant, held[0] + quantity, price)

    def change(self, variant, quantity, price):
        stock = Variant.objects.get(pk=variant).stock
        if quantity == 0:
            self.remove(variant)
        else:
            self.content[str(variant)] = [min(quantity, stock), str(price)]
            self.session.modified = True

    def remove(self, variant):
        self.content.pop(str(variant), None)
        self.session.modified = True

    def clear(self):
        self.content.clear()
        self.session.modified = True

    def lines(self):
        return [
            Line(Variant.objects.get(pk=number), quantity, Decimal(price))
            for number, (quantity, price) in self.content.items()
        ]

    @property
    def total(self):
        return sum(line.amount for line in self.lines())


def cart_of(request):
    return Cart(request.session)


def merge_session_cart(request, user):
    """The session stays the same when somebody signs in, and so does the basket."""
