"""What could not be read, in words for people: what happened, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from djudge.web.resumes.reading.parts import MOST_PAGES


def sentence(what: str, page: int = 0, count: int = 0) -> str:
    """The sentence of a gap; one that this version does not know is told as such."""
    say = _SENTENCES.get(what)
    return say(page, count) if say else _("Something in this file could not be read.")


def _letters(page: int, count: int) -> str:
    said = ngettext(
        "Page %(page)d has %(count)d sign that does not say which letter it is: an icon, as a rule. It was left out.",
        "Page %(page)d has %(count)d signs that do not say which letters they are: icons, or a font that keeps it to "
        "itself. They were left out.",
        count,
    )
    return said % {"page": page, "count": count}


def _of_page(message: str) -> Callable[[int, int], str]:
    return lambda page, count: _(message) % {"page": page, "count": count}


_SENTENCES: Final[Mapping[str, Callable[[int, int], str]]] = {
    "kind": lambda *_of: _("This is neither a PDF nor a DOCX file. Nothing of it was read."),
    "locked": lambda *_of: _(
        "This file is locked with a password. Nothing of it was read. Please send it without one."
    ),
    "broken": lambda *_of: _("This file is broken. Nothing of it was read. Please save it anew, best as PDF."),
    "large": lambda *_of: _("This file is larger than 5 MB. Nothing of it was read."),
    "declares": lambda *_of: _(
        "This file declares entities in its XML, which no text processor does. Nothing of it was read."
    ),
    "bomb": lambda *_of: _("This file unpacks to far more than a résumé has. Nothing of it was read."),
    "memory": lambda *_of: _("Reading this file took more memory than there is for one. Nothing of it was read."),
    "slow": lambda *_of: _("Reading this file took longer than there is time for one. Nothing of it was read."),
    "crash": lambda *_of: _("The program that reads files did not survive this one. Nothing of it was read."),
    "long": lambda *_of: _("This file has more text than a résumé. It was read up to the limit, and no further."),
    "form": lambda *_of: _("This file is a form. What was typed into its fields was not read."),
    "pages": lambda page, count: (
        _("This file has %(count)d pages. The first %(most)d were read.") % {"count": count, "most": MOST_PAGES}
    ),
    "page": _of_page(gettext_noop("Page %(page)d is broken. Nothing of it was read.")),
    "picture": _of_page(gettext_noop("Page %(page)d is a picture or drawn, and has no text. Nothing of it was read.")),
    "partly": _of_page(gettext_noop("Most of page %(page)d is a picture. Only the text beside it was read.")),
    "turned": _of_page(gettext_noop("Page %(page)d has text that is turned (%(count)d letters). It was left out.")),
    "outside": _of_page(gettext_noop("Page %(page)d has text beyond its edge (%(count)d letters). It was left out.")),
    "tiny": _of_page(gettext_noop("Page %(page)d has text too small to be seen (%(count)d letters). It was left out.")),
    "unseen": _of_page(
        gettext_noop(
            "Page %(page)d has text that nobody sees on it (%(count)d letters): what a program recognised in a "
            "picture, or what was meant for machines. It was read."
        )
    ),
    "letters": _letters,
}
