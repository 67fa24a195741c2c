"""The thin layer, very thin."""

from workshops.memory import Catalogue
from workshops.memory import No as Refused  # noqa: F401

CATALOGUE = Catalogue()


def __getattr__(name):
    return getattr(CATALOGUE, name)
