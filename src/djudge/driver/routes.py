"""The project's URLconf as a flat list, and which route an address belongs to."""

import inspect

from django.urls import Resolver404, URLResolver, get_resolver
from django.urls import resolve as resolve_path
from django.utils.regex_helper import normalize

_found = {}


class Route:
    """One way into the project: its pattern, how its addresses are written, what answers there."""

    def __init__(self, text, pieces, converters, spaces, pattern, admin):
        self.text = text
        self.name = ":".join([*spaces, pattern.name]) if pattern.name else ""
        self.callback = pattern.callback
        self.form, self.parameters = _form(pieces)
        self.converters = {name: type(each).__name__ for name, each in converters.items()}
        self.admin = admin

    @property
    def view(self):
        """The class or function that answers."""
        for name in ("view_class", "cls"):
            if hasattr(self.callback, name):
                return getattr(self.callback, name)
        return inspect.unwrap(self.callback)

    def told(self):
        """For the other side of the pipe."""
        view = self.view
        where = f"{getattr(view, '__module__', '')}.{getattr(view, '__qualname__', type(view).__qualname__)}"
        return {
            "text": self.text,
            "name": self.name,
            "parameters": self.parameters,
            "view": where,
            "admin": self.admin,
            "address": "" if self.parameters else address(self, {}),
        }


def routes():
    """All of them, in the order in which Django tries them."""
    return [each.told() for each in known().values()]


def belong(paths):
    """For each of these addresses the text of its route."""
    return [resolve(path) for path in paths]


def known():
    """The routes by their text, as `ResolverMatch.route` has it; of several with one text the first."""
    if not _found:
        for each in _walk(get_resolver(), "", [], [], {}, False):
            _found.setdefault(each.text, each)
    return _found


def address(route, values):
    """An address of this route, or "" where there is none or another route takes it."""
    try:
        path = "/" + route.form % values
    except (KeyError, TypeError, ValueError):
        return ""
    return path if resolve(path) == route.text else ""


def resolve(path):
    """The text of the route that answers at this path; "" where none does."""
    try:
        return resolve_path(path).route
    except Resolver404:
        return ""
    except Exception:  # a converter of theirs may raise anything
        return ""


def _walk(resolver, text, pieces, spaces, converters, admin):
    for pattern in resolver.url_patterns:
        here = _joined(text, str(pattern.pattern))
        chain = [*pieces, pattern.pattern]
        names = {**converters, **getattr(pattern.pattern, "converters", {})}
        if isinstance(pattern, URLResolver):
            inside = [*spaces, pattern.namespace] if pattern.namespace else spaces
            yield from _walk(pattern, here, chain, inside, names, admin or pattern.app_name == "admin")
        else:
            yield Route(here, chain, names, spaces, pattern, admin)


def _joined(outer, inner):
    """As Django joins them for `ResolverMatch.route`."""
    return outer + (inner[1:] if outer and inner.startswith("^") else inner)


def _form(pieces):
    """How an address is written, `blog/%(pk)s/`, and the names to fill in."""
    form, parameters = "", []
    for piece in pieces:
        options = normalize(piece.regex.pattern)
        text, names = options[0] if options else ("", [])
        form += text
        parameters += [name for name in names if name not in parameters]
    return form, parameters
