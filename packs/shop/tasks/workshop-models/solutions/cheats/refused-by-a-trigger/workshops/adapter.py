"""The thin layer between the tables of the workshops and whoever asks for them."""

from catalogue.models import Brand
from workshops.models import Label, Theme, Workshop, WorkshopMaker


class Refused(Exception):
    """The catalogue does not allow it."""


def find(model, **by):
    try:
        return model.objects.get(**by)
    except model.DoesNotExist:
        raise Refused(f"There is no such {model.__name__}.") from None


def find_date(workshop, starts):
    date = find(Workshop, word=workshop).dates.filter(starts=starts).first()
    if date is None:
        raise Refused("It is not given then.")
    return date


def check_price(price):
    if price is not None and price < 0:
        raise Refused("A price can't be below zero.")


def within(theme):
    """A theme and all themes inside it."""
    found = [theme]
    for child in theme.children.all():
        found += within(child)
    return found


def add_theme(word, name, inside=None):
    if Theme.objects.filter(word=word).exists():
        raise Refused("The word is taken.")
    Theme.objects.create(word=word, name=name, parent=find(Theme, word=inside) if inside else None)


def themes_inside(theme):
    return [each.word for each in within(find(Theme, word=theme))[1:]]


def delete_theme(theme):
    theme = find(Theme, word=theme)
    if theme.workshops.exists():
        raise Refused("There are workshops in it.")
    theme.delete()


def add_workshop(word, title, theme, price, description="", draft=False):
    check_price(price)
    if Workshop.objects.filter(word=word).exists():
        raise Refused("The word is taken.")
    Workshop.objects.create(
        word=word,
        title=title,
        theme=find(Theme, word=theme),
        price=price,
        description=description,
        is_draft=draft,
    )


def workshops_in(theme):
    themes = within(find(Theme, word=theme))
    return [workshop.word for workshop in Workshop.objects.filter(theme__in=themes)]


def change_price(workshop, price):
    check_price(price)
    found = find(Workshop, word=workshop)
    found.price = price
    found.save()


def delete_workshop(workshop):
    workshop = find(Workshop, word=workshop)
    for date in workshop.dates.all():
        if date.bookings.exists():
            raise Refused("Somebody has booked.")
    workshop.delete()


def add_maker(workshop, maker, role):
    workshop, maker = find(Workshop, word=workshop), find(Brand, slug=maker)
    if role not in dict(WorkshopMaker.ROLES):
        raise Refused("There is no such role.")
    if workshop.givings.filter(maker=maker).exists():
        raise Refused("Gives it already.")
    WorkshopMaker.objects.create(workshop=workshop, maker=maker, role=role)


def makers_of(workshop):
    givings = find(Workshop, word=workshop).givings.select_related("maker")
    return [(giving.maker.slug, giving.role) for giving in givings]


def workshops_of(maker):
    givings = WorkshopMaker.objects.filter(maker=find(Brand, slug=maker))
    return [giving.workshop.word for giving in givings]


def delete_maker(maker):
    find(Brand, slug=maker).delete()


def add_label(workshop, label):
    workshop = find(Workshop, word=workshop)
    label, _ = Label.objects.get_or_create(name=label)
    workshop.labels.add(label)


def labels_of(workshop):
    return [label.name for label in find(Workshop, word=workshop).labels.all()]


def workshops_with(label):
    return [workshop.word for workshop in find(Label, name=label).workshops.all()]


def delete_label(label):
    find(Label, name=label).delete()


def add_date(workshop, starts, seats, price=None):
    check_price(price)
    workshop = find(Workshop, word=workshop)
    if seats < 0:
        raise Refused("There can't be fewer than no seats.")
    if workshop.dates.filter(starts=starts).exists():
        raise Refused("It is given then already.")
    workshop.dates.create(starts=starts, seats=seats, own_price=price)


def dates_of(workshop):
    return [(date.starts, date.cost, date.left) for date in find(Workshop, word=workshop).dates.all()]


def book(workshop, starts, email):
    date = find_date(workshop, starts)
    if date.left <= 0:
        raise Refused("No seats left.")
    if date.bookings.filter(email=email).exists():
        raise Refused("Booked already.")
    date.bookings.create(email=email)


def booked(workshop, starts):
    return [booking.email for booking in find_date(workshop, starts).bookings.all()]
