"""Small pieces of pages: outcome marks, a bar."""

from __future__ import annotations

from typing import Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

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
    known = str(getattr(value, "value", value))
    known = known if known in WORDS else "not_tested"
    return format_html(
        '<span class="outcome {}"><svg class="mark" viewBox="0 0 16 16" aria-hidden="true">{}</svg>{}</span>',
        known,
        mark_safe(_SHAPES[known]),  # noqa: S308 (our own shapes)
        WORDS[known],
    )


BULLETS: Final = {
    "models-views-urls": _l("models, views, URLs"),
    "mvt": _l("model-view-template"),
    "admin": _l("admin"),
    "forms": _l("forms"),
    "orm-queries": _l("ORM queries"),
    "drf-apis": _l("REST APIs with DRF"),
    "migrations-design": _l("migrations and database design"),
    "auth-permissions": _l("authentication and permissions"),
    "tests": _l("tests"),
    "query-optimization": _l("query optimisation"),
    "scalable-architecture": _l("scalable architecture"),
    "caching": _l("caching"),
    "middleware-commands": _l("middleware and commands"),
    "internals": _l("Django internals"),
    "decorators": _l("decorators"),
    "context-managers": _l("context managers"),
    "async": _l("async"),
}


@register.filter
def bullet(name: str) -> str:
    """One of the guide's bullets in words for people, translatable; an unknown one by its name."""
    return str(BULLETS.get(name, name))


@register.filter
def minutes(value: object) -> str:
    """Minutes in words."""
    number = round(float(str(value)))
    return _("1 minute") if number == 1 else _("%(n)s minutes") % {"n": number}
