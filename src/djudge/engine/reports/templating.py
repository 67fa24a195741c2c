"""The one way from values to HTML: escaped by jinja, cleaned on the way, with nothing in it that runs.

Whatever a template prints goes through `finalize`, so that no author of a template can forget to make
invisible characters visible; what jinja escapes afterwards is only what HTML needs.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from djudge.engine.reports import safe_text
from djudge.engine.reports.words import MARKS

#: A page may hold this much text in one place; a traceback or a body is cut before.
_MOST: Final = 40_000


def _finalized(value: object) -> object:
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return safe_text.visible(value, _MOST)


def _thousands(value: int) -> str:
    return f"{value:,}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _moment(when: datetime) -> Markup:
    utc = when.astimezone(UTC)
    told = utc.strftime("%Y-%m-%d %H:%M UTC")
    return Markup('<time datetime="{}">{}</time>').format(utc.isoformat(timespec="seconds"), told)


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("djudge.engine.reports"),
        autoescape=True,
        finalize=_finalized,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        line=safe_text.line, cell=safe_text.cell, thousands=_thousands, sentence=_sentence, moment=_moment
    )
    environment.globals.update(marks=MARKS)
    return environment


_TEMPLATES: Final = _environment()
_STYLE: Final = Markup(_TEMPLATES.get_template("style.css").render())  # noqa: S704 (our own file)


def style_policy() -> str:
    """The content security policy of every page: our own style sheet, known by its hash, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def render(template: str, **values: object) -> str:
    """A template of this package, filled."""
    return _TEMPLATES.get_template(template).render(style=_STYLE, policy=style_policy(), **values)
