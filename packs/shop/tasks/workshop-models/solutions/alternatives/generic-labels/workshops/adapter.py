"""The thin layer between the tables of the workshops and whoever asks for them."""

from django.db import IntegrityError, connection, transaction

from catalogue.models import Brand
from workshops.models import Booking, Host, Label, Labelling, Occasion, Theme, Workshop


class Refused(Exception):
    """The catalogue does not allow it."""


def find(model, **by):
    """The one thing, or refused."""
    found = model.objects.filter(**by).first()
    if not found:
        raise Refused(f"No such {model._meta.verbose_name}: {by}")
    return found


def save(thing):
    """Write it; what the database refuses is refused."""
    try:
        with transaction.atomic():
            thing.save()
    except IntegrityError as error:
        raise Refused("The database refuses it.") from error


def delete(thing):
    """Delete it; foreign keys are asked at once, not at the end of the transaction."""
    try:
        with transaction.atomic():
            thing.delete()
            connection.check_constraints()
    except IntegrityError as error:
        raise Refused("It is in use.") from error


def cents(price):
    if price is not None and price < 0:
        raise Refused("A price below zero.")
    return None if price is None else int(price * 100)


def descend(theme):
    yield theme
    for child in theme.children.all():
        yield from descend(child)


def add_theme(word, name, inside=None):
    save(Theme(slug=word, name=name, parent=find(Theme, slug=inside) if inside else None))


def themes_inside(theme):
    return [each.slug for each in descend(find(Theme, slug=theme)) if each.slug != theme]


def delete_theme(theme):
    delete(find(Theme, slug=theme))


def add_workshop(word, title, theme, price, description="", draft=False):
    theme = find(Theme, slug=theme)
    save(Workshop(slug=word, title=title, theme=theme, cents=cents(price), description=description, draft=draft))


def workshops_in(theme):
    return [workshop.slug for each in descend(find(Theme, slug=theme)) for workshop in each.workshops.all()]


def change_price(workshop, price):
    found = find(Workshop, slug=workshop)
    found.cents = cents(price)
    save(found)


def delete_workshop(workshop):
    delete(find(Workshop, slug=workshop))


def add_maker(workshop, maker, role):
    if role not in ("leads", "assists"):
        raise Refused("No such role.")
    save(Host(workshop=find(Workshop, slug=workshop), brand=find(Brand, slug=maker), role=role))


def makers_of(workshop):
    return [[host.brand.slug, host.role] for host in find(Workshop, slug=workshop).hosts.all()]


def workshops_of(maker):
    return [host.workshop.slug for host in find(Brand, slug=maker).hosted.all()]


def delete_maker(maker):
    delete(find(Brand, slug=maker))


def add_label(workshop, label):
    found = find(Workshop, slug=workshop)
    label, _ = Label.objects.get_or_create(name=label)
    if not found.labellings.filter(label=label).exists():
        save(Labelling(label=label, thing=found))


def labels_of(workshop):
    return list(find(Workshop, slug=workshop).labellings.values_list("label__name", flat=True))


def workshops_with(label):
    return [labelling.thing.slug for labelling in find(Label, name=label).labellings.all()]


def delete_label(label):
    delete(find(Label, name=label))


def add_date(workshop, starts, seats, price=None):
    save(Occasion(workshop=find(Workshop, slug=workshop), starts=starts, seats=seats, own_cents=cents(price)))


def dates_of(workshop):
    occasions = find(Workshop, slug=workshop).occasions.all()
    return [(occasion.starts, occasion.price, occasion.left) for occasion in occasions]


def book(workshop, starts, email):
    occasion = find(Occasion, workshop__slug=workshop, starts=starts)
    if occasion.left < 1:
        raise Refused("Full.")
    save(Booking(occasion=occasion, email=email))


def booked(workshop, starts):
    return [booking.email for booking in find(Occasion, workshop__slug=workshop, starts=starts).bookings.all()]
