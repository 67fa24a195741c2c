"""Applicant tracking systems: they send our assessments, and learn when one is done, by their own contracts."""
