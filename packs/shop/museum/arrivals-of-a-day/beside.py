"""A day of spring: the shop had been open for weeks."""

from datetime import date


def given():
    return {"day": date(2019, 4, 15)}
