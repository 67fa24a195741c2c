"""The format of packs and tasks: reading it, what a candidate receives, what a candidate hands in."""
