"""The thin layer between the tables of the workshops and whoever asks for them: plain values in, plain values out.

Build the models as you think best and fill in every function. Names and arguments stay as they are.

Themes, workshops and makers are named by their words (a maker's word is the `slug` of a `catalogue.models.Brand`),
labels by their names, and a date by its workshop and the moment at which it starts. Words in a result may come in any
order. Whatever names a thing that is not there, or breaks a rule below, raises `Refused` and changes nothing.
"""


class Refused(Exception):
    """The catalogue does not allow it."""


def add_theme(word, name, inside=None):
    """A theme, perhaps inside another one. Refused: a word that a theme has already."""
    raise NotImplementedError


def themes_inside(theme):
    """The words of all themes inside this one, however deep; not its own."""
    raise NotImplementedError


def delete_theme(theme):
    """Refused while there are workshops, or other themes, in it."""
    raise NotImplementedError


def add_workshop(word, title, theme, price, description="", draft=False):
    """A workshop; `price` is a Decimal. Refused: a word that a workshop has already, a price below zero."""
    raise NotImplementedError


def workshops_in(theme):
    """The words of the workshops of this theme and of all themes inside it; drafts too."""
    raise NotImplementedError


def change_price(workshop, price):
    """Another price for the workshop. Refused: a price below zero."""
    raise NotImplementedError


def delete_workshop(workshop):
    """With its dates; themes, makers and labels stay. Refused while anybody has booked one of its dates."""
    raise NotImplementedError


def add_maker(workshop, maker, role):
    """A maker gives the workshop; `role` is "leads" or "assists". Several may lead.

    Refused: another role, and a maker who gives this workshop already, in whichever role.
    """
    raise NotImplementedError


def makers_of(workshop):
    """Pairs of maker and role."""
    raise NotImplementedError


def workshops_of(maker):
    """The words of the workshops that the maker gives, in whichever role."""
    raise NotImplementedError


def delete_maker(maker):
    """Delete a maker from the shop. Refused while the maker gives a workshop."""
    raise NotImplementedError


def add_label(workshop, label):
    """Put a label on the workshop; one that is new is made. One that the workshop has already stays, once."""
    raise NotImplementedError


def labels_of(workshop):
    """The names of the workshop's labels."""
    raise NotImplementedError


def workshops_with(label):
    """The words of the workshops that have the label."""
    raise NotImplementedError


def delete_label(label):
    """The label goes; the workshops stay."""
    raise NotImplementedError


def add_date(workshop, starts, seats, price=None):
    """A date on which the workshop is given; `starts` is an aware datetime, `price` a Decimal or None.

    Refused: a second date of the workshop at this moment, seats or a price below zero.
    """
    raise NotImplementedError


def dates_of(workshop):
    """Triples of start, price and seats left, the earliest first. The price is the date's own, else the workshop's."""
    raise NotImplementedError


def book(workshop, starts, email):
    """One seat for a person. Refused: nothing left, or a person who has booked this date already."""
    raise NotImplementedError


def booked(workshop, starts):
    """The e-mail addresses of the people who have booked."""
    raise NotImplementedError
