"""Leaves without a domain: identifiers, the outbox, health."""
