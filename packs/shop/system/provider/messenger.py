"""Tells the shop what happened: signed, at least once, sometimes twice, not always in order, again until it is heard.

That is how providers are. A shop that only works with messages that come once and in order works until the first day
on which they don't.
"""

import base64
import hashlib
import heapq
import hmac
import json
import random
import secrets
import threading
import time
import urllib.request

#: Seconds between tries; the last one is repeated.
BACK_OFF = (0.2, 0.5, 1, 2, 5, 15, 60)
TRIES = 20
_REPEATED = 0.3
_DELAYED = 0.3


class Messenger(threading.Thread):
    """One thread that sends what is due. `tell` may be called from any thread."""

    def __init__(self, address, secret):
        super().__init__(daemon=True)
        self._address = address
        self._secret = secret
        self._due = []
        self._changed = threading.Condition()
        self._dice = random.Random()

    def tell(self, kind, payment):
        """Have it told soon, perhaps twice."""
        body = json.dumps(
            {
                "type": kind,
                "data": {
                    "payment": payment.id, "reference": payment.reference, "amount": str(payment.amount),
                    "refunded": str(payment.refunded), "currency": payment.currency,
                },
            }
        ).encode()  # fmt: skip
        identifier = f"evt_{secrets.token_hex(12)}"
        delay = 0.5 if self._dice.random() < _DELAYED else 0.0
        self._put(delay, identifier, body, 0)
        if self._dice.random() < _REPEATED:
            self._put(delay + 0.3, identifier, body, 0)

    def run(self):
        while True:
            identifier, body, tried = self._next()
            if not self._sent(identifier, body) and tried < TRIES:
                self._put(BACK_OFF[min(tried, len(BACK_OFF) - 1)], identifier, body, tried + 1)

    def _next(self):
        """What is due first, once it is; something that is put in meanwhile may come before it."""
        with self._changed:
            while not self._due or self._due[0][0] > time.monotonic():
                self._changed.wait(self._due[0][0] - time.monotonic() if self._due else None)
            return heapq.heappop(self._due)[2:]

    def _put(self, delay, identifier, body, tried):
        with self._changed:
            heapq.heappush(self._due, (time.monotonic() + delay, secrets.token_hex(4), identifier, body, tried))
            self._changed.notify()

    def _sent(self, identifier, body):
        moment = str(int(time.time()))
        signed = b".".join([identifier.encode(), moment.encode(), body])
        signature = base64.b64encode(hmac.new(self._secret.encode(), signed, hashlib.sha256).digest()).decode()
        request = urllib.request.Request(
            self._address,
            data=body,
            headers={
                "Content-Type": "application/json",
                "webhook-id": identifier,
                "webhook-timestamp": moment,
                "webhook-signature": f"v1,{signature}",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return 200 <= answer.status < 300
        except (OSError, ValueError):
            return False
