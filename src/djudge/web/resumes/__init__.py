"""Résumés read in a process of their own, and the questions that follow from them; never a score."""
