"""How the shop writes prices and stars."""

from django import template
from django.utils.formats import number_format

register = template.Library()

SYMBOLS = {"EUR": "€", "GBP": "£"}


@register.filter
def money(amount, currency):
    """`1299.5` and `EUR` as €1,299.50; a currency without a sign of its own stands before the amount."""
    written = number_format(amount, decimal_pos=2, use_l10n=True, force_grouping=True)
    symbol = SYMBOLS.get(currency)
    return f"{symbol}{written}" if symbol else f"{currency}\N{NO-BREAK SPACE}{written}"


@register.filter
def stars(average):
    """An average as five signs: 3.6 as ★★★★☆."""
    full = round(average or 0)
    return "★" * full + "☆" * (5 - full)
