"""Stored reports judged again, without running anything of a candidate's and without a database."""
