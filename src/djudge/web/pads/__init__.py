"""Working together in an interview: one task of a running system, looked at by two, and nobody assessed by it."""
