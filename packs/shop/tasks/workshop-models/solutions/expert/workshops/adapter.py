"""The thin layer between the tables of the workshops and whoever asks for them: plain values in, plain values out.

Themes, workshops and makers are named by their words, labels by their names, dates by workshop and moment. The rules
are the models' own: what the database does not allow is `Refused`.
"""

from contextlib import contextmanager

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from catalogue.models import Brand
from workshops.models import Date, Label, Theme, Workshop


class Refused(Exception):
    """The catalogue does not allow it."""


@contextmanager
def by_the_rules():
    """All or nothing, and `Refused` for what the tables don't allow or don't know."""
    try:
        with transaction.atomic():
            yield
    except (IntegrityError, ProtectedError, ObjectDoesNotExist) as error:
        raise Refused(str(error)) from error


@by_the_rules()
def add_theme(word, name, inside=None):
    above = Theme.objects.get(word=inside) if inside is not None else None
    Theme.objects.create(word=word, name=name, inside=above)


@by_the_rules()
def themes_inside(theme):
    found = Theme.objects.get(word=theme)
    within = Theme.objects.filter(pk__in=found.keys_within())
    return [each.word for each in within if each != found]


@by_the_rules()
def delete_theme(theme):
    Theme.objects.get(word=theme).delete()


@by_the_rules()
def add_workshop(word, title, theme, price, description="", draft=False):
    theme = Theme.objects.get(word=theme)
    Workshop.objects.create(
        word=word, title=title, theme=theme, price=price, description=description, draft=draft
    )


@by_the_rules()
def workshops_in(theme):
    keys = Theme.objects.get(word=theme).keys_within()
    return list(Workshop.objects.filter(theme__in=keys).values_list("word", flat=True))


@by_the_rules()
def change_price(workshop, price):
    found = Workshop.objects.get(word=workshop)
    found.price = price
    found.save(update_fields=["price"])


@by_the_rules()
def delete_workshop(workshop):
    Workshop.objects.get(word=workshop).delete()


@by_the_rules()
def add_maker(workshop, maker, role):
    found = Workshop.objects.get(word=workshop)
    found.givings.create(maker=Brand.objects.get(slug=maker), role=role)


@by_the_rules()
def makers_of(workshop):
    return list(Workshop.objects.get(word=workshop).givings.values_list("maker__slug", "role"))


@by_the_rules()
def workshops_of(maker):
    return list(Brand.objects.get(slug=maker).workshops.values_list("word", flat=True))


@by_the_rules()
def delete_maker(maker):
    Brand.objects.get(slug=maker).delete()


@by_the_rules()
def add_label(workshop, label):
    found = Workshop.objects.get(word=workshop)
    found.labels.add(Label.objects.get_or_create(name=label)[0])


@by_the_rules()
def labels_of(workshop):
    return list(Workshop.objects.get(word=workshop).labels.values_list("name", flat=True))


@by_the_rules()
def workshops_with(label):
    return list(Label.objects.get(name=label).workshops.values_list("word", flat=True))


@by_the_rules()
def delete_label(label):
    Label.objects.get(name=label).delete()


@by_the_rules()
def add_date(workshop, starts, seats, price=None):
    Workshop.objects.get(word=workshop).dates.create(starts=starts, seats=seats, price=price)


@by_the_rules()
def dates_of(workshop):
    dates = Workshop.objects.get(word=workshop).dates.with_facts()
    return list(dates.values_list("starts", "cost", "left"))


@by_the_rules()
def book(workshop, starts, email):
    date = Date.objects.get(workshop__word=workshop, starts=starts)
    date.bookings.create(email=email)
    if date.bookings.count() > date.seats:
        raise Refused("No seat is left.")


@by_the_rules()
def booked(workshop, starts):
    date = Date.objects.get(workshop__word=workshop, starts=starts)
    return list(date.bookings.values_list("email", flat=True))
