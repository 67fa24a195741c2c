"""SH7: messages of the provider, as the judge makes and signs them. The shop's own code has no part in it."""

import base64
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from random import Random

from djudge.engine.sandbox.contract import Request

#: The test mode's secret, which the start's settings hold.
SECRET = "of the test mode, where no money moves"  # noqa: S105 (it protects nothing)
WEBHOOK = "/payments/webhook/"

type Headers = dict[str, str]


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its id, and its body as it is sent."""

    id: str
    body: bytes


def message(random: Random, kind: str, payment: str, **data: str) -> Message:
    """A message with an id of its own."""
    content = {"type": f"payment.{kind}", "data": {"payment": payment, "currency": "EUR", **data}}
    return Message(f"evt_{random.getrandbits(96):024x}", json.dumps(content).encode())


def now(after: int = 0) -> str:
    """This moment, or one so many seconds later, as it is sent."""
    return str(int(time.time()) + after)


def signature(identifier: str, moment: str, body: bytes, secret: str = SECRET) -> str:
    """What the provider writes for these."""
    signed = b".".join([identifier.encode(), moment.encode(), body])
    return "v1," + base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()


def signed(one: Message, moment: str | None = None) -> Headers:
    """The headers of a message that is as it should be."""
    at = now() if moment is None else moment
    return {"webhook-id": one.id, "webhook-timestamp": at, "webhook-signature": signature(one.id, at, one.body)}


def request(one: Message, headers: Headers | None = None) -> Request:
    """The delivery of a message, signed unless other headers are given."""
    sent = signed(one) if headers is None else headers
    return Request(
        method="POST",
        target=WEBHOOK,
        headers=[("Content-Type", "application/json"), *sent.items()],
        body=one.body,
    )
