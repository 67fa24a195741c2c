"""What the shop asks the payment provider: to begin a payment, to give money back.

Each call has a time-out and a key by which the provider knows a repeated one, and none is made inside a transaction: a
provider that is slow must not hold rows of the shop, and what it did can't be rolled back.
"""

import json
import urllib.error
import urllib.request

from django.conf import settings

TIMEOUT_SECONDS = 5
_MOST = 64 * 1024


class ProviderUnavailable(Exception):
    """The provider can't be reached, or answers what it should not. Nothing is known of what it did: ask again."""


def begin(order, return_url=""):
    """A payment of an order at the provider: its id, and the address where it is paid, which leads back afterwards."""
    found = _post(
        "payments",
        {
            "amount": str(order.total), "currency": order.currency, "reference": str(order.public_id),
            "return_url": return_url,
        },
        key=f"begin-{order.public_id}",
    )  # fmt: skip
    try:
        return str(found["id"]), str(found["pay_url"])
    except (KeyError, TypeError) as error:
        raise ProviderUnavailable("The payment provider answers what nobody expects.") from error


def refund(payment, amount, key):
    """Have an amount of a payment given back. `key` is the same whenever this same refund is asked for again."""
    _post(f"payments/{payment.provider_id}/refunds", {"amount": str(amount)}, key=key)


def _post(path, content, key):
    if not settings.PROVIDER_URL:
        raise ProviderUnavailable("No payment provider is set up.")
    request = urllib.request.Request(
        settings.PROVIDER_URL.rstrip("/") + "/" + path,
        data=json.dumps(content).encode(),
        headers={
            "Content-Type": "application/json",
            "Authorization": f"Bearer {settings.PROVIDER_SECRET}",
            "Idempotency-Key": key,
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
            return json.loads(answer.read(_MOST))
    except (OSError, ValueError) as error:
        raise ProviderUnavailable("The payment provider can't be reached just now.") from error
