"""What the provider knows: payments, by id and by the key that they were asked for with. In memory alone."""

import secrets
import threading
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation


class Refused(Exception):
    """What was asked for makes no sense; the text says why."""


@dataclass
class Payment:
    """One payment; `status` is `created`, `succeeded` or `declined`."""

    id: str
    amount: Decimal
    currency: str
    reference: str
    return_url: str = ""
    status: str = "created"
    refunded: Decimal = Decimal(0)
    keys: set[str] = field(default_factory=set)


class Ledger:
    """All payments. `tell(kind, payment)` is called for whatever happened; from several threads."""

    def __init__(self, tell):
        self._tell = tell
        self._lock = threading.Lock()
        self._payments = {}
        self._by_key = {}

    def begin(self, key, content):
        """A new payment; the same one whenever the same key comes again."""
        amount = money(content.get("amount"))
        with self._lock:
            if key in self._by_key:
                return self._by_key[key]
            payment = Payment(
                id=f"pay_{secrets.token_hex(8)}",
                amount=amount,
                currency=str(content.get("currency", ""))[:3],
                reference=str(content.get("reference", ""))[:60],
                return_url=web_address(content.get("return_url")),
            )
            self._payments[payment.id] = self._by_key[key] = payment
        self._tell("payment.created", payment)
        return payment

    def find(self, number):
        """A payment by its id, or None."""
        return self._payments.get(number)

    def settle(self, payment, paid):
        """What the buyer decided on the pay page; a payment that succeeded stays so."""
        with self._lock:
            if payment.status == "succeeded":
                return
            payment.status = "succeeded" if paid else "declined"
        self._tell(f"payment.{payment.status}", payment)

    def refund(self, payment, key, content):
        """Give an amount back, once for each key."""
        amount = money(content.get("amount"))
        with self._lock:
            if key in payment.keys:
                return
            if payment.status != "succeeded" or payment.refunded + amount > payment.amount:
                raise Refused("more than was paid")
            payment.keys.add(key)
            payment.refunded += amount
        self._tell("payment.refunded", payment)


def money(value):
    """An amount above zero; raises Refused."""
    try:
        amount = Decimal(str(value))
        right = amount.is_finite() and amount > 0 and amount == amount.quantize(Decimal("0.01"))
    except InvalidOperation:
        right = False
    if not right:
        raise Refused("not an amount")
    return amount


def web_address(value):
    """Where the buyer is led back to; nothing where that is no address of the web."""
    address = str(value or "")[:300]
    return address if address.startswith(("http://", "https://")) else ""
