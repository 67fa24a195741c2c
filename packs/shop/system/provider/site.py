"""The provider's addresses, on loopback alone: an API for the shop, and a page where a buyer pays or declines."""

import hmac
import html
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from provider.ledger import Refused

HOST = "127.0.0.1"
_MOST = 64 * 1024

STYLE = """:root { color-scheme: light dark; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; background: light-dark(#f2f3f7, #14161c);
  color: light-dark(#1b1e28, #e8eaf0); }
main { box-sizing: border-box; width: min(400px, 100% - 32px); margin: 8vh auto; padding: 32px; border-radius: 12px;
  background: light-dark(#fff, #1e212a); border: 1px solid light-dark(#d5d8e2, #363b48); overflow-wrap: anywhere; }
.who { margin: 0; font-weight: 600; color: light-dark(#3b3fa5, #a9adff); }
h1 { margin: 8px 0; font-size: 31px; line-height: 1.2; }
form { display: grid; gap: 12px; margin: 24px 0; }
button { min-height: 48px; border: 1px solid light-dark(#3b3fa5, #a9adff); border-radius: 8px; font: inherit;
  font-weight: 600; cursor: pointer; background: none; color: light-dark(#3b3fa5, #a9adff); }
button[value=pay] { background: light-dark(#3b3fa5, #a9adff); color: light-dark(#fff, #14161c); }
a { color: light-dark(#3b3fa5, #a9adff); } :focus-visible { outline: 3px solid; outline-offset: 2px; }
small { color: light-dark(#5a5f6e, #a5aab8); }"""
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><title>Pay {amount} {currency}</title><style>{style}</style></head>
<body><main><p class="who">The provider</p><h1>{currency} {amount}</h1><p>{said}</p>{form}{back}
<p><small>This provider is invented, and so is the money.</small></p></main></body></html>"""
FORM = """<form method="post"><button name="decision" value="pay">Pay</button>
<button name="decision" value="decline">Decline</button></form>"""
SAID = {
    "created": "For the order {}.",
    "succeeded": "Paid. The shop is told.",
    "declined": "Declined. Nothing was paid; you can still pay.",
}


def page_of(payment):
    """The page as text; whatever the shop sent is escaped."""
    back = f'<p><a href="{html.escape(payment.return_url)}">Back to the shop</a></p>' if payment.return_url else ""
    return PAGE.format(
        style=STYLE,
        amount=payment.amount,
        currency=html.escape(payment.currency),
        said=html.escape(SAID[payment.status].format(payment.reference)),
        form="" if payment.status == "succeeded" else FORM,
        back=back,
    )


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
        return self._answer(200, page_of(payment).encode(), "text/html; charset=utf-8")

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
