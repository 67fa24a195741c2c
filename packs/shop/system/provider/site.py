"""The provider's addresses, on loopback alone: an API for the shop, and a page where a buyer pays or declines."""

import hmac
import html
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from provider.ledger import Refused

HOST = "127.0.0.1"
_MOST = 64 * 1024

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>Pay {amount} {currency}</title></head>
<body><main><h1>Pay {amount} {currency}</h1><p>{said}</p>{form}<p>This provider is invented, and so is the money.</p>
</main></body></html>"""
FORM = """<form method="post"><button name="decision" value="pay">Pay</button>
<button name="decision" value="decline">Decline</button></form>"""


def serve(port, ledger, secret):
    """Answer until the process is stopped."""
    server = ThreadingHTTPServer((HOST, port), type("Site", (Site,), {"ledger": ledger, "secret": secret}))
    server.serve_forever()


class Site(BaseHTTPRequestHandler):
    """One request. The API wants the secret; the page is for whoever was given its address."""

    ledger = secret = None

    def do_GET(self):
        payment = self._payment(self.path.split("/"), "pay")
        if payment is None:
            return self._answer(404, b"not found", "text/plain")
        form = FORM if payment.status == "created" else ""
        said = {"created": f"For the order {payment.reference}.", "succeeded": "Paid.", "declined": "Declined."}
        page = PAGE.format(amount=payment.amount, currency=html.escape(payment.currency),
                           said=html.escape(said[payment.status]), form=form)  # fmt: skip
        return self._answer(200, page.encode(), "text/html; charset=utf-8")

    def do_POST(self):
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), _MOST))
        parts = self.path.split("/")
        if (payment := self._payment(parts, "pay")) is not None:
            self.ledger.settle(payment, parse_qs(body.decode("utf-8", "replace")).get("decision") == ["pay"])
            return self._see_other(self.path)
        if not hmac.compare_digest(self.headers.get("Authorization", "").encode(), f"Bearer {self.secret}".encode()):
            return self._json(401, {"error": "not allowed"})
        try:
            return self._api(parts, json.loads(body), self.headers.get("Idempotency-Key", ""))
        except (Refused, ValueError, AttributeError) as refusal:
            return self._json(422, {"error": str(refusal)})

    def _api(self, parts, content, key):
        if parts == ["", "payments"] and key:
            payment = self.ledger.begin(key, content)
            address = f"http://{HOST}:{self.server.server_address[1]}/pay/{payment.id}"
            return self._json(201, {"id": payment.id, "pay_url": address})
        payment = self._payment(parts[:3], "payments")
        if payment is not None and parts[3:] == ["refunds"] and key:
            self.ledger.refund(payment, key, content)
            return self._json(201, {"id": payment.id, "refunded": str(payment.refunded)})
        return self._json(404, {"error": "not found"})

    def _payment(self, parts, folder):
        return self.ledger.find(parts[2]) if len(parts) == 3 and parts[:2] == ["", folder] else None

    def _json(self, status, content):
        self._answer(status, json.dumps(content).encode(), "application/json")

    def _see_other(self, address):
        self.send_response(303)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _answer(self, status, body, kind):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *about):
        """Nobody reads it."""
