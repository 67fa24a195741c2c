"""Amounts of money as people write them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation


def amount(text: str) -> Decimal:
    """`"1 299,50"`, `"1,299.50"` and `"1299.5"` are 1299.50; ValueError for what is no amount.

    Of comma and point the last one separates the cents, where at most two digits follow it.
    """
    plain = "".join(text.split())
    head, mark, cents = _split(plain)
    digits = head.replace(",", "").replace(".", "")
    try:
        return Decimal(f"{digits}.{cents}" if mark else digits).quantize(Decimal("0.01"))
    except InvalidOperation:
        raise ValueError(f"{text!r} is no amount.") from None


def _split(text: str) -> tuple[str, str, str]:
    for mark in sorted(",.", key=text.rfind, reverse=True):
        head, found, cents = text.rpartition(mark)
        if found and len(cents) <= 2:
            return head, found, cents
    return text, "", ""
