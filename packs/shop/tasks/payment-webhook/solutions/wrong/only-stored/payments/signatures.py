"""Signatures of the provider's messages, in the form of Standard Webhooks (standardwebhooks.com, version 1).

`webhook-signature` holds one or more of `v1,<base64 of HMAC-SHA256>` with blanks between them, over
`<webhook-id>.<webhook-timestamp>.<body>`. The body is the bytes as they came: parsed and written again it may differ.
"""

import base64
import hashlib
import hmac
import time

#: How far the provider's clock and ours may be apart, and how long a message can be sent again unchanged.
TOLERANCE_SECONDS = 5 * 60


class SignatureRefused(Exception):
    """The message is not the provider's, or is too old to be believed."""


def signature_of(secret, identifier, timestamp, body):
    """What the provider writes for this message."""
    signed = b".".join([identifier.encode(), str(timestamp).encode(), body])
    return "v1," + base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()


def require_signature(secret, headers, body, now=None):
    """The message's id; raises SignatureRefused. Nothing of the body is believed, or even parsed, before this."""
    identifier, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not secret or not identifier or not timestamp.isdecimal() or len(timestamp) > 12:
        raise SignatureRefused("unsigned")
    if abs((time.time() if now is None else now) - int(timestamp)) > TOLERANCE_SECONDS:
        raise SignatureRefused("too old")
    expected = signature_of(secret, identifier, timestamp, body).encode()
    given = headers.get("webhook-signature", "").encode().split(b" ")
    if not any(hmac.compare_digest(expected, one) for one in given[:5]):
        raise SignatureRefused("wrong signature")
    return identifier
