"""Long after everything was ordered."""

from datetime import UTC, datetime


def given():
    return {"now": datetime(2026, 1, 1, tzinfo=UTC)}
