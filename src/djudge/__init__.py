"""Djudge finds out at which level a Django developer works, by running and measuring their code."""

__version__ = "0.1.0"
