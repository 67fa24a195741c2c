"""Slow queries that are shown to people: each with its mend, and with figures that were measured here."""
