"""The catalogue, without a database."""


class No(Exception):
    """Not allowed."""


class Catalogue:
    """Themes by word, workshops by word with all that belongs to them, labels, and makers that were deleted."""

    def __init__(self):
        self.themes, self.workshops, self.labels, self.gone = {}, {}, set(), set()

    def need(self, condition):
        if not condition:
            raise No

    def workshop(self, word):
        self.need(word in self.workshops)
        return self.workshops[word]

    def date(self, workshop, starts):
        dates = self.workshop(workshop)["dates"]
        self.need(starts in dates)
        return dates[starts]

    def maker(self, maker):
        self.need(maker.startswith("maker-") and maker not in self.gone)

    def add_theme(self, word, name, inside=None):
        self.need(word not in self.themes and (inside is None or inside in self.themes))
        self.themes[word] = inside

    def themes_inside(self, theme):
        self.need(theme in self.themes)
        found = [theme]
        for each in found:
            found += [word for word, inside in self.themes.items() if inside == each]
        return found[1:]

    def delete_theme(self, theme):
        self.need(not self.themes_inside(theme) and not self.workshops_in(theme))
        del self.themes[theme]

    def add_workshop(self, word, title, theme, price, description="", draft=False):
        self.need(word not in self.workshops and theme in self.themes and price >= 0)
        parts = {"makers": {}, "labels": set(), "dates": {}}
        self.workshops[word] = {"title": title, "theme": theme, "price": price, "draft": draft, **parts}

    def workshops_in(self, theme):
        themes = {theme, *self.themes_inside(theme)}
        return [word for word, each in self.workshops.items() if each["theme"] in themes]

    def change_price(self, workshop, price):
        self.need(price >= 0)
        self.workshop(workshop)["price"] = price

    def delete_workshop(self, workshop):
        self.need(not any(date["people"] for date in self.workshop(workshop)["dates"].values()))
        del self.workshops[workshop]

    def add_maker(self, workshop, maker, role):
        self.maker(maker)
        makers = self.workshop(workshop)["makers"]
        self.need(maker not in makers and role in ("leads", "assists"))
        makers[maker] = role

    def makers_of(self, workshop):
        return list(self.workshop(workshop)["makers"].items())

    def workshops_of(self, maker):
        self.maker(maker)
        return [word for word, each in self.workshops.items() if maker in each["makers"]]

    def delete_maker(self, maker):
        self.need(not self.workshops_of(maker))
        self.gone.add(maker)

    def add_label(self, workshop, label):
        self.workshop(workshop)["labels"].add(label)
        self.labels.add(label)

    def labels_of(self, workshop):
        return list(self.workshop(workshop)["labels"])

    def workshops_with(self, label):
        self.need(label in self.labels)
        return [word for word, each in self.workshops.items() if label in each["labels"]]

    def delete_label(self, label):
        self.need(label in self.labels)
        self.labels.discard(label)
        for each in self.workshops.values():
            each["labels"].discard(label)

    def add_date(self, workshop, starts, seats, price=None):
        dates = self.workshop(workshop)["dates"]
        self.need(starts not in dates and seats >= 0 and (price is None or price >= 0))
        dates[starts] = {"seats": seats, "price": price, "people": []}

    def dates_of(self, workshop):
        each = self.workshop(workshop)
        return [
            (starts, each["price"] if date["price"] is None else date["price"], date["seats"] - len(date["people"]))
            for starts, date in sorted(each["dates"].items())
        ]

    def book(self, workshop, starts, email):
        date = self.date(workshop, starts)
        self.need(email not in date["people"] and len(date["people"]) < date["seats"])
        date["people"].append(email)

    def booked(self, workshop, starts):
        return self.date(workshop, starts)["people"]
