"""From findings to bullets: pure functions of stored facts, without a clock, a file or a sandbox."""
