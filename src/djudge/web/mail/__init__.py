"""Mails: written down with the change that causes them, delivered by workers, kept to be read where nobody delivers."""
