"""Telling other systems what happened: signed, repeated until heard, never to a private address."""
