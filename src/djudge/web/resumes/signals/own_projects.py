"""Django projects of their own (the guide's line 101)."""

from __future__ import annotations

from djudge.web.resumes.signals.findings import Finding
from djudge.web.resumes.signals.passages import Passages
from djudge.web.resumes.signals.projects import projects_of
from djudge.web.resumes.signals.quoting import finding


def find_own_projects(passages: Passages) -> Finding:
    """A particular thing made with Django; weaker where it is named and nothing is said of it."""
    projects = projects_of(passages)
    return finding("own-projects", passages, projects.own, projects.named_only)
