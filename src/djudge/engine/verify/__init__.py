"""Proof of a task: its own solutions are graded, and must earn what they declare."""
