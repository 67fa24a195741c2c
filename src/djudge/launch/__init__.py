"""Everything that the platform consists of, started, watched and stopped by one command (`make run`)."""
