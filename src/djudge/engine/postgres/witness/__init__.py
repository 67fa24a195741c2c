"""What PostgreSQL itself saw of a run: its log of statements and plans, held against its counters."""
