"""The REST API at /api/v1/: the same doors and actions as the pages, for programs."""
