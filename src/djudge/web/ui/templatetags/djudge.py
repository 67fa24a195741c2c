"""Small pieces of pages: outcome marks, a bar."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from djudge.web.common.counting import MOST

register = template.Library()

WORDS: Final = {
    "shown": _l("shown"),
    "partly": _l("partly"),
    "not_shown": _l("not shown"),
    "not_tested": _l("not tested"),
    "infrastructure_error": _l("our fault"),
}

#: Told by shape first: a filled circle, a half one, a ring, a dashed ring, a triangle.
_SHAPES: Final = {
    "shown": '<circle cx="8" cy="8" r="6.5" fill="currentColor"/>',
    "partly": '<circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" stroke-width="1.8"/>'
    '<path d="M8 2.4a5.6 5.6 0 0 0 0 11.2z" fill="currentColor"/>',
    "not_shown": '<circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" stroke-width="1.8"/>',
    "not_tested": '<circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" stroke-width="1.6"'
    ' stroke-dasharray="2.2 2.2"/>',
    "infrastructure_error": '<path d="M8 1.8 15 14H1z" fill="currentColor"/>',
}


@register.simple_tag
def outcome(value: str) -> SafeString:
    """A mark and the word of an outcome; an unknown one is "not tested"."""
    known = _known(value)
    return format_html('<span class="outcome {}">{}{}</span>', known, mark(known), WORDS[known])


@register.filter
def outcome_word(value: str) -> str:
    """The word alone, as the beginning of a line."""
    return str(WORDS[_known(value)]).capitalize()


@register.filter
def up_to_not_tested(headline: str) -> str:
    """A headline's first half, where what was not tested stands beside it, as large."""
    return headline.partition("; not tested")[0]


@register.simple_tag
def mark(value: str) -> SafeString:
    """The mark of an outcome without its word, for places that say it otherwise."""
    known = _known(value)
    shape = mark_safe(_SHAPES[known])  # noqa: S308 (our own shapes)
    return format_html('<svg class="mark {}" viewBox="0 0 16 16" aria-hidden="true">{}</svg>', known, shape)


def _known(value: str) -> str:
    name = str(getattr(value, "value", value))
    return name if name in WORDS else "not_tested"


@register.filter
def minutes(value: object) -> str:
    """Minutes in words."""
    number = round(float(str(value)))
    return _("1 minute") if number == 1 else _("%(n)s minutes") % {"n": number}


@register.filter
def counted(number: int) -> str:
    """A count that may have ended before the rows did."""
    return f"{number}+" if number >= MOST else str(number)


@register.filter
def thousands(number: int) -> str:
    """A figure with a comma at each thousand, as in reports."""
    return f"{number:,}"


@register.filter
def with_code(text: str) -> SafeString:
    """A sentence of ours in which what stands between back ticks is code."""
    parts = enumerate(str(text).split("`"))
    return format_html_join(
        "", "{}", ((format_html("<code>{}</code>", part) if at % 2 else part,) for at, part in parts)
    )


@register.filter
def word(words: Mapping[str, object], key: str) -> object:
    """What a table of words says of a key; the key itself where it says nothing."""
    return words.get(key, key)
