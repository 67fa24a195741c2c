"""Exam databases: throw-away PostgreSQL servers, templates and clones, and the witness of what was executed."""
